using System.Globalization;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>
/// The permanent name of a requirement: <c>RFC8489:9.1.3-7</c> is the seventh sentence with an RFC 2119 keyword in
/// section 9.1.3; <c>RFC8489:14.2-a3</c> is the third item of section 14.2 that binds without such a keyword.
/// </summary>
/// <param name="Document">Upper-case letters and digits, such as <c>RFC8489</c>.</param>
/// <param name="Section">Numbers joined by dots, such as <c>9.1.3</c>.</param>
/// <param name="Ordinal">From 1, per section, counted apart for the two kinds.</param>
/// <param name="HasKeyword">Whether the sentence has an RFC 2119 keyword; otherwise the ordinal is written with an <c>a</c>.</param>
public readonly record struct RequirementId(string Document, string Section, int Ordinal, bool HasKeyword)
{
    /// <summary>Reads an id. False when the text is not exactly of the form above.</summary>
    public static bool TryParse(string? text, out RequirementId id)
    {
        id = default;
        if (text is null || text.Length > 64)
            return false;
        int colon = text.IndexOf(':');
        int dash = text.LastIndexOf('-');
        if (colon < 1 || dash <= colon + 1)
            return false;

        string document = text[..colon];
        string section = text[(colon + 1)..dash];
        string number = text[(dash + 1)..];
        bool hasKeyword = !number.StartsWith('a');
        if (!hasKeyword)
            number = number[1..];
        if (!char.IsAsciiLetterUpper(document[0]) || !document.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
            return false;
        if (!SectionNumber.IsValid(section) || !SectionNumber.TryPart(number, out int ordinal) || ordinal == 0)
            return false;
        id = new RequirementId(document, section, ordinal, hasKeyword);
        return true;
    }

    /// <summary>The id as text; <see cref="TryParse"/> reads it back.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Document}:{Section}-{(HasKeyword ? "" : "a")}{Ordinal}");
}

/// <summary>Section numbers such as <c>6.2.1</c>: their form and their order.</summary>
public static class SectionNumber
{
    /// <summary>Whether the text is numbers of one to four digits joined by dots, without leading zeros.</summary>
    public static bool IsValid(string text) => text.Split('.').All(part => TryPart(part, out _));

    /// <summary>Orders 9.2 before 9.10 and a section before its subsections. Both must be valid.</summary>
    public static int Compare(string left, string right)
    {
        string[] a = left.Split('.');
        string[] b = right.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            int order = int.Parse(a[i], CultureInfo.InvariantCulture).CompareTo(int.Parse(b[i], CultureInfo.InvariantCulture));
            if (order != 0)
                return order;
        }
        return a.Length.CompareTo(b.Length);
    }

    internal static bool TryPart(string text, out int value)
    {
        value = 0;
        return text.Length is >= 1 and <= 4 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
