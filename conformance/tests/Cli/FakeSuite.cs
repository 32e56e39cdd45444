using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Conformance.Tests.Reports;

namespace WebRtcConformance.Conformance.Tests.Cli;

/// <summary>Four cases whose results a test chooses.</summary>
internal sealed class FakeSuite : ISuite
{
    public Dictionary<string, (Verdict Verdict, string Outcome)> Says { get; } = [];
    public RunEnd End { get; init; } = RunEnd.Completed;
    /// <summary>Thrown after the second case.</summary>
    public Exception? Breaks { get; init; }
    public Action? AfterFirst { get; init; }
    public List<RunRequest> Requests { get; } = [];

    public IReadOnlyList<CaseInfo> Cases { get; } =
    [
        new("stun/request/bad-integrity[ipv4]", "A wrong integrity value is answered with 401.", ["RFC8489:9.1.3-8"], "MUST", "quick", ["ice"]),
        new("stun/request/bad-integrity[ipv6]", "A wrong integrity value is answered with 401.", ["RFC8489:9.1.3-8"], "MUST", "quick", ["ice"]),
        new("stun/request/software", "SOFTWARE is of no consequence.", ["RFC8489:14.14-1"], "SHOULD", "pr", []),
        new("ice/check/role", "A conflict of roles is repaired.", ["RFC8445:7.3.1.1-1"], "MUST", "full", []),
    ];

    public RunEnd Run(RunRequest request, IRunObserver observer, CancellationToken stop)
    {
        Requests.Add(request);
        observer.Started(SampleRun.Header([.. request.Cases]) with { Sut = request.Sut, Quirks = request.Quirks });
        int done = 0;
        foreach (string id in request.Cases)
        {
            if (stop.IsCancellationRequested)
            {
                observer.Ended(new RunFooter { End = RunEnd.Interrupted });
                return RunEnd.Interrupted;
            }

            observer.CaseStarted(id);
            (Verdict verdict, string outcome) = Says.GetValueOrDefault(id, (Verdict.Pass, "as-required"));
            CaseInfo info = Cases.Single(c => c.Id == id);
            observer.CaseEnded(SampleRun.Result(id, verdict, outcome, info.Requirements[0], info.Level));
            done++;
            if (done == 1)
            {
                AfterFirst?.Invoke();
            }

            if (done == 2 && Breaks is not null)
            {
                throw Breaks;
            }
        }

        observer.Ended(new RunFooter { End = End, Milliseconds = 50 });
        return End;
    }

    public string? Explain(string caseId) => "  steps: one, two";

    public CoverageReport Coverage(Action<string> tell, CancellationToken stop) => WebRtcConformance.Lab.Requirements.Coverage.Compute(
        Catalogue.Embedded, Cases.Select(c => new CaseLink(c.Id, c.Requirements)), Cases.Select(c => new CleanResult(c.Id, true)), []);

    public void ServeReference(IReadOnlyList<string> quirks, ulong seed, TextReader input, TextWriter output) => output.WriteLine("served " + seed);
}
