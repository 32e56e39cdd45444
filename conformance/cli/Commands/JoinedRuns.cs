using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Cli.Commands;

/// <summary>Makes one stream of several runs (--repeat): one header, all results, one footer, which always comes.</summary>
internal sealed class JoinedRuns(IRunObserver inner, int runs) : IRunObserver
{
    private bool _started;
    private double _milliseconds;
    private string? _message;

    public void Started(RunHeader header)
    {
        if (!_started)
        {
            _started = true;
            inner.Started(header);
        }
    }

    public void CaseStarted(string caseId) => inner.CaseStarted(caseId);
    public void CaseEnded(CaseResult result) => inner.CaseEnded(result);
    public void Log(string level, string text) => inner.Log(level, text);

    public void Ended(RunFooter footer)
    {
        _milliseconds += footer.Milliseconds;
        _message = footer.Message ?? _message;
    }

    public RunEnd Finish(RunEnd end, string? message)
    {
        string? repeats = runs > 1 ? $"{runs} runs as one" : null;
        inner.Ended(new RunFooter { End = end, Message = message ?? _message ?? repeats, Milliseconds = _milliseconds });
        return end;
    }
}
