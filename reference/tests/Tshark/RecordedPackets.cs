namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>Datagrams that real implementations sent: Corpus/packets, one file an implementation or a conversation. The first line of a file says
/// what its columns are; the last one is the UDP payload in hex.</summary>
internal static class RecordedPackets
{
    public static IReadOnlyList<(string Source, byte[] Bytes)> All { get; } =
    [
        .. from file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", "packets"), "*.txt").Order(StringComparer.Ordinal)
           from line in File.ReadLines(file).Index()
           where line.Item.Length > 0 && !line.Item.StartsWith('#')
           select ($"{Path.GetFileName(file)}:{line.Index + 1}", Convert.FromHexString(line.Item[(line.Item.LastIndexOf(' ') + 1)..])),
    ];

    /// <summary>Those with a first byte in this range (RFC 7983 section 7).</summary>
    public static IReadOnlyList<(string Source, byte[] Bytes)> FromTo(byte from, byte to) => [.. All.Where(packet => packet.Bytes[0] >= from && packet.Bytes[0] <= to)];
}
