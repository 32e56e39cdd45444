using System.Net;
using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host;

/// <summary>
/// One bound, non-blocking UDP socket. Nothing here throws for what the network does or allocates for a datagram: what the network would lose silently
/// (unreachable, too long, buffers full) is lost here too, and counted.
/// </summary>
internal interface IUdpPort : IDisposable
{
    Socket Socket { get; }

    TransportAddress Local { get; }

    /// <summary>Datagrams that the operating system would not take.</summary>
    long Unsent { get; }

    /// <summary>Send, at the latest with the next <see cref="Flush"/>; the bytes are the caller's again at once.</summary>
    void Send(TransportAddress remote, ReadOnlySpan<byte> bytes);

    void Flush();

    /// <summary>Receive what waits, at most a batch. Returns how many datagrams.</summary>
    int Receive();

    /// <summary>A datagram of the last <see cref="Receive"/> of any port of the host.</summary>
    ReadOnlyMemory<byte> Received(int index, out TransportAddress remote);
}

/// <summary>What all kinds of ports do alike.</summary>
internal static class UdpSockets
{
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static Socket Bind(TransportAddress local, UdpPolicy policy)
    {
        var socket = new Socket(SocketAddresses.FamilyOf(local), SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            // Windows reports an ICMP "port unreachable" as an error of the next receive; a datagram socket has no use for that.
            if (OperatingSystem.IsWindows()) socket.IOControl(unchecked((int)0x9800000C), [0], null);
            if (policy.ReceiveBufferBytes > 0) socket.ReceiveBufferSize = policy.ReceiveBufferBytes;
            socket.Bind(SocketAddresses.ToEndPoint(local));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static TransportAddress LocalOf(Socket socket) => SocketAddresses.FromEndPoint((IPEndPoint)socket.LocalEndPoint!);
}
