using System.Text;

namespace WebRtcConformance.Generator.Notation;

/// <summary>How names of the standards become keys and C# identifiers.</summary>
internal static class Names
{
    /// <summary>"XOR-MAPPED-ADDRESS" to "XorMappedAddress", "Transaction ID" to "TransactionId". Empty when nothing is left.</summary>
    public static string CSharp(string name)
    {
        var result = new StringBuilder();
        foreach (var word in Words(name))
        {
            var shouting = word.All(c => !char.IsLower(c)) && word.Length > 1;
            result.Append(char.ToUpperInvariant(word[0]));
            result.Append(shouting ? word.Substring(1).ToLowerInvariant() : word.Substring(1));
        }
        if (result.Length > 0 && char.IsDigit(result[0])) result.Insert(0, 'N');
        return result.ToString();
    }

    /// <summary>"Message Length" to "message-length".</summary>
    public static string Kebab(string name) => string.Join("-", Words(name).Select(w => w.ToLowerInvariant()));

    /// <summary>The form in which cell texts and names are compared: no parentheses, no trailing dots, one case, single spaces.</summary>
    public static string Key(string text)
    {
        var result = new StringBuilder();
        var depth = 0;
        foreach (var c in text)
        {
            if (c == '(') depth++;
            else if (c == ')' && depth > 0) depth--;
            else if (depth == 0)
            {
                if (!char.IsWhiteSpace(c)) result.Append(char.ToLowerInvariant(c));
                else if (result.Length > 0 && result[result.Length - 1] != ' ') result.Append(' ');
            }
        }
        var key = result.ToString().Trim();
        var bare = key.Trim('.', ' ');
        return bare.Length == 0 && key.Length > 0 ? "..." : bare;
    }

    public static bool IsIdentifier(string text) =>
        text.Length > 0 && IsLetter(text[0]) && text.All(c => IsLetter(c) || IsDigit(c) || c == '_');

    public static bool IsLetter(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';
    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static IEnumerable<string> Words(string name)
    {
        var word = new StringBuilder();
        foreach (var c in name)
        {
            if (IsLetter(c) || IsDigit(c)) word.Append(c);
            else if (c != '\'' && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0) yield return word.ToString();
    }
}
