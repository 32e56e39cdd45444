namespace WebRtcConformance.Text;

/// <summary>A view of one value of a type.</summary>
public interface ITextView<TSelf> where TSelf : struct, ITextView<TSelf>, allows ref struct
{
    static abstract TSelf At(TextFrame frame);
}

/// <summary>Values one after another. Nothing is allocated.</summary>
public readonly ref struct TextList<T> where T : struct, ITextView<T>, allows ref struct
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly TextTable _table;
    private readonly int _first;

    internal TextList(ReadOnlySpan<byte> text, TextTable table, int cell)
    {
        _text = text;
        _table = table;
        _first = -1;
        if (table is null || !table.Has(cell)) return;
        _first = table.Low(cell);
        Count = table.High(cell);
    }

    public int Count { get; }

    public Enumerator GetEnumerator() => new(_text, _table, _first);

    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _text;
        private readonly TextTable _table;
        private int _next;
        private int _frame;

        internal Enumerator(ReadOnlySpan<byte> text, TextTable table, int first)
        {
            _text = text;
            (_table, _next) = (table, first);
        }

        public bool MoveNext()
        {
            if (_next < 0) return false;
            _frame = _next;
            _next = _table.Next(_frame);
            return true;
        }

        public readonly T Current => T.At(new(_text, _table, _frame));
    }
}

/// <summary>A text of a list.</summary>
public readonly ref struct TextItem : ITextView<TextItem>
{
    private TextItem(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The number that the digits are, for lists of integers.</summary>
    public ulong Number => TextScan.Number(Bytes);

    public static TextItem At(TextFrame frame) => new(frame.Whole);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Bytes);
}
