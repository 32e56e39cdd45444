using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation.Capture;

/// <summary>
/// Records a world: what each host sends and receives appears on that host's interface; datagrams that go nowhere appear
/// on the interface "(nobody)" or their sender's, with the reason as comment. What its nodes log of their keys stands before the datagrams that need it.
/// </summary>
public sealed class WorldCapture
{
    private readonly PcapngWriter _writer;
    private readonly World _world;
    private readonly Dictionary<string, int> _interfaces = [];
    private readonly HashSet<string> _keys = [];

    /// <summary>Start recording; becomes one of the world's observers.</summary>
    public WorldCapture(World world, PcapngWriter writer)
    {
        _world = world;
        _writer = writer;
        world.Observer += Record;
        world.KeyLogObserver += line =>
        {
            if (_keys.Add(line)) AddKeyLog(line); // both ends of a session have the same
        };
    }

    /// <summary>Add what a machine keeps secret, as lines of a key log (NSS format), before the first datagram that needs them: a Decryption Secrets Block.</summary>
    public void AddKeyLog(string lines) => _writer.WriteTlsSecrets(lines.EndsWith('\n') ? lines : lines + "\n");

    /// <summary>Add what a host's machines say or hear in clear text, on an interface of its own: "left (clear text)".</summary>
    /// <param name="host">Whose.</param>
    /// <param name="source">Who says it.</param>
    /// <param name="destination">Who hears it.</param>
    /// <param name="bytes">The payload without its protection.</param>
    /// <param name="comment">One line for a reader.</param>
    public void AddClearText(string host, TransportAddress source, TransportAddress destination, ReadOnlySpan<byte> bytes, string? comment = null) =>
        _writer.WriteDatagram(Interface($"{host} (clear text)"), _world.Now, source, destination, bytes, comment);

    private void Record(WorldEvent happened)
    {
        var (local, remote) = (happened.Datagram.Local, happened.Datagram.Remote);
        if (local.Family != remote.Family || local.Family == IpFamily.None) return; // cannot be framed as IP
        var comment = happened.Note.Length == 0 ? happened.Fate.ToString() : $"{happened.Fate}: {happened.Note}";
        _writer.WriteDatagram(Interface(happened.Where), happened.At, local, remote, happened.Datagram.Bytes.Span, comment);
    }

    private int Interface(string name)
    {
        if (_interfaces.TryGetValue(name, out var number)) return number;
        return _interfaces[name] = _writer.AddInterface(name);
    }
}
