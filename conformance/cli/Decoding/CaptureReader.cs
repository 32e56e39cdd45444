using System.Buffers.Binary;
using System.Net;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>One UDP datagram of a capture file.</summary>
/// <param name="Packet">Number of its packet in the file, from 1, as Wireshark counts.</param>
internal sealed record CapturedUdp(int Packet, IPEndPoint Source, IPEndPoint Destination, byte[] Payload);

/// <summary>What a capture file holds.</summary>
/// <param name="Packets">Packets of any kind.</param>
/// <param name="Problem">Why reading ended before the end of the file; null when it did not.</param>
internal sealed record CaptureContent(IReadOnlyList<CapturedUdp> Datagrams, int Packets, string? Problem);

/// <summary>Reads the capture files of tcpdump, Wireshark and this suite: pcap and pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), either byte
/// order. Total: any bytes give what could be read and a reason why not more.</summary>
internal ref struct CaptureReader
{
    private const uint PcapMicroseconds = 0xA1B2C3D4, PcapNanoseconds = 0xA1B23C4D, SectionHeader = 0x0A0D0D0A, ByteOrder = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1, SimplePacket = 3, EnhancedPacket = 6;

    private readonly ReadOnlySpan<byte> _file;
    private readonly List<CapturedUdp> _datagrams = [];
    private readonly List<int> _linkTypes = [];
    private bool _bigEndian;
    private int _packets;

    private CaptureReader(ReadOnlySpan<byte> file) => _file = file;

    /// <summary>The file begins like a capture.</summary>
    public static bool IsCapture(ReadOnlySpan<byte> file) =>
        file.Length >= 4 && (BinaryPrimitives.ReadUInt32BigEndian(file) is PcapMicroseconds or PcapNanoseconds or SectionHeader
            || BinaryPrimitives.ReadUInt32LittleEndian(file) is PcapMicroseconds or PcapNanoseconds);

    public static CaptureContent Read(ReadOnlySpan<byte> file)
    {
        var reader = new CaptureReader(file);
        string? problem = file.Length < 4 ? "the file is empty"
            : BinaryPrimitives.ReadUInt32BigEndian(file) == SectionHeader ? reader.ReadBlocks() : reader.ReadRecords();
        return new(reader._datagrams, reader._packets, problem);
    }

    private readonly uint U32(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);

    private readonly int U16(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    /// <summary>The classic format: a header of 24 bytes, then records with a header of 16.</summary>
    private string? ReadRecords()
    {
        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(_file) is PcapMicroseconds or PcapNanoseconds;
        if (_file.Length < 24)
        {
            return "the file's header is cut off";
        }

        int linkType = (int)(U32(20) & 0x0FFFFFFF);
        for (int at = 24; at < _file.Length;)
        {
            if (_file.Length - at < 16 || U32(at + 8) > _file.Length - at - 16)
            {
                return $"the packet at byte {at} is cut off";
            }

            int captured = (int)U32(at + 8);
            Add(linkType, _file.Slice(at + 16, captured));
            at += 16 + captured;
        }

        return null;
    }

    private string? ReadBlocks()
    {
        for (int at = 0; at < _file.Length;)
        {
            if (_file.Length - at < 12)
            {
                return $"the block at byte {at} is cut off";
            }

            uint type = BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);
            if (type == SectionHeader)
            {
                _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(_file[(at + 8)..]) == ByteOrder;
                _linkTypes.Clear();
            }

            type = U32(at);
            uint length = U32(at + 4);
            if (length < 12 || length % 4 != 0 || length > _file.Length - at)
            {
                return $"the block at byte {at} has a length of {length} bytes, which cannot be";
            }

            if (!ReadBlock(type, at + 8, (int)length - 12))
            {
                return $"the block at byte {at} (type {type}) is damaged";
            }

            at += (int)length;
        }

        return null;
    }

    /// <param name="at">First byte of the body.</param>
    private bool ReadBlock(uint type, int at, int length)
    {
        switch (type)
        {
            case InterfaceDescription:
                if (length < 8)
                {
                    return false;
                }

                _linkTypes.Add(U16(at));
                return true;
            case EnhancedPacket:
                if (length < 20 || U32(at + 12) > length - 20 || U32(at) >= _linkTypes.Count)
                {
                    return false;
                }

                Add(_linkTypes[(int)U32(at)], _file.Slice(at + 20, (int)U32(at + 12)));
                return true;
            case SimplePacket:
                if (length < 4 || _linkTypes.Count == 0)
                {
                    return false;
                }

                Add(_linkTypes[0], _file.Slice(at + 4, (int)Math.Min(U32(at), (uint)(length - 4))));
                return true;
            default:
                return true;
        }
    }

    private void Add(int linkType, ReadOnlySpan<byte> packet)
    {
        _packets++;
        if (IpPacket.TryUdp(linkType, packet, out IPEndPoint? source, out IPEndPoint? destination, out ReadOnlySpan<byte> payload))
        {
            _datagrams.Add(new(_packets, source, destination, payload.ToArray()));
        }
    }
}
