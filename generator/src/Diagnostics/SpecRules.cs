namespace WebRtcConformance.Generator;

/// <summary>Every kind of mistake that a spec file can hold. Ids are permanent.</summary>
public static class SpecRules
{
    public static readonly SpecRule
        UnexpectedLine = new("WS001", "Line that belongs to nothing", "'{0}' starts no declaration and belongs to none"),
        MissingHeader = new("WS002", "Missing file header", "a spec file needs '@{0}' before its first declaration"),
        UnknownDirective = new("WS003", "Unknown directive", "there is no directive '@{0}'"),
        BadDirective = new("WS004", "Malformed directive", "'@{0}' needs {1}"),
        CellWithoutEntry = new("WS005", "Undescribed cell", "drawn cell '{0}' has no description under 'where'"),
        EntryWithoutCell = new("WS006", "Description without cell",
            "'{0}' matches no drawn cell at or after this place; if the standard does not draw it, say '(not drawn)'"),
        WidthMismatch = new("WS007", "Width differs from the drawing", "'{0}' is described as {1} bits and drawn as {2}"),
        OffLattice = new("WS008", "Bar off the bit columns", "this bar stands on no bit boundary{0}"),
        RulerMismatch = new("WS009", "Ruler differs from the drawing", "the ruler counts {0} bits and the drawing has {1}"),
        CrookedRule = new("WS010", "Crooked rule line", "this line does not fit the columns of the drawing's first line"),
        BadCharacter = new("WS011", "Character outside the notation", "'{0}' has no meaning here"),
        Unclosed = new("WS012", "Description without full stop", "the description of '{0}' does not end with a full stop"),
        Expected = new("WS013", "Syntax", "expected {0}, found {1}"),
        Twice = new("WS014", "Said twice", "'{0}' is said twice"),
        OutOfRange = new("WS015", "Number out of range", "{0} is outside {1}"),
        UnknownField = new("WS016", "Unknown field", "'{0}' names no field here"),
        UnknownRegistry = new("WS017", "Unknown registry", "there is no registry '{0}' in this file or the files that it uses"),
        UnknownPdu = new("WS018", "Unknown PDU", "there is no PDU '{0}' in this file or the files that it uses"),
        Duplicate = new("WS019", "Name used twice", "{0} '{1}' is declared twice"),
        NotSolvable = new("WS020", "Not solvable", "cannot derive '{0}' from this: {1}"),
        NotAligned = new("WS021", "Not on a byte boundary", "'{0}' does not {1} on a byte boundary"),
        TooWide = new("WS022", "Value does not fit", "{0} does not fit into {1} bits"),
        NoCode = new("WS023", "Variant without code", "registry '{0}' has no value named '{1}'"),
        CodeClash = new("WS024", "Code point used twice", "{0} is already '{1}' in registry '{2}'"),
        BadVector = new("WS025", "Malformed vector", "a vector holds pairs of hexadecimal digits, not '{0}'"),
        BadSplit = new("WS026", "Malformed split", "{0}"),
        NotEarlier = new("WS027", "Used before it is known", "'{0}' is not known yet where this is decided"),
        Recursive = new("WS028", "Recursive PDU", "'{0}' contains itself"),
        NoDrawing = new("WS029", "Malformed drawing", "{0}"),
        AfterRest = new("WS030", "Field after the rest", "'{0}' follows a field that takes the rest"),
        ManyRoots = new("WS031", "Ambiguous message", "'{0}' needs the message that holds it, and it is part of {1}"),
        NumberCollision = new("WS032", "Module numbers collide", "modules '{0}' and '{1}' have the same number {2}; rename one"),
        RaggedBand = new("WS033", "Bars differ between lines", "the bars of this line differ from those of the line above"),
        ConstantConflict = new("WS034", "Two constants", "'{0}' is drawn as {1} and described as {2}"),
        AfterStop = new("WS035", "Text after the full stop", "text after the full stop"),
        NoShape = new("WS036", "Incomplete description", "the description of '{0}' says {1}"),
        UnknownModule = new("WS037", "Unknown module", "there is no module '{0}'"),
        EmptyElement = new("WS038", "Element of no size", "an element of a list must take at least one byte, and '{0}' may take none"),
        UnknownValue = new("WS039", "Unknown value", "'{0}' is neither a field nor a value of {1}"),
        NotInteger = new("WS040", "Not an integer", "'{0}' is not an integer"),
        WrongKind = new("WS041", "Wrong kind", "{0}"),
        TooDeep = new("WS042", "Nested too deeply", "expressions nest at most {0} deep"),
        SelfName = new("WS043", "Field named as its PDU", "C# forbids a member named as its type, '{0}'; say 'as OtherName'"),
        CodeNotDrawn = new("WS044", "Code not drawn", "'{0}' is chosen by code {1}, and has no constant of that value at bits {2} to {3}"),
        NotUnlessLast = new("WS045", "No last one here",
            "'{0}' is left out after the last element: say so only at the end of elements of at least {1} bytes, of lists that end with their window"),
        NotEmittable = new("WS046", "No code for it", "no code can be made of '{0}': {1}"),
        NotShared = new("WS047", "Not in every choice", "'{0}' is not a computed value, under one name, of '{1}', which the list's elements may be");

    public static IReadOnlyList<SpecRule> All { get; } = typeof(SpecRules).GetFields()
        .Where(f => f.FieldType == typeof(SpecRule)).Select(f => (SpecRule)f.GetValue(null)!).OrderBy(r => r.Id, StringComparer.Ordinal).ToArray();
}
