using System.Text;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports;

/// <param name="Line">1-based line of the stream; 0 = the stream as a whole.</param>
public sealed record RunLogWarning(int Line, string Text)
{
    public override string ToString() => Line == 0 ? Text : $"line {Line}: {Text}";
}

/// <summary>Everything a run said, read back from its event stream. All reports are made from this and nothing else.</summary>
public sealed class RunLog
{
    private const int LongestLine = 16 * 1024 * 1024;

    internal RunLog(RunLogCollector from, IReadOnlyList<RunLogWarning> warnings)
    {
        Header = from.Header ?? new RunHeader
        {
            Tool = "unknown", Seed = "unknown", Sut = "unknown", Clock = "unknown",
            Cases = from.Results.Select(r => r.Case).Distinct(StringComparer.Ordinal).ToArray(),
        };
        Results = from.Results.ToArray();
        Messages = from.Messages.ToArray();
        Footer = from.Footer;
        Warnings = warnings;
        HashSet<string> seen = Results.Select(r => r.Case).ToHashSet(StringComparer.Ordinal);
        Missing = Header.Cases.Where(c => !seen.Contains(c)).Distinct(StringComparer.Ordinal).ToArray();
        Unfinished = from.Begun.Where(c => !seen.Contains(c)).ToArray();
    }

    public RunHeader Header { get; }
    /// <summary>In the order in which the cases ended. With repetitions a case occurs more than once.</summary>
    public IReadOnlyList<CaseResult> Results { get; }
    /// <summary>Selected cases without a result.</summary>
    public IReadOnlyList<string> Missing { get; }
    /// <summary>Those of <see cref="Missing"/> that had begun: what the run was doing when it was cut short.</summary>
    public IReadOnlyList<string> Unfinished { get; }
    public IReadOnlyList<(string Level, string Text)> Messages { get; }
    /// <summary>Null when the stream was cut short.</summary>
    public RunFooter? Footer { get; }
    public IReadOnlyList<RunLogWarning> Warnings { get; }

    /// <summary>The stream does not tell how the run ended.</summary>
    public bool Truncated => Footer is null;

    /// <summary>Wall time of the run: as the footer says, else the sum over the cases.</summary>
    public double Milliseconds => Footer?.Milliseconds ?? Results.Sum(r => r.Milliseconds);

    /// <summary>Reads a stream from a file. Broken lines become warnings.</summary>
    /// <exception cref="ReportException">The file cannot be read, or holds no event at all.</exception>
    public static RunLog Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            return Read(reader, path);
        }
        catch (Exception e) when (OutputFile.IsFileTrouble(e))
        {
            throw ReportException.From("read", path, e);
        }
    }

    /// <param name="reader">The stream's text.</param>
    /// <param name="name">What to call it in an error.</param>
    public static RunLog Read(TextReader reader, string name)
    {
        var collector = new RunLogCollector();
        var warnings = new List<RunLogWarning>();
        int number = 0, broken = 0, events = 0;
        foreach ((string? text, bool whole) in BoundedLines.Read(reader, LongestLine))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text) && text is not null)
            {
                continue;
            }

            string? fault = text is null ? $"longer than {LongestLine >> 20} MiB, skipped" : RunEvents.Read(text, collector);
            if (fault is null)
            {
                events++;
                continue;
            }

            broken++;
            if (broken <= 20)
            {
                warnings.Add(new(number, whole ? fault : "cut off in the middle (the run was killed, or the disk was full)"));
            }
        }

        if (events == 0)
        {
            throw new ReportException($"'{OneLine.Of(name)}' is not an event stream: none of its {number} lines is an event; give the run.jsonl that 'wrc run --out DIR' wrote");
        }

        if (broken > 20)
        {
            warnings.Add(new(0, $"{broken - 20} more broken lines"));
        }

        if (collector.Header is null)
        {
            warnings.Add(new(0, "the header is missing: the implementation's name and the selection are not known"));
        }

        return collector.ToLog(warnings);
    }
}
