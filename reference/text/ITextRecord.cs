using System.Buffers;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>A typed value of a text format.</summary>
public interface ITextRecord
{
    /// <summary>Writes the value: the text that it was read from, where it was read with its trivia and still says the same; else the canonical text.
    /// A record whose texts are not of their grammars writes what it is told.</summary>
    void Write(IBufferWriter<byte> output);
}

/// <summary>What every generated record can do.</summary>
public interface ITextRecord<TSelf> : ITextRecord where TSelf : class, ITextRecord<TSelf>
{
    /// <summary>E.g. "ice-sdp.Candidate".</summary>
    static abstract string WireName { get; }

    /// <param name="keepTrivia">Keep spellings that carry no meaning, for writing the same text again.</param>
    static abstract bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out TSelf value, out WireError error);

    /// <summary>Whether the text is one. Allocates nothing.</summary>
    static abstract bool Accepts(ReadOnlySpan<byte> text);
}

public static class TextRecords
{
    public static byte[] ToArray(this ITextRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        record.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string ToText(this ITextRecord record) => System.Text.Encoding.UTF8.GetString(ToArray(record));

    /// <summary>Writes the text that the record was read from, if it still says the same.</summary>
    internal static bool WriteTrivia<T>(T record, TextTrivia trivia, IBufferWriter<byte> output) where T : class, ITextRecord<T>
    {
        if (trivia.Bytes.Length == 0 || !T.TryParse(trivia.Bytes, false, out var read, out _) || !read.Equals(record)) return false;
        output.Write(trivia.Bytes.Span);
        return true;
    }

    internal static void Number(IBufferWriter<byte> output, ulong value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length);
        output.Write(digits[..length]);
    }
}

/// <summary>One table a thread, for parses whose result is no view.</summary>
internal static class TextTables
{
    [ThreadStatic]
    private static TextTable? s_own;

    public static TextTable Own => s_own ??= new();
}

/// <summary>One kind of text by name, for code that handles all alike.</summary>
public interface ITextCodec
{
    /// <summary>Module and type, e.g. "ice-sdp.Candidate".</summary>
    string WireName { get; }
    string Module { get; }
    string Rule { get; }
    /// <summary>Allocates nothing.</summary>
    bool Accepts(ReadOnlySpan<byte> text, out WireError error);
    bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out ITextRecord? record, out WireError error);
}

internal sealed class TextCodec<T>(string module, string rule) : ITextCodec where T : class, ITextRecord<T>
{
    public string WireName => T.WireName;
    public string Module => module;
    public string Rule => rule;

    public bool Accepts(ReadOnlySpan<byte> text, out WireError error)
    {
        var there = T.Accepts(text);
        // The verdict and its reason come from one table.
        error = TextTables.Own.Error;
        return there;
    }

    public bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out ITextRecord? record, out WireError error)
    {
        var there = T.TryParse(text, keepTrivia, out var value, out error);
        record = value;
        return there;
    }
}
