namespace WebRtcConformance.Generator.WebIdl.Linking;

/// <summary>Mistakes in Web IDL files that only the C# back end finds; the language's own rules are the validator's. Ids are permanent.</summary>
public static class ApiRules
{
    public static readonly SpecRule
        NoCode = new("WB001", "Construct without C#", "no C# is made for {0}"),
        BadHistoric = new("WB002", "Malformed annotation", "'// @historic' needs 'NAME replaced-by WHAT', not '{0}'"),
        UnknownHistoric = new("WB003", "Annotation of nothing", "'{0}' is declared nowhere"),
        UnknownAnnotation = new("WB004", "Unknown annotation", "there is no annotation '@{0}'"),
        BadDocument = new("WB005", "Malformed annotation", "'// @document' needs '\"TITLE\" URL', not '{0}'");

    public static IReadOnlyList<SpecRule> All { get; } = [NoCode, BadHistoric, UnknownHistoric, UnknownAnnotation, BadDocument];
}
