using System.Globalization;
using System.Text;

namespace WebRtcConformance.Generator.Abnf;

internal enum AbnfTokenKind { Name, String, Number, NumericValue, Prose, Symbol, Line }

/// <param name="AnyCase">For strings: letters match in either case.</param>
/// <param name="Values">For numeric values: the bytes, or the two ends of a range.</param>
internal sealed record AbnfToken(AbnfTokenKind Kind, string Text, SpecPosition Position, bool AnyCase = true, int[]? Values = null, bool IsRange = false);

/// <summary>Cuts lines into tokens; comments and white space vanish.</summary>
internal static class AbnfTokenizer
{
    /// <param name="line">The text, and its 1-based number.</param>
    public static void Cut(string line, int number, int from, List<AbnfToken> tokens, List<LocalDiagnostic> diagnostics)
    {
        var at = from;
        while (at < line.Length)
        {
            var c = line[at];
            if (c is ' ' or '\t') { at++; continue; }
            if (c == ';') return;
            var start = at;
            if (IsLetter(c))
            {
                while (at < line.Length && (IsLetter(line[at]) || IsDigit(line[at]) || line[at] is '-' or '_')) at++;
                Add(AbnfTokenKind.Name, line.Substring(start, at - start), start, at);
            }
            else if (IsDigit(c))
            {
                while (at < line.Length && (IsDigit(line[at]) || IsLetter(line[at]) || line[at] == '.' && at + 1 < line.Length && (IsDigit(line[at + 1]) || IsLetter(line[at + 1])))) at++;
                // "6.15" and "A.1" are sections; "1*3DIGIT" is a number and a name.
                var text = line.Substring(start, at - start);
                var digits = text.TakeWhile(IsDigit).Count();
                if (digits < text.Length && IsLetter(text[digits])) at = start + digits;
                Add(AbnfTokenKind.Number, line.Substring(start, at - start), start, at);
            }
            else if (c == '"') Quoted(line, number, ref at, start, true, tokens, diagnostics);
            else if (c == '<')
            {
                var close = line.IndexOf('>', at);
                if (close < 0) { Bad(start); return; }
                at = close + 1;
                Add(AbnfTokenKind.Prose, line.Substring(start + 1, close - start - 1).Trim(), start, at);
            }
            else if (c == '%' && at + 1 < line.Length && line[at + 1] is 's' or 'S' or 'i' or 'I' && at + 2 < line.Length && line[at + 2] == '"')
            {
                at += 2;
                Quoted(line, number, ref at, start, line[start + 1] is 'i' or 'I', tokens, diagnostics);
            }
            else if (c == '%' && at + 1 < line.Length && line[at + 1] is 'x' or 'X' or 'd' or 'D' or 'b' or 'B') Numeric(line, number, ref at, tokens, diagnostics);
            else if (c == '.' && at + 1 < line.Length && line[at + 1] == '.')
            {
                at += 2;
                Add(AbnfTokenKind.Symbol, "..", start, at);
            }
            else if (c == '=' && at + 1 < line.Length && line[at + 1] == '/')
            {
                at += 2;
                Add(AbnfTokenKind.Symbol, "=/", start, at);
            }
            else if ("=/()[]*,:".IndexOf(c) >= 0)
            {
                at++;
                Add(AbnfTokenKind.Symbol, c.ToString(), start, at);
            }
            else
            {
                Bad(start);
                return;
            }
        }

        void Add(AbnfTokenKind kind, string text, int begin, int end) => tokens.Add(new(kind, text, new(number, begin + 1, end - begin)));
        void Bad(int begin) => diagnostics.Add(new(AbnfRules.BadCharacter, AbnfRules.BadCharacter.Message(line[begin]), new(number, begin + 1, 1)));
    }

    private static void Quoted(string line, int number, ref int at, int start, bool anyCase, List<AbnfToken> tokens, List<LocalDiagnostic> diagnostics)
    {
        var close = line.IndexOf('"', at + 1);
        if (close < 0)
        {
            diagnostics.Add(new(AbnfRules.BadCharacter, AbnfRules.BadCharacter.Message('"'), new(number, at + 1, 1)));
            at = line.Length;
            return;
        }
        var text = line.Substring(at + 1, close - at - 1);
        at = close + 1;
        tokens.Add(new(AbnfTokenKind.String, text, new(number, start + 1, at - start), anyCase));
    }

    private static void Numeric(string line, int number, ref int at, List<AbnfToken> tokens, List<LocalDiagnostic> diagnostics)
    {
        var start = at;
        var radix = line[at + 1] is 'x' or 'X' ? 16 : line[at + 1] is 'd' or 'D' ? 10 : 2;
        at += 2;
        var values = new List<int>();
        var range = false;
        while (true)
        {
            var from = at;
            var value = 0L;
            while (at < line.Length && Digit(line[at]) is var digit && digit < radix)
            {
                value = Math.Min(value * radix + digit, 1L << 32);
                at++;
            }
            if (at == from || value > 255)
            {
                diagnostics.Add(new(AbnfRules.BadNumber, AbnfRules.BadNumber.Message(at == from ? "digits are missing" : $"{line.Substring(from, at - from)} is no byte"),
                    new(number, start + 1, Math.Max(at - start, 1))));
                value = 0;
            }
            values.Add((int)value);
            if (at < line.Length && line[at] == '.' && !range && Continues(line, at, radix)) at++;
            else if (at < line.Length && line[at] == '-' && values.Count == 1 && Continues(line, at, radix)) { at++; range = true; }
            else break;
        }
        var position = new SpecPosition(number, start + 1, at - start);
        if (range && values[0] > values[1])
            diagnostics.Add(new(AbnfRules.BadRange, AbnfRules.BadRange.Message("the range ends before it begins"), position));
        tokens.Add(new(AbnfTokenKind.NumericValue, line.Substring(start, at - start), position, false, values.ToArray(), range));
    }

    private static bool Continues(string line, int at, int radix) => at + 1 < line.Length && Digit(line[at + 1]) < radix;

    private static int Digit(char c) => c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : c is >= 'A' and <= 'F' ? c - 'A' + 10 : 99;

    public static bool IsLetter(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';
    public static bool IsDigit(char c) => c is >= '0' and <= '9';
}
