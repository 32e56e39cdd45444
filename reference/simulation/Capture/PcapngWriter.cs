using System.Buffers.Binary;
using System.Text;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation.Capture;

/// <summary>
/// Writes a capture file that Wireshark opens (PCAP Next Generation, draft-ietf-opsawg-pcapng): one section, any number
/// of named interfaces, nanosecond time stamps, a comment on each packet, and TLS secrets inside the file. Datagrams get
/// synthetic IP and UDP headers with right checksums; the link type is RAW, so there is no Ethernet to invent.
/// The stream is the caller's: it is neither flushed nor closed.
/// </summary>
public sealed class PcapngWriter
{
    private const ushort LinkTypeRaw = 101;
    private const uint TlsKeyLog = 0x544c534b;

    private readonly Stream _stream;
    private readonly long _originUnixNanoseconds;
    private int _interfaces;

    /// <summary>Begin a file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="application">Who wrote it; shown in the file's properties.</param>
    /// <param name="originUnixNanoseconds">What <see cref="Instant.Start"/> means; 0 for virtual time.</param>
    public PcapngWriter(Stream stream, string application = "WebRtcConformance", long originUnixNanoseconds = 0)
    {
        _stream = stream;
        _originUnixNanoseconds = originUnixNanoseconds;
        var header = new PcapngBlock(PcapngBlock.SectionHeader);
        header.UInt32(PcapngBlock.ByteOrderMagic);
        header.UInt16(1); // major
        header.UInt16(0); // minor
        header.UInt64(ulong.MaxValue); // section length: not specified
        header.Option(4, application);
        header.EndOptions();
        header.WriteTo(_stream);
    }

    /// <summary>Add an interface; returns its number, 0 first.</summary>
    public int AddInterface(string name, string? description = null)
    {
        var block = new PcapngBlock(PcapngBlock.InterfaceDescription);
        block.UInt16(LinkTypeRaw);
        block.UInt16(0);
        block.UInt32(0); // no snapshot limit
        block.Option(2, name);
        if (description is not null) block.Option(3, description);
        block.Option(9, [9]); // if_tsresol: 10^-9
        block.EndOptions();
        block.WriteTo(_stream);
        return _interfaces++;
    }

    /// <summary>Add one UDP datagram.</summary>
    /// <exception cref="ArgumentException">Unknown interface, mixed families, or a payload too long for UDP.</exception>
    public void WriteDatagram(int @interface, Instant at, TransportAddress source, TransportAddress destination,
        ReadOnlySpan<byte> payload, string? comment = null)
    {
        if (@interface < 0 || @interface >= _interfaces) throw new ArgumentException($"there is no interface {@interface}", nameof(@interface));
        var packet = UdpFraming.Frame(source, destination, payload);
        var time = (ulong)(_originUnixNanoseconds + at.Nanoseconds);
        var block = new PcapngBlock(PcapngBlock.EnhancedPacket);
        block.UInt32((uint)@interface);
        block.UInt32((uint)(time >> 32));
        block.UInt32((uint)time);
        block.UInt32((uint)packet.Length);
        block.UInt32((uint)packet.Length);
        block.Padded(packet);
        if (!string.IsNullOrEmpty(comment))
        {
            block.Option(1, comment);
            block.EndOptions();
        }
        block.WriteTo(_stream);
    }

    /// <summary>Add TLS secrets (NSS key log lines), so that a reader decrypts without being given a file.</summary>
    public void WriteTlsSecrets(string keyLog)
    {
        var bytes = Encoding.UTF8.GetBytes(keyLog);
        var block = new PcapngBlock(PcapngBlock.DecryptionSecrets);
        block.UInt32(TlsKeyLog);
        block.UInt32((uint)bytes.Length);
        block.Padded(bytes);
        block.WriteTo(_stream);
    }
}

/// <summary>One block in the making: type, length, body, length again, all little-endian, body padded to 4.</summary>
internal sealed class PcapngBlock(uint type)
{
    public const uint SectionHeader = 0x0A0D0D0A;
    public const uint InterfaceDescription = 1;
    public const uint EnhancedPacket = 6;
    public const uint DecryptionSecrets = 10;
    public const uint ByteOrderMagic = 0x1A2B3C4D;

    private readonly MemoryStream _body = new();

    public void UInt16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _body.Write(bytes);
    }

    public void UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _body.Write(bytes);
    }

    public void UInt64(ulong value)
    {
        UInt32((uint)value);
        UInt32((uint)(value >> 32));
    }

    public void Padded(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        while (_body.Length % 4 != 0) _body.WriteByte(0);
    }

    public void Option(ushort code, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Option(code, bytes.AsSpan(0, Math.Min(bytes.Length, ushort.MaxValue)));
    }

    public void Option(ushort code, ReadOnlySpan<byte> value)
    {
        UInt16(code);
        UInt16((ushort)value.Length);
        Padded(value);
    }

    public void EndOptions() => UInt32(0);

    public void WriteTo(Stream stream)
    {
        Span<byte> word = stackalloc byte[4];
        var total = (uint)(12 + _body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(word, type);
        stream.Write(word);
        BinaryPrimitives.WriteUInt32LittleEndian(word, total);
        stream.Write(word);
        _body.WriteTo(stream);
        stream.Write(word);
    }
}
