using WebRtcConformance.Host;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>The same machines over real UDP: the server's relayed addresses are sockets that were bound for it.</summary>
public class TurnUdpTests
{
    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void Client_and_server_relay_over_real_UDP(string loopback)
    {
        var any = TransportAddress.Parse(loopback);
        if (any.Family == IpFamily.IPv6) Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "no IPv6 on this machine");
        using var host = new UdpHost();
        var (listening, own, other) = (host.Bind(any), host.Bind(any), host.Bind(any));
        TransportAddress[] relays = [host.Bind(any), host.Bind(any)];
        var policy = new TurnServerPolicy { Relays = [.. relays.Select(r => new TurnRelayRange(r, 1))] };
        var server = new TurnServerNode(new TurnServer(policy, new Entropy(OsEntropy.Seed()), new Dictionary<string, string> { ["alice"] = "secret" }, [listening]));
        var client = new TurnClientNode(new TurnClient(new TurnClientPolicy { Families = any.Family == IpFamily.IPv6 ? TurnFamilies.IPv6 : TurnFamilies.Default },
            new Entropy(OsEntropy.Seed()), [own], listening, "alice", "secret"));
        var peer = new Listener(other);
        host.Attach(server, [listening, .. relays]);
        host.Attach(client, own);
        host.Attach(peer, other);

        client.Client.Allocate(host.Now);
        Assert.True(host.RunUntil(() => client.Client.State == TurnClientState.Allocated, TimeSpan.FromSeconds(20)));
        client.Client.Bind(host.Now, other);
        client.Client.Send(host.Now, other, "hello"u8);
        Assert.True(host.RunUntil(() => peer.Heard.Count > 0, TimeSpan.FromSeconds(20)));
        Assert.Contains(peer.Heard[0].From, relays);
        peer.Say(peer.Heard[0].From, "hi");
        string? heard = null;
        Assert.True(host.RunUntil(() =>
        {
            while (client.TryTakeEvent(out var output))
            {
                if (output is TurnEvent.Received received) heard = System.Text.Encoding.UTF8.GetString(received.Data.Span);
            }
            return heard is not null;
        }, TimeSpan.FromSeconds(20)));
        Assert.Equal("hi", heard);
    }
}
