using System.Buffers.Binary;
using System.Text;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation.Capture;

/// <summary>One datagram of a capture.</summary>
public sealed record CapturedDatagram(string Interface, Instant At, TransportAddress Source, TransportAddress Destination, byte[] Payload, string? Comment);

/// <summary>What a capture file holds.</summary>
/// <param name="Interfaces">Names in order.</param>
/// <param name="Datagrams">UDP datagrams in file order; packets of other kinds are left out.</param>
/// <param name="TlsSecrets">The text of all TLS secrets blocks.</param>
public sealed record CaptureFile(IReadOnlyList<string> Interfaces, IReadOnlyList<CapturedDatagram> Datagrams, string TlsSecrets);

/// <summary>Reads back what <see cref="PcapngWriter"/> writes: little-endian, RAW link type, nanoseconds. Total: other bytes give an error.</summary>
public static class PcapngReader
{
    /// <summary>Read a file. False with one line of reason and offset when it is not such a capture.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out CaptureFile capture, out string error)
    {
        var interfaces = new List<string>();
        var datagrams = new List<CapturedDatagram>();
        var secrets = new StringBuilder();
        capture = new CaptureFile(interfaces, datagrams, "");
        error = "";
        for (var at = 0; at < file.Length;)
        {
            if (!TryBlock(file[at..], out var type, out var body))
            {
                error = $"offset {at}: not a pcapng block";
                return false;
            }
            if (at == 0 && (type != PcapngBlock.SectionHeader || body.Length < 16 || U32(body) != PcapngBlock.ByteOrderMagic))
            {
                error = "offset 0: not a little-endian pcapng section";
                return false;
            }
            var wellFormed = type switch
            {
                PcapngBlock.InterfaceDescription => TryInterface(body, interfaces),
                PcapngBlock.EnhancedPacket => TryPacket(body, interfaces, datagrams),
                PcapngBlock.DecryptionSecrets => TrySecrets(body, secrets),
                _ => true, // a block of another type is skipped
            };
            if (!wellFormed)
            {
                error = $"offset {at}: block of type {type} is damaged or of another kind than this reader knows";
                return false;
            }
            at += body.Length + 12;
        }
        capture = capture with { TlsSecrets = secrets.ToString() };
        if (file.Length == 0) error = "the file is empty";
        return file.Length > 0;
    }

    private static bool TryBlock(ReadOnlySpan<byte> rest, out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (rest.Length < 12) return false;
        type = U32(rest);
        var total = U32(rest[4..]);
        if (total < 12 || total % 4 != 0 || total > rest.Length || U32(rest[((int)total - 4)..]) != total) return false;
        body = rest[8..((int)total - 4)];
        return true;
    }

    private static bool TryInterface(ReadOnlySpan<byte> body, List<string> interfaces)
    {
        if (body.Length < 8 || BinaryPrimitives.ReadUInt16LittleEndian(body) != 101) return false;
        var options = body[8..];
        if (!TryOption(options, 9, out var resolution) || resolution.Length != 1 || resolution[0] != 9) return false;
        interfaces.Add(TryOption(options, 2, out var name) ? Encoding.UTF8.GetString(name) : $"interface {interfaces.Count}");
        return true;
    }

    private static bool TryPacket(ReadOnlySpan<byte> body, List<string> interfaces, List<CapturedDatagram> datagrams)
    {
        if (body.Length < 20 || U32(body) >= interfaces.Count) return false;
        var captured = U32(body[12..]);
        if (captured > body.Length - 20) return false;
        var packet = body.Slice(20, (int)captured);
        var comment = TryOption(body[(20 + ((int)captured + 3) / 4 * 4)..], 1, out var text) ? Encoding.UTF8.GetString(text) : null;
        var at = new Instant((long)((ulong)U32(body[4..]) << 32 | U32(body[8..])));
        if (UdpFraming.TryUnframe(packet, out var source, out var destination, out var payload))
            datagrams.Add(new CapturedDatagram(interfaces[(int)U32(body)], at, source, destination, payload, comment));
        return true;
    }

    private static bool TrySecrets(ReadOnlySpan<byte> body, StringBuilder secrets)
    {
        if (body.Length < 8 || U32(body[4..]) > body.Length - 8) return false;
        secrets.Append(Encoding.UTF8.GetString(body.Slice(8, (int)U32(body[4..]))));
        return true;
    }

    private static bool TryOption(ReadOnlySpan<byte> options, ushort wanted, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (options.Length >= 4)
        {
            var code = BinaryPrimitives.ReadUInt16LittleEndian(options);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(options[2..]);
            if (code == 0 || length > options.Length - 4) return false;
            if (code == wanted)
            {
                value = options.Slice(4, length);
                return true;
            }
            options = options[Math.Min(options.Length, 4 + (length + 3) / 4 * 4)..];
        }
        return false;
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
