using FsCheck.Xunit;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Ice;

/// <summary>RFC 8445 section 7, one endpoint against plain bytes.</summary>
public class IceEndpointTests
{
    // ---- section 7.3: as server ----

    [Fact]
    public void A_good_request_is_answered_to_its_source_and_reported()
    {
        var bench = new IceBench();
        var outputs = bench.Receive(IceBench.Sealed(bench.GoodRequest(new UseCandidate())));
        var sent = Assert.IsType<IceOutput.Transmit>(outputs[0]).Datagram;
        Assert.Equal((IceBench.L, IceBench.R), (sent.Local, sent.Remote));
        Assert.Equal(new IceOutput.RequestAccepted(IceBench.L, IceBench.R, 7, UseCandidate: true), outputs[1]);
        Assert.True(StunReading.TryRead(sent.Bytes.Span, QuirkSet.None, out var reading, out _));
        Assert.True(StunAddresses.TryReadXorMapped(reading, out var mapped) && mapped == IceBench.R);
        Assert.Equal(ResponseAuthenticity.Authentic, new StunAuthenticator(default).CheckResponse(reading, StunIntegrityAlgorithms.Sha1, IceBench.LocalKey));
        Assert.True(new StunAuthenticator(default).HasRightFingerprint(reading));
    }

    [Theory]
    [InlineData("LFRAG:RFRAG", "success")]
    [InlineData("LFRAG:someone", "success")]
    [InlineData("LFRAG:", "error 401")]
    [InlineData("LFRAG", "error 401")]
    [InlineData(":RFRAG", "error 401")]
    [InlineData("LFRAGx:RFRAG", "error 401")]
    [InlineData("LFRA:RFRAG", "error 401")]
    [InlineData("LFRAG:RFRAG:x", "error 401")]
    [InlineData("RFRAG:LFRAG", "error 401")]
    [InlineData("LFRAG\0:RFRAG", "error 401")]
    public void A_username_is_own_fragment_colon_another_value(string username, string expected)
    {
        var bench = new IceBench();
        Assert.Equal(expected, bench.Answer(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username(username), new Priority { Value = 1 }))));
    }

    [Fact]
    public void Missing_credentials_come_before_wrong_ones_and_those_before_unknown_attributes()
    {
        var bench = new IceBench();
        var unknown = new UnknownStunAttribute((StunAttributeType)0x0777, new byte[4]);
        Assert.Equal("error 400", bench.Answer(IceBench.Sealed(bench.Message(StunClass.Request, unknown), [1], StunIntegrityAlgorithms.None)));
        Assert.Equal("error 401", bench.Answer(IceBench.Sealed(bench.GoodRequest(unknown), [1])));
        Assert.Equal("error 420", bench.Answer(IceBench.Sealed(bench.GoodRequest(unknown))));
    }

    [Theory]
    [InlineData(true, "error 400")]
    [InlineData(false, "success")]
    public void A_check_without_PRIORITY_is_answered_as_the_policy_says(bool required, string expected)
    {
        var bench = new IceBench(policy: new IcePolicy { ChecksByItself = false, RequiresPriority = required });
        Assert.Equal(expected, bench.Answer(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username("LFRAG:RFRAG")))));
    }

    [Theory]
    [InlineData(StunIntegrityAlgorithms.Sha1, "0020 8022 0008 8028")]
    [InlineData(StunIntegrityAlgorithms.Sha256, "0020 8022 001c 8028")]
    [InlineData(StunIntegrityAlgorithms.Both, "0020 8022 001c 8028")]
    public void The_response_has_the_algorithm_of_the_request_and_only_that(StunIntegrityAlgorithms integrity, string types)
    {
        var bench = new IceBench();
        var sent = bench.Receive(IceBench.Sealed(bench.GoodRequest(), integrity: integrity)).OfType<IceOutput.Transmit>().Single();
        Assert.Equal(types, Seen.Types(sent.Datagram.Bytes.ToArray()));
    }

    [Fact]
    public void When_both_algorithms_are_there_only_SHA256_counts()
    {
        var bench = new IceBench();
        var wrongSha1 = IceBench.Sealed(bench.GoodRequest(), integrity: StunIntegrityAlgorithms.Both, fingerprint: false);
        var sha1At = Seen.Attributes(wrongSha1).Single(a => a.Type == 8).Offset;
        wrongSha1[sha1At + 5] ^= 1; // under the SHA-256 value, which therefore is wrong too
        Assert.Equal("error 401", bench.Answer(StunSealer.Protect(wrongSha1, new StunSeal(StunIntegrityAlgorithms.None, default, true))));
    }

    /// <summary>RFC 8445 section 7.3.1.1: both roles, with tiebreakers below, at and above the own one.</summary>
    [Theory]
    [InlineData(IceRole.Controlling, IceRole.Controlling, 999, "error 487", IceRole.Controlling)]
    [InlineData(IceRole.Controlling, IceRole.Controlling, 1000, "error 487", IceRole.Controlling)]
    [InlineData(IceRole.Controlling, IceRole.Controlling, 1001, "success", IceRole.Controlled)]
    [InlineData(IceRole.Controlled, IceRole.Controlled, 999, "success", IceRole.Controlling)]
    [InlineData(IceRole.Controlled, IceRole.Controlled, 1000, "success", IceRole.Controlling)]
    [InlineData(IceRole.Controlled, IceRole.Controlled, 1001, "error 487", IceRole.Controlled)]
    [InlineData(IceRole.Controlled, IceRole.Controlling, 5000, "success", IceRole.Controlled)]
    [InlineData(IceRole.Controlling, IceRole.Controlled, 5000, "success", IceRole.Controlling)]
    public void Role_conflicts_are_settled_by_tiebreakers(IceRole mine, IceRole theirs, ulong tieBreaker, string answer, IceRole after)
    {
        var bench = new IceBench(role: mine, tieBreaker: 1000);
        StunAttribute role = theirs == IceRole.Controlling ? new IceControlling { Tiebreaker = tieBreaker } : new IceControlled { Tiebreaker = tieBreaker };
        var request = bench.Message(StunClass.Request, StunText.Username("LFRAG:RFRAG"), new Priority { Value = 1 }, role);
        var outputs = bench.Receive(IceBench.Sealed(request));
        Assert.Equal(answer, Seen.Describe(outputs.OfType<IceOutput.Transmit>().Single()));
        Assert.Equal(after, bench.Endpoint.Role);
        Assert.Equal(mine != after, outputs.OfType<IceOutput.RoleSwitched>().Any());
        Assert.Equal(1000UL, bench.Endpoint.TieBreaker);
    }

    [Fact]
    public void A_rejected_request_has_no_effect()
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Receive(IceBench.Sealed(bench.GoodRequest(new UseCandidate()), [1]));
        Assert.Equal(Instant.Never, bench.Endpoint.NextDeadline);
        Assert.Null(bench.Endpoint.Selected);
    }

    [Fact]
    public void A_request_before_the_peers_credentials_is_answered_and_checked_back_later()
    {
        var endpoint = new IceEndpoint(new IcePolicy(), new Entropy(1), IceBench.Local, IceRole.Controlled);
        var bench = new IceBench();
        endpoint.AddLocalCandidate(Instant.Start, IceBench.L);
        endpoint.Receive(Instant.Start, IceBench.L, IceBench.R, IceBench.Sealed(bench.GoodRequest()));
        Assert.True(endpoint.TryTake(out var answer) && Seen.Describe((IceOutput.Transmit)answer) == "success");
        Assert.Equal(Instant.Never, endpoint.NextDeadline);

        endpoint.SetRemoteCredentials(Instant.Start, IceBench.Remote);
        Assert.Equal(Instant.Start, endpoint.NextDeadline);
        while (endpoint.TryTake(out _)) { }
        endpoint.Advance(Instant.Start);
        Assert.True(endpoint.TryTake(out var check) && Seen.Describe((IceOutput.Transmit)check) == "request");
    }

    [Fact]
    public void USE_CANDIDATE_selects_once_the_own_check_has_succeeded()
    {
        var bench = new IceBench(policy: new IcePolicy());
        Assert.DoesNotContain(bench.Receive(IceBench.Sealed(bench.GoodRequest(new UseCandidate()))), o => o is IceOutput.Nominated);
        var check = bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        var outputs = bench.Receive(IceBench.Sealed(bench.SuccessTo(check), IceBench.RemoteKey));
        Assert.Contains(new IceOutput.Nominated(IceBench.L, IceBench.R), outputs);
        Assert.Equal((IceBench.L, IceBench.R), bench.Endpoint.Selected);
    }

    [Theory]
    [InlineData("RFRAG", true)]
    [InlineData("stranger", false)]
    public void A_learned_pair_is_checked_when_its_fragment_is_the_peers(string fragment, bool isChecked)
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Receive(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username("LFRAG:stranger"), new Priority { Value = 1 })));
        bench.Receive(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username($"LFRAG:{fragment}"), new Priority { Value = 1 })));
        Assert.Equal(isChecked, bench.Advance(0.05).OfType<IceOutput.Transmit>().Any());
    }

    [Fact]
    public void A_signalled_pair_is_checked_whatever_strangers_say()
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        bench.Receive(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username("LFRAG:stranger"), new Priority { Value = 1 })));
        Assert.Single(bench.Advance(0.05).OfType<IceOutput.Transmit>());
    }

    /// <summary>A conflict that comes late: the pair is valid already, and the new controlling agent nominates it.</summary>
    [Fact]
    public void An_agent_that_takes_control_nominates_a_pair_that_is_valid_already()
    {
        var bench = new IceBench(role: IceRole.Controlled, policy: new IcePolicy(), tieBreaker: 1000);
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        var check = bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        bench.Receive(IceBench.Sealed(bench.SuccessTo(check), IceBench.RemoteKey));
        bench.Receive(IceBench.Sealed(bench.Message(StunClass.Request, StunText.Username("LFRAG:RFRAG"), new Priority { Value = 1 }, new IceControlled { Tiebreaker = 1 })));
        Assert.Equal(IceRole.Controlling, bench.Endpoint.Role);
        var nomination = bench.Advance(0.05).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        Assert.NotNull(Seen.Value(nomination, StunAttributeType.UseCandidate));
        Assert.Contains(bench.Receive(IceBench.Sealed(bench.SuccessTo(nomination), IceBench.RemoteKey)), o => o is IceOutput.Nominated);
    }

    [Fact]
    public void A_lite_agent_nominates_on_request_and_never_checks()
    {
        var bench = new IceBench(policy: new IcePolicy { Lite = true });
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        Assert.Contains(bench.Receive(IceBench.Sealed(bench.GoodRequest(new UseCandidate()))), o => o is IceOutput.Nominated);
        Assert.Equal(Instant.Never, bench.Endpoint.NextDeadline);
    }

    [Fact]
    public void A_binding_indication_needs_no_answer()
    {
        var bench = new IceBench();
        var message = IceBench.Sealed(bench.Message(StunClass.Indication), integrity: StunIntegrityAlgorithms.None);
        Assert.Equal(DiscardReason.NoEffect, Assert.IsType<IceOutput.Discarded>(Assert.Single(bench.Receive(message))).Discard.Reason);
    }

    // ---- section 7.2: as client ----

    /// <summary>RFC 8445 sections 7.1.1, 5.1.2.1: type preference 110, local preference 65535, component 1.</summary>
    [Fact]
    public void PRIORITY_is_that_of_a_peer_reflexive_candidate() =>
        Assert.Equal("6effffff", Convert.ToHexStringLower(Seen.Value(new IceBench().SendCheck(), StunAttributeType.Priority)!));

    [Fact]
    public void A_discarded_response_leaves_the_transaction_open_and_names_its_end()
    {
        var bench = new IceBench();
        var check = bench.SendCheck();
        Assert.Equal("discarded: Unauthenticated", bench.Reaction(IceBench.Sealed(bench.SuccessTo(check), IceBench.LocalKey)));
        var all = new List<IceOutput>();
        while (bench.Endpoint.NextDeadline != Instant.Never) all.AddRange(bench.Advance((bench.Endpoint.NextDeadline - bench.Now).TotalSeconds));
        Assert.Equal(6, all.OfType<IceOutput.Transmit>().Count());
        Assert.Equal(IceFailure.IntegrityViolated, all.OfType<IceOutput.CheckFailed>().Single().Reason);
    }

    [Fact]
    public void A_response_of_another_algorithm_than_the_requests_only_one_is_discarded()
    {
        var bench = new IceBench();
        var check = bench.SendCheck();
        Assert.Equal("discarded: Unauthenticated", bench.Reaction(IceBench.Sealed(bench.SuccessTo(check), IceBench.RemoteKey, StunIntegrityAlgorithms.Sha256)));
        Assert.Equal("success", bench.Reaction(IceBench.Sealed(bench.SuccessTo(check), IceBench.RemoteKey)));
    }

    [Theory]
    [InlineData(1, IceFailure.ErrorResponse, 401)]
    [InlineData(20, IceFailure.ErrorResponse, 420)]
    public void An_authentic_error_response_fails_the_check(byte number, IceFailure reason, int code)
    {
        var bench = new IceBench();
        var outputs = bench.Receive(IceBench.Sealed(bench.ErrorTo(bench.SendCheck(), number), IceBench.RemoteKey));
        Assert.Equal(new IceOutput.CheckFailed(IceBench.L, IceBench.R, reason, code), Assert.Single(outputs));
    }

    [Fact]
    public void After_487_the_pair_is_checked_in_the_other_role_with_a_new_tiebreaker()
    {
        var bench = new IceBench(role: IceRole.Controlling, policy: new IcePolicy { Nominates = false });
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        var check = bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        Assert.NotNull(Seen.Value(check, StunAttributeType.IceControlling));
        bench.Receive(IceBench.Sealed(bench.ErrorTo(check, 87), IceBench.RemoteKey));
        Assert.Equal(IceRole.Controlled, bench.Endpoint.Role);
        Assert.NotEqual(1000UL, bench.Endpoint.TieBreaker);
        var again = bench.Advance(0.05).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        Assert.NotNull(Seen.Value(again, StunAttributeType.IceControlled));
        Assert.Null(Seen.Value(again, StunAttributeType.IceControlling));
    }

    [Fact]
    public void A_request_on_a_pair_in_progress_cancels_that_check_and_triggers_a_new_one()
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        var first = bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        bench.Receive(IceBench.Sealed(bench.GoodRequest()));
        var second = bench.Advance(0.05).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        Assert.NotEqual(first[8..20], second[8..20]);
        Assert.Equal(second, bench.Advance(0.5).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray()); // the first is sent no more
        Assert.Equal("success", bench.Reaction(IceBench.Sealed(bench.SuccessTo(first), IceBench.RemoteKey))); // but its response counts
    }

    [Fact]
    public void The_failure_of_a_cancelled_check_does_not_touch_the_one_that_took_its_place()
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        var first = bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        bench.Receive(IceBench.Sealed(bench.GoodRequest(new UseCandidate())));
        var second = bench.Advance(0.05).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
        bench.Receive(IceBench.Sealed(bench.ErrorTo(first, 0), IceBench.RemoteKey));
        Assert.Contains(bench.Receive(IceBench.Sealed(bench.SuccessTo(second), IceBench.RemoteKey)), o => o is IceOutput.Nominated);
    }

    [Fact]
    public void Checks_go_out_one_every_Ta_in_order_of_priority()
    {
        var bench = new IceBench(policy: new IcePolicy());
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.R, 1);
        bench.Endpoint.AddRemoteCandidate(bench.Now, IceBench.Elsewhere, 2);
        Assert.Equal(IceBench.Elsewhere, bench.Advance(0).OfType<IceOutput.Transmit>().Single().Datagram.Remote);
        Assert.Empty(bench.Advance(0.049));
        Assert.Equal(IceBench.R, bench.Advance(0.001).OfType<IceOutput.Transmit>().Single().Datagram.Remote);
    }

    [Fact]
    public void A_check_without_the_peers_credentials_is_misuse()
    {
        var endpoint = new IceEndpoint(new IcePolicy(), new Entropy(1), IceBench.Local, IceRole.Controlling);
        Assert.Throws<InvalidOperationException>(() => endpoint.Check(Instant.Start, IceBench.L, IceBench.R));
    }

    // ---- funnels ----

    [Fact]
    public void A_message_tampered_with_when_composed_goes_out_well_authenticated()
    {
        var bench = new IceBench();
        bench.Endpoint.Funnels.Composed.Add((Instant _, ref StunMessage m) => { m = m with { Attributes = [StunText.Username("x:y")] }; return Disposition.Pass; });
        var check = bench.SendCheck();
        Assert.Equal("0006 0008 8028", Seen.Types(check));
        Assert.Equal("right", Seen.Integrity(check, IceBench.RemoteKey));
    }

    [Fact]
    public void Bytes_tampered_with_when_encoded_are_protected_and_when_sealed_are_not()
    {
        var bench = new IceBench();
        bench.Endpoint.Funnels.Encoded.Add((Instant _, ref byte[] m) => { m[0] |= 0x40; return Disposition.Pass; });
        var check = bench.SendCheck();
        Assert.Equal((0x40, "right"), (check[0] & 0x40, Seen.Integrity(check, IceBench.RemoteKey)));

        bench.Endpoint.Funnels.Sealed.Add((Instant _, ref byte[] m) => { m = [.. m]; m[21] ^= 0xFF; return Disposition.Pass; });
        Assert.Equal("wrong", Seen.Integrity(bench.SendCheck(), IceBench.RemoteKey));
    }

    [Fact]
    public void Dispositions_drop_delay_duplicate_and_replace_what_is_sent()
    {
        static List<IceOutput.Transmit> Sent(Disposition disposition, double seconds)
        {
            var bench = new IceBench();
            bench.Endpoint.Funnels.Sealed.Add((Instant _, ref byte[] _) => disposition);
            var sent = bench.Receive(IceBench.Sealed(bench.GoodRequest())).OfType<IceOutput.Transmit>().ToList();
            if (seconds > 0) sent.AddRange(bench.Advance(seconds).OfType<IceOutput.Transmit>());
            return sent;
        }
        Assert.Empty(Sent(Disposition.Drop, 1));
        Assert.Empty(Sent(Disposition.Delay(TimeSpan.FromSeconds(1)), 0.9));
        Assert.Single(Sent(Disposition.Delay(TimeSpan.FromSeconds(1)), 1));
        Assert.Equal(3, Sent(Disposition.Duplicate(2), 0).Count);
        Assert.Equal([1, 2], Sent(Disposition.Raw([1, 2]), 0).Single().Datagram.Bytes.ToArray());
    }

    // ---- noise ----

    [Property(MaxTest = 300)]
    public void Noise_is_discarded_and_never_thrown(byte[] noise) =>
        Assert.IsType<IceOutput.Discarded>(Assert.Single(new IceBench().Receive(noise)));

    /// <summary>A good request with a byte changed: any outcome but an exception, and with every quirk too.</summary>
    [Property(MaxTest = 500)]
    public void A_damaged_request_does_no_harm(ushort at, byte xor, ushort cut, bool everyQuirk)
    {
        var bench = new IceBench(everyQuirk ? QuirkSet.Of(Enum.GetValues<Quirk>()) : default, policy: new IcePolicy());
        var message = IceBench.Sealed(bench.GoodRequest());
        message[at % message.Length] ^= xor;
        bench.Receive(message[..(message.Length - cut % message.Length)]);
        bench.Receive(message);
        if (!everyQuirk && xor != 0) Assert.DoesNotContain(bench.Receive(message), o => o is IceOutput.RequestAccepted);
    }
}
