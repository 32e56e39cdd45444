using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Wire.Stun;
using Row = WebRtcConformance.Reference.Tests.Stack.QuirkDialogue<WebRtcConformance.Stack.Ice.IceAgentQuirk, WebRtcConformance.Stack.QuirkSet<WebRtcConformance.Stack.Ice.IceAgentQuirk>>;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>Each quirk of the agent shows: one dialogue, what the clean agent does in it, and what it does with the quirk.</summary>
public class IceAgentQuirkTests
{
    private static readonly List<Row> Rows = [.. CandidateRows(), .. SessionRows(), .. ConsentRows()];

    public static TheoryData<IceAgentQuirk> AllQuirks => [.. Enum.GetValues<IceAgentQuirk>()];

    [Theory]
    [MemberData(nameof(AllQuirks))]
    public void A_quirk_breaks_its_rule_and_the_clean_agent_keeps_it(IceAgentQuirk quirk)
    {
        QuirkDialogue.Shows(Rows, quirk, QuirkSet<IceAgentQuirk>.None, QuirkSet<IceAgentQuirk>.Of(quirk));
    }

    [Fact]
    public void Every_quirk_is_documented_and_has_a_bit_of_its_own() => QuirkDialogue.RegistryIsSound<IceAgentQuirk>("^RFC[0-9]+:[0-9.]+$");

    private static IEnumerable<Row> CandidateRows()
    {
        yield return new(IceAgentQuirk.PairsLinkLocalWithOthers, q =>
        {
            var b = new AgentBench(q, moreBases: ["[fe80::1]:9"]);
            b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine("2001:db8::5", 9)));
            return $"{AgentBench.Requests(b.Pass(1)).Count()} checks";
        }, "0 checks", "2 checks");
        yield return new(IceAgentQuirk.IgnoresPairLimit, q =>
        {
            var b = new AgentBench(q, policy: new IcePolicy { MaxPairs = 3 });
            for (var i = 1; i <= 9; i++) b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine($"192.0.2.{i + 10}", 9)));
            return $"{b.Agent.Load.Pairs} pairs";
        }, "3 pairs", "9 pairs");
        yield return new(IceAgentQuirk.IgnoresPacing, q =>
        {
            var b = new AgentBench(q);
            for (var i = 1; i <= 4; i++) b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine($"192.0.2.{i + 10}", 9, foundation: i)));
            b.Pass(0.02);
            return $"{AgentBench.Requests(b.All).Count()} checks";
        }, "1 checks", "4 checks");
        yield return new(IceAgentQuirk.IgnoresPacingOfPeer, q =>
        {
            var b = new AgentBench(q);
            b.Do(a => a.SetRemoteParameters(b.Now, new IceParameters(IceBench.Remote) { Pacing = TimeSpan.FromMilliseconds(200) }));
            for (var i = 1; i <= 9; i++) b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine($"192.0.2.{i + 10}", 9, foundation: i)));
            b.Pass(0.41);
            return $"{AgentBench.Requests(b.All).Count()} checks";
        }, "3 checks", "9 checks");
        yield return new(IceAgentQuirk.ConcealsPacing, q =>
            $"{new AgentBench(q, policy: new IcePolicy { Ta = TimeSpan.FromMilliseconds(20) }).Agent.LocalParameters.Pacing?.TotalMilliseconds} ms", "20 ms", " ms");
        yield return new(IceAgentQuirk.KeepsRedundantCandidates, q =>
        {
            var b = Gathering(q, out var server);
            b.Do(a => a.Gather(b.Now));
            var asked = b.Pass(0.02).OfType<IceOutput.Transmit>().Single();
            Assert.Equal(server, asked.Datagram.Remote);
            b.Receive(AgentGatheringTests.ServerAnswer(asked, IceBench.L), server);
            return $"{b.All.OfType<IceOutput.CandidateGathered>().Count()} candidates";
        }, "1 candidates", "2 candidates");
        yield return new(IceAgentQuirk.AcceptsStaleCandidates, q =>
        {
            var b = new AgentBench(q);
            b.Do(a => a.Restart(b.Now));
            b.Do(a => a.SetRemoteParameters(b.Now, new IceParameters(new IceCredentials("NEWFRAG", "new-remote-password-of-22"))));
            b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine("192.0.2.9", 9, more: " ufrag RFRAG")));
            return $"{b.Agent.Load.Pairs} pairs, {b.All.OfType<IceOutput.CandidateIgnored>().Count()} ignored";
        }, "0 pairs, 1 ignored", "1 pairs, 0 ignored");
        yield return new(IceAgentQuirk.AcceptsCandidatesAfterEnd, q =>
        {
            var b = new AgentBench(q);
            b.Do(a => a.EndOfRemoteCandidates(b.Now, "RFRAG"));
            b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine("192.0.2.9", 9)));
            return $"{b.Agent.Load.Pairs} pairs";
        }, "0 pairs", "1 pairs");
    }

    private static AgentBench Gathering(QuirkSet<IceAgentQuirk> quirks, out TransportAddress server)
    {
        server = TransportAddress.Parse("203.0.113.1:3478");
        return new AgentBench(quirks, policy: new IcePolicy { StunServers = [server] }, begins: false);
    }

    private static IEnumerable<Row> SessionRows()
    {
        yield return new(IceAgentQuirk.NominatesAggressively, q =>
        {
            var b = new AgentBench(q);
            b.Do(a => a.AddRemoteCandidate(b.Now, AgentBench.HostLine("192.0.2.2", 2000)));
            return Seen.Types(AgentBench.Requests(b.Pass(0.02)).Single());
        }, "0006 0024 802a 8022 0008 8028", "0006 0024 802a 0025 8022 0008 8028");
        yield return new(IceAgentQuirk.StopsAnsweringWhenCompleted, q => { var b = new AgentBench(q).Connected(); return b.Answers(b.Request()); }, "success", "silence");
        yield return new(IceAgentQuirk.NeverFreesCandidates, q =>
        {
            var b = new AgentBench(q, moreBases: ["198.51.100.1:1000"]).Connected();
            b.Pass(5, answers: true);
            return b.Answers(b.Request(), TransportAddress.Parse("198.51.100.1:1000"));
        }, "silence", "success");
        yield return new(IceAgentQuirk.KeepsCredentialsOnRestart, q =>
        {
            var b = new AgentBench(q);
            b.Do(a => a.Restart(b.Now));
            return b.LocalCredentials == IceBench.Local ? "same" : "new";
        }, "new", "same");
        yield return new(IceAgentQuirk.ForgetsPairOnRestart, q =>
        {
            var b = new AgentBench(q).Connected();
            b.Do(a => a.Restart(b.Now));
            return $"{b.Agent.Send(b.Now, new byte[] { 99 })}";
        }, "True", "False");
        yield return new(IceAgentQuirk.ReversesRoleOnRestart, q =>
        {
            var b = new AgentBench(q).Connected();
            b.Do(a => a.Restart(b.Now));
            return b.Agent.Role.ToString();
        }, "Controlling", "Controlled");
    }

    private static IEnumerable<Row> ConsentRows()
    {
        yield return new(IceAgentQuirk.SendsWithoutConsent, q =>
        {
            var b = new AgentBench(q).Connected();
            b.Pass(40);
            return $"{b.Agent.Send(b.Now, new byte[] { 99 })}";
        }, "False", "True");
        yield return new(IceAgentQuirk.KeepsConsentIntervalConstant, q =>
        {
            var b = new AgentBench(q).Connected();
            var times = new List<double>();
            for (var i = 0; i < 4; i++)
            {
                while (!AgentBench.Requests(b.Pass(0.01, answers: true)).Any()) { }
                times.Add(Math.Round((b.Now - Instant.Start).TotalSeconds, 2));
            }
            var gaps = times.Zip(times.Skip(1), (x, y) => Math.Round(y - x, 1)).ToList();
            Assert.All(gaps, g => Assert.InRange(g, 3.9, 6.1));
            return gaps.Distinct().Count() == 1 ? "constant" : "varied";
        }, "varied", "constant");
        yield return new(IceAgentQuirk.RetransmitsConsentChecks, q =>
        {
            var b = new AgentBench(q).Connected();
            var ids = AgentBench.Requests(b.Pass(20)).Select(r => Convert.ToHexString(r[8..20])).ToList();
            Assert.NotEmpty(ids);
            return ids.Distinct().Count() == ids.Count ? "once each" : "repeated";
        }, "once each", "repeated");
        yield return new(IceAgentQuirk.IgnoresRevocation, q =>
        {
            var b = new AgentBench(q).Connected();
            var check = b.Pass(6.5).OfType<IceOutput.Transmit>().First(s => AgentBench.IsRequest(s.Datagram.Bytes.Span));
            b.Answer(check, error: 3);
            return $"{b.Agent.Send(b.Now, new byte[] { 99 })}, {b.Agent.State}";
        }, "False, Failed", "True, Completed");
        yield return new(IceAgentQuirk.NeverChecksConsent, q => $"{AgentBench.Requests(new AgentBench(q).Connected().Pass(60)).Any()}", "True", "False");
        yield return new(IceAgentQuirk.OmitsKeepalives, q => Keepalives(q) is [var first, ..] ? Seen.Types(first) : "none", "8028", "none");
        yield return new(IceAgentQuirk.AuthenticatesKeepalives, q => Seen.Types(Keepalives(q)[0]), "8028", "0008 8028");

        static List<byte[]> Keepalives(QuirkSet<IceAgentQuirk> quirks) =>
            [.. new AgentBench(quirks, policy: new IcePolicy { KeepsConsent = false }).Connected().Pass(20).OfType<IceOutput.Transmit>()
                .Select(s => s.Datagram.Bytes.ToArray()).Where(b => b[0] == 0 && b[1] == 0x11)];
    }
}
