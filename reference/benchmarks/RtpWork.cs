using WebRtcConformance.Wire.Rtp;

namespace WebRtcConformance.Benchmarks;

/// <summary>The work that is measured: a video packet with three header extension elements and 60 bytes of payload.</summary>
internal static class RtpWork
{
    public static readonly byte[] Packet =
    [
        0x90, 0xE0, 0x12, 0x34, 0, 1, 2, 3, 0xCA, 0xFE, 0xBA, 0xBE, // header with X and M
        0xBE, 0xDE, 0, 3, 0x22, 1, 2, 3, 0x31, 4, 5, 0x40, (byte)'0', 0, 0, 0, // abs-send-time, transport-wide sequence number, mid, fill
        .. Enumerable.Range(0, 60).Select(i => (byte)i),
    ];

    public static readonly byte[] Padded = [0xA2, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 9, 9, 9, 9, 0, 0, 0, 4];

    /// <summary>An element that goes beyond the extension.</summary>
    public static readonly byte[] BadPacket = [.. Packet.AsSpan(0, 24), 0x4F, .. Packet.AsSpan(25)];

    public static bool HandValidate() => HandRtp.Validate(Packet, out _);
    public static bool Validate() => RtpPacket.Accepts(Packet, out _);
    public static bool HandValidatePadded() => HandRtp.Validate(Padded, out _);
    public static bool ValidatePadded() => RtpPacket.Accepts(Padded, out _);
    public static bool HandReject() => HandRtp.Validate(BadPacket, out _);
    public static bool Reject() => RtpPacket.Accepts(BadPacket, out _);
}
