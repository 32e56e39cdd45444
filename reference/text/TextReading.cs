using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>A view that can become a record.</summary>
internal interface ITextRecordView<TSelf, TRecord> : ITextView<TSelf> where TSelf : struct, ITextRecordView<TSelf, TRecord>, allows ref struct
{
    TRecord ToRecord(bool keepTrivia);
}

/// <summary>What every generated view of a type can do.</summary>
internal interface ITextType<TSelf, TRecord> : ITextRecordView<TSelf, TRecord> where TSelf : struct, ITextType<TSelf, TRecord>, allows ref struct
{
    /// <summary>The node of the type's rule.</summary>
    static abstract uint Rule { get; }

    /// <summary>Reads the rule from a place on: where it ends, or -1.</summary>
    static abstract int Read(ReadOnlySpan<byte> s, int at, TextTable t);
}

/// <summary>The doors of generated types. Total: any bytes give a value or an error.</summary>
internal static class TextReading
{
    /// <summary>Reads a whole text into a table.</summary>
    private static bool Read<TView, TRecord>(ReadOnlySpan<byte> text, TextTable table, bool lazy, out WireError error)
        where TView : struct, ITextType<TView, TRecord>, allows ref struct
    {
        table.Reset(text.Length, lazy);
        var at = TView.Read(text, 0, table);
        if (at >= 0 && at < text.Length) at = table.Fail(text, at, TView.Rule);
        error = table.Error;
        return at >= 0 && !table.Refused;
    }

    public static bool TryView<TView, TRecord>(ReadOnlySpan<byte> text, TextTable table, bool lazy, out TView view, out WireError error)
        where TView : struct, ITextType<TView, TRecord>, allows ref struct
    {
        var there = Read<TView, TRecord>(text, table, lazy, out error);
        view = there ? TView.At(new(text, table, 0)) : default;
        return there;
    }

    public static bool TryParse<TView, TRecord>(ReadOnlySpan<byte> text, bool keepTrivia, out TRecord value, out WireError error)
        where TView : struct, ITextType<TView, TRecord>, allows ref struct
    {
        var there = TryView<TView, TRecord>(text, new TextTable(), false, out var view, out error);
        value = there ? view.ToRecord(keepTrivia) : default!;
        return there;
    }

    public static bool Accepts<TView, TRecord>(ReadOnlySpan<byte> text) where TView : struct, ITextType<TView, TRecord>, allows ref struct =>
        Read<TView, TRecord>(text, TextTables.Own, false, out _);
}
