using System.Numerics;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>What a view reads from: the text, the table that a parse filled, and the place of one value in it. Captures are counted from 0.</summary>
public readonly ref struct TextFrame
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly TextTable _table;
    private readonly int _frame;

    internal TextFrame(ReadOnlySpan<byte> text, TextTable table, int frame)
    {
        _text = text;
        (_table, _frame) = (table, frame);
    }

    internal ReadOnlySpan<byte> Source => _text;
    internal TextTable Table => _table;
    internal int Frame => _frame;

    /// <summary>The text of the value itself.</summary>
    internal ReadOnlySpan<byte> Whole => _table.Text(_text, _frame);
    internal TextTrivia Trivia => new(Whole);

    private int Cell(int capture) => _frame + TextTable.HeaderCells + capture;

    // A view of nothing, which a question that was answered with no has left, has no table, and holds nothing.
    internal bool Has(int capture) => _table is not null && _table.Has(Cell(capture));
    internal ReadOnlySpan<byte> Text(int capture) => _table is null ? default : _table.Text(_text, Cell(capture));
    internal ulong Number(int capture) => TextScan.Number(Text(capture));
    internal TView View<TView>(int capture) where TView : struct, ITextView<TView>, allows ref struct => TView.At(new(_text, _table, _table.Low(Cell(capture))));
    internal int High(int capture) => _table.High(Cell(capture));

    internal bool TryView<TView>(int capture, bool there, out TView view) where TView : struct, ITextView<TView>, allows ref struct
    {
        view = there ? View<TView>(capture) : default;
        return there;
    }

    internal TextList<TView> List<TView>(int capture) where TView : struct, ITextView<TView>, allows ref struct => new(_text, _table, Cell(capture));

    // The same for records.

    internal ByteText Bytes(int capture) => ByteText.Create(Text(capture));
    internal ByteText? MaybeBytes(int capture) => Has(capture) ? Bytes(capture) : default(ByteText?);

    internal EquatableArray<ByteText> AllBytes(int capture)
    {
        var list = List<TextItem>(capture);
        var items = new ByteText[list.Count];
        var i = 0;
        foreach (var item in list) items[i++] = ByteText.Create(item.Bytes);
        return new(items);
    }

    internal EquatableArray<T> AllNumbers<T>(int capture) where T : INumberBase<T>
    {
        var list = List<TextItem>(capture);
        var items = new T[list.Count];
        var i = 0;
        foreach (var item in list) items[i++] = T.CreateTruncating(item.Number);
        return new(items);
    }

    internal EquatableArray<TRecord> All<TView, TRecord>(int capture, bool keepTrivia) where TView : struct, ITextRecordView<TView, TRecord>, allows ref struct
    {
        var list = List<TView>(capture);
        var items = new TRecord[list.Count];
        var i = 0;
        foreach (var item in list) items[i++] = item.ToRecord(keepTrivia);
        return new(items);
    }
}
