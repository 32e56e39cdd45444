using System.Net.Sockets;
using WebRtcConformance.Host.Linux;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Host;

/// <summary>One datagram that crossed a real socket.</summary>
/// <param name="At">When.</param>
/// <param name="Outgoing">Sent by one of our nodes, or received by it.</param>
/// <param name="Datagram">Local is always our own address; the bytes are valid during the call only.</param>
public readonly record struct UdpEvent(Instant At, bool Outgoing, Datagram Datagram);

/// <summary>
/// Runs the nodes of a simulated world over real UDP, on loopback only: a conformance run never leaves the machine.
/// One thread, the caller's: <see cref="Poll"/> sends what nodes have to say, waits for datagrams or deadlines, and
/// hands them in.
/// </summary>
public sealed class UdpHost : IDisposable
{
    private const int BurstPerPort = 64; // then deadlines and the caller get their turn

    private readonly UdpPolicy _policy;
    private readonly SystemClock _clock = new();
    private readonly List<Route> _ports = [];
    private readonly Dictionary<TransportAddress, Route> _routes = [];
    private readonly List<IWorldNode> _nodes = [];
    private readonly List<Socket> _readable = [];
    private readonly byte[]? _buffer;
    private readonly ReceiveBatch? _receives;
    private readonly SendBatch? _sends;

    private sealed class Route(IUdpPort port)
    {
        public IUdpPort Port => port;
        public IWorldNode? Node { get; set; }
    }

    /// <exception cref="ArgumentOutOfRangeException">The policy has a batch size that is not from 1 to 1024.</exception>
    public UdpHost(UdpPolicy? policy = null) : this(policy, MessageCalls.Kernel)
    {
    }

    internal UdpHost(UdpPolicy? policy, MessageCalls calls)
    {
        _policy = policy ?? new UdpPolicy();
        ArgumentOutOfRangeException.ThrowIfLessThan(_policy.BatchSize, 1, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_policy.BatchSize, 1024, nameof(policy));
        if (_policy.Batches && calls.AreAvailable) (_receives, _sends) = (new ReceiveBatch(calls, _policy.BatchSize), new SendBatch(calls, _policy.BatchSize));
        else _buffer = GC.AllocateUninitializedArray<byte>(65_536, pinned: true);
    }

    /// <summary>Whether many datagrams go with one system call.</summary>
    public bool Batches => _sends is not null;

    /// <summary>The host's time: since it was made.</summary>
    public Instant Now => _clock.Now;

    /// <summary>
    /// The pace of the ICE agents that live here (RFC 8445 section 14.2). Hosts have clocks of their own: agents of different ones do not share a
    /// pace.
    /// </summary>
    public IcePacer Pacer { get; } = new();

    /// <summary>Sees every datagram sent or received; null for none.</summary>
    public Action<UdpEvent>? Observer { get; set; }

    /// <summary>Datagrams that could not be sent: an unbound local address, another family, or refused by the operating system.</summary>
    public long Unsent => _unroutable + _ports.Sum(r => r.Port.Unsent);

    private long _unroutable;

    /// <summary>Bind a loopback address; port 0 chooses a free one. Returns the address bound.</summary>
    /// <exception cref="ArgumentException">Not a loopback address.</exception>
    /// <exception cref="SocketException">The address is taken or there is no such family here.</exception>
    public TransportAddress Bind(TransportAddress local)
    {
        if (!local.IsLoopback) throw new ArgumentException($"{local} is not a loopback address; only 127.0.0.0/8 and ::1 may be bound", nameof(local));
        IUdpPort port = _sends is null ? new UdpPort(local, _policy, _buffer!) : new BatchedUdpPort(local, _policy, _receives!, _sends);
        var route = new Route(port);
        _ports.Add(route);
        _routes[port.Local] = route;
        return port.Local;
    }

    /// <summary>Let a node receive what comes to these addresses, and send.</summary>
    /// <exception cref="ArgumentException">An address is not bound here.</exception>
    public void Attach(IWorldNode node, params ReadOnlySpan<TransportAddress> locals)
    {
        foreach (var local in locals)
        {
            if (!_routes.TryGetValue(local, out var route)) throw new ArgumentException($"{local} is not bound; call Bind first", nameof(locals));
            route.Node = node;
        }
        if (!_nodes.Contains(node)) _nodes.Add(node);
    }

    /// <summary>The node goes, and its sockets are closed; what it still had to say is not sent. Unknown nodes are ignored.</summary>
    public void Detach(IWorldNode node)
    {
        _nodes.Remove(node);
        foreach (var (local, route) in _routes.Where(r => r.Value.Node == node).ToArray())
        {
            _routes.Remove(local);
            _ports.Remove(route);
            route.Port.Dispose();
            _unroutable += route.Port.Unsent;
        }
    }

    /// <summary>
    /// Send what waits, then wait for the first of: a datagram, a deadline, the timeout. Returns whether any datagram
    /// came in or any deadline fired.
    /// </summary>
    public bool Poll(TimeSpan timeout)
    {
        Drain();
        Flush();
        var acted = ReceiveAll();
        if (!acted)
        {
            var next = Now + (timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
            foreach (var node in _nodes) next = Instant.Min(next, node.NextDeadline);
            if (WaitUntil(next)) acted = ReceiveAll();
        }
        acted |= FireDeadlines();
        return acted;
    }

    /// <summary>Poll until the condition holds; false when it does not within that time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        var end = Now + within;
        Drain();
        Flush();
        while (!condition())
        {
            if (Now >= end) return false;
            Poll(end - Now);
        }
        return true;
    }

    /// <summary>Send bytes from a bound address, beside the nodes.</summary>
    public void Send(TransportAddress local, TransportAddress remote, ReadOnlyMemory<byte> bytes)
    {
        Send(new Datagram(local, remote, bytes));
        Flush();
    }

    public void Dispose()
    {
        foreach (var route in _ports) route.Port.Dispose();
        _ports.Clear();
        _routes.Clear();
        _nodes.Clear();
        _receives?.Dispose();
        _sends?.Dispose();
    }

    private void Drain()
    {
        foreach (var node in _nodes)
        {
            while (node.TryTake(out var datagram)) Send(datagram);
        }
    }

    private void Flush() => _sends?.Flush();

    private void Send(in Datagram datagram)
    {
        if (!_routes.TryGetValue(datagram.Local, out var route))
        {
            _unroutable++;
            return;
        }
        Observer?.Invoke(new UdpEvent(Now, true, datagram));
        route.Port.Send(datagram.Remote, datagram.Bytes.Span);
    }

    /// <summary>Whether something came in before that time.</summary>
    private bool WaitUntil(Instant at)
    {
        var wait = at - Now;
        if (wait <= TimeSpan.Zero) return false;
        if (_ports.Count == 0)
        {
            Thread.Sleep(wait); // nothing can come in
            return false;
        }
        var microseconds = (int)Math.Min(Math.Ceiling(wait.TotalMicroseconds), int.MaxValue);
        if (_ports.Count == 1) return _ports[0].Port.Socket.Poll(microseconds, SelectMode.SelectRead);
        _readable.Clear();
        foreach (var route in _ports) _readable.Add(route.Port.Socket);
        Socket.Select(_readable, null, null, microseconds);
        return _readable.Count > 0;
    }

    private bool ReceiveAll()
    {
        var received = false;
        for (var i = 0; i < _ports.Count; i++)
        {
            var route = _ports[i];
            for (int burst = 0, count; burst < BurstPerPort && (count = route.Port.Receive()) > 0; burst += count)
            {
                received = true;
                for (var d = 0; d < count; d++) HandIn(route, d);
                Flush();
                if (_sends is not null && count < _policy.BatchSize) break; // nothing more waits: asking would be another call
            }
        }
        return received;
    }

    private void HandIn(Route route, int index)
    {
        var (now, local, bytes) = (Now, route.Port.Local, route.Port.Received(index, out var remote));
        Observer?.Invoke(new UdpEvent(now, false, new Datagram(local, remote, bytes)));
        route.Node?.Receive(now, local, remote, bytes.Span);
        Drain();
    }

    private bool FireDeadlines()
    {
        var fired = false;
        foreach (var node in _nodes)
        {
            var now = Now;
            if (node.NextDeadline > now) continue;
            node.Advance(now);
            fired = true;
        }
        if (!fired) return false;
        Drain();
        Flush();
        return true;
    }
}
