using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

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
    private const int MaxDatagram = 65_535;
    private const int BurstPerPort = 64; // then deadlines and the caller get their turn

    private readonly SystemClock _clock = new();
    private readonly List<UdpPort> _ports = [];
    private readonly Dictionary<TransportAddress, (UdpPort Port, IWorldNode? Node)> _routes = [];
    private readonly List<IWorldNode> _nodes = [];
    private readonly List<Socket> _readable = [];
    private readonly byte[] _buffer = GC.AllocateArray<byte>(MaxDatagram, pinned: true);

    /// <summary>The host's time: since it was made.</summary>
    public Instant Now => _clock.Now;

    /// <summary>Sees every datagram sent or received; null for none.</summary>
    public Action<UdpEvent>? Observer { get; set; }

    /// <summary>Datagrams that could not be sent: an unbound local address, another family, or refused by the operating system.</summary>
    public long Unsent => _unroutable + _ports.Sum(p => p.Unsent);

    private long _unroutable;

    /// <summary>Bind a loopback address; port 0 chooses a free one. Returns the address bound.</summary>
    /// <exception cref="ArgumentException">Not a loopback address.</exception>
    /// <exception cref="SocketException">The address is taken or there is no such family here.</exception>
    public TransportAddress Bind(TransportAddress local)
    {
        if (!local.IsLoopback) throw new ArgumentException($"{local} is not a loopback address; only 127.0.0.0/8 and ::1 may be bound", nameof(local));
        var port = new UdpPort(local);
        _ports.Add(port);
        _routes[port.Local] = (port, null);
        return port.Local;
    }

    /// <summary>Let a node receive what comes to these addresses, and send.</summary>
    /// <exception cref="ArgumentException">An address is not bound here.</exception>
    public void Attach(IWorldNode node, params ReadOnlySpan<TransportAddress> locals)
    {
        foreach (var local in locals)
        {
            if (!_routes.TryGetValue(local, out var route)) throw new ArgumentException($"{local} is not bound; call Bind first", nameof(locals));
            _routes[local] = (route.Port, node);
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
            _ports.Remove(route.Port);
            _unroutable += route.Port.Unsent;
            route.Port.Dispose();
        }
    }

    /// <summary>
    /// Send what waits, then wait for the first of: a datagram, a deadline, the timeout. Returns whether any datagram
    /// came in or any deadline fired.
    /// </summary>
    public bool Poll(TimeSpan timeout)
    {
        Drain();
        var end = Now + (timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        var next = end;
        foreach (var node in _nodes) next = Instant.Min(next, node.NextDeadline);
        WaitUntil(next);
        var acted = ReceiveAll();
        acted |= FireDeadlines();
        return acted;
    }

    /// <summary>Poll until the condition holds; false when it does not within that time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        var end = Now + within;
        Drain();
        while (!condition())
        {
            if (Now >= end) return false;
            Poll(end - Now);
        }
        return true;
    }

    /// <summary>Send bytes from a bound address, beside the nodes.</summary>
    public void Send(TransportAddress local, TransportAddress remote, ReadOnlyMemory<byte> bytes) => Send(new Datagram(local, remote, bytes));

    public void Dispose()
    {
        foreach (var port in _ports) port.Dispose();
        _ports.Clear();
        _routes.Clear();
        _nodes.Clear();
    }

    private void Drain()
    {
        foreach (var node in _nodes)
        {
            while (node.TryTake(out var datagram)) Send(datagram);
        }
    }

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

    private void WaitUntil(Instant at)
    {
        if (_ports.Count == 0)
        {
            if (at > Now) Thread.Sleep(at - Now); // nothing can come in
            return;
        }
        var wait = at - Now;
        var microseconds = wait <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(wait.TotalMicroseconds), int.MaxValue);
        if (_ports.Count == 1)
        {
            _ports[0].Socket.Poll(microseconds, SelectMode.SelectRead);
            return;
        }
        _readable.Clear();
        foreach (var port in _ports) _readable.Add(port.Socket);
        Socket.Select(_readable, null, null, microseconds);
    }

    private bool ReceiveAll()
    {
        var received = false;
        for (var i = 0; i < _ports.Count; i++)
        {
            var port = _ports[i];
            for (var burst = 0; burst < BurstPerPort && port.TryReceive(_buffer, out var remote, out var length); burst++)
            {
                received = true;
                var now = Now;
                Observer?.Invoke(new UdpEvent(now, false, new Datagram(port.Local, remote, _buffer.AsMemory(0, length))));
                _routes[port.Local].Node?.Receive(now, port.Local, remote, _buffer.AsSpan(0, length));
                Drain();
            }
        }
        return received;
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
        if (fired) Drain();
        return fired;
    }
}
