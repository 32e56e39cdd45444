using System.Net;
using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host;

/// <summary>A port that works wherever .NET does: one datagram a system call.</summary>
internal sealed class UdpPort : IUdpPort
{
    private readonly SocketAddress _to, _from;
    private readonly byte[] _buffer;
    private int _length;
    private bool _inBurst;

    /// <param name="local">What to bind.</param>
    /// <param name="policy">The host's.</param>
    /// <param name="buffer">For what is received; ports of a host share it.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public UdpPort(TransportAddress local, UdpPolicy policy, byte[] buffer)
    {
        Socket = UdpSockets.Bind(local, policy);
        Local = UdpSockets.LocalOf(Socket);
        (_to, _from, _buffer) = (SocketAddresses.New(Local), SocketAddresses.New(Local), buffer);
    }

    public Socket Socket { get; }

    public TransportAddress Local { get; }

    public long Unsent { get; private set; }

    public void Send(TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (remote.Family != Local.Family)
        {
            Unsent++;
            return;
        }
        SocketAddresses.Write(remote, _to.Buffer.Span);
        try
        {
            Socket.SendTo(bytes, SocketFlags.None, _to);
        }
        catch (SocketException)
        {
            Unsent++;
        }
    }

    public void Flush()
    {
    }

    public int Receive()
    {
        try
        {
            // An exception for "nothing waits" would cost more than asking does. A datagram without bytes is nothing available, but readable: it is found
            // when the next burst begins.
            var waits = Socket.Available > 0 || (!_inBurst && Socket.Poll(0, SelectMode.SelectRead));
            _inBurst = waits;
            if (!waits) return 0;
            _length = Socket.ReceiveFrom(_buffer, SocketFlags.None, _from);
            return 1;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    public ReadOnlyMemory<byte> Received(int index, out TransportAddress remote)
    {
        remote = SocketAddresses.Read(_from.Buffer.Span, Local.Family);
        return _buffer.AsMemory(0, _length);
    }

    public void Dispose() => Socket.Dispose();
}
