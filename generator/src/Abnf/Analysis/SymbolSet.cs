using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>A set of bytes and of the end of the text (symbol 256).</summary>
internal readonly struct SymbolSet : IEquatable<SymbolSet>
{
    public const int End = 256;
    private readonly ulong _a, _b, _c, _d;
    private readonly bool _end;

    private SymbolSet(ulong a, ulong b, ulong c, ulong d, bool end) => (_a, _b, _c, _d, _end) = (a, b, c, d, end);

    public static SymbolSet OfEnd => new(0, 0, 0, 0, true);

    public static SymbolSet Of(int symbol) => symbol == End ? OfEnd : Range(symbol, symbol);

    public static SymbolSet Range(int from, int to) =>
        new(Word(from, to, 0), Word(from, to, 64), Word(from, to, 128), Word(from, to, 192), false);

    /// <summary>The bits of the range within the 64 symbols from <paramref name="start"/> on.</summary>
    private static ulong Word(int from, int to, int start)
    {
        from = Math.Max(from - start, 0);
        to = Math.Min(to - start, 63);
        return from > to ? 0 : ulong.MaxValue >> 63 - to & ulong.MaxValue << from;
    }

    public static SymbolSet Of(TextBytes bytes)
    {
        var set = default(SymbolSet);
        foreach (var range in bytes.Ranges) set |= Range(range.From, range.To);
        return set;
    }

    /// <summary>The bytes that a literal's character stands for.</summary>
    public static SymbolSet Of(char character, bool anyCase)
    {
        var set = Of(character);
        if (anyCase && AbnfTokenizer.IsLetter(character)) set |= Of(character ^ 0x20);
        return set;
    }

    public bool IsEmpty => (_a | _b | _c | _d) == 0 && !_end;
    public bool HasEnd => _end;
    public SymbolSet Bytes => new(_a, _b, _c, _d, false);

    public bool Contains(int symbol) => symbol == End ? _end
        : ((symbol >> 6) switch { 0 => _a, 1 => _b, 2 => _c, _ => _d } >> (symbol & 63) & 1) != 0;

    public int Count => Enumerate().Count();
    public IEnumerable<int> Enumerate()
    {
        for (var b = 0; b <= End; b++)
            if (Contains(b)) yield return b;
    }

    public bool Intersects(SymbolSet o) => ((_a & o._a) | (_b & o._b) | (_c & o._c) | (_d & o._d)) != 0 || _end && o._end;

    public static SymbolSet operator |(SymbolSet x, SymbolSet y) => new(x._a | y._a, x._b | y._b, x._c | y._c, x._d | y._d, x._end || y._end);
    public static SymbolSet operator &(SymbolSet x, SymbolSet y) => new(x._a & y._a, x._b & y._b, x._c & y._c, x._d & y._d, x._end && y._end);
    public static SymbolSet operator ~(SymbolSet x) => new(~x._a, ~x._b, ~x._c, ~x._d, !x._end);

    public override string ToString() => $"{_a:X}-{_b:X}-{_c:X}-{_d:X}{(_end ? "-end" : "")}";

    public bool Equals(SymbolSet o) => _a == o._a && _b == o._b && _c == o._c && _d == o._d && _end == o._end;
    public override bool Equals(object? obj) => obj is SymbolSet other && Equals(other);
    public override int GetHashCode() => unchecked((int)(_a ^ _a >> 32 ^ _b * 31 ^ _b >> 29 ^ _c * 17 ^ _d * 13)) ^ (_end ? 1 : 0);
}
