namespace WebRtcConformance.Generator.Abnf;

/// <summary>Every kind of mistake that an ABNF spec file can hold. Ids are permanent.</summary>
public static class AbnfRules
{
    public static readonly SpecRule
        UnexpectedLine = new("WA001", "Line that belongs to nothing", "'{0}' starts no rule and continues none"),
        MissingHeader = new("WA002", "Missing file header", "a spec file needs '@{0}' before its first rule"),
        UnknownDirective = new("WA003", "Unknown directive", "there is no directive '@{0}'"),
        Expected = new("WA004", "Syntax", "expected {0}, found {1}"),
        BadCharacter = new("WA005", "Character outside the notation", "'{0}' has no meaning here"),
        BadNumber = new("WA006", "Number out of range", "{0}"),
        Duplicate = new("WA007", "Name used twice", "{0} '{1}' is declared twice"),
        UnknownRule = new("WA008", "Unknown rule", "there is no rule '{0}' here; define it, or import it from another module"),
        UnknownModule = new("WA009", "Unknown module", "there is no module '{0}'"),
        Prose = new("WA010", "Prose value", "<{0}> says nothing to a compiler; cover it by '@define <{0}> = ...', or import the rule"),
        NothingToExtend = new("WA011", "Nothing to extend", "'{0}' has no '=' before this '=/'"),
        UnknownPath = new("WA012", "Unknown capture", "'{0}' names no rule reference within '{1}'"),
        NotNumber = new("WA013", "Not a number", "an integer consists of digits only, and '{0}' may hold others"),
        NotUnion = new("WA014", "Not a union", "{0}"),
        BadRange = new("WA015", "Malformed range", "{0}"),
        Recursive = new("WA016", "Recursive rule", "'{0}' contains itself: {1}"),
        Twice = new("WA017", "Said twice", "'{0}' is said twice"),
        NumberCollision = new("WA018", "Module numbers collide", "modules '{0}' and '{1}' have the same number {2}; rename one"),
        NotCaptured = new("WA019", "Type without rule", "'{0}' is no captured rule: @start needs @capture"),
        Undecidable = new("WA020", "Choice that cannot be decided", "in '{0}', no bounded look-ahead decides {1}: after \"{2}\" both go on"),
        Ambiguous = new("WA021", "Ambiguous grammar", "in '{0}', \"{1}\" can be read in two ways ({2}); say '@prefer {0} : ...'"),
        TooLarge = new("WA022", "Automaton too large", "'{0}' needs an automaton of more than {1} states"),
        EmptyItem = new("WA023", "Repetition of nothing", "what '{0}' repeats may be empty and holds captures"),
        BadPrefer = new("WA024", "Preference for nothing", "'{0}' has no alternative '{1}'"),
        NoForm = new("WA025", "Unknown form", "the form '{0}' is never the first to match"),
        TooDeep = new("WA026", "Nested too deeply", "groups nest at most {0} deep");

    public static IReadOnlyList<SpecRule> All { get; } = typeof(AbnfRules).GetFields()
        .Where(f => f.FieldType == typeof(SpecRule)).Select(f => (SpecRule)f.GetValue(null)!).OrderBy(r => r.Id, StringComparer.Ordinal).ToArray();
}
