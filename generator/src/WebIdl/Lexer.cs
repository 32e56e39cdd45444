namespace WebRtcConformance.Generator.WebIdl;

public enum IdlTokenKind : byte { Identifier, Keyword, Integer, Decimal, String, Punctuation, Bad, End }

/// <summary>One token of a file.</summary>
/// <param name="Text">As written.</param>
/// <param name="TriviaStart">Where the blanks and comments before it begin; it begins itself at <paramref name="Start"/>.</param>
internal readonly record struct IdlToken(IdlTokenKind Kind, string Text, int TriviaStart, int Start, SpecPosition Position)
{
    public bool Is(string text) => Kind is IdlTokenKind.Keyword or IdlTokenKind.Punctuation && Text == text;
    public string Shown => Kind == IdlTokenKind.End ? "the end of the file" : Kind == IdlTokenKind.String ? Text : "'" + Text + "'";
}

/// <summary>Cuts a file into tokens: Web IDL section 2, "IDL grammar", and its regular expressions. Every character belongs to a token or to
/// the trivia before one; the last token is <see cref="IdlTokenKind.End"/>.</summary>
internal static class IdlLexer
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "-Infinity", "ArrayBuffer", "BigInt64Array", "BigUint64Array", "ByteString", "DOMString", "DataView", "Float16Array", "Float32Array",
        "Float64Array", "FrozenArray", "Infinity", "Int16Array", "Int32Array", "Int8Array", "NaN", "ObservableArray", "Promise",
        "SharedArrayBuffer", "USVString", "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "any", "async", "async_iterable",
        "async_sequence", "attribute", "bigint", "boolean", "byte", "callback", "const", "constructor", "deleter", "dictionary", "double",
        "enum", "false", "float", "getter", "includes", "inherit", "interface", "iterable", "long", "maplike", "mixin", "namespace", "null",
        "object", "octet", "optional", "or", "partial", "readonly", "record", "required", "sequence", "setlike", "setter", "short", "static",
        "stringifier", "symbol", "true", "typedef", "undefined", "unrestricted", "unsigned", "void",
    };

    public static List<IdlToken> Cut(string text, List<LocalDiagnostic> diagnostics)
    {
        var tokens = new List<IdlToken>();
        var (line, lineStart) = (1, 0);
        var i = 0;
        while (true)
        {
            var trivia = i;
            var unclosedComment = SkipTrivia(text, ref i, ref line, ref lineStart);
            if (i == text.Length)
            {
                tokens.Add(new(IdlTokenKind.End, "", trivia, i, new(line, i - lineStart + 1, 0)));
                return tokens;
            }
            var start = i;
            IdlTokenKind kind;
            if (unclosedComment)
            {
                (kind, i) = (IdlTokenKind.Bad, text.Length);
                Report(IdlRules.Unclosed, 2, "comment");
            }
            else if (text[i] == '"')
            {
                var close = text.IndexOf('"', i + 1);
                (kind, i) = close >= 0 ? (IdlTokenKind.String, close + 1) : (IdlTokenKind.Bad, LineEnd(text, i));
                if (close < 0) Report(IdlRules.Unclosed, 1, "text");
            }
            else if (NumberEnd(text, i, out kind) is var end && end > i) i = end;
            else if (WordEnd(text, i) is var wordEnd && wordEnd > i)
            {
                i = wordEnd;
                kind = IdlTokenKind.Identifier;
            }
            else if (string.CompareOrdinal(text, i, "...", 0, 3) == 0) (kind, i) = (IdlTokenKind.Punctuation, i + 3);
            else if (IsPunctuation(text[i])) (kind, i) = (IdlTokenKind.Punctuation, i + 1);
            else
            {
                // A run of such characters is one mistake.
                kind = IdlTokenKind.Bad;
                do i++;
                while (i < text.Length && IsMeaningless(text, i));
                var shown = text.Substring(start, Math.Min(i - start, 20));
                Report(IdlRules.BadCharacter, i - start, shown);
            }

            var token = text.Substring(start, i - start);
            if (kind == IdlTokenKind.Identifier)
            {
                if (Keywords.Contains(token)) kind = IdlTokenKind.Keyword;
                else if (token is "toString" or "_toString" or "_constructor") Report(IdlRules.Reserved, token.Length, Unescape(token));
            }
            tokens.Add(new(kind, token, trivia, start, At(token.Length)));

            // A string may go over several lines.
            if (kind is IdlTokenKind.String or IdlTokenKind.Bad)
                for (var j = start; j < i; j++)
                    if (text[j] == '\n') (line, lineStart) = (line + 1, j + 1);

            SpecPosition At(int length) => new(line, start - lineStart + 1, length);
            void Report(SpecRule rule, int length, string argument) => diagnostics.Add(new(rule, rule.Message(argument), At(length)));
        }
    }

    /// <summary>An identifier without the underscore that keeps it from being read as a keyword.</summary>
    public static string Unescape(string identifier) => identifier.Length > 0 && identifier[0] == '_' ? identifier.Substring(1) : identifier;

    /// <returns>True if a comment begins at <paramref name="i"/> that never ends.</returns>
    private static bool SkipTrivia(string text, ref int i, ref int line, ref int lineStart)
    {
        while (i < text.Length)
        {
            switch (text[i])
            {
                case '\n':
                    i++;
                    (line, lineStart) = (line + 1, i);
                    break;
                case ' ' or '\t' or '\r':
                    i++;
                    break;
                case '/' when i + 1 < text.Length && text[i + 1] == '/':
                    i = LineEnd(text, i);
                    break;
                case '/' when i + 1 < text.Length && text[i + 1] == '*':
                    var end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                    if (end < 0) return true;
                    for (; i < end + 2; i++)
                        if (text[i] == '\n') (line, lineStart) = (line + 1, i + 1);
                    break;
                default:
                    return false;
            }
        }
        return false;
    }

    private static int LineEnd(string text, int i)
    {
        while (i < text.Length && text[i] is not ('\n' or '\r' or '\u2028' or '\u2029')) i++;
        return i;
    }

    /// <summary>-?(0x...|0[0-7]*|[1-9][0-9]*), or a decimal with a point or an exponent.</summary>
    private static int NumberEnd(string text, int from, out IdlTokenKind kind)
    {
        var i = from;
        if (text[i] == '-') i++;
        var digits = i;
        i = Digits(text, i);
        var whole = i - digits;
        kind = IdlTokenKind.Decimal;
        if (At(text, i) == '.' && Digits(text, i + 1) is var fraction && (whole > 0 || fraction > i + 1))
            return ExponentEnd(text, fraction) ?? fraction;
        if (whole == 0) return from;
        if (ExponentEnd(text, i) is { } exponent) return exponent;

        kind = IdlTokenKind.Integer;
        if (text[digits] != '0') return i;
        i = digits + 1;
        if (At(text, i) is 'x' or 'X' && Uri.IsHexDigit(At(text, i + 1)))
        {
            do i++;
            while (Uri.IsHexDigit(At(text, i)));
            return i;
        }
        while (At(text, i) is >= '0' and <= '7') i++;
        return i;
    }

    private static int? ExponentEnd(string text, int i)
    {
        if (At(text, i) is not ('e' or 'E')) return null;
        i++;
        if (At(text, i) is '+' or '-') i++;
        var end = Digits(text, i);
        return end > i ? end : null;
    }

    /// <summary>[_-]?[A-Za-z][0-9A-Za-z_-]*</summary>
    private static int WordEnd(string text, int from)
    {
        var i = from;
        if (text[i] is '_' or '-') i++;
        if (!IsLetter(At(text, i))) return from;
        while (At(text, i) is var c && (IsLetter(c) || IsDigit(c) || c is '_' or '-')) i++;
        return i;
    }

    private static bool IsMeaningless(string text, int i) =>
        text[i] is not (' ' or '\t' or '\r' or '\n' or '"' or '/' or '_' or '-' or '.')
        && !IsLetter(text[i]) && !IsDigit(text[i]) && !IsPunctuation(text[i]);

    private static int Digits(string text, int i)
    {
        while (IsDigit(At(text, i))) i++;
        return i;
    }

    private static char At(string text, int i) => i < text.Length ? text[i] : '\0';
    private static bool IsDigit(char c) => c is >= '0' and <= '9';
    private static bool IsLetter(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';
    private static bool IsPunctuation(char c) => c is '(' or ')' or ',' or ':' or ';' or '<' or '=' or '>' or '?' or '*' or '[' or ']' or '{' or '}';
}
