using System.Globalization;
using System.Text;
using System.Xml;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>JUnit XML as CI systems read it: a suite is an area (the id's first part), a test case is a case.</summary>
/// <remarks>Only what is unexpected is red: unsupported, known, unconfirmed and out-of-scope cases are skipped with their reason; crashes, hangs
/// and timeouts are errors, other unexpected results failures, a selected case without result an error.</remarks>
public static class JUnitReport
{
    private enum Mark { None, Skipped, Failure, Error }

    private sealed record Entry(string Case, CaseResult? Result, Mark Mark, string Type, string Message);

    public static string Write(ReportData data)
    {
        Entry[] entries = data.Comparison.Cases.Select(j => EntryOf(j, data))
            .Concat(data.Log.Missing.Select(m => new Entry(m, null, Mark.Error, "no-result",
                data.Log.Unfinished.Contains(m) ? "the run ended inside this case" : "selected, but the run ended before this case")))
            .Concat(data.Comparison.Stale.Select(s => new Entry(s.Case, null,
                data.Comparison.Gating.Contains(s) ? Mark.Failure : Mark.Skipped, "stale line", s.Reason)))
            .ToArray();
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(new Utf8Text(text), new XmlWriterSettings { Indent = true, NewLineChars = "\n", CheckCharacters = false }))
        {
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", "wrc " + data.SutTitle);
            Totals(xml, entries, data.Log.Milliseconds);
            foreach (IGrouping<string, Entry> area in entries.GroupBy(e => e.Case.Split('/')[0]).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                Suite(xml, area.Key, area.ToArray(), data);
            }

            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static Entry EntryOf(Judgement j, ReportData data)
    {
        CaseResult r = j.Result!;
        string what = r.Outcome + (r.Detail.Length > 0 ? ": " + r.Detail : "") + (j.Reason.Length > 0 ? $" [{j.Reason}]" : "");
        bool forgiven = j.IsUnexpected && !data.Comparison.Gating.Contains(j);
        (Mark mark, string type, string prefix) = j.Standing switch
        {
            Standing.Passed => (Mark.None, "", ""),
            Standing.Unsupported => (Mark.Skipped, "", "unsupported: "),
            Standing.Known => (Mark.Skipped, "", "known: "),
            Standing.OutOfScope => (Mark.Skipped, "", "out of scope: "),
            Standing.Unconfirmed => (Mark.Skipped, "", "unconfirmed: "),
            _ when forgiven => (Mark.Skipped, "", j.Standing.Word() + ", forgiven: "),
            _ when r.Verdict is Verdict.Crash or Verdict.Hang or Verdict.Timeout or Verdict.Infra => (Mark.Error, r.Verdict.Word(), ""),
            _ => (Mark.Failure, j.Standing == Standing.Regression ? r.Verdict.Word() : j.Standing.Word(), ""),
        };
        string requirement = (mark is Mark.Failure or Mark.Error) && r.Verdict is not Verdict.Pass and not Verdict.Infra ? data.Explain(r) : "";
        return new(r.Case, r, mark, type, prefix + what + (requirement.Length > 0 ? " - " + requirement : ""));
    }

    private static void Suite(XmlWriter xml, string area, Entry[] entries, ReportData data)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", area);
        Totals(xml, entries, entries.Sum(e => e.Result?.Milliseconds ?? 0));
        if (DateTimeOffset.TryParse(data.Log.Header.Started, CultureInfo.InvariantCulture, out DateTimeOffset started))
        {
            Attribute(xml, "timestamp", started.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        }

        Properties(xml, [("sut", data.SutTitle), ("seed", data.Log.Header.Seed), ("clock", data.Log.Header.Clock),
            .. data.Log.Header.Quirks.Select(q => ("quirk", q))]);
        foreach (Entry entry in entries)
        {
            TestCase(xml, area, entry, data);
        }

        xml.WriteEndElement();
    }

    private static void TestCase(XmlWriter xml, string area, Entry entry, ReportData data)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", $"{data.Log.Header.Sut}.{area}");
        Attribute(xml, "name", entry.Case);
        Attribute(xml, "time", Seconds(entry.Result?.Milliseconds ?? 0));
        if (entry.Result is { } r)
        {
            Properties(xml, [.. r.Requirements.Select(q => ("requirement", q)), .. r.Violated.Select(q => ("violated", q)),
                ("level", r.Level), ("verdict", r.Verdict.Word()), ("outcome", r.Outcome), ("confirmed", r.Confirmed ? "yes" : "no"), ("seed", r.Seed)]);
        }

        if (entry.Mark != Mark.None)
        {
            xml.WriteStartElement(entry.Mark.ToString().ToLowerInvariant());
            if (entry.Type.Length > 0)
            {
                Attribute(xml, "type", entry.Type);
            }

            Attribute(xml, "message", entry.Message);
            xml.WriteEndElement();
        }

        if (entry.Result is { } result && (entry.Mark is Mark.Failure or Mark.Error))
        {
            var said = new StringBuilder("replay: ").Append(result.Replay).Append('\n');
            foreach (string artifact in result.Artifacts)
            {
                said.Append("artifact: ").Append(artifact).Append('\n');
            }

            xml.WriteElementString("system-out", Legal(said.ToString()));
        }

        xml.WriteEndElement();
    }

    private static void Properties(XmlWriter xml, (string Name, string Value)[] properties)
    {
        xml.WriteStartElement("properties");
        foreach ((string name, string value) in properties)
        {
            xml.WriteStartElement("property");
            Attribute(xml, "name", name);
            Attribute(xml, "value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, Entry[] entries, double milliseconds)
    {
        Attribute(xml, "tests", Number(entries.Length));
        Attribute(xml, "failures", Number(entries.Count(e => e.Mark == Mark.Failure)));
        Attribute(xml, "errors", Number(entries.Count(e => e.Mark == Mark.Error)));
        Attribute(xml, "skipped", Number(entries.Count(e => e.Mark == Mark.Skipped)));
        Attribute(xml, "time", Seconds(milliseconds));
    }

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Legal(value));

    /// <summary>XML 1.0 has no way to write most control characters or half a surrogate pair; they become U+FFFD.</summary>
    private static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                legal.Append(text[i]).Append(text[++i]);
            }
            else
            {
                legal.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return legal.ToString();
    }

    private sealed class Utf8Text(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
