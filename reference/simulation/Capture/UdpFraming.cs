using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation.Capture;

/// <summary>An IPv4 (RFC 791) or IPv6 (RFC 8200) header and a UDP header (RFC 768) around a payload, and off again.</summary>
internal static class UdpFraming
{
    private const int UdpHeader = 8;
    private const byte ProtocolUdp = 17;

    /// <exception cref="ArgumentException">Mixed or missing families, or a payload too long for one UDP datagram.</exception>
    public static byte[] Frame(TransportAddress source, TransportAddress destination, ReadOnlySpan<byte> payload)
    {
        if (source.Family != destination.Family || source.Family == IpFamily.None)
            throw new ArgumentException($"{source} and {destination} are not two ends of one datagram");
        var ipHeader = source.Family == IpFamily.IPv6 ? 40 : 20;
        if (payload.Length > 65_535 - UdpHeader - (ipHeader == 20 ? 20 : 0)) throw new ArgumentException("longer than a UDP datagram can be", nameof(payload));

        var packet = new byte[ipHeader + UdpHeader + payload.Length];
        var udp = packet.AsSpan(ipHeader);
        if (ipHeader == 40) WriteIPv6(packet, source, destination, udp.Length);
        else WriteIPv4(packet, source, destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpHeader..]);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], UdpChecksum(source, destination, udp));
        return packet;
    }

    /// <summary>Undo <see cref="Frame"/>; false when it is not one whole UDP datagram with right checksums.</summary>
    public static bool TryUnframe(ReadOnlySpan<byte> packet, out TransportAddress source, out TransportAddress destination, out byte[] payload)
    {
        source = destination = default;
        payload = [];
        if (packet.Length < 20) return false;
        var isV6 = packet[0] >> 4 == 6;
        var ipHeader = isV6 ? 40 : 20;
        if (packet.Length < ipHeader + UdpHeader || packet[isV6 ? 6 : 9] != ProtocolUdp) return false;
        if (!isV6 && (packet[0] != 0x45 || Sum(packet[..20], 0) != 0xFFFF)) return false;
        var udp = packet[ipHeader..];
        if (BinaryPrimitives.ReadUInt16BigEndian(udp[4..]) != udp.Length) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) == 0) return false; // "no checksum", which Frame never writes
        var addresses = isV6 ? packet.Slice(8, 32) : packet.Slice(12, 8);
        source = TransportAddress.From(addresses[..(addresses.Length / 2)], BinaryPrimitives.ReadUInt16BigEndian(udp));
        destination = TransportAddress.From(addresses[(addresses.Length / 2)..], BinaryPrimitives.ReadUInt16BigEndian(udp[2..]));
        if (Sum(udp, PseudoHeader(source, destination, udp.Length)) != 0xFFFF) return false;
        payload = udp[UdpHeader..].ToArray();
        return true;
    }

    private static void WriteIPv4(Span<byte> packet, TransportAddress source, TransportAddress destination)
    {
        packet[0] = 0x45; // version 4, header of 5 words
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[6] = 0x40; // don't fragment
        packet[8] = 64; // time to live
        packet[9] = ProtocolUdp;
        source.CopyAddressTo(packet[12..]);
        destination.CopyAddressTo(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..20], 0));
    }

    private static void WriteIPv6(Span<byte> packet, TransportAddress source, TransportAddress destination, int udpLength)
    {
        packet[0] = 0x60; // version 6
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)udpLength);
        packet[6] = ProtocolUdp;
        packet[7] = 64; // hop limit
        source.CopyAddressTo(packet[8..]);
        destination.CopyAddressTo(packet[24..]);
    }

    /// <summary>RFC 768: a computed zero is sent as all ones.</summary>
    private static ushort UdpChecksum(TransportAddress source, TransportAddress destination, ReadOnlySpan<byte> udp)
    {
        var sum = (ushort)~Sum(udp, PseudoHeader(source, destination, udp.Length));
        return sum == 0 ? (ushort)0xFFFF : sum;
    }

    private static uint PseudoHeader(TransportAddress source, TransportAddress destination, int udpLength)
    {
        Span<byte> addresses = stackalloc byte[32];
        addresses.Clear();
        source.CopyAddressTo(addresses);
        destination.CopyAddressTo(addresses[16..]);
        return Sum(addresses, (uint)(ProtocolUdp + udpLength));
    }

    /// <summary>RFC 1071: the ones' complement sum of 16-bit words, folded.</summary>
    private static ushort Sum(ReadOnlySpan<byte> bytes, uint start)
    {
        ulong sum = start;
        for (var i = 0; i + 1 < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        if (bytes.Length % 2 == 1) sum += (uint)(bytes[^1] << 8);
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }
}
