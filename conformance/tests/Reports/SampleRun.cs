using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Conformance.Tests.Reports;

/// <summary>A small run with every verdict in it.</summary>
internal static class SampleRun
{
    public static readonly IRequirementText Requirements = new Words();

    public static RunHeader Header(params string[] cases) => new()
    {
        Tool = "wrc 0.1.0", Seed = "00000000000000a7", Sut = "sample", SutVersion = "1.2", Clock = "virtual", Cases = cases,
        Started = "2026-02-03T04:05:06+00:00",
    };

    public static CaseResult Result(string id, Verdict verdict, string outcome, string requirement = "RFC8489:9.1.3-8", string level = "MUST") => new()
    {
        Case = id, Verdict = verdict, Outcome = outcome, Level = level, Requirements = [requirement],
        Kind = verdict switch { Verdict.Pass => OutcomeKind.Legal, Verdict.Fail => OutcomeKind.Forbidden, _ => null },
        Violated = verdict is Verdict.Fail ? [requirement] : [],
        Seed = "5f3c", Replay = $"wrc run --sut sample --seed a7 --case '{id}'", Milliseconds = 12.5,
    };

    public static IReadOnlyList<CaseResult> AllVerdicts =>
    [
        Result("stun/request/good[ipv4]", Verdict.Pass, "answers-success"),
        Result("stun/request/bad-integrity[ipv4]", Verdict.Fail, "answers-success") with
        {
            Detail = "A check whose MESSAGE-INTEGRITY has one bit flipped was answered with success; 401 was expected.",
            Timeline = ["0.000 ms -> Binding request, USERNAME, MESSAGE-INTEGRITY (one bit flipped)", "0.412 ms <- Binding success", "fence: a good check follows"],
            Artifacts = ["stun-bad-integrity.pcapng"],
        },
        Result("stun/request/unknown-required", Verdict.Unsupported, "unsupported", "RFC8489:6.3.1-2"),
        Result("stun/request/claims", Verdict.FalseClaim, "claims-codec", "RFC8489:14-1"),
        Result("stun/request/slow", Verdict.Timeout, "no-answer", "RFC8489:7-2", "SHOULD"),
        Result("ice/check/silent", Verdict.Hang, "no-pong", "RFC8445:7.3-1"),
        Result("ice/check/huge", Verdict.Crash, "signal-11", "RFC8445:7.3-1"),
        Result("ice/check/port", Verdict.Infra, "no-port", "RFC8445:7.3.1.1-1"),
        Result("ice/check/odd", Verdict.Fail, "ignores", "RFC8445:7.3.1.1-1") with { Confirmed = false },
    ];

    public static RunLog Log(IEnumerable<CaseResult>? results = null, bool footer = true, params string[] alsoSelected)
    {
        var collector = new RunLogCollector();
        CaseResult[] all = (results ?? AllVerdicts).ToArray();
        collector.Started(Header([.. all.Select(r => r.Case), .. alsoSelected]));
        foreach (CaseResult result in all)
        {
            collector.CaseStarted(result.Case);
            collector.CaseEnded(result);
        }

        if (footer)
        {
            collector.Ended(new RunFooter { End = RunEnd.Completed, Milliseconds = 1234 });
        }

        return collector.ToLog();
    }

    private sealed class Words : IRequirementText
    {
        public RequirementText? Find(string id) => id switch
        {
            "RFC8489:9.1.3-8" => new(id, "A request whose integrity value is wrong gets a 401 error.", "MUST", "Receiving a Request or Indication"),
            "RFC8445:7.3.1.1-1" => new(id, "A conflict of roles is detected & repaired.", "MUST", "Detecting and Repairing Role Conflicts"),
            _ => null,
        };
    }
}
