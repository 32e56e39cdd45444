using System.Net;
using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host.Linux;

/// <summary>A port that takes and gives many datagrams a system call. Only where <see cref="MessageCalls"/> are available.</summary>
internal sealed class BatchedUdpPort : IUdpPort
{
    private readonly ReceiveBatch _receives;
    private readonly SendBatch _sends;
    private readonly SocketAddress _name;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public BatchedUdpPort(TransportAddress local, UdpPolicy policy, ReceiveBatch receives, SendBatch sends)
    {
        (_receives, _sends) = (receives, sends);
        Socket = UdpSockets.Bind(local, policy);
        Descriptor = (int)Socket.SafeHandle.DangerousGetHandle(); // the socket is closed by Dispose only
        Local = UdpSockets.LocalOf(Socket);
        _name = SocketAddresses.New(Local);
    }

    public Socket Socket { get; }

    public int Descriptor { get; }

    public TransportAddress Local { get; }

    public long Unsent { get; private set; }

    /// <summary>Its own socket address: what those of other ports are written over.</summary>
    public ReadOnlySpan<byte> Name => _name.Buffer.Span[.._name.Size];

    public void Send(TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (remote.Family != Local.Family || bytes.Length > ushort.MaxValue) Unsent++;
        else _sends.Add(this, remote, bytes);
    }

    public void Flush() => _sends.Flush();

    public int Receive() => _receives.Receive(Descriptor);

    public ReadOnlyMemory<byte> Received(int index, out TransportAddress remote) => _receives.Received(index, Local.Family, out remote);

    public void CountUnsent() => Unsent++;

    public void Dispose()
    {
        _sends.Flush(); // it may hold datagrams of this socket
        Socket.Dispose();
    }
}
