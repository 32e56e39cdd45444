using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Simulation.Probing;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Simulation;

/// <summary>
/// Learns its mapped address from a STUN server, then says "ping" to the other's, again and again, and answers each ping where it came from.
/// </summary>
internal sealed class Puncher(TransportAddress local, TransportAddress server) : IWorldNode
{
    private readonly Outbox<Datagram> _outbox = new();
    private int _pings;

    public TransportAddress? Mapped { get; private set; }
    public TransportAddress? Other { get; set; }
    public bool HasPong { get; private set; }
    public Instant NextDeadline { get; private set; } = Instant.Start;

    public void Receive(Instant now, TransportAddress at, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (StunReading.TryRead(datagram, QuirkSet.None, out var reading, out _))
        {
            if (StunAddresses.TryReadXorMapped(reading, out var mapped)) Mapped = mapped;
            return;
        }
        if (datagram.SequenceEqual("ping"u8)) Say(remote, "pong"u8);
        else HasPong = true;
    }

    public void Advance(Instant now)
    {
        if (NextDeadline > now) return;
        if (Mapped is null) Say(server, new StunMessage { Method = StunMethod.Binding, Class = StunClass.Request, TransactionId = new byte[12], Attributes = [] }.ToArray());
        else if (Other is { } other && _pings++ < 10) Say(other, "ping"u8);
        NextDeadline = _pings < 10 ? now + TimeSpan.FromMilliseconds(100) : Instant.Never;
    }

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);

    private void Say(TransportAddress to, ReadOnlySpan<byte> bytes) => _outbox.Add(new Datagram(local, to, bytes.ToArray()));
}

/// <summary>Every pair of the nine kinds of NAT: plain hole punching works exactly where theory says.</summary>
public class HolePunchingTests
{
    private static readonly NatBehavior[] Behaviors = Enum.GetValues<NatBehavior>();
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1:3478");

    private static IEnumerable<NatPolicy> Kinds =>
        from mapping in Behaviors from filtering in Behaviors select new NatPolicy { Mapping = mapping, Filtering = filtering };

    /// <summary>
    /// A side that filters by address and port has let in the other's mapped address towards the server and nothing else, so what comes from the other must come
    /// from there: its mapping must not depend on whom it talks to. With any other filter the IP address is enough, and that is known.
    /// </summary>
    private static bool Theory(NatPolicy a, NatPolicy b) => Admits(a, b) && Admits(b, a);

    private static bool Admits(NatPolicy filter, NatPolicy other) =>
        filter.Filtering != NatBehavior.AddressAndPortDependent || other.Mapping == NatBehavior.EndpointIndependent;

    private static (bool Works, string Trace) Punch(NatPolicy a, NatPolicy b)
    {
        var world = new World(1);
        world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        var server = new NatProbeServer(Server, TransportAddress.Parse("198.51.100.2:3479"));
        world.AddHost("server", server, server.Addresses);
        Puncher Side(string name, NatPolicy policy, string external)
        {
            var inside = TransportAddress.Parse("192.168.1.2:4000");
            var puncher = new Puncher(inside, Server);
            world.AddHost(name, puncher, world.AddNat($"nat of {name}", policy, TransportAddress.Parse(external)), inside);
            return puncher;
        }
        var (left, right) = (Side("left", a, "203.0.113.1:0"), Side("right", b, "203.0.113.2:0"));
        Assert.True(world.RunUntil(() => left.Mapped is not null && right.Mapped is not null, TimeSpan.FromSeconds(1)));
        (left.Other, right.Other) = (right.Mapped, left.Mapped);
        world.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(left.HasPong, right.HasPong); // a path is a path both ways
        return (left.HasPong, world.TraceHash);
    }

    [Fact]
    public void All_81_pairs_connect_exactly_where_theory_says()
    {
        var table = new StringBuilder();
        var (works, wrong) = (0, 0);
        foreach (var a in Kinds)
        {
            foreach (var b in Kinds)
            {
                var (connects, trace) = Punch(a, b);
                Assert.Equal(trace, Punch(a, b).Trace);
                if (connects) works++;
                if (connects == Theory(a, b)) continue;
                wrong++;
                table.AppendLine($"{a.Mapping}/{a.Filtering} - {b.Mapping}/{b.Filtering}: {connects}");
            }
        }
        Assert.True(wrong == 0, table.ToString());
        // By hand: a side that filters by address and port (3 of 9 kinds) fails with each mapping that depends (6 of 9). Of the 81 ordered pairs
        // 18 fail for the left side's filter, 18 for the right side's, 4 for both: 81 - 32 = 49.
        Assert.Equal(49, works);
    }

    /// <summary>The hand-made table of what people know by other names.</summary>
    [Theory]
    [InlineData("full cone", "symmetric", true)]
    [InlineData("restricted", "symmetric", true)]
    [InlineData("port restricted", "port restricted", true)]
    [InlineData("port restricted", "symmetric", false)]
    [InlineData("symmetric", "symmetric", false)]
    public void The_classical_kinds_connect_as_is_known(string one, string other, bool connects)
    {
        static NatPolicy Kind(string name) => name switch
        {
            "full cone" => new NatPolicy(),
            "restricted" => new NatPolicy { Filtering = NatBehavior.AddressDependent },
            "port restricted" => new NatPolicy { Filtering = NatBehavior.AddressAndPortDependent },
            _ => new NatPolicy { Mapping = NatBehavior.AddressAndPortDependent, Filtering = NatBehavior.AddressAndPortDependent },
        };
        Assert.Equal(connects, Punch(Kind(one), Kind(other)).Works);
    }
}
