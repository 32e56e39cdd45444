using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>Takes the UDP datagram out of a captured packet. Fragments and other protocols are left out.</summary>
internal static class IpPacket
{
    private const byte Udp = 17;

    /// <param name="linkType">What the packet begins with: a value of the LINKTYPE_ registry of tcpdump.</param>
    public static bool TryUdp(int linkType, ReadOnlySpan<byte> packet, [NotNullWhen(true)] out IPEndPoint? source,
        [NotNullWhen(true)] out IPEndPoint? destination, out ReadOnlySpan<byte> payload)
    {
        source = destination = null;
        payload = default;
        int header = linkType switch
        {
            0 or 108 => 4, // loopback of BSD
            1 => Ethernet(packet),
            12 or 14 or 101 or 228 or 229 => 0, // raw IP
            113 => 16, // Linux "any"
            276 => 20, // Linux "any", version 2
            _ => int.MaxValue,
        };
        if (header >= packet.Length)
        {
            return false;
        }

        packet = packet[header..];
        return (packet[0] >> 4) switch
        {
            4 => TryIPv4(packet, out source, out destination, out payload),
            6 => TryIPv6(packet, out source, out destination, out payload),
            _ => false,
        };
    }

    /// <summary>Two addresses and a type, and four bytes for each VLAN tag (IEEE 802.1Q).</summary>
    private static int Ethernet(ReadOnlySpan<byte> frame)
    {
        int at = 12;
        while (at + 6 <= frame.Length && BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) is 0x8100 or 0x88A8)
        {
            at += 4;
        }

        return at + 2 <= frame.Length && BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) is 0x0800 or 0x86DD ? at + 2 : int.MaxValue;
    }

    private static bool TryIPv4(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out IPEndPoint? source, [NotNullWhen(true)] out IPEndPoint? destination, out ReadOnlySpan<byte> payload)
    {
        source = destination = null;
        payload = default;
        int header = (packet[0] & 15) * 4;
        bool whole = packet.Length >= 20 && header >= 20 && packet.Length >= header && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) == 0;
        return whole && packet[9] == Udp && TryPorts(packet[header..], packet.Slice(12, 4), packet.Slice(16, 4), out source, out destination, out payload);
    }

    /// <summary>Without extension headers: WebRTC sends none.</summary>
    private static bool TryIPv6(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out IPEndPoint? source, [NotNullWhen(true)] out IPEndPoint? destination, out ReadOnlySpan<byte> payload)
    {
        source = destination = null;
        payload = default;
        return packet.Length >= 40 && packet[6] == Udp && TryPorts(packet[40..], packet.Slice(8, 16), packet.Slice(24, 16), out source, out destination, out payload);
    }

    private static bool TryPorts(ReadOnlySpan<byte> udp, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, [NotNullWhen(true)] out IPEndPoint? source,
        [NotNullWhen(true)] out IPEndPoint? destination, out ReadOnlySpan<byte> payload)
    {
        source = destination = null;
        payload = default;
        if (udp.Length < 8 || BinaryPrimitives.ReadUInt16BigEndian(udp[4..]) < 8)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        source = new(new IPAddress(from), BinaryPrimitives.ReadUInt16BigEndian(udp));
        destination = new(new IPAddress(to), BinaryPrimitives.ReadUInt16BigEndian(udp[2..]));
        payload = udp[8..Math.Min(length, udp.Length)];
        return true;
    }
}
