using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>A running SHA-256 over what happens. Two runs with equal hashes did the same things at the same instants.</summary>
internal sealed class Trace
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Add(in WorldEvent happened)
    {
        Span<byte> head = stackalloc byte[8 + 1 + 2 * 19 + 4];
        head.Clear();
        BinaryPrimitives.WriteInt64BigEndian(head, happened.At.Nanoseconds);
        head[8] = (byte)happened.Fate;
        Write(head[9..], happened.Datagram.Local);
        Write(head[28..], happened.Datagram.Remote);
        BinaryPrimitives.WriteInt32BigEndian(head[47..], happened.Datagram.Bytes.Length);
        _hash.AppendData(head);
        _hash.AppendData(happened.Datagram.Bytes.Span);
    }

    private static void Write(Span<byte> to, TransportAddress address)
    {
        to[0] = (byte)address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(to[1..], address.Port);
        address.CopyAddressTo(to[3..]);
    }
}
