using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Simulation;

/// <summary>
/// A running SHA-256 over what happens. Two runs with equal hashes did the same things at the same instants. Bytes enter whole where a datagram is sent; what
/// becomes of it later is told by their CRC32c.
/// </summary>
internal sealed class Trace
{
    private const int HeadSize = 8 + 1 + 2 * 19 + 4;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _waiting = new byte[16 * 1024]; // a call of the hash costs as much as some hundred bytes
    private int _used;

    public string Hash
    {
        get
        {
            Flush();
            return Convert.ToHexStringLower(_hash.GetCurrentHash());
        }
    }

    public void Add(in WorldEvent happened)
    {
        var bytes = happened.Datagram.Bytes.Span;
        var head = Take(HeadSize);
        head.Clear();
        BinaryPrimitives.WriteInt64BigEndian(head, happened.At.Nanoseconds);
        head[8] = (byte)happened.Fate;
        Write(head[9..], happened.Datagram.Local);
        Write(head[28..], happened.Datagram.Remote);
        BinaryPrimitives.WriteInt32BigEndian(head[47..], bytes.Length);
        if (happened.Fate != Fate.Sent)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Take(4), Crc32c.Compute(bytes));
        }
        else if (bytes.Length <= _waiting.Length)
        {
            bytes.CopyTo(Take(bytes.Length));
        }
        else
        {
            Flush();
            _hash.AppendData(bytes);
        }
    }

    private Span<byte> Take(int size)
    {
        if (size > _waiting.Length - _used) Flush();
        _used += size;
        return _waiting.AsSpan(_used - size, size);
    }

    private void Flush()
    {
        _hash.AppendData(_waiting.AsSpan(0, _used));
        _used = 0;
    }

    private static void Write(Span<byte> to, TransportAddress address)
    {
        to[0] = (byte)address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(to[1..], address.Port);
        address.CopyAddressTo(to[3..]);
    }
}
