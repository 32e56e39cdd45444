using System.Globalization;

namespace WebRtcConformance.Cli;

/// <summary>Bytes as people paste them: hex with spaces, line ends, colons, commas, "0x", and "#" comments to the end of the line.</summary>
internal static class HexText
{
    public const int LongestInput = 64 * 1024 * 1024;

    /// <summary>Whether a word can be some of the hex: it has nothing but digits and what may stand between them.</summary>
    public static bool IsHex(string word) => word.All(c => char.IsAsciiHexDigit(c) || char.IsWhiteSpace(c) || c is ':' or ',' or '-' or '_' or ';' or 'x' or 'X' or '#');

    /// <exception cref="CliException">Anything else in the text: says where.</exception>
    public static byte[] Parse(string text)
    {
        var bytes = new List<byte>(text.Length / 2);
        int high = -1, line = 1, column = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            column++;
            if (c == '\n')
            {
                (line, column) = (line + 1, 0);
            }
            else if (c == '#')
            {
                i = Math.Max(i, text.IndexOf('\n', i) is >= 0 and var end ? end - 1 : text.Length);
            }
            else if (c == '0' && i + 1 < text.Length && text[i + 1] is 'x' or 'X' && high < 0)
            {
                (i, column) = (i + 1, column + 1);
            }
            else if (char.IsAsciiHexDigit(c))
            {
                int digit = int.Parse(c.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (high < 0)
                {
                    high = digit;
                }
                else
                {
                    bytes.Add((byte)(high << 4 | digit));
                    high = -1;
                }
            }
            else if (!char.IsWhiteSpace(c) && c is not (':' or ',' or '-' or '_' or ';'))
            {
                throw CliException.Usage($"'{Reports.OneLine.Of(c.ToString())}' at line {line}, column {column} is no hex digit",
                    "give hex such as 000100002112a442, @FILE, or - for standard input");
            }
        }

        return high < 0 ? [.. bytes] : throw CliException.Usage($"half a byte: the hex has an odd number of digits ({2 * bytes.Count + 1})",
            "a digit is missing or one too many");
    }
}
