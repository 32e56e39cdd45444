using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace WebRtcConformance.Text;

/// <summary>The known names of a union, found without trying one after another: no two of them share a slot. Immutable.</summary>
internal sealed class TextNameTable
{
    private struct Entry
    {
        public ulong Word;
        public int Length;
        public int Number;
    }

    private readonly byte[][] _names;
    private readonly Entry[] _entries;
    private readonly ulong _factor;
    private readonly int _shift;

    /// <param name="names">Numbered from 1.</param>
    public TextNameTable(params string[] names)
    {
        _names = Array.ConvertAll(names, Encoding.Latin1.GetBytes);
        var bits = BitOperations.Log2((uint)Math.Max(names.Length, 1)) + 2;
        // Odd factors from the golden ratio on, until one fits; every few failures the table doubles, so that one does.
        var factor = 0x9E3779B97F4A7C15UL;
        for (var tries = 1; ; tries++, factor += 0x9E3779B97F4A7C16UL)
        {
            if (tries % 200 == 0) bits++;
            (_factor, _shift, _entries) = (factor | 1, 64 - bits, new Entry[1 << bits]);
            if (Fill()) return;
        }
    }

    private bool Fill()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            var (word, length) = (Word(_names[i], 0, _names[i].Length), _names[i].Length);
            ref var entry = ref _entries[Slot(word, length)];
            if (entry.Number != 0) return false;
            entry = new() { Word = word, Length = length, Number = i + 1 };
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong word, int length) => (int)((word + (ulong)length) * _factor >> _shift);

    /// <summary>The number of the name that stands there; 0 = no known one.</summary>
    public int Find(ReadOnlySpan<byte> text, int at, int length)
    {
        var word = Word(text, at, length);
        var entry = _entries[Slot(word, length)];
        if (entry.Word != word || entry.Length != length) return 0;
        return length <= 8 || text.Slice(at, length).SequenceEqual(_names[entry.Number - 1]) ? entry.Number : 0;
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
