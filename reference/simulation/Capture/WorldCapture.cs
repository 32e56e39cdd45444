using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation.Capture;

/// <summary>
/// Records a world: what each host sends and receives appears on that host's interface; datagrams that go nowhere appear
/// on the interface "(nobody)" or their sender's, with the reason as comment.
/// </summary>
public sealed class WorldCapture
{
    private readonly PcapngWriter _writer;
    private readonly World _world;
    private readonly Dictionary<string, int> _interfaces = [];

    /// <summary>Start recording; becomes the world's observer.</summary>
    public WorldCapture(World world, PcapngWriter writer)
    {
        _world = world;
        _writer = writer;
        world.Observer += Record;
    }

    private void Record(WorldEvent happened)
    {
        var (local, remote) = (happened.Datagram.Local, happened.Datagram.Remote);
        if (local.Family != remote.Family || local.Family == IpFamily.None) return; // cannot be framed as IP
        var seenBy = _world.NameAt(happened.Fate == Fate.Delivered ? remote : local);
        if (!_interfaces.TryGetValue(seenBy, out var number)) number = _interfaces[seenBy] = _writer.AddInterface(seenBy);
        var comment = happened.Note.Length == 0 ? happened.Fate.ToString() : $"{happened.Fate}: {happened.Note}";
        _writer.WriteDatagram(number, happened.At, local, remote, happened.Datagram.Bytes.Span, comment);
    }
}
