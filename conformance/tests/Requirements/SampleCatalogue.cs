using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Requirements;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>A small sound catalogue of an invented document, to be broken in one place by each test.</summary>
internal static class SampleCatalogue
{
    internal const string Features = """
        { "about": "x", "features": [ { "id": "tea", "summary": "tea" }, { "id": "tea.milk", "summary": "milk", "values": ["hot", "cold"] } ] }
        """;

    /// <summary>The text that the sample paraphrases; written for this test.</summary>
    internal const string Text = """
        Tea Working Group
        1.  Pots

           A pot MUST be warm before leaves go in.  This matters, e.g. MUST
           not even the hand feel cold.  The lid of a TEA-
           POT is round.

                     +-----+
                     | MUST |
                     +-----+

           o  Cups SHOULD stand near; spoons MAY lie
              anywhere.

        Brewer                      Informational                   [Page 1]

        RFC 9999                          TEA                     April 2026

           The water boils.  In the range 0 .. 7 a pot is NOT RECOMMENDED to
           be

        Brewer                      Informational                   [Page 2]

        RFC 9999                          TEA                     April 2026

           shaken.

        1.1.  Milk

           Milk MUST NOT be poured first.
           Sugar is put in before stirring.

        Appendix A.  Kettles

           Kettles MUST whistle.
        """;

    internal static JsonObject Document() => JsonNode.Parse("""
        {
          "header": { "doc": "RFC9999", "title": "Tea", "edition": "2026-04", "scope": { "1": "Pots", "1.1": "Milk" },
                      "source": { "kind": "own", "version": "1" } },
          "items": [
            { "id": "RFC9999:1-1", "section": "1", "ordinal": 1, "digest": "d1", "origin": "keyword", "level": "MUST", "levelInWebRtc": "MUST",
              "actor": ["app"], "when": "tea is made", "gist": "Leaves go into a warmed pot only.", "testability": "wire",
              "observable": "warmth", "features": ["tea"], "quirks": ["TeaColdPot"], "oracle": "assert", "related": ["RFC9999:1.1-1"] },
            { "id": "RFC9999:1-2", "section": "1", "ordinal": 2, "digest": "d2", "origin": "keyword", "level": "MUST", "levelInWebRtc": "MUST",
              "actor": ["app"], "when": "", "gist": "Nothing at all feels cold.", "testability": "review", "why": "human-judgement",
              "features": [], "quirks": [], "oracle": "inspection", "related": [] },
            { "id": "RFC9999:1-3", "section": "1", "ordinal": 3, "digest": "d3", "origin": "keyword", "level": "SHOULD", "levelInWebRtc": "MUST",
              "actor": ["app"], "when": "", "gist": "Cups are within reach.", "testability": "wire", "observable": "distance",
              "features": ["tea"], "quirks": [], "oracle": "assert", "related": [] },
            { "id": "RFC9999:1-4", "section": "1", "ordinal": 4, "digest": "d4", "origin": "keyword", "level": "SHOULD NOT", "levelInWebRtc": "not used",
              "actor": ["app"], "when": "", "gist": "Nobody shakes the pot.", "testability": "wire", "observable": "waves",
              "features": ["tea"], "quirks": [], "oracle": "assert", "related": [] },
            { "id": "RFC9999:1.1-1", "section": "1.1", "ordinal": 1, "digest": "d5", "origin": "keyword", "level": "MUST NOT", "levelInWebRtc": "MUST NOT",
              "actor": ["app"], "when": "there is milk", "gist": "The tea comes before the milk.", "testability": "wire", "observable": "colour",
              "features": ["tea.milk"], "quirks": ["TeaMilkFirst"], "oracle": "assert", "related": [] },
            { "id": "RFC9999:1.1-a1", "section": "1.1", "ordinal": 1, "digest": "d6", "origin": "prose", "level": "MUST", "levelInWebRtc": "MUST",
              "actor": ["app"], "when": "", "gist": "One stirs after the sugar.", "testability": "machine", "observable": "grains",
              "features": ["tea"], "quirks": [], "quirkless": "nobody breaks it", "oracle": "assert", "related": [] }
          ]
        }
        """
        .Replace("\"d1\"", Quoted("A pot MUST be warm before leaves go in."))
        .Replace("\"d2\"", Quoted("This matters, e.g. MUST not even the hand feel cold."))
        .Replace("\"d3\"", Quoted("Cups SHOULD stand near; spoons MAY lie anywhere."))
        .Replace("\"d4\"", Quoted("In the range 0 .. 7 a pot is NOT RECOMMENDED to be shaken."))
        .Replace("\"d5\"", Quoted("Milk MUST NOT be poured first."))
        .Replace("\"d6\"", Quoted("Sugar is put in before stirring.")))!.AsObject();

    internal static Catalogue Load(Action<JsonObject>? change = null, string features = Features)
    {
        var document = Document();
        change?.Invoke(document);
        return Catalogue.Parse([("tea.json", document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }))], ("features.json", features));
    }

    internal static JsonObject Item(this JsonObject document, int index) => document["items"]![index]!.AsObject();

    private static string Quoted(string sentence) => $"\"{RfcText.Digest(sentence)}\"";
}
