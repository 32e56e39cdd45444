using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>Coverage as a plain-text table and as JSON. Both end with a line feed and depend on nothing but the report.</summary>
public static class CoverageText
{
    private const int TitleWidth = 46;

    /// <summary>One table a document, a line a section; then the totals and what leads nowhere.</summary>
    public static string Table(CoverageReport report)
    {
        var text = new StringBuilder();
        foreach (var document in report.Documents)
        {
            Line(text, $"{document.Doc}  {document.Title} ({document.Edition})");
            Line(text, $"  {"section",-TitleWidth} total  testable  cited  tested  verified  not testable");
            foreach (var section in document.Sections)
                Row(text, $"{section.Number} {section.Title}", section.Counts);
            Row(text, "all", document.Counts);
            Line(text, $"");
        }
        foreach (var citation in report.UnknownCitations)
            Line(text, $"case {citation.CaseId} links {citation.RequirementId}, which the catalogue does not have");
        var counts = report.Counts;
        Line(text, $"verified {counts.Verified} of {counts.Testable} testable requirements ({Percent(counts.Verified, counts.Testable)}); {counts.Total} in all");
        return text.ToString();
    }

    /// <summary>The report as indented JSON: totals, documents, sections, the state of each item, unknown citations.</summary>
    public static string Json(CoverageReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteCounts(json, report.Counts);
            json.WriteStartArray("documents");
            foreach (var document in report.Documents)
            {
                json.WriteStartObject();
                json.WriteString("doc", document.Doc);
                json.WriteString("title", document.Title);
                json.WriteString("edition", document.Edition);
                WriteCounts(json, document.Counts);
                json.WriteStartArray("sections");
                foreach (var section in document.Sections)
                {
                    json.WriteStartObject();
                    json.WriteString("section", section.Number);
                    json.WriteString("title", section.Title);
                    WriteCounts(json, section.Counts);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("requirements");
            var written = new HashSet<RequirementId>();
            foreach (var (item, state) in report.Requirements)
            {
                if (written.Add(item.Id)) // the lint names duplicates
                    json.WriteString(item.Id.ToString(), state.ToString().ToLowerInvariant());
            }
            json.WriteEndObject();
            json.WriteStartArray("unknownCitations");
            foreach (var citation in report.UnknownCitations)
            {
                json.WriteStartObject();
                json.WriteString("case", citation.CaseId);
                json.WriteString("requirement", citation.RequirementId);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteCounts(Utf8JsonWriter json, CoverageCounts counts)
    {
        json.WriteNumber("total", counts.Total);
        json.WriteNumber("testable", counts.Testable);
        json.WriteNumber("cited", counts.Cited);
        json.WriteNumber("tested", counts.Tested);
        json.WriteNumber("verified", counts.Verified);
        json.WriteStartObject("untestable");
        foreach (var (reason, count) in counts.UntestableByReason)
            json.WriteNumber(reason, count);
        json.WriteEndObject();
    }

    private static void Row(StringBuilder text, string title, CoverageCounts counts)
    {
        string cut = title.Length <= TitleWidth ? title : title[..(TitleWidth - 3)] + "...";
        string reasons = string.Join(", ", counts.UntestableByReason.Select(reason => $"{reason.Value} {reason.Key}"));
        Line(text, $"  {cut,-TitleWidth} {counts.Total,5}  {counts.Testable,8}  {counts.Cited,5}  {counts.Tested,6}  {counts.Verified,8}  {reasons}");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');

    private static string Percent(int part, int whole) =>
        whole == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
