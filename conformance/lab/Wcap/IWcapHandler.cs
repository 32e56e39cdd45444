using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>An implementation behind the adapter protocol, written in C#. <see cref="WcapServer"/> attaches it over stdio,
/// <see cref="InProcessSut"/> in this process. Called by one thread at a time.</summary>
public interface IWcapHandler
{
    SutInfo Info { get; }

    /// <summary>Carries out a command of a case: "case.begin" {budgetMs}, "case.end", "case.abort", "peer.create" ...; or, with a null case,
    /// of the adapter: "probe" {feature} is answered from <see cref="SutInfo.Features"/> and never comes here, nor do hello, ping and bye.
    /// A command that it does not know is <see cref="SutReplyKind.Unsupported"/>. An exception is a crash of the implementation.</summary>
    SutReply Handle(string? caseId, string command, JsonObject arguments);

    /// <summary>Takes the next event of any case, in order; never waits.</summary>
    bool TryTakeEvent(out (string CaseId, SutEvent Event) taken);

    /// <summary>Called often while nothing is asked: the moment to look at sockets and timers. Must return soon.</summary>
    void Idle();
}
