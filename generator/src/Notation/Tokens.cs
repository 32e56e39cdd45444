using System.Globalization;
using System.Text;

namespace WebRtcConformance.Generator.Notation;

internal enum TokenKind : byte { Word, Number, Section, Text, Symbol, End }

/// <summary>One token of an annotation. <paramref name="Text"/> is its text (without quotes for <see cref="TokenKind.Text"/>).</summary>
internal readonly record struct Token(TokenKind Kind, string Text, ulong Value, SpecPosition Position)
{
    public bool Is(string text) => Kind is TokenKind.Word or TokenKind.Symbol && Text == text;
    public string Shown => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "\"" + Text + "\"",
        _ => "'" + Text + "'",
    };
}

/// <summary>Cuts lines of annotation into tokens.</summary>
/// <remarks>A word is letters and digits, and between them single '-', '/', ':', ''' or '_' ("XOR-MAPPED-ADDRESS", "utf-8",
/// "RFC8489:14.7-2", where dots may follow the colon). Numbers are decimal or 0x-hexadecimal. "14.7" and "B.1" are section numbers.</remarks>
internal static class Tokenizer
{
    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "<<", ">>", "..", "(", ")", "[", "]", ",", ";", ":", ".", "<", ">", "+", "-", "*", "/", "%", "&", "|", "="];

    public static void Cut(SourceLine line, int from, List<Token> tokens, List<LocalDiagnostic> diagnostics)
    {
        var text = line.Text;
        var i = from;
        while (i < text.Length)
        {
            var c = text[i];
            var start = i;
            if (c is ' ' or '\t') { i++; continue; }
            if (c == '"')
            {
                var end = text.IndexOf('"', i + 1);
                if (end < 0)
                {
                    diagnostics.Add(new(SpecRules.Expected, SpecRules.Expected.Message("a closing quote", "the end of the line"), At(start, 1)));
                    end = text.Length;
                }
                i = Math.Min(end + 1, text.Length);
                tokens.Add(new(TokenKind.Text, text.Substring(start + 1, end - start - 1), 0, At(start, i - start)));
            }
            else if (Names.IsDigit(c)) Number(text, ref i, At, tokens, diagnostics);
            else if (Names.IsLetter(c))
            {
                if (i + 2 < text.Length && text[i + 1] == '.' && Names.IsDigit(text[i + 2]))
                {
                    i = SectionEnd(text, i + 1);
                    tokens.Add(new(TokenKind.Section, text.Substring(start, i - start), 0, At(start, i - start)));
                    continue;
                }
                i = WordEnd(text, i);
                tokens.Add(new(TokenKind.Word, text.Substring(start, i - start), 0, At(start, i - start)));
            }
            else
            {
                var symbol = Array.Find(Symbols, s => string.CompareOrdinal(text, start, s, 0, s.Length) == 0);
                if (symbol is null)
                {
                    diagnostics.Add(new(SpecRules.BadCharacter, SpecRules.BadCharacter.Message(c), At(start, 1)));
                    i++;
                    continue;
                }
                i += symbol.Length;
                tokens.Add(new(TokenKind.Symbol, symbol, 0, At(start, symbol.Length)));
            }
        }

        SpecPosition At(int column, int length) => new(line.Number, column + 1, length);
    }

    private static int WordEnd(string text, int i)
    {
        var identifier = false;
        while (i < text.Length)
        {
            var c = text[i];
            if (Names.IsLetter(c) || Names.IsDigit(c) || c == '_') { i++; continue; }
            var joins = i + 1 < text.Length && (Names.IsLetter(text[i + 1]) || Names.IsDigit(text[i + 1]));
            if (!joins || !(c is '-' or '/' or ':' or '\'' || (c == '.' && identifier))) break;
            identifier |= c == ':';
            i++;
        }
        return i;
    }

    private static int SectionEnd(string text, int i)
    {
        while (i + 1 < text.Length && text[i] == '.' && Names.IsDigit(text[i + 1]))
        {
            i++;
            while (i < text.Length && Names.IsDigit(text[i])) i++;
        }
        return i;
    }

    private static void Number(string text, ref int i, Func<int, int, SpecPosition> at, List<Token> tokens, List<LocalDiagnostic> diagnostics)
    {
        var start = i;
        var hex = text[i] == '0' && i + 1 < text.Length && text[i + 1] is 'x' or 'X';
        if (hex) i += 2;
        var digits = i;
        while (i < text.Length && (hex ? Uri.IsHexDigit(text[i]) : Names.IsDigit(text[i]))) i++;
        if (!hex && i + 1 < text.Length && text[i] == '.' && Names.IsDigit(text[i + 1]))
        {
            i = SectionEnd(text, i);
            tokens.Add(new(TokenKind.Section, text.Substring(start, i - start), 0, at(start, i - start)));
            return;
        }
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(text.Substring(digits, i - digits), style, CultureInfo.InvariantCulture, out var value))
            diagnostics.Add(new(SpecRules.OutOfRange, SpecRules.OutOfRange.Message(text.Substring(start, i - start), "64 bits"), at(start, i - start)));
        tokens.Add(new(TokenKind.Number, text.Substring(start, i - start), value, at(start, i - start)));
    }
}

/// <summary>A line of a file; <paramref name="Number"/> counts from 1.</summary>
internal sealed record SourceLine(int Number, string Text)
{
    public int Indent
    {
        get
        {
            var i = 0;
            while (i < Text.Length && Text[i] is ' ' or '\t') i++;
            return i;
        }
    }

    public bool IsBlank => Indent == Text.Length;
    public bool IsComment => !IsBlank && Text[Indent] == '#';

    public SpecPosition At(int column, int length) => new(Number, column + 1, Math.Max(1, length));
    public SpecPosition Whole => At(Indent, Text.TrimEnd().Length - Indent);

    public static SourceLine[] Split(string text)
    {
        var lines = text.Split('\n');
        return lines.Select((l, i) => new SourceLine(i + 1, l.TrimEnd('\r'))).ToArray();
    }
}
