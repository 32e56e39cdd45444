using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Rtcp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Benchmarks;

/// <summary>What an established session sends all the time: a report with its source description, a message with an acknowledgement; and a flight of
/// its handshake.</summary>
internal static class MoreWork
{
    /// <summary>SR with one block, and SDES with a CNAME of 16 bytes.</summary>
    public static readonly byte[] Compound = Convert.FromHexString(
        "81c8000c" + "11111111" + "0102030405060708" + "0000000a" + "00000005" + "00000190"
        + "22222222" + "05fffff9" + "00010203" + "00000004" + "00000000" + "00000000"
        + "81ca0006" + "11111111" + "0110" + "4162434465664768496a4b6c4d6e4f70" + "00" + "00");

    /// <summary>SACK with a gap, and DATA with 18 bytes.</summary>
    public static readonly byte[] Packet = Convert.FromHexString(
        "13881388" + "01020304" + "00000000" + "03000014" + "00000009" + "00020000" + "00010000" + "00020003"
        + "00030022" + "0000000a" + "00010002" + "00000033" + "68656c6c6f2c20646174616368616e6e656c" + "0000");

    /// <summary>Two handshake messages and the begin of a third in one record.</summary>
    public static readonly byte[] Record = Convert.FromHexString(
        "16fefd0000000000000001005d"
        + "0e0000000003000000000000"
        + "10000021000400000000002120000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        + "0f0000500005000000000018000000000000000000000000000000000000000000000000");

    public static bool HandCompound() => HandRtcp.Validate(Compound, out _);
    public static bool ValidateCompound() => RtcpCompound.Accepts(Compound, out _);
    public static bool HandPacket() => HandSctp.Validate(Packet, out _);
    public static bool ValidatePacket() => SctpPacket.Accepts(Packet, out _);
    public static bool HandRecord() => HandDtls.Validate(Record, out _);
    public static bool ValidateRecord() => DtlsPlaintext.Accepts(Record, out _);
}
