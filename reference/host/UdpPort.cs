using System.Net;
using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host;

/// <summary>
/// One bound, non-blocking UDP socket. Sending and receiving allocate nothing after the first call. What the network
/// would lose silently (unreachable, too long, buffers full) is lost here too, and counted.
/// </summary>
internal sealed class UdpPort : IDisposable
{
    private readonly SocketAddress _peer;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public UdpPort(TransportAddress local)
    {
        Socket = new Socket(SocketAddresses.FamilyOf(local), SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            // Windows reports an ICMP "port unreachable" as an error of the next receive; a datagram socket has no use for that.
            if (OperatingSystem.IsWindows()) Socket.IOControl(unchecked((int)0x9800000C), [0], null);
            Socket.Bind(SocketAddresses.ToEndPoint(local));
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
        Local = SocketAddresses.FromEndPoint((IPEndPoint)Socket.LocalEndPoint!);
        _peer = SocketAddresses.New(Local);
        _from = SocketAddresses.New(Local);
    }

    private readonly SocketAddress _from;

    public Socket Socket { get; }

    public TransportAddress Local { get; }

    /// <summary>Datagrams that the operating system would not take.</summary>
    public long Unsent { get; private set; }

    public void Send(TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (remote.Family != Local.Family)
        {
            Unsent++;
            return;
        }
        SocketAddresses.Write(remote, _peer);
        try
        {
            Socket.SendTo(bytes, SocketFlags.None, _peer);
        }
        catch (SocketException)
        {
            Unsent++;
        }
    }

    /// <summary>Receive one datagram if one waits.</summary>
    public bool TryReceive(Span<byte> buffer, out TransportAddress remote, out int length)
    {
        (remote, length) = (default, 0);
        try
        {
            if (Socket.Available == 0 && !Socket.Poll(0, SelectMode.SelectRead)) return false;
            length = Socket.ReceiveFrom(buffer, SocketFlags.None, _from);
        }
        catch (SocketException)
        {
            return false;
        }
        remote = SocketAddresses.Read(_from);
        return true;
    }

    public void Dispose() => Socket.Dispose();
}
