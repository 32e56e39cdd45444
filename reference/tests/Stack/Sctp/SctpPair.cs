using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>One end of a pair: an association in a world, and what it has said.</summary>
public sealed class SctpEnd
{
    public SctpEnd(World world, string name, TransportAddress local, TransportAddress remote, SctpPolicy policy, QuirkSet quirks)
    {
        Association = new SctpAssociation(policy, world.Entropy.Fork(name), quirks);
        Node = new SctpNode(Association, local, remote, (_, output) => Take(output));
        Host = world.AddHost(name, Node, local);
    }

    public SctpAssociation Association { get; }
    public SctpNode Node { get; }
    public WorldHost Host { get; }

    /// <summary>Messages in the order in which they came.</summary>
    public List<(ushort Stream, bool Unordered, byte[] Bytes)> Messages { get; } = [];

    /// <summary>Everything else, as text.</summary>
    public List<string> Events { get; } = [];

    public List<Discard> Discards { get; } = [];

    public SctpClose? Close { get; private set; }

    public bool IsOpen => Association.State == SctpState.Established;

    private void Take(SctpOutput output)
    {
        switch (output.Kind)
        {
            case SctpOutputKind.Received: Messages.Add((output.Stream, output.Unordered, output.Bytes.ToArray())); break;
            case SctpOutputKind.Discarded: Discards.Add(output.Discard); break;
            default:
                if (output.Kind == SctpOutputKind.Closed) Close = output.Close;
                Events.Add(output.ToString());
                break;
        }
    }
}

/// <summary>Two of our associations in a world of their own.</summary>
public sealed class SctpPair
{
    private static readonly TransportAddress AddressA = TransportAddress.Parse("10.0.0.1:9"), AddressB = TransportAddress.Parse("10.0.0.2:9");

    public SctpPair(ulong seed = 1, LinkPolicy? link = null, SctpPolicy? policy = null, SctpPolicy? policyB = null, QuirkSet quirks = default, QuirkSet quirksB = default)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        policy ??= new SctpPolicy();
        A = new SctpEnd(World, "a", AddressA, AddressB, policy, quirks);
        B = new SctpEnd(World, "b", AddressB, AddressA, policyB ?? policy, quirksB);
        World.Observer = happened =>
        {
            if (happened.Fate == Fate.Sent) Sent.Add((happened.Datagram.Local == AddressA ? 'a' : 'b', happened.At, happened.Datagram.Bytes.ToArray()));
        };
    }

    public World World { get; }
    public SctpEnd A { get; }
    public SctpEnd B { get; }

    /// <summary>Every packet that was sent: by whom, when.</summary>
    public List<(char From, Instant At, byte[] Bytes)> Sent { get; } = [];

    public Instant Now => World.Now;

    /// <summary>What the pair sent, packet by packet: "a INIT", "b COOKIE-ACK SACK".</summary>
    public IEnumerable<string> Dialogue => Sent.Select(s => $"{s.From} {string.Join(" ", Packet(s.Bytes).Chunks.Select(Name))}");

    public static SctpPacket Packet(byte[] bytes)
    {
        Assert.True(SctpPacket.TryParse(bytes, out var packet, out var error), $"{error} {Convert.ToHexString(bytes)}");
        return packet;
    }

    public static string Name(SctpChunk chunk) => chunk is OtherChunk other ? $"Chunk{(int)other.Type}" : chunk.GetType().Name.Replace("Chunk", "");

    public SctpPair Connect(bool both = false, double within = 120)
    {
        A.Association.Connect(Now);
        if (both) B.Association.Connect(Now);
        Assert.True(World.RunUntil(() => A.IsOpen && B.IsOpen, TimeSpan.FromSeconds(within)), $"not open: {A.Association.State}, {B.Association.State}; {string.Join("; ", A.Events.Concat(B.Events))}");
        return this;
    }

    public SctpSendResult Send(SctpEnd from, ushort stream, byte[] bytes, SctpSendOptions options = default) =>
        from.Association.Send(Now, stream, SctpPayloadProtocolIdentifier.WebRtcBinary, bytes, options);

    public void Run(double seconds) => World.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Bytes that tell their place: message n of a stream, of that length.</summary>
    public static byte[] Message(int number, int length)
    {
        var bytes = new byte[Math.Max(4, length)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(number * 31 + i * 7);
        BitConverter.TryWriteBytes(bytes, number);
        return bytes;
    }
}
