using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebRtcConformance.Host;

/// <summary>A seed from the operating system. Print it: with the same seed a run can be repeated.</summary>
public static class OsEntropy
{
    public static ulong Seed()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
