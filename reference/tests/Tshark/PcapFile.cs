using System.Buffers.Binary;

namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>What stands directly above IP.</summary>
internal enum IpProtocol : byte { Udp = 17, Sctp = 132 }

/// <summary>A capture file of the classic format (draft-ietf-opsawg-pcap), link type RAW. Each datagram has a source port of its own, so that a
/// dissector with a memory treats each as the first of its flow.</summary>
internal static class PcapFile
{
    /// <summary>The destination port of all UDP datagrams.</summary>
    public const int Port = 40001;

    private const int LinkTypeRaw = 101, FirstSourcePort = 61_000, IpHeader = 20, UdpHeader = 8;

    public static byte[] Of(IReadOnlyList<byte[]> datagrams, IpProtocol protocol)
    {
        var file = new MemoryStream();
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 0x40000);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeRaw);
        file.Write(header);
        Span<byte> record = stackalloc byte[16];
        for (var i = 0; i < datagrams.Count; i++)
        {
            var packet = Packet(datagrams[i], protocol, FirstSourcePort + i);
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)i);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], 0);
            BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)packet.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)packet.Length);
            file.Write(record);
            file.Write(packet);
        }
        return file.ToArray();
    }

    private static byte[] Packet(byte[] payload, IpProtocol protocol, int sourcePort)
    {
        var udp = protocol == IpProtocol.Udp ? UdpHeader : 0;
        var packet = new byte[IpHeader + udp + payload.Length];
        packet[0] = 0x45; // version 4, header of 5 words
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64; // time to live
        packet[9] = (byte)protocol;
        ((ReadOnlySpan<byte>)[192, 0, 2, 1, 192, 0, 2, 2]).CopyTo(packet.AsSpan(12));
        // Without UDP, the flow is told apart by the address.
        if (udp == 0) BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), (ushort)sourcePort);
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpHeader), (ushort)sourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpHeader + 2), Port);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpHeader + 4), (ushort)(udp + payload.Length)); // and no checksum
        }
        payload.CopyTo(packet, IpHeader + udp);
        return packet;
    }
}
