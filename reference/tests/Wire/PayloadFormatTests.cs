using WebRtcConformance.Wire.Av1;
using WebRtcConformance.Wire.Flexfec;
using WebRtcConformance.Wire.H264;
using WebRtcConformance.Wire.H265;
using WebRtcConformance.Wire.Opus;
using WebRtcConformance.Wire.Red;
using WebRtcConformance.Wire.Rtx;
using WebRtcConformance.Wire.TelephoneEvent;
using WebRtcConformance.Wire.Ulpfec;
using WebRtcConformance.Wire.Vp8;
using WebRtcConformance.Wire.Vp9;

namespace WebRtcConformance.Wire.Tests;

/// <summary>Payloads of RTP packets, against values worked out by hand from the standards.</summary>
public class PayloadFormatTests
{
    [Fact]
    public void A_retransmission_begins_with_the_sequence_number_of_the_packet_that_is_sent_again()
    {
        var rtx = Wire.Read<RtxPayload>("1234 908011");
        Assert.Equal((0x1234, WireBytes.FromHex("908011")), (rtx.OriginalSequenceNumber, rtx.OriginalPayload));
    }

    [Fact]
    public void A_telephone_event()
    {
        var pound = Wire.Read<TelephoneEventPayload>("0B 87 0640");
        Assert.Equal((TelephoneEventCode.Pound, true, 7, 1600), (pound.EventCode, pound.End, pound.Volume, pound.Duration));
        // Nobody looks at R; a digit without duration is for senders to avoid.
        Assert.Equal("0B870640", Wire.Canonical<TelephoneEventPayload>("0B C7 0640"));
        Wire.Read<TelephoneEventPayload>("0B 07 0000");
    }

    [Theory]
    [InlineData("08 AA", 1, false, OpusFrameCountCode.OneFrame)]
    [InlineData("ED AABB", 29, true, OpusFrameCountCode.TwoEqual)]
    [InlineData("7A 01 AABB", 15, false, OpusFrameCountCode.TwoDifferent)]
    [InlineData("FF 04 AABBCCDD", 31, true, OpusFrameCountCode.Arbitrary)]
    public void The_first_byte_of_an_Opus_packet(string hex, int config, bool stereo, OpusFrameCountCode code)
    {
        var packet = Wire.Read<OpusPacket>(hex);
        Assert.Equal((config, stereo, code), (packet.Config, packet.Stereo, packet.Code));
        Assert.Equal(code == OpusFrameCountCode.Arbitrary ? 4 : null, packet.FrameCountByte);
    }

    [Theory]
    [InlineData("E9 AABBCC", "two-equal-frames")]
    [InlineData("EA", "length-of-the-first-frame")]
    [InlineData("EB 00", "at-least-one-frame")]
    [InlineData("EB 03 AABBCCDD", "equal-frames")]
    // 49 frames of 2.5 ms; 13 of 10 ms in hybrid mode; 7, 4, 3 and 3 frames of 10 to 60 ms in SILK mode are 70, 80, 120 and 180 ms.
    [InlineData("83 B1", "at-most-120-ms-of-celt")]
    [InlineData("63 8D", "at-most-120-ms-of-hybrid")]
    [InlineData("1B 83", "at-most-120-ms-of-silk")]
    public void Malformed_Opus_packets(string hex, string rule) => Assert.EndsWith("/" + rule, Wire.Refuse<OpusPacket>(hex).Path);

    [Theory]
    [InlineData("83 B0")]
    [InlineData("63 8C")]
    [InlineData("03 87")]
    [InlineData("0B 84")]
    [InlineData("13 83")]
    [InlineData("1B 82")]
    public void Opus_packets_of_up_to_120_ms(string hex) => Wire.Read<OpusPacket>(hex);

    [Fact]
    public void A_frame_of_Opus_has_at_most_1275_bytes()
    {
        Wire.Read<OpusPacket>("08" + new string('A', 2550));
        Assert.EndsWith("/at-most-1275-bytes-a-frame", Wire.Refuse<OpusPacket>("08" + new string('A', 2552)).Path);
    }

    [Fact]
    public void A_VP8_descriptor_with_everything()
    {
        var payload = Wire.Read<Vp8Payload>("B9 F0 9267 05 A3 AABB");
        Assert.Equal((true, true, 1), (payload.NonReferenceFrame, payload.StartOfPartition, payload.PartitionIndex));
        var extension = payload.Extension!;
        Assert.Equal((0x12, 0x67), (extension.PictureId!.FirstBits, extension.PictureId.FurtherBits!.Value));
        Assert.Equal(4711, extension.PictureId.FirstBits << 8 | extension.PictureId.FurtherBits!.Value);
        Assert.Equal(5, extension.Tl0PicIdx!.Value);
        Assert.Equal((2, true, 3), (extension.Layer!.Tid, extension.Layer.LayerSync, extension.Layer.KeyIdx));
        Assert.Null(payload.PayloadHeader);
        Assert.Equal(WireBytes.FromHex("AABB"), payload.Payload);
    }

    [Fact]
    public void The_first_packet_of_a_VP8_frame_has_a_payload_header()
    {
        var header = Wire.Read<Vp8Payload>("10 F0 02 01 AA").PayloadHeader!;
        Assert.Equal((7, true, 0, false), (header.Size0, header.ShowFrame, header.Version, header.InterFrame));
        Assert.Equal(7 + 8 * 2 + 2048 * 1, header.Size0 + 8 * header.Size1 + 2048 * header.Size2);
        Assert.Equal((WireErrorKind.Truncated, "vp8/Vp8PayloadHeader.Size2"), (Wire.Refuse<Vp8Payload>("10 F0 02").Kind, Wire.Refuse<Vp8Payload>("10 F0 02").Path));
    }

    [Fact]
    public void H264_aggregation_packets_hold_whole_NAL_units()
    {
        var payload = Wire.Read<H264Payload>("78 0004 6742C01F 0002 68CE");
        var units = Assert.IsType<H264StapA>(payload).Units;
        Assert.Equal([7, 8], units.Select(u => (int)u.NalUnit.NalType));
        Assert.Equal([3, 3], units.Select(u => (int)u.NalUnit.Nri));
        var mtap = Assert.IsType<H264Mtap24>(Wire.Read<H264Payload>("7B 0007 0002 01 000BB8 68CE"));
        Assert.Equal((7, 1, 3000u), (mtap.DecodingOrderNumberBase, mtap.Units[0].DecodingOrderNumberDifference, mtap.Units[0].TimestampOffset));
    }

    [Fact]
    public void H264_fragments_say_which_part_they_are()
    {
        var first = Assert.IsType<H264FuA>(Wire.Read<H264Payload>("7C 85 8884"));
        Assert.Equal((true, false, 5), (first.Start, first.End, first.FragmentedNalType));
    }

    [Fact]
    public void H265_payloads()
    {
        var ap = Assert.IsType<H265Ap>(Wire.Read<H265Payload>("6001 0003 420101 0002 4401"));
        Assert.Equal([33, 34], ap.Units.Select(u => (int)u.NalUnit.NalType));
        var paci = Assert.IsType<H265Paci>(Wire.Read<H265Payload>("6401 2638 0501 80 AF08"));
        Assert.Equal((false, 19), (paci.CopyOfF, paci.CopyOfType));
        Assert.Equal((5, 1, true, false), (paci.Tsci!.Tl0PicIdx, paci.Tsci.IrapPicId, paci.Tsci.FirstOfPicture, paci.Tsci.LastOfPicture));
        Assert.Equal("h265/H265Payload/tid-not-0", Wire.Refuse<H265Payload>("2600AF").Path);
    }

    [Fact]
    public void The_levels_of_ULPFEC_have_short_or_long_masks()
    {
        var payload = Wire.Read<UlpfecPayload>("0019 0008 0000000E 0130  0003 3000 AABBCC  0002 F000 DDEE");
        Assert.Equal((0x19, 8, 14u, 0x130), (payload.PayloadTypeRecovery, payload.SequenceNumberBase, payload.TimestampRecovery, payload.LengthRecovery));
        Assert.Equal([0x3000, 0xF000], Assert.IsType<UlpLevels>(payload).Levels.Select(l => (int)l.Mask));
        var longMask = Assert.IsType<UlpLongLevels>(Wire.Read<UlpfecPayload>("4000 0008 00000008 0174  0001 F00000000001 AA"));
        Assert.Equal(0xF00000000001UL, longMask.Levels[0].Mask);
    }

    [Fact]
    public void FlexFEC_masks_grow()
    {
        var mask = Assert.IsType<FlexfecFlexibleMask>(Wire.Read<FlexfecPayload>("006F 0010 000003E8 0007 E000 80000001 8000000000000001 AABB"));
        Assert.Equal<(int, int, uint, ulong)>((7, 0x6000, 1u, 0x8000000000000001UL), (mask.SequenceNumberBase, mask.Mask, mask.LongerMask!.Mask, mask.LongerMask.LongestMask!.Value));
        var block = Assert.IsType<FlexfecFixedBlock>(Wire.Read<FlexfecPayload>("406F 0010 000003E8 0007 0403 AABB"));
        Assert.Equal((4, 3), (block.Columns, block.Rows));
        Assert.Equal("flexfec/FlexfecPayload/not-reserved", Wire.Refuse<FlexfecPayload>("C06F0010").Path);
    }

    [Fact]
    public void AV1_aggregation_header_and_dependency_descriptor()
    {
        var payload = Wire.Read<Av1Payload>("58 0A");
        Assert.Equal((false, true, 1, true), (payload.ContinuesFragment, payload.FragmentContinues, payload.ElementCount, payload.StartOfSequence));
        var descriptor = Wire.Read<DependencyDescriptorExtension>("C1 0102 40 F0");
        Assert.Equal((true, true, 1, 0x102), (descriptor.StartOfFrame, descriptor.EndOfFrame, descriptor.FrameDependencyTemplateId, descriptor.FrameNumber));
        var flags = descriptor.ExtendedFields!;
        Assert.Equal((false, true, false), (flags.TemplateDependencyStructurePresentFlag, flags.ActiveDecodeTargetsPresentFlag, flags.CustomDtisFlag));
    }

    [Fact]
    public void Redundant_blocks_are_as_long_as_their_headers_say()
    {
        var payload = Wire.Read<RedPayload>("85050001 86028002 07 AA BBCC DDEE");
        Assert.Equal([(5, 320, 1), (6, 160, 2)], payload.RedundantBlocks.Select(b => ((int)b.PayloadType, (int)b.TimestampOffset, (int)b.BlockLength)));
        Assert.Equal((7, "aabbcc", "ddee"), (payload.PrimaryPayloadType, payload.RedundantData.ToString(), payload.PrimaryData.ToString()));
        Assert.Equal(WireErrorKind.Truncated, Wire.Refuse<RedPayload>("85028003 00 AABB").Kind);
    }

    [Fact]
    public void VP9_in_flexible_mode_refers_to_pictures_before()
    {
        var payload = Wire.Read<Vp9Payload>("FC 9267 33 07 0A AA");
        Assert.Equal(4711, payload.PictureId!.FirstBits << 8 | payload.PictureId.FurtherBits!.Value);
        Assert.Equal((1, true, 1, true), (payload.LayerIndices!.Tid, payload.LayerIndices.SwitchingUpPoint, payload.LayerIndices.Sid, payload.LayerIndices.InterLayerDependency));
        Assert.Equal([3, 5], payload.ReferenceIndices!.Value.Select(r => (int)r.PDiff));
        Assert.Null(payload.Tl0PicIdx);
        Assert.Equal("aa", payload.Payload.ToString());
    }

    [Fact]
    public void VP9_scalability_structures_tell_resolutions_and_references()
    {
        var payload = Wire.Read<Vp9Payload>("AA 11 00 05 38 0140 00B4 0280 0168 02 04 01 38 01 02 BB");
        Assert.Equal(5, payload.Tl0PicIdx!.Value);
        var structure = payload.ScalabilityStructure!;
        Assert.Equal([(320, 180), (640, 360)], structure.Resolutions.Select(r => ((int)r.Width, (int)r.Height)));
        Assert.Equal([(0, "1"), (1, "1,2")], structure.PictureGroup!.Pictures.Select(p => ((int)p.Tid, string.Join(",", p.ReferenceDifferences))));
        var untold = Wire.Read<Vp9Payload>("02 40 CC").ScalabilityStructure!;
        Assert.Equal((2, 0), (untold.SpatialLayersMinus1, untold.Resolutions.Count));
        Assert.EndsWith("/resolution-of-each-layer", Wire.Refuse<Vp9Payload>("02 30 0140 00B4").Path);
    }
}
