using System.Text;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Ice;

/// <summary>Each quirk shows: one dialogue, what the clean endpoint does in it, and what it does with the quirk.</summary>
public partial class QuirkTests
{
    private sealed record Row(Quirk Quirk, Func<QuirkSet, string> Dialogue, string Clean, string Broken);

    private static readonly List<Row> Rows = [.. ServerRows(), .. ResponseRows(), .. ClientRows(), .. IceRows()];

    public static TheoryData<Quirk> AllQuirks => [.. Enum.GetValues<Quirk>()];

    [Theory]
    [MemberData(nameof(AllQuirks))]
    public void A_quirk_breaks_its_rule_and_the_clean_endpoint_keeps_it(Quirk quirk)
    {
        var row = Assert.Single(Rows, r => r.Quirk == quirk);
        Assert.Equal(row.Clean, row.Dialogue(QuirkSet.None));
        Assert.Equal(row.Broken, row.Dialogue(QuirkSet.Of(quirk)));
        Assert.NotEqual(row.Clean, row.Broken);
    }

    /// <summary>What is answered to a request made by <paramref name="make"/>.</summary>
    private static Row Asks(Quirk quirk, Func<IceBench, byte[]> make, string clean, string broken) =>
        new(quirk, quirks => { var bench = new IceBench(quirks); return bench.Answer(make(bench)); }, clean, broken);

    private static StunAttribute Unknown(ushort type, int length = 4) =>
        new UnknownStunAttribute((StunAttributeType)type, new byte[length]);

    private static IEnumerable<Row> ServerRows()
    {
        static byte[] BadIntegrity(IceBench b) => IceBench.Sealed(b.GoodRequest(), IceBench.RemoteKey);
        static byte[] NoIntegrity(IceBench b) => IceBench.Sealed(b.GoodRequest(), integrity: StunIntegrityAlgorithms.None);
        static byte[] Edited(byte[] message, Action<byte[]> edit)
        {
            edit(message);
            return IceBench.Refingerprinted(message);
        }
        static byte[] Resealed(StunMessage message, Action<byte[]> edit)
        {
            var bytes = message.ToArray();
            edit(bytes);
            return StunSealer.Protect(bytes, new StunSeal(StunIntegrityAlgorithms.Sha1, IceBench.LocalKey, true));
        }

        yield return Asks(Quirk.StunAcceptsBadIntegrity, BadIntegrity, "error 401", "success");
        yield return Asks(Quirk.StunAcceptsMissingIntegrity, NoIntegrity, "error 400", "success");
        yield return Asks(Quirk.StunAcceptsMissingUsername,
            b => IceBench.Sealed(b.Message(StunClass.Request, new Priority { Value = 1 })), "error 400", "success");
        yield return Asks(Quirk.StunAcceptsWrongUsername,
            b => IceBench.Sealed(b.Message(StunClass.Request, StunText.Username("OTHER:RFRAG"), new Priority { Value = 1 })), "error 401", "success");
        yield return Asks(Quirk.StunAcceptsBadFingerprint, b => { var m = IceBench.Sealed(b.GoodRequest()); m[^1] ^= 1; return m; }, "silence", "success");
        yield return Asks(Quirk.StunAcceptsWrongCookie, b => Resealed(b.GoodRequest(), m => m[4] ^= 1), "silence", "success");
        yield return Asks(Quirk.StunAcceptsTopBits, b => Resealed(b.GoodRequest(), m => m[0] |= 0x80), "silence", "success");
        yield return Asks(Quirk.StunAcceptsUnalignedLength,
            b => { var m = IceBench.Sealed(b.GoodRequest()); return [.. Edited(IceBench.WithLength(m, 3), _ => { }), 0, 0, 0]; }, "silence", "success");
        yield return Asks(Quirk.StunAcceptsTrailingBytes, b => [.. IceBench.Sealed(b.GoodRequest()), 1, 2, 3, 4], "silence", "success");
        yield return Asks(Quirk.StunAcceptsOverrunningAttribute,
            b => { var m = IceBench.Sealed(b.GoodRequest()); m[^5] += 4; return m; }, "silence", "success");
        yield return Asks(Quirk.StunIgnoresUnknownRequired, b => IceBench.Sealed(b.GoodRequest(Unknown(0x0777))), "error 420", "success");
        yield return new(Quirk.StunOmitsUnknownAttributesList,
            q => { var b = new IceBench(q); return Value(b, IceBench.Sealed(b.GoodRequest(Unknown(0x0777))), StunAttributeType.UnknownAttributes); }, "0777", "absent");
        yield return Asks(Quirk.StunRejectsUnknownOptional, b => IceBench.Sealed(b.GoodRequest(Unknown(0x8777))), "success", "error 420");
        yield return Asks(Quirk.StunRejectsNonzeroPadding, b => Resealed(b.GoodRequest(Unknown(0x8777, 1)), m => m[^1] = 9), "success", "silence");
        yield return new(Quirk.StunHonoursAttributesAfterIntegrity, q =>
        {
            var b = new IceBench(q);
            return $"use-candidate: {b.Receive(IceBench.WithAfterIntegrity(b.GoodRequest(), new UseCandidate())).OfType<IceOutput.RequestAccepted>().Single().UseCandidate}";
        }, "use-candidate: False", "use-candidate: True");
        yield return Asks(Quirk.StunTakesLastDuplicate,
            b => IceBench.Sealed(b.Message(StunClass.Request, StunText.Username("OTHER:RFRAG"), StunText.Username("LFRAG:RFRAG"), new Priority { Value = 1 })), "error 401", "success");
        yield return Asks(Quirk.StunAnswersIndications, b => IceBench.Sealed(b.GoodRequest() with { Class = StunClass.Indication }), "silence", "success");
        yield return Asks(Quirk.StunAnswersResponses, b => IceBench.Sealed(b.GoodRequest() with { Class = StunClass.SuccessResponse }), "silence", "success");
        yield return Asks(Quirk.StunAnswersUnknownMethod, b => IceBench.Sealed(b.GoodRequest() with { Method = (StunMethod)0x0F5 }), "silence", "success");
        yield return new(Quirk.StunRemembersFailure, q =>
        {
            var b = new IceBench(q);
            var request = b.GoodRequest();
            return b.Answer(IceBench.Sealed(request, IceBench.RemoteKey)) + ", then " + b.Answer(IceBench.Sealed(request));
        }, "error 401, then success", "error 401, then error 401");
        yield return Asks(Quirk.StunSilentOnBadIntegrity, BadIntegrity, "error 401", "silence");
        yield return Asks(Quirk.StunSilentOnMissingIntegrity, NoIntegrity, "error 400", "silence");
    }

    /// <summary>The hex value of an attribute of the response, or "absent".</summary>
    private static string Value(IceBench bench, byte[] request, StunAttributeType type, TransportAddress? from = null) =>
        Seen.Value(Response(bench, request, from), type) is { } value ? Convert.ToHexStringLower(value) : "absent";

    private static byte[] Response(IceBench bench, byte[] request, TransportAddress? from = null) =>
        bench.Receive(request, from).OfType<IceOutput.Transmit>().First().Datagram.Bytes.ToArray();

    private static IEnumerable<Row> ResponseRows()
    {
        static Row Integrity(Quirk quirk, string broken, byte[] key, params StunAttribute[] more) => new(quirk, q =>
        {
            var b = new IceBench(q);
            return Seen.Integrity(Response(b, IceBench.Sealed(b.GoodRequest(more))), key);
        }, "right", broken);
        static Row Good(Quirk quirk, Func<byte[], string> look, string clean, string broken) =>
            new(quirk, q => { var b = new IceBench(q); return look(Response(b, IceBench.Sealed(b.GoodRequest()))); }, clean, broken);

        yield return Integrity(Quirk.StunRepliesWithoutIntegrity, "none", IceBench.LocalKey);
        yield return Integrity(Quirk.StunRepliesWithWrongIntegrityKey, "wrong", IceBench.LocalKey);
        yield return Integrity(Quirk.StunErrorsWithoutIntegrity, "none", IceBench.LocalKey, Unknown(0x0777));
        yield return Good(Quirk.StunRepliesWithoutFingerprint, m => Seen.Types(m), "0020 8022 0008 8028", "0020 8022 0008");
        yield return Good(Quirk.StunRepliesWithMappedAddress, m => Seen.Types(m)[..4], "0020", "0001");
        yield return new(Quirk.StunXorsIpv6WithCookieOnly, q =>
        {
            var b = new IceBench(q);
            var address = TransportAddress.Parse("[2001:db8::1:2:3]:9");
            return Seen.Value(Response(b, IceBench.Sealed(b.GoodRequest()), address), StunAttributeType.XorMappedAddress)!.AsSpan(8).SequenceEqual(address.AddressBytes().AsSpan(4))
                ? "in clear" : "masked";
        }, "masked", "in clear");
        yield return new(Quirk.StunRepliesWithChangedTransactionId, q =>
        {
            var b = new IceBench(q);
            var request = IceBench.Sealed(b.GoodRequest());
            return Response(b, request)[8..20].SequenceEqual(request[8..20]) ? "same" : "other";
        }, "same", "other");
        yield return new(Quirk.StunOmitsErrorCode, q => { var b = new IceBench(q); return b.Answer(IceBench.Sealed(b.GoodRequest(), IceBench.RemoteKey)); }, "error 401", "error");
        yield return new(Quirk.StunEncodesErrorCodeAsInteger, q =>
        {
            var b = new IceBench(q);
            return Value(b, IceBench.Sealed(b.GoodRequest(), IceBench.RemoteKey), StunAttributeType.ErrorCode)[..8];
        }, "00000401", "00000191");
        yield return Good(Quirk.StunPadsWithGarbage, m => SoftwareTail(m), "17, padding 000000", "17, padding a5a5a5");
        yield return Good(Quirk.StunCountsPaddingInLength, m => SoftwareTail(m), "17, padding 000000", "20, padding ");
        yield return Good(Quirk.StunEchoesUsername, m => Encoding.UTF8.GetString(Seen.Value(m, StunAttributeType.Username) ?? []), "", "LFRAG:RFRAG");

        static string SoftwareTail(byte[] message)
        {
            var software = Seen.Attributes(message).Single(a => a.Type == (ushort)StunAttributeType.Software);
            var end = software.Offset + 4 + software.Value.Length;
            return $"{software.Value.Length}, padding {Convert.ToHexStringLower(message[end..(end + 3 & ~3)])}";
        }
    }

    private static IEnumerable<Row> ClientRows()
    {
        static Row Reacts(Quirk quirk, Func<IceBench, byte[], byte[]> response, string clean, string broken, TransportAddress? from = null) => new(quirk, q =>
        {
            var b = new IceBench(q);
            return b.Reaction(response(b, b.SendCheck()), from);
        }, clean, broken);
        static Row Checks(Quirk quirk, Func<byte[], string> look, string clean, string broken) =>
            new(quirk, q => look(new IceBench(q).SendCheck()), clean, broken);

        yield return Reacts(Quirk.StunAcceptsUnauthenticatedResponse,
            (b, c) => IceBench.Sealed(b.SuccessTo(c), integrity: StunIntegrityAlgorithms.None), "discarded: Unauthenticated", "success");
        yield return Reacts(Quirk.StunAcceptsBadIntegrityResponse, (b, c) => IceBench.Sealed(b.SuccessTo(c), IceBench.LocalKey), "discarded: Unauthenticated", "success");
        yield return Reacts(Quirk.StunAcceptsResponseFromElsewhere, (b, c) => IceBench.Sealed(b.SuccessTo(c), IceBench.RemoteKey),
            "discarded: WrongAddress", "success", IceBench.Elsewhere);
        yield return Reacts(Quirk.StunAcceptsUnknownTransaction, (b, c) => IceBench.Sealed(b.SuccessTo(c) with { TransactionId = new byte[12] }, IceBench.RemoteKey),
            "discarded: UnknownTransaction", "success");
        yield return Reacts(Quirk.StunIgnoresUnknownRequiredInResponse, (b, c) => IceBench.Sealed(b.SuccessTo(c, Unknown(0x0777)), IceBench.RemoteKey),
            "discarded: NotUnderstood", "success");
        yield return Reacts(Quirk.StunAcceptsResponseWithoutXorMappedAddress,
            (b, c) => IceBench.Sealed(b.SuccessTo(c) with { Attributes = [] }, IceBench.RemoteKey), "discarded: Incomplete", "success");
        yield return new(Quirk.StunGivesUpOnBadResponse, q =>
        {
            var b = new IceBench(q);
            var check = b.SendCheck();
            b.Receive(IceBench.Sealed(b.SuccessTo(check), IceBench.LocalKey));
            return b.Reaction(IceBench.Sealed(b.SuccessTo(check), IceBench.RemoteKey));
        }, "success", "discarded: UnknownTransaction");

        const string all = "0006 0024 8029 8022 0008 8028";
        yield return Checks(Quirk.StunOmitsFingerprintInChecks, Seen.Types, all, "0006 0024 8029 8022 0008");
        yield return Checks(Quirk.StunOmitsIntegrityInChecks, Seen.Types, all, "0006 0024 8029 8022 8028");
        yield return Checks(Quirk.StunOmitsPriority, Seen.Types, all, "0006 8029 8022 0008 8028");
        yield return Checks(Quirk.StunOmitsRole, Seen.Types, all, "0006 0024 8022 0008 8028");
        yield return Checks(Quirk.StunOmitsUsername, Seen.Types, all, "0024 8029 8022 0008 8028");
        yield return Checks(Quirk.StunReversesUsername, c => Encoding.UTF8.GetString(Seen.Value(c, StunAttributeType.Username)!), "RFRAG:LFRAG", "LFRAG:RFRAG");
        yield return Checks(Quirk.StunPlacesIntegrityFirst, c => $"{Seen.Types(c)}, integrity {Seen.Integrity(c, IceBench.RemoteKey)}",
            all + ", integrity right", "0008 0006 0024 8029 8022 8028, integrity right");
        yield return Checks(Quirk.StunPlacesFingerprintFirst, Seen.Types, all, "8028 0006 0024 8029 8022 0008");
        yield return new(Quirk.StunReusesTransactionId, q =>
        {
            var b = new IceBench(q);
            return b.SendCheck()[8..20].SequenceEqual(b.SendCheck(IceBench.Elsewhere)[8..20]) ? "same" : "different";
        }, "different", "same");
        yield return new(Quirk.StunRetransmitsWithNewTransactionId, q =>
        {
            var b = new IceBench(q);
            var first = b.SendCheck();
            var again = b.Advance(0.5).OfType<IceOutput.Transmit>().Single().Datagram.Bytes.ToArray();
            return first.SequenceEqual(again) ? "bit by bit" : $"other id, integrity {Seen.Integrity(again, IceBench.RemoteKey)}";
        }, "bit by bit", "other id, integrity right");
        yield return new(Quirk.StunNeverRetransmits, Ladder, "0.5 1.5 3.5 7.5 15.5 31.5 end 39.5", "end 8");
        yield return new(Quirk.StunKeepsRtoConstant, Ladder, "0.5 1.5 3.5 7.5 15.5 31.5 end 39.5", "0.5 1 1.5 2 2.5 3 end 11");
    }

    private static IEnumerable<Row> IceRows()
    {
        static Row Conflict(Quirk quirk, ulong theirs, string clean, string broken) => new(quirk, q =>
        {
            var b = new IceBench(q, IceRole.Controlling, tieBreaker: 1000);
            var answer = b.Answer(IceBench.Sealed(b.Message(StunClass.Request,
                StunText.Username("LFRAG:RFRAG"), new Priority { Value = 1 }, new IceControlling { Tiebreaker = theirs })));
            return $"{answer}, {b.Endpoint.Role}";
        }, clean, broken);
        var automatic = new IcePolicy();

        yield return Conflict(Quirk.IceIgnoresRoleConflict, 1000, "error 487, Controlling", "success, Controlling");
        yield return Conflict(Quirk.IceSwitchesOnSmallerTieBreaker, 5, "error 487, Controlling", "success, Controlled");
        yield return Conflict(Quirk.IceTreatsZeroTieBreakerAsAbsent, 0, "error 487, Controlling", "success, Controlling");
        yield return new(Quirk.IceSendsUseCandidateWhenControlled, q => Seen.Types(new IceBench(q).SendCheck(useCandidate: true)),
            "0006 0024 8029 8022 0008 8028", "0006 0024 8029 0025 8022 0008 8028");
        yield return new(Quirk.IceNominatesUnverifiedPair, q =>
        {
            var b = new IceBench(q, policy: automatic);
            return b.Receive(IceBench.Sealed(b.GoodRequest(new UseCandidate()))).OfType<IceOutput.Nominated>().Any() ? "nominated" : "not yet";
        }, "not yet", "nominated");
        yield return new(Quirk.IceSkipsTriggeredCheck, q =>
        {
            var b = new IceBench(q, policy: automatic);
            b.Receive(IceBench.Sealed(b.GoodRequest()));
            return $"{b.Advance(0.05).OfType<IceOutput.Transmit>().Count()} checks";
        }, "1 checks", "0 checks");
        yield return new(Quirk.IceKeepsRoleOn487, q =>
        {
            var b = new IceBench(q, IceRole.Controlled);
            var check = b.SendCheck();
            b.Receive(IceBench.Sealed(b.ErrorTo(check, 87), IceBench.RemoteKey));
            return b.Endpoint.Role.ToString();
        }, "Controlling", "Controlled");
    }

    /// <summary>When a check that nobody answers is sent again, and when it ends, in seconds after its first transmission.</summary>
    private static string Ladder(QuirkSet quirks)
    {
        var bench = new IceBench(quirks);
        bench.SendCheck();
        var moments = new List<string>();
        while (bench.Endpoint.NextDeadline != Instant.Never && moments.Count < 20)
        {
            var at = bench.Endpoint.NextDeadline - Instant.Start;
            foreach (var output in bench.Advance((bench.Endpoint.NextDeadline - bench.Now).TotalSeconds))
                moments.Add(FormattableString.Invariant($"{(output is IceOutput.CheckFailed ? "end " : "")}{at.TotalSeconds}"));
        }
        return string.Join(" ", moments);
    }
}
