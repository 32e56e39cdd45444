using System.Buffers.Binary;
using FsCheck.Xunit;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>Each bound with an attacker at it, and any bytes in any state.</summary>
public class AgentHostileTests
{
    private static readonly IcePolicy Policy = new();

    private static void AssertBounded(IceAgent agent)
    {
        Assert.InRange(agent.Load.Pairs, 0, Policy.MaxPairs);
        Assert.InRange(agent.Load.RemoteCandidates, 0, Policy.MaxRemoteCandidates + Policy.MaxEarlyCandidates);
        Assert.InRange(agent.Load.PendingChecks, 0, Policy.MaxPendingChecks + 10);
    }

    private static TransportAddress Nth(int n)
    {
        Span<byte> address = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(address, 0x0A000000 + n);
        return TransportAddress.From(address, 5000);
    }

    [Fact]
    public void Ten_thousand_candidates_meet_a_limit()
    {
        var bench = new AgentBench(moreBases: ["198.51.100.1:1", "198.51.100.2:1"]);
        for (var n = 0; n < 10_000; n++)
        {
            // Ever higher priorities, so that each would like to push another one out.
            bench.Do(a => a.AddRemoteCandidate(bench.Now, new IceCandidate($"{n}", 1, (uint)n + 1, Nth(n), IceCandidateType.Host)));
            if (n % 100 == 0) bench.Pass(0.1);
        }
        AssertBounded(bench.Agent);
        Assert.Equal(Policy.MaxPairs, bench.Agent.Load.Pairs);
        Assert.Contains(bench.All, o => o is IceOutput.CandidateIgnored { Discard.Rule: "RFC8445:6.1.2.5" });
        // Section 14.2: whatever there is to check, one check each Ta; 100 pairs, 7 requests each.
        bench.Pass(300);
        var sent = AgentBench.Requests(bench.All).Count();
        Assert.InRange(sent, 100, (Policy.MaxRemoteCandidates * 3 + 10) * 7);
    }

    [Fact]
    public void Ten_thousand_candidates_of_unknown_sessions_meet_a_limit()
    {
        var bench = new AgentBench();
        for (var n = 0; n < 10_000; n++)
            bench.Do(a => a.AddRemoteCandidate(bench.Now, new IceCandidate("1", 1, 1, Nth(n), IceCandidateType.Host) { Fragment = $"f{n}" }));
        Assert.Equal(Policy.MaxEarlyCandidates, bench.Agent.Load.RemoteCandidates);
        Assert.Equal(10_000 - Policy.MaxEarlyCandidates, bench.All.OfType<IceOutput.CandidateIgnored>().Count());
    }

    [Fact]
    public void Good_checks_from_ten_thousand_addresses_meet_a_limit()
    {
        var bench = new AgentBench();
        for (var n = 0; n < 10_000; n++)
        {
            bench.Receive(bench.Request(priority: (uint)n + 1), Nth(n));
            bench.Pass(0.001);
        }
        AssertBounded(bench.Agent);
        Assert.Equal(Policy.MaxRemoteCandidates, bench.Agent.Load.RemoteCandidates);
        // 10 s at one check each 50 ms: the attacker's rate is not ours.
        Assert.InRange(AgentBench.Requests(bench.All).Count(), 1, 100 * 7 + 210);
    }

    [Fact]
    public void A_flood_of_checks_on_one_pair_leaves_few_pending()
    {
        var bench = new AgentBench();
        for (var n = 0; n < 2000; n++)
        {
            bench.Receive(bench.Request());
            bench.Pass(0.05);
            Assert.InRange(bench.Agent.Load.PendingChecks, 0, Policy.MaxPendingChecks);
        }
        Assert.InRange(bench.Agent.Load.PendingChecks, Policy.MaxPendingChecks - 1, Policy.MaxPendingChecks);
        bench.Pass(2, answers: true);
        Assert.NotNull(bench.Agent.Selected);
    }

    [Fact]
    public void Responses_with_ever_new_mapped_addresses_meet_a_limit()
    {
        var bench = new AgentBench(role: IceRole.Controlled);
        for (var n = 0; n < 200; n++)
        {
            bench.Receive(bench.Request(peer: IceRole.Controlling), Nth(n));
            foreach (var sent in bench.Pass(0.06).OfType<IceOutput.Transmit>().Where(s => AgentBench.IsRequest(s.Datagram.Bytes.Span)))
            {
                var response = new WebRtcConformance.Wire.Stun.StunMessage
                {
                    Method = WebRtcConformance.Wire.Stun.StunMethod.Binding,
                    Class = WebRtcConformance.Wire.Stun.StunClass.SuccessResponse,
                    TransactionId = sent.Datagram.Bytes.ToArray()[8..20],
                    Attributes = [WebRtcConformance.Stack.Stun.StunAddresses.XorMapped(Nth(100_000 + n))],
                };
                bench.Receive(IceBench.Sealed(response, IceBench.RemoteKey), sent.Datagram.Remote);
            }
        }
        Assert.Equal(Policy.MaxPeerReflexiveLocals, bench.All.OfType<IceOutput.PeerReflexiveLearned>().Count());
    }

    [Fact]
    public void Many_restarts_leave_nothing_behind()
    {
        var bench = new AgentBench().Connected();
        for (var n = 0; n < 1000; n++)
        {
            bench.Do(a => a.SetRemoteParameters(bench.Now, new IceParameters(new IceCredentials($"frag{n}", "password-of-many-restarts"))));
            bench.Do(a => a.AddRemoteCandidate(bench.Now, new IceCandidate("1", 1, 1, Nth(n), IceCandidateType.Host)));
            bench.Pass(0.1);
        }
        AssertBounded(bench.Agent);
        Assert.InRange(bench.Agent.Load.PendingChecks, 0, 20);
    }

    /// <summary>An off-path attacker knows the addresses, not the passwords.</summary>
    [Fact]
    public void What_is_not_authentic_changes_nothing()
    {
        var bench = new AgentBench().Connected();
        var before = (bench.Agent.Selected, bench.Agent.Load, bench.Agent.Role, bench.Agent.State);
        var good = bench.Request(useCandidate: true);
        for (var i = 0; i < good.Length * 8; i++)
        {
            var bent = good.ToArray();
            bent[i / 8] ^= (byte)(1 << i % 8);
            bench.Receive(bent, Nth(i));
            if (i / 8 < good.Length - 4) bench.Receive(IceBench.Refingerprinted(bent), Nth(i)); // where only FINGERPRINT was bent it would be good again
        }
        Assert.Equal(before, (bench.Agent.Selected, bench.Agent.Load, bench.Agent.Role, bench.Agent.State));
    }

    private static readonly Func<AgentBench>[] States =
    [
        () => new AgentBench(begins: false),
        () => new AgentBench(),
        () => new AgentBench(policy: new IcePolicy { Lite = true }),
        () => new AgentBench(policy: new IcePolicy { StunServers = [IceBench.R] }),
        () => new AgentBench().Connected(),
        () => { var b = new AgentBench().Connected(); b.Do(a => a.Restart(b.Now)); return b; },
        () => { var b = new AgentBench().Connected(); b.Pass(40); return b; },
    ];

    [Property(MaxTest = 300)]
    public void Any_bytes_in_any_state_are_taken_without_an_exception(byte[] bytes, byte state, bool known)
    {
        var bench = States[state % States.Length]();
        bench.Receive(bytes ?? [], known ? IceBench.R : IceBench.Elsewhere);
        bench.Pass(1);
        bench.Do(a => a.AddRemoteCandidate(bench.Now, System.Text.Encoding.Latin1.GetString(bytes ?? [])));
        bench.Do(a => a.AddRemoteCandidate(bench.Now, "candidate:" + System.Text.Encoding.Latin1.GetString(bytes ?? [])));
        bench.Pass(1);
        AssertBounded(bench.Agent);
    }

    /// <summary>Good messages with some bytes bent, in each state, with the fingerprint put right so that they get further.</summary>
    [Property(MaxTest = 300)]
    public void Bent_messages_in_any_state_are_taken_without_an_exception(int at, byte value, byte state, bool fingerprint)
    {
        var bench = States[state % States.Length]();
        var sent = bench.Pass(1).OfType<IceOutput.Transmit>().Select(s => s.Datagram.Bytes.ToArray()).Where(b => b.Length > 28);
        foreach (var message in sent.Append(bench.Request(useCandidate: true)))
        {
            var bent = message.ToArray();
            bent[(int)((uint)at % bent.Length)] = value;
            if (fingerprint) IceBench.Refingerprinted(bent);
            bench.Receive(bent);
            bent[0] |= 1; // the same as a response
            bench.Receive(IceBench.Refingerprinted(bent));
        }
        bench.Pass(60);
        AssertBounded(bench.Agent);
    }
}
