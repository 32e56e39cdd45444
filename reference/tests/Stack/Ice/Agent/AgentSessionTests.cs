using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>RFC 8445 sections 8, 9, 11 and 12, RFC 7675, RFC 8838: the life of a session.</summary>
public class AgentSessionTests
{
    // ---- restart ----

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_restart_keeps_data_flowing_and_ends_at_a_new_session(bool leftBegins)
    {
        var pair = new AgentPair(1).Begin();
        Assert.True(pair.Connect());
        var (first, second) = leftBegins ? (pair.Left, pair.Right) : (pair.Right, pair.Left);
        var before = (first.Agent.LocalParameters, second.Agent.LocalParameters, pair.Left.Agent.Role);
        first.Agent.Restart(pair.World.Now);
        first.Signalling = second.Signalling = TimeSpan.FromSeconds(3);
        first.Describe();
        // The peer restarts when the new description comes, and answers with its own.
        pair.World.Schedule(pair.World.Now + TimeSpan.FromSeconds(3.1), second.Describe);

        var sent = 0;
        for (; !pair.BothCompleted || sent < 10; sent++)
        {
            Assert.True(sent < 200, pair.ToString());
            pair.Left.Send($"{sent}");
            pair.Right.Send($"{sent}");
            pair.RunFor(TimeSpan.FromMilliseconds(100));
        }
        pair.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{i}"), pair.Left.Received);
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{i}"), pair.Right.Received);
        Assert.NotEqual(before.Item1.Credentials.Fragment, first.Agent.LocalParameters.Credentials.Fragment);
        Assert.NotEqual(before.Item1.Credentials.Password, first.Agent.LocalParameters.Credentials.Password);
        Assert.NotEqual(before.Item2.Credentials, second.Agent.LocalParameters.Credentials);
        Assert.Equal(before.Role, pair.Left.Agent.Role);
        Assert.True(pair.SelectedTheSame);
    }

    [Fact]
    public void Checks_of_the_old_session_are_answered_until_the_new_one_has_a_pair()
    {
        var bench = new AgentBench().Connected();
        var old = bench.LocalCredentials;
        bench.Do(a => a.Restart(bench.Now));
        Assert.Equal("success", bench.Answers(bench.Request(credentials: old)));
        Assert.Equal("success", bench.Answers(bench.Request()));
        bench.Do(a => a.SetRemoteParameters(bench.Now, new IceParameters(IceBench.Remote with { Fragment = "NEW1" })));
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
        bench.Pass(2, answers: true);
        Assert.NotNull(bench.Agent.Selected);
        Assert.Equal("error 401", bench.Answers(bench.Request(credentials: old)));
    }

    [Fact]
    public void Consent_of_the_old_pair_is_kept_up_during_a_restart()
    {
        var bench = new AgentBench().Connected();
        bench.Do(a => a.Restart(bench.Now));
        Assert.NotEmpty(AgentBench.Requests(bench.Pass(7, answers: true)));
        bench.Pass(40, answers: true);
        Assert.True(bench.Agent.Send(bench.Now, new byte[] { 99 }));
        bench.Pass(40);
        Assert.False(bench.Agent.Send(bench.Now, new byte[] { 99 }));
    }

    // ---- consent ----

    [Fact]
    public void A_peer_that_is_gone_is_noticed_in_30_seconds()
    {
        var pair = new AgentPair(1).Begin();
        Assert.True(pair.Connect());
        pair.RunFor(TimeSpan.FromMinutes(5));
        pair.World.SetLink(pair.Left.Host, pair.Right.Host, new LinkPolicy { Loss = 1 });
        pair.World.SetLink(pair.Right.Host, pair.Left.Host, new LinkPolicy { Loss = 1 });
        Assert.True(pair.RunUntil(() => pair.Left.Agent.State == IceState.Failed && pair.Right.Agent.State == IceState.Failed, TimeSpan.FromSeconds(30)));
        Assert.False(Assert.Single(pair.Left.Events.OfType<IceOutput.ConsentLost>()).Revoked);
        Assert.False(pair.Left.Agent.Send(pair.World.Now, new byte[] { 99 }));
        // RFC 7675 section 5.1: the same credentials are not used again; the pair stays dead although the net is back.
        pair.World.SetLink(pair.Left.Host, pair.Right.Host, AgentPair.Calm);
        pair.World.SetLink(pair.Right.Host, pair.Left.Host, AgentPair.Calm);
        pair.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(IceState.Failed, pair.Left.Agent.State);
        // A restart helps.
        pair.Left.Agent.Restart(pair.World.Now);
        pair.Left.Describe();
        pair.World.Schedule(pair.World.Now + TimeSpan.FromSeconds(0.1), pair.Right.Describe);
        Assert.True(pair.RunUntil(() => pair.SelectedTheSame && pair.Left.Agent.State == IceState.Completed, TimeSpan.FromSeconds(10)), pair.ToString());
    }

    [Fact]
    public void Consent_checks_are_4_to_6_seconds_apart_each_with_an_id_of_its_own_and_without_USE_CANDIDATE()
    {
        var bench = new AgentBench().Connected();
        var (last, gaps, ids) = (Instant.Never, new List<double>(), new HashSet<string>());
        for (var i = 0; i < 200; i++)
        {
            bench.Now = bench.Agent.NextDeadline;
            bench.Agent.Advance(bench.Now);
            foreach (var sent in bench.Drain().OfType<IceOutput.Transmit>())
            {
                if (last != Instant.Never) gaps.Add((bench.Now - last).TotalSeconds);
                last = bench.Now;
                Assert.True(ids.Add(Convert.ToHexString(sent.Datagram.Bytes.Span[8..20])));
                Assert.Equal("0006 0024 802a 8022 0008 8028", Seen.Types(sent.Datagram.Bytes.ToArray()));
                bench.Answer(sent);
            }
        }
        Assert.True(gaps.Count > 100);
        Assert.All(gaps, g => Assert.InRange(g, 4, 6));
        Assert.InRange(gaps.Max() - gaps.Min(), 1, 2);
    }

    [Fact]
    public void A_late_response_after_expiry_gives_no_consent()
    {
        var bench = new AgentBench().Connected();
        var check = bench.Pass(31).OfType<IceOutput.Transmit>().Last();
        Assert.Equal(IceState.Failed, bench.Agent.State);
        Assert.Contains(bench.Answer(check), o => o is IceOutput.Discarded { Discard.Reason: DiscardReason.UnknownTransaction });
        Assert.False(bench.Agent.Send(bench.Now, new byte[] { 99 }));
    }

    // ---- data ----

    [Fact]
    public void Data_goes_over_a_valid_pair_before_nomination_if_the_policy_likes()
    {
        foreach (var (policy, options, early) in new (IceEarlyData, string[], bool)[]
        {
            (IceEarlyData.Never, ["trickle", "ice2"], false), (IceEarlyData.ToPeersWithIce2, ["trickle"], false),
            (IceEarlyData.ToPeersWithIce2, ["trickle", "ice2"], true), (IceEarlyData.Always, ["trickle"], true),
        })
        {
            var bench = new AgentBench(role: IceRole.Controlled, policy: new IcePolicy { EarlyData = policy }, begins: false);
            bench.Do(a => a.Gather(bench.Now));
            bench.Do(a => a.SetRemoteParameters(bench.Now, new IceParameters(IceBench.Remote) { Options = options }));
            Assert.False(bench.Agent.Send(bench.Now, new byte[] { 99 }));
            bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
            bench.Pass(1, answers: true);
            Assert.Null(bench.Agent.Selected);
            Assert.Equal(early, bench.Agent.Send(bench.Now, new byte[] { 99 }));
            // RFC 7675 section 5.1: who sends keeps consent up.
            Assert.Equal(early, AgentBench.Requests(bench.Pass(7, answers: true)).Any());
        }
    }

    [Fact]
    public void Data_is_taken_from_candidates_of_the_peer_only()
    {
        var bench = new AgentBench().Connected();
        Assert.IsType<IceOutput.Data>(Assert.Single(bench.Receive([22, 254, 253])));
        Assert.Equal(DiscardReason.WrongAddress, Assert.IsType<IceOutput.Discarded>(Assert.Single(bench.Receive([22, 254, 253], IceBench.Elsewhere))).Discard.Reason);
        Assert.Equal(DiscardReason.Malformed, Assert.IsType<IceOutput.Discarded>(Assert.Single(bench.Receive([]))).Discard.Reason);
        Assert.Equal(DiscardReason.Malformed, Assert.IsType<IceOutput.Discarded>(Assert.Single(bench.Receive([3, 0]))).Discard.Reason);
    }

    [Fact]
    public void The_way_of_data_allocates_nothing()
    {
        var bench = new AgentBench().Connected();
        var (routed, accepted) = (true, true);
        for (var i = 0; i < 100; i++) routed &= bench.Agent.TryRoute(bench.Now, out _) & bench.Agent.AcceptsData(IceBench.R);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            routed &= bench.Agent.TryRoute(bench.Now, out _);
            accepted &= bench.Agent.AcceptsData(IceBench.R);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(routed && accepted);
    }

    // ---- nomination ----

    [Fact]
    public void The_controlling_agent_nominates_one_pair_and_no_other_when_that_fails()
    {
        var bench = new AgentBench();
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.3", 3000, 1000)));
        var nominations = new List<TransportAddress>();
        while (bench.Now < Instant.Start + TimeSpan.FromMinutes(3) && bench.Agent.NextDeadline != Instant.Never)
        {
            bench.Now = Instant.Max(bench.Now, bench.Agent.NextDeadline);
            bench.Agent.Advance(bench.Now);
            foreach (var sent in bench.Drain().OfType<IceOutput.Transmit>())
            {
                if (Seen.Value(sent.Datagram.Bytes.ToArray(), WebRtcConformance.Wire.Stun.StunAttributeType.UseCandidate) is null) bench.Answer(sent);
                else nominations.Add(sent.Datagram.Remote);
            }
        }
        Assert.Equal([IceBench.R], nominations.Distinct());
        Assert.Equal(IceState.Failed, bench.Agent.State);
        // Section 7.3.1.4: a check of the peer revives the pair, and the nomination with it.
        bench.Receive(bench.Request());
        Assert.Equal(IceState.Running, bench.Agent.State);
        bench.Pass(2, answers: true);
        Assert.Equal(new IcePath(IceBench.L, IceBench.R), bench.Agent.Selected);
    }

    [Fact]
    public void The_controlled_agent_selects_after_its_own_check_has_succeeded()
    {
        var bench = new AgentBench(role: IceRole.Controlled);
        bench.Receive(bench.Request(useCandidate: true, peer: IceRole.Controlling));
        Assert.Null(bench.Agent.Selected);
        bench.Pass(1, answers: true);
        Assert.Equal(new IcePath(IceBench.L, IceBench.R), bench.Agent.Selected);
        Assert.Single(bench.All.OfType<IceOutput.Nominated>());
    }

    [Fact]
    public void Candidates_that_were_not_selected_are_freed_after_three_seconds()
    {
        var other = TransportAddress.Parse("198.51.100.1:1000");
        var bench = new AgentBench(moreBases: [other.ToString()]).Connected();
        Assert.Equal("success", bench.Answers(bench.Request(), other));
        Assert.Equal(other, Assert.Single(bench.Pass(4, answers: true).OfType<IceOutput.CandidateFreed>()).Base);
        Assert.Equal("silence", bench.Answers(bench.Request(), other));
        Assert.Equal("success", bench.Answers(bench.Request()));
    }

    // ---- trickle ----

    [Fact]
    public void Without_candidates_nothing_fails_before_their_end()
    {
        var bench = new AgentBench();
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
        bench.Pass(100);
        Assert.Equal(IceState.Running, bench.Agent.State);
        bench.Do(a => a.EndOfRemoteCandidates(bench.Now, "RFRAG"));
        Assert.Equal(IceState.Failed, bench.Agent.State);
    }

    [Fact]
    public void Candidates_that_come_before_their_description_wait_for_it()
    {
        var bench = new AgentBench(begins: false);
        bench.Do(a => a.Gather(bench.Now));
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000, more: " ufrag RFRAG")));
        Assert.Equal(0, bench.Agent.Load.Pairs);
        bench.Do(a => a.SetRemoteParameters(bench.Now, new IceParameters(IceBench.Remote)));
        Assert.Equal(1, bench.Agent.Load.Pairs);
        bench.Pass(1, answers: true);
        Assert.NotNull(bench.Agent.Selected);
    }

    [Fact]
    public void An_end_of_candidates_of_another_session_is_ignored()
    {
        var bench = new AgentBench();
        Assert.IsType<IceOutput.CandidateIgnored>(Assert.Single(bench.Do(a => a.EndOfRemoteCandidates(bench.Now, "other"))));
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
        Assert.Equal(1, bench.Agent.Load.Pairs);
    }

    /// <summary>RFC 8838 section 11, 4 A: a candidate that a check has shown before takes its true priority when it is told.</summary>
    [Fact]
    public void A_learned_candidate_that_is_told_later_is_not_paired_twice()
    {
        var bench = new AgentBench();
        bench.Receive(bench.Request(priority: 5));
        Assert.Equal(1, bench.Agent.Load.Pairs);
        bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine("192.0.2.2", 2000)));
        Assert.Equal((1, 1), (bench.Agent.Load.Pairs, bench.Agent.Load.RemoteCandidates));
    }

    [Theory]
    [InlineData("candidate:1 1 UDP 2130706431 b3f1c2d4-0000-4000-8000-000000000000.local 5000 typ host", "RFC8839:5.1")]
    [InlineData("candidate:1 1 UDP 2130706431 stun.example.org 5000 typ host", "RFC8839:5.1")]
    [InlineData("candidate:1 1 TCP 2130706431 192.0.2.9 9 typ host tcptype active", "RFC6544:4.5")]
    [InlineData("candidate:1 1 tcp 2130706431 192.0.2.9 9 typ host tcptype passive", "RFC6544:4.5")]
    [InlineData("candidate:1 1 SCTP 2130706431 192.0.2.9 9 typ host", "RFC8839:5.1")]
    [InlineData("candidate:1 1 UDP 2130706431 192.0.2.9 9 typ pigeon", "RFC8839:5.1")]
    [InlineData("candidate:1 2 UDP 2130706431 192.0.2.9 9 typ host", "RFC8445:6.1.2.2")]
    [InlineData("candidate:1 1 UDP 2130706431 192.0.2.9 0 typ host", "RFC8839:5.1")]
    public void A_candidate_of_no_use_is_ignored_with_its_reason(string line, string rule)
    {
        var bench = new AgentBench();
        Assert.Equal(rule, Assert.IsType<IceOutput.CandidateIgnored>(Assert.Single(bench.Do(a => a.AddRemoteCandidate(bench.Now, line)))).Discard.Rule);
        Assert.Equal((0, 0, 0), bench.Agent.Load);
    }

    [Theory]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.9 9 typ host")]
    [InlineData("candidate:2 1 udp 1694498815 203.0.113.141 54609 typ srflx raddr 10.0.1.1 rport 8998 ufrag 8hhY")]
    [InlineData("candidate:3 1 udp 16777215 2001:db8::9 9 typ relay raddr 2001:db8::1 rport 1")]
    public void A_candidate_is_written_as_it_was_read(string line)
    {
        Assert.True(IceText.TryReadCandidate(line, out var candidate, out _));
        Assert.Equal(line, IceText.Write(candidate));
    }

    [Fact]
    public void Credentials_options_and_remote_candidates_pass_through_their_text()
    {
        var agent = new IceAgent(new IcePolicy(), new Entropy(3), IceRole.Controlling);
        var (fragment, password) = IceText.Write(agent.LocalParameters.Credentials);
        Assert.True(IceText.TryReadCredentials(fragment, password, out var credentials, out _));
        Assert.Equal(agent.LocalParameters.Credentials, credentials);
        Assert.False(IceText.TryReadCredentials("ice-ufrag:abc", password, out _, out _)); // four ice-chars at least
        Assert.True(IceText.TryReadOptions(IceText.Write(agent.LocalParameters.Options), out var options, out _));
        Assert.Equal(["trickle", "ice2"], options);
        Assert.Equal("remote-candidates:1 2001:db8::9 9", IceText.WriteRemoteCandidates(1, TransportAddress.Parse("[2001:db8::9]:9")));
        Assert.True(IceText.TryReadRemoteCandidate("remote-candidates:1 192.0.2.2 2000 2 192.0.2.2 2001", 2, out var remote));
        Assert.Equal(TransportAddress.Parse("192.0.2.2:2001"), remote);
    }
}
