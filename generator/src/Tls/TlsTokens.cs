using System.Globalization;
using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Tls;

internal enum TlsTokenKind : byte { Name, Number, Symbol, Annotation, End }

/// <summary>One token. An annotation is a whole line; <paramref name="Line"/> is the index of the line that it stands on.</summary>
internal readonly record struct TlsToken(TlsTokenKind Kind, string Text, ulong Value, int Line, SpecPosition Position)
{
    public bool Is(string text) => Kind is TlsTokenKind.Name or TlsTokenKind.Symbol && Text == text;
    public string Shown => Kind == TlsTokenKind.End ? "the end" : "'" + Text + "'";
}

/// <summary>Cuts a file into tokens. Names are letters and digits joined by '_', '.' and '-' ("ASN.1Cert", "digitally-signed",
/// "DTLSPlaintext.length"); comments are those of C. A line that begins with '@' is one token.</summary>
internal sealed class TlsLexer(SourceLine[] lines, List<LocalDiagnostic> diagnostics)
{
    private readonly List<TlsToken> _tokens = [];
    private SpecPosition? _comment;

    public static List<TlsToken> Cut(SourceLine[] lines, List<LocalDiagnostic> diagnostics)
    {
        var lexer = new TlsLexer(lines, diagnostics);
        for (var i = 0; i < lines.Length; i++) lexer.Line(ref i);
        if (lexer._comment is { } open) diagnostics.Add(new(TlsRules.OpenComment, TlsRules.OpenComment.Message(), open));
        var last = lines[lines.Length - 1];
        lexer._tokens.Add(new(TlsTokenKind.End, "", 0, lines.Length - 1, last.At(last.Text.TrimEnd().Length, 1)));
        return lexer._tokens;
    }

    /// <summary>An annotation goes on in the next line when it ends with ',', ';' or ':'.</summary>
    public static bool GoesOn(SourceLine line) => line.Text.TrimEnd() is { Length: > 0 } text && text[text.Length - 1] is ',' or ';' or ':';

    private void Line(ref int index)
    {
        var line = lines[index];
        if (_comment is null && line.Text.Length > 0 && line.Text[0] == '@')
        {
            _tokens.Add(new(TlsTokenKind.Annotation, line.Text, 0, index, line.Whole));
            while (GoesOn(lines[index]) && index + 1 < lines.Length) index++;
            return;
        }
        var i = 0;
        while (i < line.Text.Length) Token(line, index, ref i);
    }

    private void Token(SourceLine line, int index, ref int i)
    {
        var text = line.Text;
        if (_comment is not null)
        {
            var end = text.IndexOf("*/", i, StringComparison.Ordinal);
            if (end >= 0) _comment = null;
            i = end < 0 ? text.Length : end + 2;
            return;
        }
        var start = i;
        if (text[i] is ' ' or '\t') i++;
        else if (string.CompareOrdinal(text, i, "//", 0, 2) == 0) i = text.Length;
        else if (string.CompareOrdinal(text, i, "/*", 0, 2) == 0)
        {
            _comment = line.At(i, 2);
            i += 2;
        }
        else if (Names.IsLetter(text[i])) Add(TlsTokenKind.Name, NameEnd(text, i), line, index, ref i);
        else if (Names.IsDigit(text[i]))
        {
            var hex = text[i] == '0' && i + 1 < text.Length && text[i + 1] is 'x' or 'X';
            i += hex ? 2 : 0;
            var digits = i;
            while (i < text.Length && (hex ? Uri.IsHexDigit(text[i]) : Names.IsDigit(text[i]))) i++;
            var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            if (!ulong.TryParse(text.Substring(digits, i - digits), style, CultureInfo.InvariantCulture, out var value))
                Report(TlsRules.NumberRange, line.At(start, i - start), text.Substring(start, i - start), "64 bits");
            _tokens.Add(new(TlsTokenKind.Number, text.Substring(start, i - start), value, index, line.At(start, i - start)));
        }
        else if (string.CompareOrdinal(text, i, "..", 0, 2) == 0) Add(TlsTokenKind.Symbol, i + 2, line, index, ref i);
        else if ("{}()[]<>;,:^-=".IndexOf(text[i]) >= 0) Add(TlsTokenKind.Symbol, i + 1, line, index, ref i);
        else
        {
            Report(TlsRules.BadCharacter, line.At(i, 1), text[i]);
            i++;
        }
    }

    private static int NameEnd(string text, int i)
    {
        while (i < text.Length)
        {
            var c = text[i];
            var joins = c is '.' or '-' && i + 1 < text.Length && (Names.IsLetter(text[i + 1]) || c == '.' && Names.IsDigit(text[i + 1]));
            if (!joins && !Names.IsLetter(c) && !Names.IsDigit(c) && c != '_') break;
            i++;
        }
        return i;
    }

    private void Add(TlsTokenKind kind, int end, SourceLine line, int index, ref int i)
    {
        _tokens.Add(new(kind, line.Text.Substring(i, end - i), 0, index, line.At(i, end - i)));
        i = end;
    }

    private void Report(SpecRule rule, SpecPosition position, params object[] arguments) =>
        diagnostics.Add(new(rule, rule.Message(arguments), position));
}
