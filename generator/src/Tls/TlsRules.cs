namespace WebRtcConformance.Generator.Tls;

/// <summary>Every kind of mistake that only a file in the presentation language of TLS can hold; those of annotations and of linking are in
/// <see cref="SpecRules"/>. Ids are permanent.</summary>
public static class TlsRules
{
    public static readonly SpecRule
        BadCharacter = new("WT001", "Character outside the notation", "'{0}' has no meaning here"),
        OpenComment = new("WT002", "Comment without end", "this comment does not end"),
        Expected = new("WT003", "Syntax", "expected {0}, found {1}"),
        TooDeep = new("WT004", "Nested too deeply", "declarations nest at most {0} deep"),
        NumberRange = new("WT005", "Number out of range", "{0} is outside {1}"),
        Twice = new("WT006", "Name used twice", "{0} '{1}' is declared twice"),
        UnknownType = new("WT007", "Unknown type", "there is no type '{0}' in this file, and it is not imported"),
        UnknownModule = new("WT008", "Unknown module", "there is no module '{0}' among the files in this notation"),
        NotExported = new("WT009", "Nothing to import", "module '{0}' declares no type '{1}'"),
        UnknownAnnotation = new("WT010", "Unknown annotation", "there is no annotation '@{0}'"),
        UnknownMember = new("WT011", "Unknown member", "'{0}' has no member '{1}'"),
        UnknownCase = new("WT012", "Unknown value", "'{0}' is no value of '{1}'"),
        Unsettled = new("WT013", "Choice without chooser",
            "'{0}' is no field of this struct; say what it is with '@given {0} = ...' or '@given {0} when ...'"),
        WrongKind = new("WT014", "Wrong kind", "{0}"),
        BadVector = new("WT015", "Impossible vector", "{0}"),
        NoNumber = new("WT016", "Value without number", "'{0}' needs a number, since '{1}' is on the wire"),
        Unused = new("WT017", "Part of no message", "'{0}' is part of no message; leave it out, or say '@message {0}'"),
        Recursive = new("WT018", "Recursive type", "'{0}' contains itself"),
        NotAmended = new("WT019", "Nothing to amend", "'@amend {0}' needs a struct or enum of that name after it"),
        AmendElsewhere = new("WT020", "Amendment of another file's struct", "struct '{0}' is declared in another file; only its own file can amend it"),
        NoContext = new("WT021", "Variant that nothing chooses", "no '@choice {0}...' stands in the file that declares '{0}'"),
        BadField = new("WT022", "Clause that does not fit", "'{0}' cannot be said to be {1}"),
        Unsized = new("WT023", "Choice without end", "fields follow '{0}', whose size nothing says; say '@field {1}.{0}: EXPR bytes'"),
        UnusedAnnotation = new("WT024", "Annotation that changes nothing", "{0}"),
        Missing = new("WT025", "Missing file header", "a spec file needs '@{0}' before its first declaration");

    public static IReadOnlyList<SpecRule> All { get; } = typeof(TlsRules).GetFields()
        .Where(f => f.FieldType == typeof(SpecRule)).Select(f => (SpecRule)f.GetValue(null)!).OrderBy(r => r.Id, StringComparer.Ordinal).ToArray();
}
