using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A list of integers of equal width as it lies in the message (UNKNOWN-ATTRIBUTES, a CSRC list).</summary>
/// <typeparam name="T">An unsigned integer, or an enum over one, at least as wide as the items.</typeparam>
public readonly ref struct WireIntegers<T> where T : unmanaged
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _size;

    /// <param name="size">Bytes of an item, 1 to 8.</param>
    internal WireIntegers(ReadOnlySpan<byte> bytes, int size)
    {
        _bytes = bytes;
        _size = size;
    }

    public int Count => _size == 0 ? 0 : _bytes.Length / _size;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return From(WireRead.UInt(_bytes, index * _size, _size));
        }
    }

    public Enumerator GetEnumerator() => new(this);

    public EquatableArray<T> ToArray()
    {
        if (Count == 0) return default;
        var items = new T[Count];
        for (var i = 0; i < items.Length; i++) items[i] = this[i];
        return new EquatableArray<T>(items);
    }

    internal static T From(ulong value)
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 1: { var v = (byte)value; return Unsafe.As<byte, T>(ref v); }
            case 2: { var v = (ushort)value; return Unsafe.As<ushort, T>(ref v); }
            case 4: { var v = (uint)value; return Unsafe.As<uint, T>(ref v); }
            default: return Unsafe.As<ulong, T>(ref value);
        }
    }

    public ref struct Enumerator
    {
        private readonly WireIntegers<T> _items;
        private int _index;

        internal Enumerator(WireIntegers<T> items)
        {
            _items = items;
            _index = -1;
        }

        public readonly T Current => _items[_index];
        public bool MoveNext() => ++_index < _items.Count;
    }
}
