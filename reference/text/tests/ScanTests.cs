using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;

namespace WebRtcConformance.Text;

/// <summary>What parsers read with, against the obvious way to do the same.</summary>
public class ScanTests
{
    private static ByteSet Set(Func<byte, bool> has)
    {
        var (low, high) = (0UL, 0UL);
        for (byte b = 0; b < 0x80; b++)
        {
            if (!has(b)) continue;
            if ((b & 8) == 0) low |= 1UL << (b & 7) * 8 + (b >> 4);
            else high |= 1UL << (b & 7) * 8 + (b >> 4);
        }
        return new(low, high);
    }

    /// <summary>Texts of every length around the width of a vector, from every place on.</summary>
    [Property(MaxTest = 300)]
    public void A_search_finds_the_first_byte_of_a_set(ulong members, ulong moreMembers, byte[] pattern)
    {
        var set = Set(b => ((b < 64 ? members : moreMembers) >> (b & 63) & 1) != 0);
        for (var length = 0; length < 100; length++)
        {
            var text = new byte[length];
            for (var i = 0; i < length; i++) text[i] = pattern.Length == 0 ? (byte)'a' : pattern[i * 7 % pattern.Length];
            for (var at = 0; at <= length; at++)
                foreach (var other in new[] { false, true })
                {
                    var expected = at;
                    while (expected < length && set.Has(text[expected]) == other) expected++;
                    Assert.Equal((expected, expected), (set.Find(text, at, other), ByteSet.Further(text, at, set.Low, set.High, other)));
                }
        }
    }

    [Fact]
    public void A_set_has_its_bytes_and_no_others()
    {
        for (var one = 0; one < 0x80; one++)
        {
            var set = Set(b => b == one);
            for (var b = 0; b < 256; b++)
            {
                Assert.Equal(b == one, set.Has((byte)b));
                var text = Enumerable.Repeat((byte)b, 40).ToArray();
                Assert.Equal(b == one ? 0 : 40, set.Find(text, 0, false));
            }
        }
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("x1", 0, 0)]
    [InlineData("0", 1, 0)]
    [InlineData("0123456789x", 10, 123456789)]
    [InlineData("9999999999999999999", 19, 9999999999999999999)]
    [InlineData("18446744073709551615", 20, ulong.MaxValue)]
    [InlineData("18446744073709551616", 20, ulong.MaxValue)]
    [InlineData("000000000000000000000000000007", 30, 7)]
    [InlineData("99999999999999999999999999999999999999999999999", 47, ulong.MaxValue)]
    public void Digits_are_a_number_or_the_largest(string text, int end, ulong value)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal((end, value), (TextScan.Digits(bytes, 0, out var number), number));
        var zero = text.StartsWith('0');
        Assert.Equal((zero ? 0 : end, zero ? 0 : value), (TextScan.PositiveDigits(bytes, 0, out number), number));
        Assert.Equal((zero ? 1 : end, zero ? 0 : value), (TextScan.CanonicalDigits(bytes, 0, out number), number));
    }

    /// <summary>Pairs of digits joined by colons go round in a circle of three states, letters stay in one: both are read many bytes at a time.</summary>
    [Property(MaxTest = 2000)]
    public void An_automaton_stops_where_its_language_does(byte[] choices)
    {
        var pairs = new TextAutomaton("30-39,41-46 3A", ",+;,+;=0:,,+;,1");
        var words = new TextAutomaton("61-7A 2D", ",+;=0:,.,+;,1");
        var text = new StringBuilder();
        for (var i = 0; i < choices.Length; i++) text.Append(choices[i] % 40 == 0 ? '!' : "0:A"[i % 3 == 2 ? 1 : i % 2 * 2]);
        Same(pairs, text.ToString(), "^(?:[0-9A-F]{2}:)*[0-9A-F]{2}");
        text.Clear();
        foreach (var choice in choices) text.Append((choice % 20) switch { 0 => "-", 1 => "!", 2 => "é", _ => "abcdefg"[..(choice % 7 + 1)] });
        Same(words, text.ToString(), "^[a-z]+(?:-[a-z]+)*");

        // Where the automaton stops: a match up to there, or no further step and no match.
        static void Same(TextAutomaton automaton, string text, string language)
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            var end = automaton.Run(bytes, 0);
            var stop = end < 0 ? ~end : end;
            Assert.Equal(end >= 0, Regex.IsMatch(text[..stop], language + "$"));
            if (end >= 0) Assert.Equal(Regex.Match(text, language).Length, end);
            Assert.Equal(end >= 0 && stop == bytes.Length ? 0 : -1, automaton.Form(bytes));
        }
    }

    [Property(MaxTest = 300)]
    public void A_name_is_found_by_all_of_it(byte[] seed)
    {
        string[] names = ["a", "mid", "rtpmap", "rtcp-fb", "candidate", "end-of-candidates", "extmap-allow-mixed", "extmap-allow-mixer", "12345678", "123456789", .. seed.Distinct().Select(b => $"n{b}")];
        var table = new TextNameTable(names);
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var (before, after) in new[] { ("", ""), ("x", ":value and more"), ("", ":") })
            {
                var text = Encoding.ASCII.GetBytes(before + names[i] + after);
                Assert.Equal(i + 1, table.Find(text, before.Length, names[i].Length));
                Assert.Equal(Array.IndexOf(names, names[i][..^1]) + 1, table.Find(text, before.Length, names[i].Length - 1));
            }
            var other = Encoding.ASCII.GetBytes(names[i]);
            other[^1] ^= 0x80;
            Assert.Equal(0, table.Find(other, 0, other.Length));
        }
        Assert.Equal(0, table.Find("mid"u8, 0, 0));
    }
}
