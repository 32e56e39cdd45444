using System.Numerics;
using System.Runtime.Intrinsics;

namespace WebRtcConformance.Fuzz.Coverage;

/// <summary>Block counters that instrumented code increments: one byte a block. Dense regions (our own instrumenter) have exactly one byte for
/// each block of the code; SharpFuzz's has 65,536 for any code, and costs accordingly. A counter's new value is news when it reaches one of
/// the thresholds 1, 2, 4, 8, 16, 32, 128 for the first time.</summary>
public sealed unsafe class CounterRegions
{
    private readonly record struct Region(nint Counters, nint Seen, int Length);

    private readonly List<Region> _regions = [];

    /// <summary>Counters in all regions.</summary>
    public int Total { get; private set; }

    /// <summary>Counters that were ever hit.</summary>
    public int Covered
    {
        get
        {
            var covered = 0;
            foreach (var region in _regions)
                for (var i = 0; i < region.Length; i++)
                    if (((byte*)region.Seen)[i] != 0) covered++;
            return covered;
        }
    }

    /// <summary>Adds a region of zeroed native memory that stays valid while this object is in use.</summary>
    /// <param name="length">Bytes; memory up to the next multiple of 32 must belong to the region.</param>
    public void Add(nint counters, int length)
    {
        var padded = (length + 31) & ~31;
        _regions.Add(new(counters, (nint)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)padded), padded));
        Total += length;
    }

    /// <summary>Zeroes all counters.</summary>
    public void Clear()
    {
        foreach (var region in _regions) new Span<byte>((void*)region.Counters, region.Length).Clear();
    }

    /// <summary>Takes the counters of one execution, zeroes them, and says whether any of them was news.</summary>
    public bool Harvest()
    {
        var news = false;
        foreach (var region in _regions)
        {
            var counters = (byte*)region.Counters;
            var seen = (byte*)region.Seen;
            for (var i = 0; i < region.Length; i += 32)
            {
                var hits = Vector256.Load(counters + i);
                if (hits == Vector256<byte>.Zero) continue;
                Vector256.Store(Vector256<byte>.Zero, counters + i);
                var old = Vector256.Load(seen + i);
                var reached = Reached(hits);
                var fresh = Vector256.AndNot(reached, old);
                if (fresh == Vector256<byte>.Zero) continue;
                Vector256.Store(old | reached, seen + i);
                news = true;
            }
        }
        return news;
    }

    /// <summary>One bit for each threshold that the count is at or above.</summary>
    private static Vector256<byte> Reached(Vector256<byte> hits) =>
        (Vector256.GreaterThan(hits, Vector256<byte>.Zero) & Vector256.Create((byte)1))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)1)) & Vector256.Create((byte)2))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)3)) & Vector256.Create((byte)4))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)7)) & Vector256.Create((byte)8))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)15)) & Vector256.Create((byte)16))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)31)) & Vector256.Create((byte)32))
        | (Vector256.GreaterThan(hits, Vector256.Create((byte)127)) & Vector256.Create((byte)64));
}
