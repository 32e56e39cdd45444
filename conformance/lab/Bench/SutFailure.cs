using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Bench;

/// <summary>What a failed command means for the case.</summary>
internal static class SutFailure
{
    /// <exception cref="CaseEndedException">Always.</exception>
    public static void Throw(SutReply reply, string command, SutInfo sut, string? feature = null)
    {
        var detail = $"{command}: {reply.Detail ?? reply.Reason ?? reply.Kind.ToString()}";
        var claimed = feature is not null && sut.Features.GetValueOrDefault(feature) == "yes";
        throw reply.Kind switch
        {
            SutReplyKind.Unsupported when claimed => new CaseEndedException(Verdict.FalseClaim, "claims-" + feature, detail),
            SutReplyKind.Unsupported => new CaseEndedException(Verdict.Unsupported, "unsupported", detail),
            SutReplyKind.Crash => new CaseEndedException(Verdict.Crash, reply.Reason ?? "exit", detail),
            SutReplyKind.Hang => new CaseEndedException(Verdict.Hang, "no-answer", detail),
            SutReplyKind.Timeout => new CaseEndedException(Verdict.Timeout, "late-answer", detail),
            SutReplyKind.Garbage => new CaseEndedException(Verdict.Infra, "adapter-breaks-protocol", detail),
            SutReplyKind.BadRequest => new CaseEndedException(Verdict.Infra, "bad-request", detail),
            _ => new CaseEndedException(Verdict.Infra, "setup-failed", detail),
        };
    }
}
