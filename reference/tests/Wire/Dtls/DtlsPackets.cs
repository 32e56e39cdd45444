using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Dtls13Record;

namespace WebRtcConformance.Wire.Tests;

/// <summary>A datagram that an implementation sent.</summary>
/// <param name="File">Name of the recording, e.g. "pion".</param>
/// <param name="Sender">Tells the two sides of a recorded conversation apart.</param>
public sealed record DtlsPacket(string File, string Sender, byte[] Bytes);

/// <summary>A handshake message, put together from its fragments: header with an offset of 0, then the whole body.</summary>
public sealed record DtlsHandshakeMessage(string File, string Sender, ushort Sequence, byte[] Bytes)
{
    /// <summary>Recorded where DTLS 1.3 was spoken.</summary>
    public bool Is13 => File.EndsWith("dtls13", StringComparison.Ordinal);
}

/// <summary>The recordings under packets/; each says in its first line where it comes from and what its columns are.</summary>
public static class DtlsPackets
{
    public static IReadOnlyList<DtlsPacket> All { get; } = Read();

    /// <summary>Every handshake message of epoch 0, in the order in which they were begun.</summary>
    public static IReadOnlyList<DtlsHandshakeMessage> Messages { get; } = Reassemble();

    /// <summary>A message's bytes.</summary>
    public static byte[] Message(string file, byte type, string? sender = null) =>
        Messages.First(m => m.File == file && m.Bytes[0] == type && (sender is null || m.Sender == sender)).Bytes;

    private static DtlsPacket[] Read()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WebRtcConformance.sln"))) folder = Path.GetDirectoryName(folder);
        var packets = new List<DtlsPacket>();
        foreach (var path in Directory.GetFiles(Path.Combine(folder!, "reference/tests/Wire/Dtls/packets"), "*.txt").Order(StringComparer.Ordinal))
            foreach (var line in File.ReadLines(path).Where(l => !l.StartsWith('#')))
            {
                var columns = line.Split(' ');
                packets.Add(new(Path.GetFileNameWithoutExtension(path), columns.Length == 5 ? columns[1] : "", Convert.FromHexString(columns[^1])));
            }
        return [.. packets];
    }

    /// <summary>By hand, as RFC 6347 section 4.2.3 says: fragments of one message have its type, length and sequence number.</summary>
    private static DtlsHandshakeMessage[] Reassemble()
    {
        var messages = new List<DtlsHandshakeMessage>();
        var missing = new Dictionary<DtlsHandshakeMessage, HashSet<int>>();
        foreach (var packet in All)
        {
            Assert.True(Dtls13Datagram.TryParse(packet.Bytes, out var datagram, out var error), error.ToString());
            var plain = datagram.Records.Select(r => r.Content).OfType<DtlsRecord>().Select(r => r.Content);
            foreach (var fragment in plain.OfType<HandshakeFragments>().SelectMany(f => f.Fragments))
            {
                var length = (int)fragment.Length;
                var message = messages.Find(m => (m.File, m.Sender, m.Sequence) == (packet.File, packet.Sender, fragment.MessageSeq));
                if (message is null)
                {
                    message = new(packet.File, packet.Sender, fragment.MessageSeq, new byte[12 + length]);
                    var header = new[] { (byte)fragment.MsgType, (byte)(length >> 16), (byte)(length >> 8), (byte)length,
                        (byte)(fragment.MessageSeq >> 8), (byte)fragment.MessageSeq, (byte)0, (byte)0, (byte)0, (byte)(length >> 16), (byte)(length >> 8), (byte)length };
                    header.CopyTo(message.Bytes, 0);
                    messages.Add(message);
                    missing.Add(message, [.. Enumerable.Range(0, length)]);
                }
                fragment.Body.Span.CopyTo(message.Bytes.AsSpan(12 + (int)fragment.FragmentOffset));
                missing[message].ExceptWith(Enumerable.Range((int)fragment.FragmentOffset, fragment.Body.Length));
            }
        }
        Assert.All(messages, m => Assert.Empty(missing[m]));
        return [.. messages];
    }
}
