using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>
/// A small Internet in virtual time: hosts at addresses, NATs and firewalls, links between them, one heap of events ordered by instant and
/// then by the order in which they arose. One thread, no clock; the same seed and the same calls give the same
/// <see cref="TraceHash"/>. Waiting costs nothing: the world jumps to the next thing that happens.
/// </summary>
public sealed class World
{
    private readonly record struct Happening(Datagram Datagram, DatagramMemory? Memory, Action? Action, Hop Hop);

    /// <summary>Where a datagram arrives next: at a host, at a middlebox from either side, or nowhere.</summary>
    private readonly record struct Hop(string From, WorldHost? Host, Middlebox? Box, bool Inbound);

    private readonly PriorityQueue<Happening, (Instant, long)> _events = new();
    private readonly List<WorldHost> _hosts = [];
    private readonly List<Middlebox> _boxes = [];
    private readonly Realm _internet = new(gate: null);
    private readonly Dictionary<(string From, string To), Link> _links = [];
    private readonly Trace _trace = new();
    private readonly DatagramMemory.Pool _memory = new();
    private LinkPolicy _defaultLink = new();
    private long _sequence;

    public World(ulong seed)
    {
        Seed = seed;
        Entropy = new Entropy(seed);
    }

    public ulong Seed { get; }

    /// <summary>The root of the world's randomness; give each node its own <see cref="Entropy.Fork"/>.</summary>
    public Entropy Entropy { get; }

    public Instant Now { get; private set; } = Instant.Start;

    /// <summary>Every datagram passes here when it is sent, before its link: rewrite, drop, delay, duplicate, replace.</summary>
    public Funnel<Datagram> Datagrams { get; } = new();

    /// <summary>Sees everything that happens to datagrams, in order; null for none.</summary>
    public Action<WorldEvent>? Observer { get; set; }

    /// <summary>Hears each line that a node has for a key log file, before the first datagram that needs it; null for none.</summary>
    public Action<string>? KeyLogObserver { get; set; }

    /// <summary>SHA-256 (hex) over everything that has happened: time, fate and addresses of every datagram, its bytes when it is sent, their CRC32c later.</summary>
    public string TraceHash => _trace.Hash;

    /// <summary>Put a node into the world at the given addresses.</summary>
    /// <exception cref="ArgumentException">The name or an address is taken.</exception>
    public WorldHost AddHost(string name, IWorldNode node, params ReadOnlySpan<TransportAddress> addresses) => AddHost(name, node, null, addresses);

    /// <summary>Put a node into the world, inside a NAT or a firewall. An address with port 0 stands for all ports of its IP address.</summary>
    /// <exception cref="ArgumentException">The name or an address is taken.</exception>
    public WorldHost AddHost(string name, IWorldNode node, Middlebox? behind, params ReadOnlySpan<TransportAddress> addresses)
    {
        CheckName(name);
        var host = new WorldHost(name, node, addresses.ToArray()) { Behind = behind };
        foreach (var address in addresses) RealmOf(behind).Add(host, address);
        _hosts.Add(host);
        if (node is IKeyLogSource keys) keys.KeyLogged += line => KeyLogObserver?.Invoke(line);
        return host;
    }

    /// <summary>Add a NAT with these external IP addresses (ports do not count), in the public Internet or inside another middlebox.</summary>
    /// <exception cref="ArgumentException">The name or an address is taken.</exception>
    public Nat AddNat(string name, NatPolicy policy, Middlebox? behind, params ReadOnlySpan<TransportAddress> externals)
    {
        CheckName(name);
        var nat = new Nat(name, RealmOf(behind), policy, [.. externals.ToArray().Select(e => e.WithPort(0))], Entropy.Fork($"nat/{name}"));
        _boxes.Add(nat);
        return nat;
    }

    /// <inheritdoc cref="AddNat(string, NatPolicy, Middlebox?, ReadOnlySpan{TransportAddress})"/>
    public Nat AddNat(string name, NatPolicy policy, params ReadOnlySpan<TransportAddress> externals) => AddNat(name, policy, null, externals);

    /// <summary>Add a firewall, in the public Internet or inside another middlebox. Hosts inside it keep their addresses.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Firewall AddFirewall(string name, FirewallPolicy policy, Middlebox? behind = null)
    {
        CheckName(name);
        var firewall = new Firewall(name, RealmOf(behind), policy);
        _boxes.Add(firewall);
        return firewall;
    }

    /// <summary>Set what all links do that were not set themselves.</summary>
    public void SetDefaultLink(LinkPolicy policy) => _defaultLink = policy;

    /// <summary>Set what the link from one host to another does; the way back is a link of its own.</summary>
    public void SetLink(WorldHost from, WorldHost to, LinkPolicy policy) => SetLink(from.Name, to.Name, policy);

    /// <summary>
    /// The same by names, which may be those of middleboxes. Between a middlebox and what lies directly inside it a link is perfect unless it is set: the
    /// default counts once on the way from one home to another.
    /// </summary>
    public void SetLink(string from, string to, LinkPolicy policy) => LinkBetween(from, to, inner: false).Policy = policy;

    /// <summary>Do something at an instant, before anything that arises later for the same instant.</summary>
    public void Schedule(Instant at, Action action) => Enqueue(Instant.Max(at, Now), new Happening(default, null, action, default));

    /// <summary>
    /// Send a datagram as if <see cref="Datagram.Local"/> had, whoever that is. Same taps, same links. An attacker with a place of its own is an
    /// <see cref="OffPathAttacker"/>.
    /// </summary>
    public void Inject(Datagram datagram) => Send(datagram, null, HostAt(datagram.Local));

    /// <summary>Let go what a tap has held back: past the taps, over the links.</summary>
    internal void Release(Datagram datagram) => Launch(datagram, null, HostAt(datagram.Local), Disposition.Pass);

    /// <summary>
    /// Run until the condition holds. False when it does not hold <paramref name="within"/> that time; then that time
    /// has passed, or when the world has gone quiet for ever, which no waiting would change.
    /// </summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        var end = Now + within;
        DrainAll();
        while (!condition())
        {
            var next = NextHappening();
            if (next > end || next == Instant.Never)
            {
                if (end != Instant.Never) Now = end;
                return false;
            }
            Step(next);
        }
        return true;
    }

    /// <summary>Let that much time pass.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(() => false, duration);

    private Instant NextHappening()
    {
        var next = _events.TryPeek(out _, out var priority) ? priority.Item1 : Instant.Never;
        foreach (var host in _hosts) next = Instant.Min(next, host.Node.NextDeadline);
        return next == Instant.Never ? next : Instant.Max(next, Now);
    }

    /// <summary>The first event of that instant, or, when there is none, the first host whose deadline it is.</summary>
    private void Step(Instant at)
    {
        Now = at;
        if (_events.TryPeek(out _, out var priority) && priority.Item1 <= at)
        {
            var happening = _events.Dequeue();
            if (happening.Action is { } action) action();
            else Arrive(happening);
            DrainAll();
            return;
        }
        foreach (var host in _hosts)
        {
            if (host.Node.NextDeadline > at) continue;
            Advance(host, at);
            return;
        }
        throw new InvalidOperationException($"no host has the deadline of {at} any more");
    }

    private void Advance(WorldHost host, Instant at)
    {
        host.Node.Advance(at);
        if (host.Node.NextDeadline <= at)
            throw new InvalidOperationException($"host '{host.Name}' still has a deadline of {host.Node.NextDeadline} after Advance({at})");
        Drain(host);
    }

    private void Arrive(in Happening happening)
    {
        if (Observer is not null) happening.Memory?.Show();
        Arrive(happening.Datagram, happening.Memory, happening.Hop);
        _memory.Release(happening.Memory);
    }

    private void Arrive(Datagram datagram, DatagramMemory? memory, in Hop hop)
    {
        if (hop.Box is { } box)
        {
            if (hop.Inbound) EnterBox(box, datagram, memory);
            else LeaveBox(box, datagram, memory);
            return;
        }
        if (hop.Host is not { } host)
        {
            Report(Fate.NoRoute, datagram, "nobody is there", hop.From);
            return;
        }
        Report(Fate.Delivered, datagram, "", host.Name);
        host.Node.Receive(Now, datagram.Remote, datagram.Local, datagram.Bytes.Span);
    }

    private void LeaveBox(Middlebox box, Datagram datagram, DatagramMemory? memory)
    {
        if (!box.TryOutbound(Now, ref datagram, out var reason))
        {
            Report(Fate.Dropped, datagram, reason, box.Name);
            return;
        }
        Report(Fate.Forwarded, datagram, "outbound", box.Name);
        if (box.Owns(datagram.Remote)) EnterBox(box, datagram, memory); // RFC 4787 section 6
        else Carry(datagram, memory, box.Outside, box.Name, TimeSpan.Zero, outward: true);
    }

    private void EnterBox(Middlebox box, Datagram datagram, DatagramMemory? memory)
    {
        if (!box.TryInbound(Now, ref datagram, out var reason))
        {
            Report(Fate.Dropped, datagram, reason, box.Name);
            return;
        }
        Report(Fate.Forwarded, datagram, "inbound", box.Name);
        Carry(datagram, memory, box.Inside, box.Name, TimeSpan.Zero, outward: false);
    }

    private void DrainAll()
    {
        foreach (var host in _hosts) Drain(host);
    }

    private void Drain(WorldHost host)
    {
        while (host.Node.TryTake(out var lent))
        {
            // Taps and observers may keep what they see.
            ReadOnlyMemory<byte> bytes = default;
            var memory = Observer is null && Datagrams.IsEmpty ? _memory.Copy(lent.Bytes, out bytes) : null;
            Send(lent with { Bytes = memory is null ? lent.Bytes.ToArray() : bytes }, memory, host);
            _memory.Release(memory);
        }
    }

    private void Send(Datagram datagram, DatagramMemory? memory, WorldHost? sender)
    {
        var disposition = Datagrams.Pass(Now, ref datagram);
        if (disposition.Dropped) Report(Fate.Dropped, datagram, "by a tap", sender?.Name ?? Nobody);
        else Launch(disposition.RawBytes is { } raw ? datagram with { Bytes = raw } : datagram, memory, sender, disposition);
    }

    private void Launch(Datagram datagram, DatagramMemory? memory, WorldHost? sender, in Disposition disposition)
    {
        Report(Fate.Sent, datagram, "", sender?.Name ?? Nobody);
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++)
            Carry(datagram, memory, RealmOf(sender?.Behind), sender?.Name ?? Nobody, disposition.DelayedBy, outward: true);
    }

    /// <summary>One step within a realm: to a host in it, into a box in it, or, on the way outward, out through its gate.</summary>
    private void Carry(Datagram datagram, DatagramMemory? memory, Realm realm, string from, TimeSpan extraDelay, bool outward)
    {
        var host = realm.HostAt(datagram.Remote);
        var box = host is null ? realm.BoxAt(datagram.Remote) : null;
        var hop = new Hop(from, host, box, Inbound: true);
        if (host is null && box is null && outward && realm.Gate is { } gate) hop = new Hop(from, null, gate, Inbound: false);

        var inner = realm.Gate is { } edge && (hop.Box == edge || from == edge.Name);
        var link = LinkBetween(from, hop.Host?.Name ?? hop.Box?.Name ?? Nobody, inner);
        var ipBytes = datagram.Bytes.Length + (datagram.Remote.Family == IpFamily.IPv6 ? 48 : 28);
        var arrivals = link.Carry(Now, ipBytes, datagram.Bytes.Length * 8);
        if (arrivals.DropReason is { } reason) Report(Fate.Dropped, datagram, reason, from);
        if (arrivals.FlippedBit is { } bit)
        {
            var bytes = datagram.Bytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            (datagram, memory) = (datagram with { Bytes = bytes }, null);
        }
        for (var copy = 0; copy < arrivals.Copies; copy++)
        {
            memory?.Hold();
            Enqueue(arrivals.At + extraDelay, new Happening(datagram, memory, null, hop));
        }
    }

    /// <summary>The name of the host at an address, or "(nobody)"; of several in different realms the one that was added first.</summary>
    public string NameAt(TransportAddress address) => HostAt(address)?.Name ?? Nobody;

    private const string Nobody = "(nobody)";

    private WorldHost? HostAt(TransportAddress address) =>
        _internet.HostAt(address) ?? _boxes.Select(b => b.Inside.HostAt(address)).FirstOrDefault(h => h is not null);

    private Realm RealmOf(Middlebox? behind) => behind?.Inside ?? _internet;

    private void CheckName(string name)
    {
        if (_hosts.Exists(h => h.Name == name) || _boxes.Exists(b => b.Name == name)) throw new ArgumentException($"there is already a host '{name}'", nameof(name));
    }

    private Link LinkBetween(string from, string to, bool inner)
    {
        if (_links.TryGetValue((from, to), out var link)) return link;
        return _links[(from, to)] = new Link(Entropy.Fork($"link/{from}>{to}")) { Policy = inner ? new LinkPolicy() : _defaultLink };
    }

    private void Enqueue(Instant at, in Happening happening) => _events.Enqueue(happening, (at, _sequence++));

    private void Report(Fate fate, Datagram datagram, string note, string where)
    {
        var happened = new WorldEvent(Now, fate, datagram, note) { Where = where };
        _trace.Add(happened);
        Observer?.Invoke(happened);
    }
}

/// <summary>A node with a name and its addresses.</summary>
public sealed record WorldHost(string Name, IWorldNode Node, IReadOnlyList<TransportAddress> Addresses)
{
    /// <summary>The NAT or firewall that it is inside of; null: in the public Internet.</summary>
    public Middlebox? Behind { get; init; }
}

/// <summary>What became of a datagram.</summary>
public enum Fate
{
    /// <summary>Left its host.</summary>
    Sent,

    /// <summary>Reached a host.</summary>
    Delivered,

    /// <summary>Went no further: a tap, loss, MTU, a full queue, a NAT or a firewall.</summary>
    Dropped,

    /// <summary>Reached an address where nobody is.</summary>
    NoRoute,

    /// <summary>Passed a NAT or a firewall; the addresses are those behind it.</summary>
    Forwarded,
}

/// <summary>One thing that happened to one datagram.</summary>
public readonly record struct WorldEvent(Instant At, Fate Fate, Datagram Datagram, string Note)
{
    /// <summary>The host or middlebox where it happened; of what is lost on a link, the one that it came from.</summary>
    public string Where { get; init; } = "";
}
