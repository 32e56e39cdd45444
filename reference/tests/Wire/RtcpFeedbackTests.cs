using WebRtcConformance.Wire.Avpf;
using WebRtcConformance.Wire.Ccm;
using WebRtcConformance.Wire.CongestionControlFeedback;
using WebRtcConformance.Wire.Mid;
using WebRtcConformance.Wire.ReducedSizeRtcp;
using WebRtcConformance.Wire.Rid;
using WebRtcConformance.Wire.Rtcp;
using WebRtcConformance.Wire.TransmissionOffset;
using WebRtcConformance.Wire.TransportWideCc;
using WebRtcConformance.Wire.Xr;

namespace WebRtcConformance.Wire.Tests;

/// <summary>RTCP feedback and extended reports, against values worked out by hand from the standards.</summary>
public class RtcpFeedbackTests
{
    private const string Ssrcs = " 11111111 22222222 ";

    /// <summary>The packet that is there alone; of a feedback packet the message.</summary>
    private static T Only<T>(string hex) where T : IWirePdu => Assert.IsType<T>(Assert.Single(Wire.Read<ReducedSizeRtcpPacket>(hex).Packets) switch
    {
        TransportLayerFeedback transport => transport.Message,
        PayloadSpecificFeedback payload => payload.Message,
        var packet => packet,
    });

    [Fact]
    public void Lost_packets_are_asked_for()
    {
        var nack = Only<GenericNackMessage>("81CD0004" + Ssrcs + "0064 0005 FFFF 8000");
        Assert.Equal((0x11111111u, 0x22222222u), (nack.SenderSsrc, nack.MediaSsrc));
        Assert.Equal([(100, 5), (65535, 0x8000)], nack.Entries.Select(e => ((int)e.PacketId, (int)e.LostPackets)));
    }

    [Fact]
    public void Pictures_and_slices_are_asked_for()
    {
        Assert.Equal(0x22222222u, Only<PictureLossIndication>("81CE0002" + Ssrcs).MediaSsrc);
        var slice = Only<SliceLossIndication>("82CE0003" + Ssrcs + "00080083").Entries.Single();
        Assert.Equal((1, 2, 3), (slice.First, slice.Number, slice.PictureId));
        var selection = Only<ReferencePictureSelectionIndication>("83CE0004" + Ssrcs + "1060AABB CCDD0000").Information;
        Assert.Equal((16, 96, "aabbccdd0000"), (selection.PaddingBits, selection.PayloadType, selection.BitString.ToString()));
        var intra = Only<FullIntraRequest>("84CE0004 11111111 00000000 22222222 07000000").Entries.Single();
        Assert.Equal((0x22222222u, 7), (intra.Ssrc, intra.SequenceNumber));
    }

    [Fact]
    public void Bit_rates_have_a_mantissa_and_an_exponent()
    {
        var remb = Only<ReceiverEstimatedMaximumBitrate>("8FCE0005 11111111 00000000 52454D42 010BD090 22222222");
        Assert.Equal(1_000_000u, remb.BitrateMantissa << remb.BitrateExponent);
        Assert.Equal([0x22222222u], remb.Ssrcs);
        var limit = Only<TemporaryMaximumMediaStreamBitRateRequest>("83CD0004 11111111 00000000 22222222 0BE80028").Entries.Single();
        Assert.Equal((512_000u, 40), (limit.BitrateMantissa << limit.BitrateExponent, limit.MeasuredOverhead));
        Assert.Empty(Only<TemporaryMaximumMediaStreamBitRateNotification>("84CD0002 11111111 00000000").Entries);
        Assert.Equal("41424344", Only<OtherAfb>("8FCE0003" + Ssrcs + "41424344").ControlInformation.ToString());
    }

    [Fact]
    public void Feedback_of_unknown_formats_keeps_its_header()
    {
        var transport = Only<OtherTransportLayerFeedback>("9ECD0003" + Ssrcs + "01020304");
        Assert.Equal((30, "01020304"), ((int)transport.Format, transport.ControlInformation.ToString()));
        Assert.Equal(30, (int)Only<OtherPayloadSpecificFeedback>("9ECE0002" + Ssrcs).Format);
    }

    [Fact]
    public void Arrival_times_by_stream()
    {
        var report = Only<CongestionControlFeedbackReport>("8BCD0006" + Ssrcs + "0064 0003 A200 0000 9FFE 0000 12345678");
        var stream = Assert.Single(report.Reports);
        Assert.Equal((0x22222222u, 100, 0x12345678u), (stream.Ssrc, stream.BeginSeq, report.ReportTimestamp));
        Assert.Equal([(true, 1, 512), (false, 0, 0), (true, 0, 0x1FFE)], stream.MetricBlocks.Select(b => (b.Received, (int)b.Ecn, (int)b.ArrivalTimeOffset)));
    }

    [Fact]
    public void Arrival_times_by_transport_wide_sequence_number()
    {
        const string start = "CD0007" + Ssrcs + "0064 0007 FFFFFE 05 2003 E100 04080C FFF0 10 ";
        var feedback = Only<TransportWideFeedback>("8F" + start + "0000");
        Assert.Equal((100, 7, -2, 5), (feedback.BaseSequenceNumber, feedback.PacketStatusCount, feedback.ReferenceTime, feedback.FeedbackPacketCount));
        Assert.Equal([(3, 3), (7, 3)], feedback.PacketChunks.Select(c => ((int)c.Symbols, (int)c.DeltaBytes)));
        var run = Assert.IsType<PacketRunLengthChunk>(feedback.PacketChunks[0]);
        Assert.Equal((PacketStatusSymbol.ReceivedSmallDelta, 3), (run.Symbol, run.RunLength));
        Assert.Equal([2, 0, 1, 0, 0, 0, 0], Assert.IsType<TwoBitStatusVectorChunk>(feedback.PacketChunks[1]).SymbolList.Select(s => (int)s));
        Assert.Equal("04080CFFF010", Convert.ToHexString([.. feedback.RecvDeltas.Select(d => (byte)d)]));
        // libwebrtc says by the RTCP header that there is padding.
        Assert.Equal(feedback.RecvDeltas, Only<TransportWideFeedback>("AF" + start + "0002").RecvDeltas);
        // The run length chunk and the two vectors of the draft's examples.
        Assert.Equal((221L, 0L), Chunk("00DD 0000", 221, 5));
        Assert.Equal((14L, 8L), Chunk("9F1C 0102030405060708 0000", 14, 7));
        Assert.Equal((7L, 3L), Chunk("CD50 010203 000000", 7, 6));

        static (long, long) Chunk(string hex, int count, int length)
        {
            var chunk = Assert.Single(Only<TransportWideFeedback>($"8FCD{length:X4}{Ssrcs}0064 {count:X4} 000001 00 {hex}").PacketChunks);
            return ((long)chunk.Symbols, (long)chunk.DeltaBytes);
        }
    }

    [Theory]
    [InlineData("D555 0408", 2, 2)]
    [InlineData("BFFF 0400", 1, 1)]
    [InlineData("4005 FFF0", 1, 2)]
    [InlineData("D556 010203040506FFF0 0000", 7, 8)]
    public void Only_the_symbols_of_the_packets_call_for_deltas(string hex, int packets, int deltaBytes)
    {
        var feedback = Only<TransportWideFeedback>($"8FCD{4 + hex.Replace(" ", "").Length / 8:X4}{Ssrcs}0064 {packets:X4} 000001 00 {hex}");
        Assert.Single(feedback.PacketChunks);
        Assert.Equal(deltaBytes, feedback.RecvDeltas.Count);
    }

    [Fact]
    public void Extended_reports()
    {
        var report = Only<ExtendedReport>("80CF000C 11111111 04000002 0102030405060708 05000003 22222222 01020304 00010000 01030003 22222222 0064 0069 4005 0000");
        Assert.Equal(0x0102030405060708UL, Assert.IsType<ReceiverReferenceTimeBlock>(report.ReportBlocks[0]).NtpTimestamp);
        var delay = Assert.IsType<DlrrBlock>(report.ReportBlocks[1]).SubBlocks.Single();
        Assert.Equal((0x22222222u, 0x01020304u, 65536u), (delay.Ssrc, delay.LastRr, delay.DelaySinceLastRr));
        var losses = Assert.IsType<LossRleBlock>(report.ReportBlocks[2]);
        Assert.Equal((3, 100, 105), (losses.Thinning, losses.BeginSeq, losses.EndSeq));
        var run = Assert.IsType<RunLengthChunk>(Assert.Single(losses.Chunks));
        Assert.Equal((true, 5), (run.RunOfOnes, run.RunLength));
    }

    [Fact]
    public void Statistics_and_voice_quality()
    {
        var report = Only<ExtendedReport>("80CF0014 11111111"
            + "06E80009 22222222 0064 0069 00000001 00000002 00000003 00000004 00000005 00000006 3C403E01"
            + "07000008 22222222 01020304 00050006 00070008 E0C80A10 5D7F2829 B4000028 003C00A0");
        var summary = Assert.IsType<StatisticsSummaryBlock>(report.ReportBlocks[0]);
        Assert.Equal((true, true, true, XrTtlOrHopLimit.Ipv4Ttl, 1u, 2u, 60, 64, 62, 1), (summary.LossReported, summary.DuplicatesReported, summary.JitterReported,
            summary.TtlOrHopLimit, summary.LostPackets, summary.DupPackets, summary.MinTtlOrHl, summary.MaxTtlOrHl, summary.MeanTtlOrHl, summary.DevTtlOrHl));
        var voice = Assert.IsType<VoipMetricsBlock>(report.ReportBlocks[1]);
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8), (voice.LossRate, voice.DiscardRate, voice.BurstDensity, voice.GapDensity, voice.BurstDuration, voice.GapDuration,
            voice.RoundTripDelay, voice.EndSystemDelay));
        Assert.Equal((-32, -56, 10, 16, 93, 127, 40, 41), (voice.SignalLevel, voice.NoiseLevel, voice.ResidualEchoReturnLoss, voice.Gmin, voice.RFactor,
            voice.ExternalRFactor, voice.MosLq, voice.MosCq));
        Assert.Equal((2, 3, 4, 40, 60, 160), (voice.RxConfig.PacketLossConcealment, voice.RxConfig.JitterBufferAdaptive, voice.RxConfig.JitterBufferRate,
            voice.JbNominal, voice.JbMaximum, voice.JbAbsMax));
    }

    [Fact]
    public void Jitter_with_transmission_offsets() => Assert.Equal([5u, 6u], Only<ExtendedJitterReport>("82C30002 00000005 00000006").Jitters);

    [Fact]
    public void Names_of_streams_and_media_descriptions()
    {
        var names = Only<SourceDescription>("81CA0004 11111111 0C026869 0D026C6F 00000000").Chunks.Single().Items;
        Assert.Equal("hi", Assert.IsType<SdesRtpStreamId>(names[0]).RtpStreamId);
        Assert.Equal("lo", Assert.IsType<SdesRepairedRtpStreamId>(names[1]).RepairedRtpStreamId);
        var mid = Only<SourceDescription>("81CA0002 11111111 0F013000").Chunks.Single().Items;
        Assert.Equal("0", Assert.IsType<SdesMid>(Assert.Single(mid)).IdentificationTag);
    }
}
