using System.Globalization;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>One packet that our peer sent or received, with the words that go into the capture file's packet comment.</summary>
public sealed record RecordedPacket(Instant At, bool Sent, TransportAddress From, TransportAddress To, byte[] Bytes, string Comment);

/// <summary>What happened in a case: the source of its timeline, its capture file and its bundle. Bounded: a flood keeps its
/// beginning, and the number of what was left out.</summary>
public sealed class Recorder
{
    private const int MaximumPackets = 2_000;
    private readonly List<(Instant At, string Text)> _notes = [];
    private readonly List<RecordedPacket> _packets = [];

    public IReadOnlyList<RecordedPacket> Packets => _packets;

    public int Omitted { get; private set; }

    public void Packet(RecordedPacket packet)
    {
        if (_packets.Count < MaximumPackets)
        {
            _packets.Add(packet);
            Note(packet.At, string.Create(CultureInfo.InvariantCulture,
                $"{(packet.Sent ? "->" : "<-")} {(packet.Sent ? packet.To : packet.From)} {packet.Bytes.Length} bytes: {packet.Comment}"));
        }
        else
        {
            Omitted++;
        }
    }

    public void Note(Instant at, string text)
    {
        if (_notes.Count < 2 * MaximumPackets) _notes.Add((at, text));
    }

    /// <summary>One line an event: seconds since the first event, then what happened.</summary>
    public IReadOnlyList<string> Timeline()
    {
        if (_notes.Count == 0) return [];
        var start = _notes[0].At;
        var lines = _notes.Select(n => string.Create(CultureInfo.InvariantCulture, $"{(n.At - start).TotalSeconds,9:F6} {n.Text}")).ToList();
        if (Omitted > 0) lines.Add(string.Create(CultureInfo.InvariantCulture, $"          {Omitted} more packets were not recorded"));
        return lines;
    }

    public void Clear()
    {
        _notes.Clear();
        _packets.Clear();
        Omitted = 0;
    }
}
