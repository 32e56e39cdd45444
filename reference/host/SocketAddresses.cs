using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host;

/// <summary>
/// Between <see cref="TransportAddress"/> and the operating system's socket address. All platforms that .NET runs on
/// keep the port at byte 2, an IPv4 address at byte 4 and an IPv6 address at byte 8; the family is written by the
/// <see cref="SocketAddress"/> constructor.
/// </summary>
internal static class SocketAddresses
{
    private const int PortAt = 2;
    private const int IPv4At = 4;
    private const int IPv6At = 8;

    public static AddressFamily FamilyOf(TransportAddress address) =>
        address.Family == IpFamily.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    public static SocketAddress New(TransportAddress address)
    {
        var made = new SocketAddress(FamilyOf(address));
        Write(address, made.Buffer.Span);
        return made;
    }

    /// <summary>Write into a socket address of the same family, allocating nothing.</summary>
    public static void Write(TransportAddress address, Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into[PortAt..], address.Port);
        address.CopyAddressTo(into[(address.Family == IpFamily.IPv6 ? IPv6At : IPv4At)..]);
    }

    public static TransportAddress Read(ReadOnlySpan<byte> from, IpFamily family)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(from[PortAt..]);
        return family == IpFamily.IPv6 ? TransportAddress.From(from.Slice(IPv6At, 16), port) : TransportAddress.From(from.Slice(IPv4At, 4), port);
    }

    public static IPEndPoint ToEndPoint(TransportAddress address) => new(new IPAddress(address.AddressBytes()), address.Port);

    public static TransportAddress FromEndPoint(IPEndPoint endPoint) =>
        TransportAddress.From(endPoint.Address.GetAddressBytes(), (ushort)endPoint.Port);
}
