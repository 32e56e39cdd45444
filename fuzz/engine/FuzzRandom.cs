using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Fuzz;

/// <summary>A small fast generator (SplitMix64): the same seed gives the same numbers on every machine. Not for secrets.</summary>
public struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1; 0 when bound is 0 or less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int bound) => bound <= 0 ? 0 : (int)(((Next() >> 32) * (ulong)(uint)bound) >> 32);

    /// <summary>True once in <paramref name="n"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool OneIn(int n) => Below(n) == 0;

    /// <summary>A length from 1 to <paramref name="bound"/>, small ones far more often.</summary>
    public int SmallLength(int bound)
    {
        if (bound <= 1) return Math.Max(bound, 0);
        var limit = Math.Min(bound, 1 << (1 + Below(8)));
        return 1 + Below(limit);
    }

    public void Fill(Span<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) BinaryPrimitives.WriteUInt64LittleEndian(bytes, Next());
        foreach (ref var b in bytes) b = (byte)Next();
    }

    /// <summary>A generator whose numbers have nothing to do with this one's, and which is the same for the same name.</summary>
    public static ulong Derive(ulong seed, ulong stream)
    {
        var random = new FuzzRandom(seed ^ (stream * 0xD1342543DE82EF95));
        return random.Next();
    }
}
