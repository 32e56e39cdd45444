using System.Text.RegularExpressions;

namespace WebRtcConformance.Reports;

/// <summary>What a report says about a requirement, in our words.</summary>
/// <param name="Id">e.g. "RFC8489:9.1.3-8".</param>
/// <param name="Level">"MUST", "SHOULD NOT" ...</param>
/// <param name="SectionTitle">Heading of the section, or "".</param>
public sealed record RequirementText(string Id, string Gist, string Level, string SectionTitle = "");

/// <summary>Looks up requirements; the catalogue in the suite, a few lines in a test.</summary>
public interface IRequirementText
{
    /// <returns>Null when the catalogue does not know the id.</returns>
    RequirementText? Find(string id);
}

/// <summary>Knows nothing: reports then show ids and sections only.</summary>
public sealed class NoRequirementText : IRequirementText
{
    public static readonly NoRequirementText Instance = new();
    public RequirementText? Find(string id) => null;
}

/// <summary>Where a requirement stands, read off its id: document and section.</summary>
/// <param name="Document">"RFC 8489", or the id's own word for another standard.</param>
/// <param name="Section">"9.1.3", or "" when the id names none.</param>
public sealed partial record RequirementPlace(string Document, string Section)
{
    /// <summary>"RFC 8489 section 9.1.3".</summary>
    public override string ToString() => Section.Length == 0 ? Document : $"{Document} section {Section}";

    /// <summary>The section at the RFC editor's site; null for other standards.</summary>
    public string? Url => Document.StartsWith("RFC ", StringComparison.Ordinal)
        ? $"https://www.rfc-editor.org/rfc/rfc{Document[4..]}" + (Section.Length == 0 ? "" : (char.IsDigit(Section[0]) ? "#section-" : "#appendix-") + Section)
        : null;

    public static RequirementPlace Of(string id)
    {
        Match rfc = RfcId().Match(id);
        if (rfc.Success)
        {
            return new("RFC " + rfc.Groups[1].Value, rfc.Groups[2].Value);
        }

        int colon = id.IndexOf(':');
        int dash = id.LastIndexOf('-');
        return colon < 0 ? new(id, "") : new(id[..colon], id[(colon + 1)..(dash > colon ? dash : id.Length)]);
    }

    /// <summary>Orders sections as the document does: 9.2 before 9.10, numbers before names.</summary>
    public static int CompareSections(string left, string right)
    {
        string[] a = left.Split('.'), b = right.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            bool numbers = int.TryParse(a[i], out int x) & int.TryParse(b[i], out int y);
            int order = numbers ? x.CompareTo(y) : string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    [GeneratedRegex(@"^RFC(\d{1,5}):([0-9A-Z]+(?:\.[0-9A-Z]+)*)-[a-z]?\d+$")]
    private static partial Regex RfcId();
}
