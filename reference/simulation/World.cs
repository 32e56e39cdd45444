using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>
/// A small Internet in virtual time: hosts at addresses, links between them, one heap of events ordered by instant and
/// then by the order in which they arose. One thread, no clock; the same seed and the same calls give the same
/// <see cref="TraceHash"/>. Waiting costs nothing: the world jumps to the next thing that happens.
/// </summary>
public sealed class World
{
    private readonly record struct Happening(Datagram Datagram, Action? Action);

    private readonly PriorityQueue<Happening, (Instant, long)> _events = new();
    private readonly List<WorldHost> _hosts = [];
    private readonly Dictionary<TransportAddress, WorldHost> _routes = [];
    private readonly Dictionary<(string From, string To), Link> _links = [];
    private readonly Trace _trace = new();
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

    /// <summary>SHA-256 (hex) over everything that has happened: time, fate, addresses and bytes of every datagram.</summary>
    public string TraceHash => _trace.Hash;

    /// <summary>Put a node into the world at the given addresses.</summary>
    /// <exception cref="ArgumentException">The name or an address is taken.</exception>
    public WorldHost AddHost(string name, IWorldNode node, params ReadOnlySpan<TransportAddress> addresses)
    {
        if (_hosts.Any(h => h.Name == name)) throw new ArgumentException($"there is already a host '{name}'", nameof(name));
        var host = new WorldHost(name, node, addresses.ToArray());
        foreach (var address in addresses)
        {
            if (!_routes.TryAdd(address, host)) throw new ArgumentException($"{address} belongs to '{_routes[address].Name}'", nameof(addresses));
        }
        _hosts.Add(host);
        return host;
    }

    /// <summary>Set what all links do that were not set themselves.</summary>
    public void SetDefaultLink(LinkPolicy policy) => _defaultLink = policy;

    /// <summary>Set what the link from one host to another does; the way back is a link of its own.</summary>
    public void SetLink(WorldHost from, WorldHost to, LinkPolicy policy) => LinkBetween(from.Name, to.Name).Policy = policy;

    /// <summary>Do something at an instant, before anything that arises later for the same instant.</summary>
    public void Schedule(Instant at, Action action) => Enqueue(Instant.Max(at, Now), new Happening(default, action));

    /// <summary>
    /// Send a datagram as if <see cref="Datagram.Local"/> had, whoever that is: an off-path attacker. Same taps, same links.
    /// </summary>
    public void Inject(Datagram datagram) => Send(datagram);

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
            else Deliver(happening.Datagram);
            DrainAll();
            return;
        }
        var host = _hosts.First(h => h.Node.NextDeadline <= at);
        host.Node.Advance(at);
        if (host.Node.NextDeadline <= at)
            throw new InvalidOperationException($"host '{host.Name}' still has a deadline of {host.Node.NextDeadline} after Advance({at})");
        Drain(host);
    }

    private void Deliver(Datagram datagram)
    {
        if (!_routes.TryGetValue(datagram.Remote, out var host))
        {
            Report(Fate.NoRoute, datagram, "nobody is there");
            return;
        }
        Report(Fate.Delivered, datagram, "");
        host.Node.Receive(Now, datagram.Remote, datagram.Local, datagram.Bytes.Span);
    }

    private void DrainAll()
    {
        foreach (var host in _hosts) Drain(host);
    }

    private void Drain(WorldHost host)
    {
        while (host.Node.TryTake(out var datagram)) Send(datagram);
    }

    private void Send(Datagram datagram)
    {
        var disposition = Datagrams.Pass(Now, ref datagram);
        if (disposition.Dropped)
        {
            Report(Fate.Dropped, datagram, "by a tap");
            return;
        }
        if (disposition.RawBytes is { } raw) datagram = datagram with { Bytes = raw };
        Report(Fate.Sent, datagram, "");
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++) Carry(datagram, disposition.DelayedBy);
    }

    private void Carry(Datagram datagram, TimeSpan extraDelay)
    {
        var link = LinkBetween(NameAt(datagram.Local), NameAt(datagram.Remote));
        var ipBytes = datagram.Bytes.Length + (datagram.Remote.Family == IpFamily.IPv6 ? 48 : 28);
        var arrivals = link.Carry(Now, ipBytes);
        if (arrivals.DropReason is { } reason) Report(Fate.Dropped, datagram, reason);
        for (var copy = 0; copy < arrivals.Copies; copy++) Enqueue(arrivals.At + extraDelay, new Happening(datagram, null));
    }

    /// <summary>The name of the host at an address, or "(nobody)".</summary>
    public string NameAt(TransportAddress address) => _routes.TryGetValue(address, out var host) ? host.Name : "(nobody)";

    private Link LinkBetween(string from, string to)
    {
        if (_links.TryGetValue((from, to), out var link)) return link;
        return _links[(from, to)] = new Link(Entropy.Fork($"link/{from}>{to}")) { Policy = _defaultLink };
    }

    private void Enqueue(Instant at, Happening happening) => _events.Enqueue(happening, (at, _sequence++));

    private void Report(Fate fate, Datagram datagram, string note)
    {
        var happened = new WorldEvent(Now, fate, datagram, note);
        _trace.Add(happened);
        Observer?.Invoke(happened);
    }
}

/// <summary>A node with a name and its addresses.</summary>
public sealed record WorldHost(string Name, IWorldNode Node, IReadOnlyList<TransportAddress> Addresses);

/// <summary>What became of a datagram.</summary>
public enum Fate
{
    /// <summary>Left its host.</summary>
    Sent,

    /// <summary>Reached a host.</summary>
    Delivered,

    /// <summary>Went no further: a tap, loss, MTU or a full queue.</summary>
    Dropped,

    /// <summary>Reached an address where nobody is.</summary>
    NoRoute,
}

/// <summary>One thing that happened to one datagram.</summary>
public readonly record struct WorldEvent(Instant At, Fate Fate, Datagram Datagram, string Note);
