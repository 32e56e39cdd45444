using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.DataChannels;

/// <summary>One end of a pair: a hub in a world, and what it has said.</summary>
public sealed class HubEnd
{
    public HubEnd(World world, string name, TransportAddress local, TransportAddress remote, DataChannelPolicy policy, SctpPolicy sctp, QuirkSet quirks)
    {
        Hub = new DataChannelHub(policy, sctp, world.Entropy.Fork(name), quirks);
        world.AddHost(name, new DataChannelNode(Hub, local, remote, (_, output) => Take(output)), local);
    }

    public DataChannelHub Hub { get; }

    /// <summary>What was said, as "Announced 0 'label'", "Text 0 hello", "Binary 0 3 bytes", "Closed 0".</summary>
    public List<string> Said { get; } = [];

    public List<Discard> Discards { get; } = [];
    public List<DataChannel> Announced { get; } = [];
    public List<byte[]> Messages { get; } = [];
    public bool IsConnected { get; private set; }

    private void Take(DataChannelOutput output)
    {
        switch (output.Kind)
        {
            case DataChannelOutputKind.Discarded: Discards.Add(output.Discard); return;
            case DataChannelOutputKind.Connected: IsConnected = true; return;
            case DataChannelOutputKind.Disconnected: Said.Add($"Disconnected {output.Close.Reason}"); return;
            case DataChannelOutputKind.Text or DataChannelOutputKind.Binary:
                Messages.Add(output.Bytes.ToArray());
                var text = output.Kind == DataChannelOutputKind.Text && output.Bytes.Length < 40 ? Encoding.UTF8.GetString(output.Bytes.Span) : $"{output.Bytes.Length} bytes";
                Said.Add($"{output.Kind} {output.Channel.Id} {text}");
                return;
            case DataChannelOutputKind.Announced: Announced.Add(output.Channel); break;
        }
        Said.Add($"{output.Kind} {output.Channel.Id}{(output.Kind == DataChannelOutputKind.Announced ? $" '{output.Channel.Options.Label}'" : "")}");
    }
}

/// <summary>Two hubs in a world of their own: A is the DTLS client.</summary>
public sealed class HubPair
{
    private static readonly TransportAddress AddressA = TransportAddress.Parse("10.0.0.1:9"), AddressB = TransportAddress.Parse("10.0.0.2:9");

    public HubPair(ulong seed = 1, LinkPolicy? link = null, DataChannelPolicy? policy = null, SctpPolicy? sctp = null, SctpPolicy? sctpB = null, QuirkSet quirks = default, QuirkSet quirksB = default)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        policy ??= new DataChannelPolicy();
        sctp ??= new SctpPolicy { Interleaving = true };
        A = new HubEnd(World, "a", AddressA, AddressB, policy, sctp, quirks);
        B = new HubEnd(World, "b", AddressB, AddressA, policy, sctpB ?? sctp, quirksB);
        World.Observer = happened =>
        {
            if (happened.Fate == Fate.Sent && SctpPacket.TryParse(happened.Datagram.Bytes.Span, out var packet, out _))
                Sent.Add((happened.Datagram.Local == AddressA ? 'a' : 'b', packet));
        };
    }

    public World World { get; }
    public HubEnd A { get; }
    public HubEnd B { get; }
    public List<(char From, SctpPacket Packet)> Sent { get; } = [];
    public Instant Now => World.Now;

    public HubPair Connect()
    {
        A.Hub.Begin(Now, DataChannelRole.DtlsClient);
        B.Hub.Begin(Now, DataChannelRole.DtlsServer);
        Assert.True(World.RunUntil(() => A.IsConnected && B.IsConnected, TimeSpan.FromMinutes(5)), $"not connected: {A.Hub.Association.State}, {B.Hub.Association.State}");
        Run(1);
        return this;
    }

    /// <summary>A channel that A has opened, in A's hands.</summary>
    public DataChannel Open(DataChannelOptions? options = null)
    {
        var channel = A.Hub.Open(Now, options ?? new DataChannelOptions { Label = "l" })!;
        Run(1);
        return channel;
    }

    public void Run(double seconds) => World.RunFor(TimeSpan.FromSeconds(seconds));

    public DataChannelSendResult Text(HubEnd from, DataChannel channel, string text) => from.Hub.Send(Now, channel, text: true, Encoding.UTF8.GetBytes(text));

    public DataChannelSendResult Binary(HubEnd from, DataChannel channel, byte[] bytes) => from.Hub.Send(Now, channel, text: false, bytes);
}
