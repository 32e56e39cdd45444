using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli.Commands;

/// <summary>The files that a run writes. Places that cannot be written are found before the run, not after it.</summary>
internal sealed class RunFiles
{
    private readonly List<(string Path, Func<ReportData, string> Make)> _reports = [];

    /// <summary>run.jsonl; null when nothing is kept.</summary>
    public string? Stream { get; private init; }
    public string? Bundles { get; private init; }
    /// <summary>The page to look at; null when none is written.</summary>
    public string? Page { get; private init; }

    /// <param name="folder">"-" for none.</param>
    /// <exception cref="ReportException">A place that cannot be written.</exception>
    public static RunFiles Open(string folder, string? junit, string? html, string? markdown)
    {
        bool keep = folder != "-";
        var files = new RunFiles
        {
            Stream = keep ? Path.Combine(folder, "run.jsonl") : null,
            Bundles = keep ? Path.Combine(folder, "bundles") : null,
            Page = html ?? (keep ? Path.Combine(folder, "report.html") : null),
        };
        files.Add(junit, JUnitReport.Write);
        files.Add(html, d => HtmlReport.Write(d));
        files.Add(markdown, MarkdownReport.Write);
        if (keep)
        {
            files.Add(Path.Combine(folder, "junit.xml"), JUnitReport.Write);
            files.Add(Path.Combine(folder, "report.html"), d => HtmlReport.Write(d));
            files.Add(Path.Combine(folder, "summary.md"), MarkdownReport.Write);
            files.Add(Path.Combine(folder, "badge.json"), BadgeReport.Write);
        }

        foreach ((string path, _) in files._reports)
        {
            OutputFile.Probe(path);
        }

        return files;
    }

    /// <summary>Writes all reports; one that fails does not keep the others from being written.</summary>
    /// <returns>The first failure.</returns>
    public ReportException? Write(ReportData data, RunLogWriter? stream)
    {
        ReportException? lost = stream?.Failure is { } why ? new ReportException($"cannot write '{Stream}': {why}; the event stream is not complete") : null;
        foreach ((string path, Func<ReportData, string> make) in _reports)
        {
            try
            {
                OutputFile.Write(path, make(data));
            }
            catch (ReportException e)
            {
                lost ??= e;
            }
        }

        return lost;
    }

    private void Add(string? path, Func<ReportData, string> make)
    {
        if (path is not null)
        {
            _reports.Add((path, make));
        }
    }
}
