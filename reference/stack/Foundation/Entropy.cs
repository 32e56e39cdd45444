using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WebRtcConformance.Stack.Crypto;

namespace WebRtcConformance.Stack.Foundation;

/// <summary>
/// All randomness of the stack: a keyed, deterministic generator with named substreams.
/// <para>
/// Construction, with a 32-byte key K and HMAC-SHA-256 (RFC 2104, FIPS 180-4):
/// output block i = HMAC(K, 0x00 || i as 8 bytes big-endian), i = 0, 1, 2, ...;
/// key of <c>Fork(name)</c> = HMAC(K, 0x01 || UTF-8 of name);
/// key of a number = SHA-256("WebRtcConformance/Entropy/1" || number as 8 bytes big-endian).
/// </para>
/// A fork depends on the key and the name only, not on what has been drawn: one more draw in ICE does not shift DTLS.
/// The same name gives the same stream, so name the forks of one parent apart. Known answers pin these bytes for good.
/// </summary>
public sealed class Entropy
{
    private const int BlockSize = 32;

    private readonly byte[] _key;
    private readonly byte[] _block = new byte[BlockSize];
    private KeyedHash? _keyed;
    private int _used = BlockSize;
    private ulong _counter;

    /// <summary>From a number, the form printed in reports and given on command lines.</summary>
    public Entropy(ulong seed)
    {
        Span<byte> input = stackalloc byte[35];
        "WebRtcConformance/Entropy/1"u8.CopyTo(input);
        BinaryPrimitives.WriteUInt64BigEndian(input[27..], seed);
        _key = SHA256.HashData(input);
    }

    /// <summary>From a 32-byte key.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public Entropy(ReadOnlySpan<byte> key)
    {
        if (key.Length != 32) throw new ArgumentException("an entropy key is 32 bytes", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>The substream of that name.</summary>
    public Entropy Fork(string name)
    {
        var input = new byte[1 + Encoding.UTF8.GetByteCount(name)];
        input[0] = 0x01;
        Encoding.UTF8.GetBytes(name, input.AsSpan(1));
        return new Entropy(HMACSHA256.HashData(_key, input).AsSpan());
    }

    /// <summary>Fill with random bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            if (_used == BlockSize) NextBlock();
            var count = Math.Min(destination.Length, BlockSize - _used);
            _block.AsSpan(_used, count).CopyTo(destination);
            _used += count;
            destination = destination[count..];
        }
    }

    /// <summary>Leave out so many bytes, as if they had been drawn.</summary>
    public void Skip(long bytes)
    {
        var left = BlockSize - _used;
        if (bytes <= left)
        {
            _used += (int)bytes;
            return;
        }
        var (blocks, rest) = Math.DivRem(bytes - left, BlockSize);
        _counter += (ulong)blocks;
        _used = BlockSize;
        if (rest == 0) return;
        NextBlock();
        _used = (int)rest;
    }

    /// <summary>A uniform 32-bit number (the next four bytes, big-endian).</summary>
    public uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A uniform 64-bit number (the next eight bytes, big-endian).</summary>
    public ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>
    /// A uniform number from 0 to <paramref name="bound"/> - 1, without modulo bias: draws of the topmost incomplete
    /// stretch are rejected.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is 0.</exception>
    public ulong UniformBelow(ulong bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        var surplus = (ulong.MaxValue % bound + 1) % bound; // 2^64 mod bound
        while (true)
        {
            var drawn = UInt64();
            if (drawn <= ulong.MaxValue - surplus) return drawn % bound;
        }
    }

    private void NextBlock()
    {
        Span<byte> input = stackalloc byte[9];
        input[0] = 0x00;
        BinaryPrimitives.WriteUInt64BigEndian(input[1..], _counter++);
        // Most streams end before their second block; those that go on keep the state of their key, which costs more to set up than a block.
        if (_counter == 1)
        {
            HMACSHA256.HashData(_key, input, _block);
        }
        else
        {
            _keyed ??= KeyedHash.Create(HashAlgorithmName.SHA256, _key);
            _keyed.Compute(input, _block);
        }
        _used = 0;
    }
}
