using System.Numerics;
using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A list of integers of less than whole bytes each, as it lies in the message from its first bit on (the symbols of a status vector). A value:
/// nothing is copied but the list's own bits, and nothing is allocated.</summary>
/// <typeparam name="T">An unsigned integer, bool, or an enum over an unsigned integer, at least as wide as the items.</typeparam>
public readonly struct WirePacked<T> where T : unmanaged
{
    private readonly ulong _bits;
    private readonly int _width, _count;

    /// <param name="bits">All items, the last one at the low end.</param>
    /// <param name="width">Bits of an item.</param>
    internal WirePacked(ulong bits, int width, int count) => (_bits, _width, _count) = (bits, width, count);

    public int Count => _count;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return WireIntegers<T>.From(_bits >> (_count - 1 - index) * _width & Bits.Low(_width));
        }
    }

    public Enumerator GetEnumerator() => new(this);

    public EquatableArray<T> ToArray()
    {
        if (_count == 0) return default;
        var items = new T[_count];
        for (var i = 0; i < items.Length; i++) items[i] = this[i];
        return new EquatableArray<T>(items);
    }

    public struct Enumerator
    {
        private readonly WirePacked<T> _items;
        private int _index;

        internal Enumerator(WirePacked<T> items) => (_items, _index) = (items, -1);

        public readonly T Current => _items[_index];
        public bool MoveNext() => ++_index < _items.Count;
    }
}

/// <summary>Arithmetic over all items of a packed list at once.</summary>
internal static class WirePacked
{
    /// <summary>The number of items that are a value.</summary>
    /// <param name="looked">The lowest bit of each item that is looked at.</param>
    /// <param name="value">The value, in the place of each item.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Count(ulong bits, ulong looked, ulong value, int width)
    {
        var differs = bits ^ value;
        if (width == 2) differs |= differs >> 1;
        else if (width > 2) differs = Gather(differs, width);
        return BitOperations.PopCount(looked & ~differs);
    }

    /// <summary>The lowest bit of each item says whether the item has any.</summary>
    private static ulong Gather(ulong bits, int width)
    {
        var any = bits;
        for (var i = 1; i < width; i++) any |= bits >> i;
        return any;
    }

    /// <summary>The bits of the last so many items.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Low(long items, int width) => items <= 0 ? 0 : items * width >= 64 || items > 64 ? ulong.MaxValue : (1UL << (int)items * width) - 1;

    /// <summary>The items as one integer; what is missing is 0, what is too much is left out.</summary>
    public static ulong Of<T>(ReadOnlySpan<T> items, int width, int count) where T : unmanaged
    {
        ulong bits = 0;
        for (var i = 0; i < count; i++) bits = bits << width | (i < items.Length ? To(items[i]) & Bits.Low(width) : 0);
        return bits;
    }

    public static ulong To<T>(T item) where T : unmanaged => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, byte>(ref item),
        2 => Unsafe.As<T, ushort>(ref item),
        4 => Unsafe.As<T, uint>(ref item),
        _ => Unsafe.As<T, ulong>(ref item),
    };
}
