using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A value that replaces a length field while a checksum is computed (RFC 8489 section 14.5: the length is the one that the message
/// would have if it ended with the integrity attribute).</summary>
/// <param name="At">First byte of the field; -1 = nothing is replaced.</param>
/// <param name="Size">Bytes of the field, 1 to 8.</param>
public readonly record struct LengthPatch(int At, int Size, ulong Value)
{
    public static LengthPatch None => new(-1, 0, 0);
}

/// <summary>The checksums that a message may contain.</summary>
public static class WireChecksum
{
    /// <summary>Bytes of the whole checksum.</summary>
    public static int Size(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32c => 4,
        ChecksumAlgorithm.HmacSha1 => HMACSHA1.HashSizeInBytes,
        ChecksumAlgorithm.HmacSha256 => HMACSHA256.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public static bool IsKeyed(ChecksumAlgorithm algorithm) => algorithm is ChecksumAlgorithm.HmacSha1 or ChecksumAlgorithm.HmacSha256;

    /// <summary>Computes a checksum of <paramref name="covered"/>, cut to the target's length.</summary>
    /// <param name="xor">Laid over the last 8 bytes at most of an unkeyed checksum.</param>
    /// <returns>False when the algorithm needs a key and there is none; the target is then untouched.</returns>
    public static bool TryCompute(
        ChecksumAlgorithm algorithm, ReadOnlySpan<byte> covered, LengthPatch patch, ulong xor, WireKey key, Span<byte> target)
    {
        if (IsKeyed(algorithm) && key.IsNone) return false;
        var size = Size(algorithm);
        if (target.Length > size) throw new WireValueException($"{algorithm}: {target.Length} bytes where the checksum has {size}");

        Span<byte> whole = stackalloc byte[32];
        whole = whole[..size];
        if (patch.At < 0)
        {
            Compute(algorithm, covered, key, whole);
        }
        else
        {
            var copy = ArrayPool<byte>.Shared.Rent(covered.Length);
            covered.CopyTo(copy);
            Span<byte> value = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(value, patch.Value);
            value[(8 - patch.Size)..].CopyTo(copy.AsSpan(patch.At));
            Compute(algorithm, copy.AsSpan(0, covered.Length), key, whole);
            ArrayPool<byte>.Shared.Return(copy);
        }
        for (var i = size - 1; i >= 0 && xor != 0; i--, xor >>= 8) whole[i] ^= (byte)xor;
        whole[..target.Length].CopyTo(target);
        return true;
    }

    /// <summary>Whether a checksum found in a message is right; true as well when it needs a key and there is none.</summary>
    public static bool Matches(
        ChecksumAlgorithm algorithm, ReadOnlySpan<byte> covered, LengthPatch patch, ulong xor, WireKey key, ReadOnlySpan<byte> found)
    {
        if (found.Length > Size(algorithm)) return false;
        Span<byte> expected = stackalloc byte[32];
        expected = expected[..found.Length];
        return !TryCompute(algorithm, covered, patch, xor, key, expected)
            || CryptographicOperations.FixedTimeEquals(expected, found);
    }

    /// <summary>A checksum over a whole message (as <see cref="ChecksumShape.Whole"/> has it) in its own place.</summary>
    public static uint WholeCrc32c(ReadOnlySpan<byte> message, int at)
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0];
        return Crc32c.Finish(Crc32c.Append(Crc32c.Append(Crc32c.Append(Crc32c.Start, message[..at]), zeros), message[(at + 4)..]));
    }

    /// <summary>Whether the CRC32c over a whole message, 4 bytes at <paramref name="at"/>, is right.</summary>
    public static bool MatchesWhole(ReadOnlySpan<byte> message, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(message[at..]) == WholeCrc32c(message, at);

    private static void Compute(ChecksumAlgorithm algorithm, ReadOnlySpan<byte> bytes, WireKey key, Span<byte> target)
    {
        switch (algorithm)
        {
            case ChecksumAlgorithm.Crc32: BinaryPrimitives.WriteUInt32BigEndian(target, Crc32.Compute(bytes)); break;
            case ChecksumAlgorithm.Crc32c: BinaryPrimitives.WriteUInt32LittleEndian(target, Crc32c.Compute(bytes)); break;
            case ChecksumAlgorithm.HmacSha1: HMACSHA1.HashData(key.Span, bytes, target); break;
            case ChecksumAlgorithm.HmacSha256: HMACSHA256.HashData(key.Span, bytes, target); break;
        }
    }
}
