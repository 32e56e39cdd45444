using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace WebRtcConformance.Text;

/// <summary>The known names of a union, found without trying one after another: as a rule no two of them share a slot. Immutable.</summary>
internal sealed class TextNameTable
{
    private struct Entry
    {
        public ulong Word;
        public int Length;
        /// <summary>The number of another name in the same slot; 0 = none.</summary>
        public int Next;
    }

    private readonly byte[][] _names;
    /// <summary>The number of a name, or 0.</summary>
    private readonly int[] _slots;
    /// <summary>By the names' numbers.</summary>
    private readonly Entry[] _entries;
    private readonly ulong _factor;
    private readonly int _shift;

    /// <param name="names">Numbered from 1.</param>
    public TextNameTable(params string[] names)
    {
        _names = Array.ConvertAll(names, Encoding.Latin1.GetBytes);
        var bits = BitOperations.Log2((uint)Math.Max(names.Length, 1)) + 2;
        // Odd factors from the golden ratio on, until one leads to no shared slot; some names share theirs with every factor.
        var factor = 0x9E3779B97F4A7C15UL;
        _slots = [];
        _entries = new Entry[names.Length + 1];
        for (var tries = 1; tries <= 400; tries++, factor += 0x9E3779B97F4A7C16UL)
        {
            if (tries % 100 == 0) bits++;
            (_factor, _shift, _slots) = (factor | 1, 64 - bits, new int[1 << bits]);
            if (Fill()) return;
        }
    }

    private bool Fill()
    {
        var alone = true;
        for (var i = 0; i < _names.Length; i++)
        {
            var (word, length) = (Word(_names[i], 0, _names[i].Length), _names[i].Length);
            ref var slot = ref _slots[Slot(word, length)];
            alone &= slot == 0;
            _entries[i + 1] = new() { Word = word, Length = length, Next = slot };
            slot = i + 1;
        }
        return alone;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong word, int length) => (int)((word + (ulong)length) * _factor >> _shift);

    /// <summary>The number of the name that stands there; 0 = no known one.</summary>
    public int Find(ReadOnlySpan<byte> text, int at, int length)
    {
        var word = Word(text, at, length);
        for (var number = _slots[Slot(word, length)]; number != 0; number = _entries[number].Next)
        {
            ref readonly var entry = ref _entries[number];
            if (entry.Word == word && entry.Length == length && (length <= 8 || text.Slice(at, length).SequenceEqual(_names[number - 1]))) return number;
        }
        return 0;
    }

    /// <summary>The first eight bytes of a name, the first in the lowest bits; 0 for those beyond its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> text, int at, int length)
    {
        if ((uint)at <= (uint)(text.Length - 8) && text.Length >= 8)
        {
            var eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at));
            if (!BitConverter.IsLittleEndian) eight = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(eight);
            return length >= 8 ? eight : eight & (1UL << length * 8) - 1;
        }
        var word = 0UL;
        for (var i = Math.Min(length, 8) - 1; i >= 0; i--) word = word << 8 | text[at + i];
        return word;
    }
}
