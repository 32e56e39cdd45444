using WebRtcConformance.Wire.AbsCaptureTime;
using WebRtcConformance.Wire.AbsSendTime;
using WebRtcConformance.Wire.ClientAudioLevel;
using WebRtcConformance.Wire.ColorSpace;
using WebRtcConformance.Wire.Mid;
using WebRtcConformance.Wire.MixerAudioLevel;
using WebRtcConformance.Wire.PlayoutDelay;
using WebRtcConformance.Wire.Rid;
using WebRtcConformance.Wire.TransmissionOffset;
using WebRtcConformance.Wire.TransportWideCc;
using WebRtcConformance.Wire.TransportWideCc02;
using WebRtcConformance.Wire.VideoContentType;
using WebRtcConformance.Wire.VideoOrientation;
using WebRtcConformance.Wire.VideoTiming;

namespace WebRtcConformance.Wire.Tests;

/// <summary>The data of RTP header extensions, against values worked out by hand from the standards.</summary>
public class HeaderExtensionTests
{
    [Fact]
    public void Identification_tags_are_text()
    {
        Assert.Equal("audio0", Wire.Read<MidExtension>("617564696F30").IdentificationTag);
        Assert.Equal("hi", Wire.Read<RtpStreamIdExtension>("6869").RtpStreamId);
        Assert.Equal("hi", Wire.Read<RepairedRtpStreamIdExtension>("6869").RepairedRtpStreamId);
        Assert.Equal("mid/MidExtension/not-empty", Wire.Refuse<MidExtension>("").Path);
        Assert.Equal(WireErrorKind.BadText, Wire.Refuse<MidExtension>("C3").Kind);
        Assert.Equal(WireErrorKind.BadText, Wire.Refuse<RtpStreamIdExtension>("80").Kind);
    }

    [Fact]
    public void Audio_levels_are_seven_bits()
    {
        var client = Wire.Read<AudioLevelExtension>("9E");
        Assert.Equal((true, 30), (client.VoiceActivity, client.Level));
        var mixer = Wire.Read<MixerAudioLevelsExtension>("001E7F");
        Assert.Equal([0, 30, 127], mixer.Levels.Select(l => (int)l.Level));
        // The topmost bit is to be 0, and nobody looks at it.
        Assert.Equal([1], Wire.Read<MixerAudioLevelsExtension>("81").Levels.Select(l => (int)l.Level));
        Assert.Equal("01", Wire.Canonical<MixerAudioLevelsExtension>("81"));
    }

    [Fact]
    public void Times_are_fixed_point()
    {
        Assert.Equal(3u << 17, Wire.Read<AbsoluteSendTimeExtension>("060000").Timestamp);
        Assert.Equal(-140, Wire.Read<TransmissionOffsetExtension>("FFFF74").TransmissionOffset);
        var capture = Wire.Read<AbsoluteCaptureTimeExtension>("E8D4A51080000000");
        Assert.Equal((0xE8D4A51080000000UL, null), (capture.AbsoluteCaptureTimestamp, capture.EstimatedCaptureClockOffset));
        Assert.Equal(-(1L << 31), Wire.Read<AbsoluteCaptureTimeExtension>("E8D4A51080000000FFFFFFFF80000000").EstimatedCaptureClockOffset);
        Assert.Equal((WireErrorKind.Truncated, 8), (Wire.Refuse<AbsoluteCaptureTimeExtension>("E8D4A51080000000FF").Kind, Wire.Refuse<AbsoluteCaptureTimeExtension>("E8D4A51080000000FF").Offset));
    }

    [Fact]
    public void A_transport_wide_sequence_number_may_ask_for_feedback()
    {
        Assert.Equal(0x1234, Wire.Read<TransportSequenceNumberExtension>("1234").SequenceNumber);
        Assert.Null(Wire.Read<TransportSequenceNumber2Extension>("1234").FeedbackRequest);
        var asking = Wire.Read<TransportSequenceNumber2Extension>("12348101");
        Assert.Equal((0x1234, true, 0x101), (asking.SequenceNumber, asking.FeedbackRequest!.Timing, asking.FeedbackRequest.SequenceCount));
        Assert.Equal(WireErrorKind.Trailing, Wire.Refuse<TransportSequenceNumberExtension>("123400").Kind);
    }

    [Fact]
    public void What_video_frames_tell()
    {
        var orientation = Wire.Read<VideoOrientationExtension>("0B");
        Assert.Equal((true, false, 3), (orientation.BackFacingCamera, orientation.HorizontalFlip, orientation.Rotation));
        var delay = Wire.Read<PlayoutDelayExtension>("00A028");
        Assert.Equal((10, 40), (delay.MinDelay, delay.MaxDelay));
        Assert.Equal(VideoContentTypeValue.Screenshare, Wire.Read<VideoContentTypeExtension>("01").ContentType);
        var timing = Wire.Read<VideoTimingExtension>("FD 0001 0005 0006 000A 0000 0007");
        Assert.Equal((false, true, 1, 5, 6, 10, 0, 7), (timing.TriggeredBySize, timing.TriggeredByTimer, timing.EncodeStart, timing.EncodeFinish,
            timing.PacketizationComplete, timing.LastPacketLeftThePacer, timing.ReservedForNetwork, timing.ReservedForNetwork2));
    }

    [Fact]
    public void Colour_spaces_with_and_without_hdr_metadata()
    {
        Assert.Equal(1, Wire.Read<ColorSpaceExtension>("01010110").Matrix);
        var hdr = Wire.Read<HdrColorSpaceExtension>("0910091003E800328A48390821349BAA199608FC3D13404203E80190");
        Assert.Equal((9, 16, 9, 1000, 50), (hdr.Primaries, hdr.Transfer, hdr.Matrix, hdr.LuminanceMax, hdr.LuminanceMin));
        Assert.Equal((35400, 14600, 8500, 39850), (hdr.PrimaryRX, hdr.PrimaryRY, hdr.PrimaryGX, hdr.PrimaryGY));
        Assert.Equal((6550, 2300, 15635, 16450), (hdr.PrimaryBX, hdr.PrimaryBY, hdr.WhiteX, hdr.WhiteY));
        Assert.Equal((1000, 400), (hdr.MaxContentLightLevel, hdr.MaxFrameAverageLightLevel));
    }
}
