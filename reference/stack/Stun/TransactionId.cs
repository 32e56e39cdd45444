using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Stun;

/// <summary>The 96 bits that tie a response to its request (RFC 8489 section 5). A plain value.</summary>
public readonly record struct TransactionId(ulong High, uint Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 12;

    /// <summary>RFC 8489 section 5: uniformly and randomly chosen from 0 .. 2^96-1.</summary>
    public static TransactionId Draw(Entropy entropy) => new(entropy.UInt64(), entropy.UInt32());

    /// <summary>From 12 bytes in network order.</summary>
    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>The 12 bytes in network order.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }

    public override string ToString() => $"{High:x16}{Low:x8}";
}
