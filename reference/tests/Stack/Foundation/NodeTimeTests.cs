using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

/// <summary>Nodes without DTLS say when something has happened, also when a command made it happen.</summary>
public class NodeTimeTests
{
    private static readonly TransportAddress A = TransportAddress.Parse("10.0.0.1:9"), B = TransportAddress.Parse("10.0.0.2:9");
    private static readonly Instant Begun = Instant.Start + TimeSpan.FromSeconds(5), Ended = Instant.Start + TimeSpan.FromSeconds(7);

    [Fact]
    public void An_association_that_a_command_ends_ends_at_the_commands_time()
    {
        List<Instant> times = [];
        var association = new SctpAssociation(new SctpPolicy(), new Entropy(1));
        var node = new SctpNode(association, A, B, (at, output) =>
        {
            if (output.Kind == SctpOutputKind.Closed) times.Add(at);
        });
        association.Connect(Begun);
        Drain(node);
        association.Abort(Ended);
        Drain(node);
        Assert.Equal([Ended], times);
    }

    [Fact]
    public void So_do_data_channels()
    {
        List<Instant> times = [];
        var hub = new DataChannelHub(new DataChannelPolicy(), new SctpPolicy(), new Entropy(1));
        var node = new DataChannelNode(hub, A, B, (at, _) => times.Add(at));
        hub.Begin(Begun, DataChannelRole.DtlsClient);
        hub.Open(Begun, new DataChannelOptions { Label = "x" });
        Drain(node);
        Assert.Empty(times);
        hub.Abort(Ended);
        Drain(node);
        Assert.NotEmpty(times);
        Assert.All(times, t => Assert.Equal(Ended, t));
    }

    private static void Drain(IWorldNode node)
    {
        while (node.TryTake(out _))
        {
        }
    }
}
