using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Requirements;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>Each lint rule finds its own fault, and only that.</summary>
public class CatalogueLintTests
{
    [Fact]
    public void Sample_is_sound() =>
        Assert.Empty(CatalogueLint.Check(SampleCatalogue.Load(), new HashSet<string> { "TeaColdPot", "TeaMilkFirst" }));

    public static TheoryData<string, string, Action<JsonObject>> Faults => new()
    {
        { "edition", "$.header.edition", d => d["header"]!["edition"] = "2026-13" },
        { "scope-number", "$.header.scope['x']", d => d["header"]!["scope"]!.AsObject().Add("x", "X") },
        { "scope-order", "$.header.scope['0']", d => d["header"]!["scope"]!.AsObject().Add("0", "Zero") },
        { "foreign-id", "RFC9998:1.1-a2", d => Append(d, "RFC9998:1.1-a2") },
        { "out-of-scope", "RFC9999:2-a1", d => Append(d, "RFC9999:2-a1") },
        { "duplicate-id", "RFC9999:1.1-a1", d => Append(d, "RFC9999:1.1-a1") },
        { "section-order", "RFC9999:1-a1", d => Append(d, "RFC9999:1-a1") },
        { "ordinal-order", "RFC9999:1.1-a3", d => Append(d, "RFC9999:1.1-a3") },
        { "digest-form", "RFC9999:1-1", d => d.Item(0)["digest"] = "0123456789AB" },
        { "digest-form", "RFC9999:1-1", d => d.Item(0).Remove("digest") },
        { "gist-copied", "RFC9999:1.1-a1", d => d.Item(5)["gist"] = "Sugar is put in before stirring." },
        { "origin-kind", "RFC9999:1-1", d => d.Item(0)["origin"] = "prose" },
        { "origin-kind", "RFC9999:1.1-a1", d => d.Item(5)["origin"] = "keyword" },
        { "level-void", "RFC9999:1-3", d => d.Item(2)["level"] = "not used" },
        { "actor-unknown", "RFC9999:1-1", d => d.Item(0)["actor"] = new JsonArray("waiter") },
        { "actor-missing", "RFC9999:1-1", d => d.Item(0)["actor"] = new JsonArray() },
        { "feature-unknown", "RFC9999:1-1", d => d.Item(0)["features"] = new JsonArray("coffee") },
        { "feature-missing", "RFC9999:1-1", d => d.Item(0)["features"] = new JsonArray() },
        { "origin-unknown", "RFC9999:1.1-a1", d => d.Item(5)["origin"] = "rumour" },
        { "oracle-unknown", "RFC9999:1-1", d => d.Item(0)["oracle"] = "dice" },
        { "oracle-kind", "RFC9999:1-1", d => d.Item(0)["oracle"] = "none" },
        { "related-self", "RFC9999:1-1", d => d.Item(0)["related"] = new JsonArray("RFC9999:1-1") },
        { "related-missing", "RFC9999:1-1", d => d.Item(0)["related"] = new JsonArray("RFC9999:1-9") },
        { "list-repeats", "RFC9999:1-1", d => d.Item(0)["related"] = new JsonArray("RFC9999:1-2", "RFC9999:1-2") },
        { "list-repeats", "RFC9999:1-1", d => d.Item(0)["features"] = new JsonArray("tea", "tea") },
        { "list-repeats", "RFC9999:1-1", d => d.Item(0)["quirks"] = new JsonArray("TeaColdPot", "TeaColdPot") },
        { "why-needless", "RFC9999:1-1", d => d.Item(0)["why"] = "statement" },
        { "why-missing", "RFC9999:1-2", d => d.Item(1).Remove("why") },
        { "why-missing", "RFC9999:1-2", d => d.Item(1)["why"] = "because" },
        { "observable-missing", "RFC9999:1-1", d => d.Item(0)["observable"] = " " },
        { "untestable-with-test", "RFC9999:1-2", d => d.Item(1)["quirks"] = new JsonArray("TeaColdPot") },
        { "quirk-name", "RFC9999:1-1", d => d.Item(0)["quirks"] = new JsonArray("cold") },
        { "quirk-unknown", "RFC9999:1-1", d => d.Item(0)["quirks"] = new JsonArray("TeaStale") },
        { "quirk-missing", "RFC9999:1-1", d => d.Item(0)["quirks"] = new JsonArray() },
        { "quirk-missing", "RFC9999:1.1-a1", d => d.Item(5).Remove("quirkless") },
        { "quirkless-needless", "RFC9999:1-1", d => d.Item(0)["quirkless"] = "why not" },
        { "gist-length", "RFC9999:1-1", d => d.Item(0)["gist"] = "Warm pot." },
        { "gist-length", "RFC9999:1-1", d => d.Item(0)["gist"] = new string('x', 180) + "." },
        { "gist-form", "RFC9999:1-1", d => d.Item(0)["gist"] = "Leaves go into a warmed pot only" },
        { "gist-keyword", "RFC9999:1-1", d => d.Item(0)["gist"] = "Leaves MUST go into a warmed pot." },
        { "gist-repeated", "RFC9999:1-3", d => d.Item(2)["gist"] = "Leaves go into a warmed pot only." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_rule_bites(string rule, string where, Action<JsonObject> fault)
    {
        var findings = CatalogueLint.Check(SampleCatalogue.Load(fault), new HashSet<string> { "TeaColdPot", "TeaMilkFirst" });
        var finding = Assert.Single(findings);
        Assert.Equal((rule, where, "tea.json"), (finding.Rule, finding.Where, finding.File));
    }

    [Theory]
    [InlineData("feature-id", "Tea")]
    [InlineData("feature-order", "tea.milk")]
    public void Features_are_checked(string rule, string id)
    {
        string features = SampleCatalogue.Features.Replace("\"values\": [\"hot\", \"cold\"] }", "\"values\": [] }, { \"id\": \"" + id + "\", \"summary\": \"\" }");
        Assert.Contains(CatalogueLint.Check(SampleCatalogue.Load(features: features)), finding => finding.Rule == rule);
    }

    [Fact]
    public void Two_files_of_one_document_are_found()
    {
        string json = SampleCatalogue.Document().ToJsonString();
        var catalogue = Catalogue.Parse([("a", json), ("b", json)], ("f", SampleCatalogue.Features));
        Assert.Equal("duplicate-document", Assert.Single(CatalogueLint.Check(catalogue)).Rule);
    }

    private static void Append(JsonObject document, string id)
    {
        var item = document.Item(5).DeepClone().AsObject();
        Assert.True(RequirementId.TryParse(id, out var parsed));
        item["id"] = id;
        item["section"] = parsed.Section;
        item["ordinal"] = parsed.Ordinal;
        item["gist"] = "Another rule about stirring.";
        document["items"]!.AsArray().Add(item);
    }
}
