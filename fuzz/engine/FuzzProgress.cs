using System.Globalization;
using WebRtcConformance.Fuzz.Supervision;

namespace WebRtcConformance.Fuzz;

/// <summary>Shows a campaign: on a terminal one line that renews itself, in a pipe a line every five seconds; at the end a summary.</summary>
internal sealed class FuzzProgress(FuzzSupervisor supervisor, TextWriter output, bool terminal)
{
    private readonly double _every = terminal ? 0.5 : 5;
    private double _next = terminal ? 0.5 : 5;
    private int _width;

    /// <summary>Prints the progress line when it is due.</summary>
    public void Tick()
    {
        var now = supervisor.Clock.Elapsed.TotalSeconds;
        if (now < _next) return;
        _next = now + _every;
        var stats = supervisor.Stats.ToArray();
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{now,6:0}s  {supervisor.Executions:N0} executions  {Rate():N0}/s  corpus {stats.Max(s => s.Corpus)}  features {stats.Max(s => s.Features)}{Blocks(stats)}  findings {supervisor.FindingCount}");
        if (!terminal) output.WriteLine(line);
        else
        {
            output.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
        output.Flush();
    }

    /// <summary>Prints a line of its own.</summary>
    public void Line(string text)
    {
        if (_width > 0) output.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
        output.WriteLine(text);
        output.Flush();
    }

    public void Summary(CampaignEnd end)
    {
        var stats = supervisor.Stats.ToArray();
        var why = end switch
        {
            CampaignEnd.Time => "time is up", CampaignEnd.Runs => "all runs done", CampaignEnd.Findings => "enough findings",
            CampaignEnd.Interrupted => "interrupted", _ => "workers cannot run",
        };
        Line(string.Create(CultureInfo.InvariantCulture,
            $"{why}: {supervisor.Executions:N0} executions, {Rate():N0}/s a job, {supervisor.LoopExecutions / Math.Max(supervisor.LoopCpu, 0.001):N0} per second of processor time"));
        Line($"      corpus {stats.Max(s => s.Corpus)}, features {stats.Max(s => s.Features)}{Blocks(stats)}, worker deaths {supervisor.Deaths}, findings {supervisor.FindingCount}");
        var oracles = stats.SelectMany(s => s.Oracles).GroupBy(pair => pair.Key)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Sum(pair => pair.Value):N0}"));
        Line($"      oracle runs since the last worker start: no-throw {stats.Sum(s => s.Executions).ToString("N0", CultureInfo.InvariantCulture)}, {string.Join(", ", oracles)}".TrimEnd(',', ' '));
    }

    private double Rate() => supervisor.LoopExecutions / Math.Max(supervisor.LoopTime, 0.001);

    private static string Blocks(WorkerStats[] stats) =>
        stats.Max(s => s.TotalBlocks) is var total and > 0 ? $"  blocks {stats.Max(s => s.Blocks)}/{total}" : "";
}
