using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Asconf;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>Each quirk of SCTP shows: one dialogue, what the clean association does in it, and what it does with the quirk.</summary>
public class SctpQuirkTests
{
    public sealed record Row(SctpQuirk Quirk, Func<QuirkSet, string> Dialogue, string Clean, string Broken);

    private static readonly List<Row> Rows = [.. ReceivingRows(), .. SetUpRows(), .. ReceivingDataRows(), .. SendingRows(), .. DataChannels.DataChannelQuirkRows.All()];

    public static TheoryData<SctpQuirk> Quirks => [.. Enum.GetValues<SctpQuirk>()];

    [Theory, MemberData(nameof(Quirks))]
    public void Each_quirk_shows(SctpQuirk quirk)
    {
        var row = Assert.Single(Rows, r => r.Quirk == quirk);
        Assert.NotEqual(row.Clean, row.Broken);
        Assert.Equal(row.Clean, row.Dialogue(QuirkSet.None));
        Assert.Equal(row.Broken, row.Dialogue(QuirkSet.Of(quirk)));
    }

    [Fact]
    public void Each_says_what_it_breaks()
    {
        Assert.All(SctpQuirks.All, q =>
        {
            Assert.Matches(@"^RFC[0-9]{4}:[0-9]+(\.[0-9]+)*$", q.Rule);
            Assert.False(q.Summary.EndsWith('.'));
            Assert.Matches("^(Sctp|Dcep|DataChannel)[A-Z]", q.Name);
        });
        Assert.True(SctpQuirks.All.Count <= 64, "the set holds 64 bits");
        Assert.True(SctpQuirks.All.Count(q => q.Name.StartsWith("Sctp", StringComparison.Ordinal)) >= 15);
        Assert.True(SctpQuirks.All.Count(q => !q.Name.StartsWith("Sctp", StringComparison.Ordinal)) >= 15);
    }

    [Fact]
    public void A_set_holds_quirks_of_both_registries()
    {
        var set = QuirkSet.Of(Quirk.StunOmitsRole).With(SctpQuirk.SctpSendsInitWithTag);
        Assert.True(set.Has(Quirk.StunOmitsRole) && set.Has(SctpQuirk.SctpSendsInitWithTag) && !set.Has(SctpQuirk.DcepOmitsAck));
        Assert.Equal("StunOmitsRole,SctpSendsInitWithTag", set.ToString());
        Assert.NotEqual(set, QuirkSet.Of(Quirk.StunOmitsRole));
        Assert.All(Enum.GetValues<SctpQuirk>(), q => Assert.Equal([q], Enum.GetValues<SctpQuirk>().Where(QuirkSet.Of(q).Has)));
    }

    private static string Names(IEnumerable<SctpPacket> packets) => SctpBench.Names(packets);

    private static IEnumerable<Row> ReceivingRows()
    {
        yield return new(SctpQuirk.SctpAcceptsBadChecksum, q =>
        {
            var b = new SctpBench(q).Open();
            var bytes = b.Packet(b.Tag, SctpBench.Data(0, "x")).ToArray();
            bytes[^1] ^= 1;
            return Names(b.Give(bytes));
        }, "-", "Sack");
        yield return new(SctpQuirk.SctpIgnoresVerificationTag, q =>
        {
            var b = new SctpBench(q).Open();
            return Names(b.Give(b.Packet(b.Tag + 1, SctpBench.Data(0, "x"))));
        }, "-", "Sack");
        yield return new(SctpQuirk.SctpSilentOnOutOfTheBlue, q => Names(new SctpBench(q).Give(SctpBench.Data(0, "x"))), "Abort", "-");
        yield return new(SctpQuirk.SctpAnswersAbort, q => Names(new SctpBench(q).Give(new AbortChunk())), "-", "Abort");
        yield return new(SctpQuirk.SctpGoesOnAfterUnknownChunk, q =>
            Names(new SctpBench(q).Open().Give(new OtherChunk { Type = (SctpChunkType)0x3E, Flags = 0, Value = default }, SctpBench.Data(0, "x"))), "-", "Sack");
        yield return new(SctpQuirk.SctpDoesNotReportUnknownChunk, q =>
            Names(new SctpBench(q).Open().Give(new OtherChunk { Type = (SctpChunkType)0x7E, Flags = 0, Value = default })), "Error", "-");
    }

    private static IEnumerable<Row> SetUpRows()
    {
        static string Echo(QuirkSet quirks, double wait, Func<byte[], byte[]> change)
        {
            var b = new SctpBench(quirks);
            var ack = (InitAckChunk)b.Give(b.Packet(0, b.Init())).Single().Chunks.Single();
            b.Wait(wait);
            var cookie = change(ack.Parameters.OfType<StateCookieParameter>().Single().Cookie.ToArray());
            return Names(b.Give(b.Packet(ack.InitiateTag, new CookieEchoChunk { Cookie = cookie })));
        }

        yield return new(SctpQuirk.SctpAcceptsForgedCookie, q => Echo(q, 0, cookie => [.. cookie[..^1], (byte)(cookie[^1] ^ 1)]), "-", "CookieAck");
        yield return new(SctpQuirk.SctpAcceptsStaleCookie, q => Echo(q, 61, cookie => cookie), "Error", "CookieAck");
        yield return new(SctpQuirk.SctpIgnoresRestart, q => { var b = new SctpBench(q).Open(); return Names(b.Give(b.Packet(0, b.Init()))); }, "InitAck", "-");
        yield return new(SctpQuirk.SctpSendsInitWithTag, q => FirstInit(q).VerificationTag == 0 ? "0" : "a tag", "0", "a tag");
        yield return new(SctpQuirk.SctpPutsAddressIntoInit, q => $"{((InitChunk)FirstInit(q).Chunks[0]).Parameters.OfType<Ipv4AddressParameter>().Count()} addresses", "0 addresses", "1 addresses");
        yield return new(SctpQuirk.SctpShutsDownWithDataOutstanding, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            b.Association.Shutdown(b.Now);
            b.Drain();
            return $"{b.Association.State}";
        }, "ShutdownPending", "ShutdownSent");
        yield return new(SctpQuirk.SctpSilentOnHeartbeat, q => Names(Heartbeat(q)), "HeartbeatAck", "-");
        yield return new(SctpQuirk.SctpAltersHeartbeatInfo, q =>
            ((HeartbeatInfoParameter)((HeartbeatAckChunk)Heartbeat(q).Single().Chunks.Single()).Information[0]).Info.ToString(), "010203", Convert.ToHexStringLower("altered"u8));

        static SctpPacket FirstInit(QuirkSet quirks)
        {
            var b = new SctpBench(quirks);
            b.Association.Connect(b.Now);
            b.Drain();
            return b.Sent.Single();
        }

        static IReadOnlyList<SctpPacket> Heartbeat(QuirkSet quirks) =>
            new SctpBench(quirks).Open().Give(new HeartbeatChunk { Information = [new HeartbeatInfoParameter { Info = new byte[] { 1, 2, 3 } }] });
    }

    private static IEnumerable<Row> ReceivingDataRows()
    {
        yield return new(SctpQuirk.SctpDeliversDuplicates, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(0, "x"));
            b.Give(SctpBench.Data(0, "x"));
            return $"{b.Messages.Count}";
        }, "1", "2");
        yield return new(SctpQuirk.SctpDeliversOutOfOrder, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(1, "2", ssn: 1));
            b.Give(SctpBench.Data(0, "1", ssn: 0));
            return string.Join(" ", b.Messages.Select(m => m.Text));
        }, "1 2", "2 1");
        yield return new(SctpQuirk.SctpNeverReportsGaps, q =>
            $"{((SackChunk)new SctpBench(q).Open().Give(SctpBench.Data(1, "2", ssn: 1)).Single().Chunks[0]).GapAckBlocks.Count} gaps", "1 gaps", "0 gaps");
        yield return new(SctpQuirk.SctpDelaysAcksTooLong, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(0, "1"));
            b.Wait(2);
            b.Give(SctpBench.Data(1, "2", ssn: 1));
            return Names(b.Wait(0.201));
        }, "Sack", "-");
        yield return new(SctpQuirk.SctpDelaysAcksOfGaps, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(0, "1"));
            return Names(b.Give(SctpBench.Data(2, "3", ssn: 2)));
        }, "Sack", "-");
        yield return new(SctpQuirk.SctpAdvertisesFullWindow, q =>
        {
            var b = new SctpBench(q, new SctpPolicy { ReceiveBufferBytes = 10_000 }).Open();
            return $"{((SackChunk)b.Give(SctpBench.Data(1, new string('x', 1000), ssn: 1)).Single().Chunks[0]).AdvertisedReceiverWindowCredit}";
        }, "9000", "10000");
        yield return new(SctpQuirk.SctpIgnoresEmptyData, q => string.Join(" ", SctpBench.Causes(new SctpBench(q).Open().Give(SctpBench.Data(0, ""))).Select(c => c.GetType().Name)), "NoUserDataCause", "");
        yield return new(SctpQuirk.SctpIgnoresForwardTsn, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(1, "2", ssn: 1));
            b.Give(new ForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn, Streams = [new SkippedStream { Stream = 0, StreamSequence = 0 }] });
            return $"{b.Messages.Count} messages";
        }, "1 messages", "0 messages");
        yield return new(SctpQuirk.SctpOnlyClaimsReset, q =>
        {
            var b = new SctpBench(q).Open();
            b.Give(SctpBench.Data(0, "1"));
            var request = new OutgoingSsnResetRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn, ResponseSequenceNumber = b.Tsn - 1, LastAssignedTsn = SctpBench.PeerTsn, StreamNumbers = [0] };
            b.Give(new ReConfigChunk { Parameters = [request] });
            b.Give(SctpBench.Data(1, "from 0", ssn: 0));
            return string.Join(" ", b.Messages.Select(m => m.Text));
        }, "1 from 0", "1");
    }

    private static IEnumerable<Row> SendingRows()
    {
        yield return new(SctpQuirk.SctpNeverRetransmits, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            return Names(b.Wait(1.5));
        }, "Data", "-");
        yield return new(SctpQuirk.SctpNeverFastRetransmits, q =>
        {
            var b = new SctpBench(q).Open();
            for (var i = 0; i < 5; i++) b.Send(new string('x', 900));
            b.Give(b.Sack(0, gaps: (2, 2)));
            b.Give(b.Sack(0, gaps: (2, 3)));
            return string.Join(" ", b.Tsns(b.Give(b.Sack(0, gaps: (2, 4)))));
        }, "0", "");
        yield return new(SctpQuirk.SctpKeepsRtoConstant, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            b.Wait(1.1);
            return Names(b.Wait(1.5));
        }, "-", "Data");
        yield return new(SctpQuirk.SctpIgnoresPeerWindow, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            b.Give(b.Sack(1, window: 0));
            b.Send("y");
            return $"{b.Tsns(b.Sent).Count()} chunks";
        }, "1 chunks", "2 chunks");
        yield return new(SctpQuirk.SctpIgnoresCongestionWindow, q =>
        {
            var b = new SctpBench(q).Open();
            for (var i = 0; i < 20; i++) b.Send(new string('x', 900));
            return b.Tsns(b.Sent).Count() < 10 ? "some" : "all";
        }, "some", "all");
        yield return new(SctpQuirk.SctpRepeatsStreamSequenceNumber, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            b.Send("y");
            return string.Join(" ", b.Sent.SelectMany(p => p.Chunks).OfType<DataChunk>().Select(d => d.StreamSequenceNumber));
        }, "0 1", "0 0");
        yield return new(SctpQuirk.SctpOmitsSkippedStreams, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x", options: new SctpSendOptions { MaxRetransmissions = 0 });
            return $"{b.Wait(1.5).SelectMany(p => p.Chunks).OfType<ForwardTsnChunk>().First().Streams.Count} streams";
        }, "1 streams", "0 streams");
        yield return new(SctpQuirk.SctpSendsZeroChecksumUnasked, q =>
        {
            var b = new SctpBench(q).Open();
            b.Send("x");
            return BitConverter.ToUInt32(b.SentBytes[^1], 8) == 0 ? "zero" : "checksum";
        }, "checksum", "zero");
        yield return new(SctpQuirk.SctpSendsZeroChecksumWithCookieEcho, q =>
        {
            var pair = new SctpPair(policy: new SctpPolicy { ZeroChecksumAcceptable = ErrorDetectionMethod.SctpOverDtls }, quirks: q).Connect();
            pair.Send(pair.A, 0, [1]);
            pair.Run(1);
            return string.Join(" ", pair.Sent.Where(s => s.From == 'a').Select(s => BitConverter.ToUInt32(s.Bytes, 8) == 0 ? "zero" : "checksum"));
        }, "checksum checksum zero", "checksum zero zero");
        yield return new(SctpQuirk.SctpSendsDataWhenInterleaving, q =>
        {
            var pair = new SctpPair(policy: new SctpPolicy { Interleaving = true }, quirks: q).Connect();
            pair.Send(pair.A, 0, [1]);
            pair.Run(1);
            return $"{pair.B.Messages.Count} {pair.B.Close?.Reason}";
        }, "1 ", "0 ProtocolViolation");
    }
}
