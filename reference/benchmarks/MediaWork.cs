using WebRtcConformance.Wire.Rtcp;
using WebRtcConformance.Wire.Rtp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Benchmarks;

/// <summary>The packets that are measured beside STUN: an RTP packet with three header extension elements, an SCTP packet with SACK and DATA, an RTCP
/// compound of SR with one report block and SDES with CNAME.</summary>
internal static class MediaWork
{
    private static readonly byte[] RtpBytes =
        [.. Convert.FromHexString("9060123400000001" + "0000000a" + "bede0003" + "10ff" + "22010203" + "310102" + "000000"), .. new byte[800]];

    private static readonly byte[] SctpBytes =
        [.. Convert.FromHexString("1388138801020304f469a302" + "0300001c0000000a00001234000200010002000300050005" + "00000009" + "00030410000000070001000200000033"), .. new byte[1024]];

    private static readonly byte[] RtcpBytes = Convert.FromHexString(
        "81c8000c" + "11111111" + "0102030405060708" + "0000000a" + "00000005" + "00000190"
        + "22222222" + "05fffff9" + "00010203" + "00000004" + "00000000" + "00000000"
        + "81ca0006" + "11111111" + "0110" + "7b396234343234642d313233342d7d31" + "00" + "00");

    public static readonly (string Name, Func<bool> Hand, Func<bool> Generated)[] All =
    [
        ("RTP", () => HandMedia.Rtp(RtpBytes), () => RtpPacket.View.TryParse(RtpBytes, out _, out _)),
        ("SCTP", () => HandMedia.Sctp(SctpBytes), () => SctpPacket.View.TryParse(SctpBytes, out _, out _)),
        ("RTCP", () => HandMedia.Rtcp(RtcpBytes), () => RtcpCompound.View.TryParse(RtcpBytes, out _, out _)),
    ];
}
