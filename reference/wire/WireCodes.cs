using System.Runtime.CompilerServices;

namespace WebRtcConformance.Wire;

/// <summary>The codes of a list's elements so far, to find one that comes twice. Allocates nothing for lists as they are; beyond that, one bitmap
/// a thread.</summary>
internal ref struct WireCodes
{
    private const int Few = 32;
    [ThreadStatic] private static ulong[]? s_many;

    private Codes _codes;
    private int _count;
    private ulong[]? _many;

    /// <summary>False when the code (below 65536) is there already.</summary>
    public bool Add(uint code)
    {
        if (_many is not null) return Mark(code);
        for (var i = 0; i < _count; i++)
            if (_codes[i] == code) return false;
        if (_count < Few)
        {
            _codes[_count++] = code;
            return true;
        }
        _many = s_many ??= new ulong[1024];
        Array.Clear(_many);
        for (var i = 0; i < _count; i++) Mark(_codes[i]);
        return Mark(code);
    }

    private readonly bool Mark(uint code)
    {
        ref var word = ref _many![code >> 6 & 1023];
        var fresh = (word >> (int)code & 1) == 0;
        word |= 1UL << (int)code;
        return fresh;
    }

    [InlineArray(Few)]
    private struct Codes
    {
        private uint _first;
    }
}
