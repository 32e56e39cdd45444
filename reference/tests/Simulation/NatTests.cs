using WebRtcConformance.Simulation;
using WebRtcConformance.Simulation.Probing;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Simulation;

/// <summary>NATs (RFC 4787) and firewalls, seen from outside and inside.</summary>
public class NatTests
{
    private static readonly NatBehavior[] Behaviors = Enum.GetValues<NatBehavior>();
    private static readonly TransportAddress Inside = TransportAddress.Parse("192.168.1.2:4000"), Outside = TransportAddress.Parse("203.0.113.1:0"),
        Primary = TransportAddress.Parse("198.51.100.1:3478"), Alternate = TransportAddress.Parse("198.51.100.2:3479");

    private static World Probed(NatPolicy policy, out NatProbe probe, Func<World, Middlebox?>? outer = null)
    {
        var world = new World(1);
        world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        var server = new NatProbeServer(Primary, Alternate);
        world.AddHost("server", server, server.Addresses);
        var behind = outer?.Invoke(world);
        var nat = world.AddNat("nat", policy, behind, behind is null ? Outside : TransportAddress.Parse("100.64.0.1:0"));
        probe = new NatProbe(world.Entropy.Fork("probe"), Inside, Primary);
        world.AddHost("probe", probe, nat, probe.Addresses);
        probe.Start(world.Now);
        var done = probe;
        Assert.True(world.RunUntil(() => done.IsDone, TimeSpan.FromMinutes(2)));
        return world;
    }

    public static TheoryData<NatBehavior, NatBehavior, NatPorts, bool> Combinations
    {
        get
        {
            var data = new TheoryData<NatBehavior, NatBehavior, NatPorts, bool>();
            foreach (var mapping in Behaviors)
            {
                foreach (var filtering in Behaviors)
                {
                    foreach (var ports in Enum.GetValues<NatPorts>()) data.Add(mapping, filtering, ports, (int)ports % 2 == 0);
                }
            }
            return data;
        }
    }

    /// <summary>RFC 5780 section 4: what a probe finds is what was configured.</summary>
    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_probe_finds_what_was_configured(NatBehavior mapping, NatBehavior filtering, NatPorts ports, bool hairpins)
    {
        Probed(new NatPolicy { Mapping = mapping, Filtering = filtering, Ports = ports, Hairpins = hairpins }, out var probe);
        var found = probe.Findings;
        Assert.Equal((mapping, filtering), (found.Mapping, found.Filtering));
        Assert.True(found.Mapped!.Value.SameIp(Outside));
        if (ports == NatPorts.Preserving) Assert.Equal(Inside.Port, found.Mapped.Value.Port);
        // A hairpinned datagram is filtered too: only who lets in anybody hears a socket that it has not sent to.
        Assert.Equal(hairpins && filtering == NatBehavior.EndpointIndependent, found.Hairpins);
    }

    /// <summary>Of two NATs in a row the stricter one counts.</summary>
    [Fact]
    public void Behind_two_NATs_the_probe_finds_the_stricter_of_both()
    {
        Probed(new NatPolicy { Filtering = NatBehavior.AddressDependent }, out var probe,
            world => world.AddNat("carrier", new NatPolicy { Mapping = NatBehavior.AddressAndPortDependent }, Outside));
        Assert.Equal((NatBehavior.AddressAndPortDependent, NatBehavior.AddressDependent), (probe.Findings.Mapping, probe.Findings.Filtering));
        Assert.True(probe.Findings.Mapped!.Value.SameIp(Outside));
    }

    [Theory]
    [InlineData(NatBehavior.EndpointIndependent)]
    [InlineData(NatBehavior.AddressDependent)]
    [InlineData(NatBehavior.AddressAndPortDependent)]
    public void A_firewall_filters_and_does_not_map(NatBehavior filtering)
    {
        var world = new World(1);
        var server = new NatProbeServer(Primary, Alternate);
        world.AddHost("server", server, server.Addresses);
        var firewall = world.AddFirewall("firewall", new FirewallPolicy { Filtering = filtering });
        var probe = new NatProbe(world.Entropy, TransportAddress.Parse("203.0.113.9:4000"), Primary);
        world.AddHost("probe", probe, firewall, probe.Addresses);
        probe.Start(world.Now);
        Assert.True(world.RunUntil(() => probe.IsDone, TimeSpan.FromMinutes(2)));
        Assert.Equal((TransportAddress.Parse("203.0.113.9:4000"), NatBehavior.EndpointIndependent, filtering),
            (probe.Findings.Mapped!.Value, probe.Findings.Mapping!.Value, probe.Findings.Filtering!.Value));
    }

    [Fact]
    public void A_firewall_without_UDP_lets_nothing_out()
    {
        var world = new World(1);
        var server = new NatProbeServer(Primary, Alternate);
        world.AddHost("server", server, server.Addresses);
        var probe = new NatProbe(world.Entropy, TransportAddress.Parse("203.0.113.9:4000"), Primary);
        world.AddHost("probe", probe, world.AddFirewall("firewall", new FirewallPolicy { AllowedPorts = [] }), probe.Addresses);
        probe.Start(world.Now);
        Assert.True(world.RunUntil(() => probe.IsDone, TimeSpan.FromMinutes(2)));
        Assert.Null(probe.Findings.Mapped);
    }

    /// <summary>A host inside says something; a host outside hears from where, and answers after a while.</summary>
    private static (World World, Pinger Outer, TransportAddress Mapped) Opened(NatPolicy policy)
    {
        var world = new World(1);
        var nat = world.AddNat("nat", policy, Outside);
        var outer = new Pinger(Primary, null, 0);
        world.AddHost("outer", outer, Primary);
        world.AddHost("inner", new Pinger(Inside, Primary, 1), nat, Inside);
        TransportAddress mapped = default;
        world.Observer = e => { if (e is { Fate: Fate.Delivered, Where: "outer" }) mapped = e.Datagram.Remote == Primary ? e.Datagram.Local : mapped; };
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(outer.Heard);
        return (world, outer, mapped);
    }

    private static bool Reaches(World world, TransportAddress from, TransportAddress to)
    {
        var heard = false;
        world.Observer = e => heard |= e is { Fate: Fate.Delivered, Where: "inner" };
        world.Inject(new Datagram(from, to, "late"u8.ToArray()));
        world.RunFor(TimeSpan.FromSeconds(1));
        return heard;
    }

    [Fact]
    public void A_mapping_lives_as_long_as_its_timeout_and_outbound_datagrams_prolong_it()
    {
        var policy = new NatPolicy { MappingTimeout = TimeSpan.FromSeconds(120) };
        var (world, _, mapped) = Opened(policy);
        world.RunFor(TimeSpan.FromSeconds(110));
        Assert.True(Reaches(world, Primary, mapped)); // does not prolong
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.False(Reaches(world, Primary, mapped));

        (world, _, mapped) = Opened(policy);
        world.RunFor(TimeSpan.FromSeconds(110));
        world.Inject(new Datagram(Inside, Primary, "again"u8.ToArray()));
        world.RunFor(TimeSpan.FromSeconds(110));
        Assert.True(Reaches(world, Primary, mapped));

        (world, _, mapped) = Opened(policy with { InboundRefreshes = true });
        world.RunFor(TimeSpan.FromSeconds(110));
        Assert.True(Reaches(world, Primary, mapped));
        world.RunFor(TimeSpan.FromSeconds(110));
        Assert.True(Reaches(world, Primary, mapped));
    }

    [Fact]
    public void Two_homes_may_use_the_same_private_addresses()
    {
        var world = new World(1);
        var outer = new Pinger(Primary, null, 0);
        world.AddHost("outer", outer, Primary);
        foreach (var (name, external) in new[] { ("a", "203.0.113.1:0"), ("b", "203.0.113.2:0") })
            world.AddHost($"host {name}", new Pinger(Inside, Primary, 1), world.AddNat($"nat {name}", new NatPolicy(), TransportAddress.Parse(external)), Inside);
        var delivered = new List<string>();
        world.Observer = e => { if (e.Fate == Fate.Delivered) delivered.Add(e.Where); };
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["host a", "host b", "outer", "outer"], delivered.Order());
    }

    [Fact]
    public void Paired_pooling_keeps_to_one_external_address()
    {
        static int Externals(bool paired)
        {
            var world = new World(1);
            var nat = world.AddNat("nat", new NatPolicy { PairedPooling = paired }, TransportAddress.Parse("203.0.113.1:0"), TransportAddress.Parse("203.0.113.2:0"));
            world.AddHost("outer", new Pinger(Primary, null, 0), Primary);
            for (var i = 0; i < 4; i++) world.AddHost($"inner {i}", new Pinger(Inside.WithPort((ushort)(4000 + i)), Primary, 1), nat, Inside.WithPort((ushort)(4000 + i)));
            var seen = new HashSet<TransportAddress>();
            world.Observer = e => { if (e is { Fate: Fate.Delivered, Where: "outer" }) seen.Add(e.Datagram.Local.WithPort(0)); };
            world.RunFor(TimeSpan.FromSeconds(1));
            return seen.Count;
        }
        Assert.Equal((1, 2), (Externals(true), Externals(false)));
    }

    [Fact]
    public void Two_inside_ports_that_collide_get_two_outside_ports()
    {
        var world = new World(1);
        var nat = world.AddNat("nat", new NatPolicy(), Outside);
        world.AddHost("outer", new Pinger(Primary, null, 0), Primary);
        for (var i = 2; i < 4; i++) world.AddHost($"inner {i}", new Pinger(TransportAddress.Parse($"192.168.1.{i}:4000"), Primary, 1), nat, TransportAddress.Parse($"192.168.1.{i}:4000"));
        var seen = new List<int>();
        world.Observer = e => { if (e is { Fate: Fate.Delivered, Where: "outer" }) seen.Add(e.Datagram.Local.Port); };
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([4000, 4001], seen.Order());
    }

    /// <summary>An inside host that opens mapping after mapping is bounded, and what expires makes room.</summary>
    [Fact]
    public void The_table_of_mappings_is_bounded()
    {
        var world = new World(1);
        var nat = world.AddNat("nat", new NatPolicy { Mapping = NatBehavior.AddressAndPortDependent, MaxMappings = 50, MappingTimeout = TimeSpan.FromSeconds(30) }, Outside);
        var attacker = new OffPathAttacker();
        world.AddHost("inner", attacker, nat, TransportAddress.Parse("192.168.1.2:0"));
        var reasons = new List<string>();
        world.Observer = e => { if (e.Fate == Fate.Dropped) reasons.Add(e.Note); };
        for (var i = 1; i <= 500; i++) attacker.Spoof(Inside, Primary.WithPort((ushort)i), [1]);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((50, 450), (nat.CountMappings(world.Now), reasons.Count(r => r == "too many mappings")));
        world.RunFor(TimeSpan.FromSeconds(30));
        attacker.Spoof(Inside, Primary, [1]);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1, nat.CountMappings(world.Now));
    }

    [Fact]
    public void What_is_misconfigured_is_told()
    {
        var world = new World(1);
        var nat = world.AddNat("nat", new NatPolicy(), Outside);
        Assert.Throws<ArgumentException>(() => world.AddNat("nat", new NatPolicy(), Alternate));
        Assert.Throws<ArgumentException>(() => world.AddNat("other", new NatPolicy(), Outside));
        Assert.Throws<ArgumentException>(() => world.AddHost("nat", new OffPathAttacker(), Primary));
        world.AddHost("inner", new OffPathAttacker(), nat, Inside.WithPort(0));
        Assert.Throws<ArgumentException>(() => world.AddHost("twin", new OffPathAttacker(), nat, Inside));
        Assert.Throws<ArgumentException>(() => new NatProbeServer(Primary, Primary.WithPort(1)));
    }
}
