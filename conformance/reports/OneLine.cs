using System.Globalization;
using System.Text;

namespace WebRtcConformance.Reports;

/// <summary>Text from outside (a name, a reason, a packet's words) made safe to print on one line of a terminal or a log.</summary>
public static class OneLine
{
    /// <summary>Control characters, line ends and direction overrides become visible escapes; longer text is cut with an ellipsis.</summary>
    public static string Of(string text, int limit = 400)
    {
        var line = new StringBuilder(Math.Min(text.Length, limit));
        foreach (char c in text)
        {
            if (line.Length >= limit)
            {
                return line.Append('…').ToString();
            }

            if (c is '\n' or '\r' or '\t')
            {
                line.Append(' ');
            }
            else if (IsUnprintable(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                line.Append(c);
            }
        }

        return line.ToString().Trim();
    }

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}
