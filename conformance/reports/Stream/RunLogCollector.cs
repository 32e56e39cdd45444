using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports;

/// <summary>Keeps a run's events in memory, so that reports need no file.</summary>
public sealed class RunLogCollector : IRunObserver
{
    internal RunHeader? Header { get; private set; }
    internal List<CaseResult> Results { get; } = [];
    internal List<string> Begun { get; } = [];
    internal List<(string Level, string Text)> Messages { get; } = [];
    internal RunFooter? Footer { get; private set; }

    public void Started(RunHeader header) => Header ??= header;
    public void CaseStarted(string caseId) => Begun.Add(caseId);
    public void CaseEnded(CaseResult result) => Results.Add(result);
    public void Log(string level, string text) => Messages.Add((level, text));
    public void Ended(RunFooter footer) => Footer ??= footer;

    /// <summary>What has been collected so far.</summary>
    public RunLog ToLog(IReadOnlyList<RunLogWarning>? warnings = null) => new(this, warnings ?? []);
}

/// <summary>Hands every event to several observers, in their order.</summary>
public sealed class RunObservers(params IReadOnlyList<IRunObserver> observers) : IRunObserver
{
    public void Started(RunHeader header) => Each(o => o.Started(header));
    public void CaseStarted(string caseId) => Each(o => o.CaseStarted(caseId));
    public void CaseEnded(CaseResult result) => Each(o => o.CaseEnded(result));
    public void Log(string level, string text) => Each(o => o.Log(level, text));
    public void Ended(RunFooter footer) => Each(o => o.Ended(footer));

    private void Each(Action<IRunObserver> tell)
    {
        foreach (IRunObserver observer in observers)
        {
            tell(observer);
        }
    }
}
