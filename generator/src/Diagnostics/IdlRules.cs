namespace WebRtcConformance.Generator;

/// <summary>Every kind of mistake that Web IDL files can hold. Ids are permanent.</summary>
public static class IdlRules
{
    public static readonly SpecRule
        // What one file's text shows.
        BadCharacter = new("WI001", "Character outside the grammar", "'{0}' has no meaning in Web IDL"),
        Unclosed = new("WI002", "Text or comment without end", "this {0} is never closed"),
        Expected = new("WI003", "Syntax", "expected {0}, found {1}"),
        Reserved = new("WI004", "Reserved identifier", "'{0}' is reserved and names nothing"),
        TooDeep = new("WI005", "Nested too deeply", "{0} nest at most {1} deep"),
        Obsolete = new("WI006", "Obsolete", "'{0}' is obsolete; it is now '{1}'"),
        NotReadOnly = new("WI007", "Attribute that can be set", "an attribute of a namespace has to be read only"),
        ReadOnlyIterable = new("WI008", "Iterable that is read only", "an iterable cannot be declared read only"),

        // Names.
        Duplicate = new("WI009", "Name used twice", "{0} '{1}' is there already"),
        UnknownType = new("WI010", "Unknown type", "there is no type '{0}'"),
        NotType = new("WI011", "Not a type", "'{0}' is {1}, which is no type"),
        UnknownDefinition = new("WI012", "Unknown definition", "there is no {0} '{1}'"),
        Cycle = new("WI013", "Definition that needs itself", "'{0}' {1} itself"),
        CrossOverload = new("WI014", "Overloads apart", "'{0}' has an operation '{1}' already, and overloads have to stand together"),
        NotExposed = new("WI015", "No exposure", "'{0}' does not say where it is [Exposed]"),
        ConstructibleGlobal = new("WI016", "Global object with constructor", "'{0}' is [Global] and cannot be constructed"),
        Nameless = new("WI017", "Operation without name", "an operation needs a name unless it is a getter, setter, deleter or stringifier"),

        // Types.
        NotNullable = new("WI018", "Type that cannot be nullable", "{0} cannot be nullable"),
        NotInUnion = new("WI019", "Type that cannot be in a union", "{0} cannot be part of a union"),
        NullableUnion = new("WI020", "Ambiguous null", "a union holds one nullable type at most, and beside it no dictionary"),
        NotDistinguishable = new("WI021", "Indistinguishable types", "'{0}' and '{1}' of this union cannot be told apart"),
        WrongType = new("WI022", "Type that cannot stand here", "{0} cannot be of type '{1}'"),
        WrongAnnotation = new("WI023", "Extended attribute that cannot stand here", "[{0}] does not apply to {1}"),
        TooMany = new("WI024", "Too many", "{0} at most {1} {2}"),

        // Values and arguments.
        WrongValue = new("WI025", "Value of another type", "{0} is no value of type '{1}'"),
        OutOfRange = new("WI026", "Number out of range", "{0} does not fit into '{1}'"),
        RequiredDictionary = new("WI027", "Dictionary that has to be given",
            "'{0}' has no required member, so this argument has to be optional, with a default value"),
        NoDefault = new("WI028", "No default value", "an optional argument of dictionary type '{0}' needs a default value such as {{}}"),
        VariadicNotLast = new("WI029", "Variadic argument before another", "only the last argument can be variadic"),
        RequiredAfterOptional = new("WI030", "Required argument after an optional one",
            "'{0}' is required, so that '{1}' before it can never be left out") { IsWarning = true },

        // Interfaces.
        WrongSignature = new("WI031", "Wrong arguments", "{0} takes {1}"),
        OneOnly = new("WI032", "More than one", "'{0}' can have one {1} only"),
        Needs = new("WI033", "Something is missing", "{0} needs {1}"),
        Excludes = new("WI034", "Members that exclude each other", "{0} cannot be together with {1}"),
        AmbiguousOverload = new("WI035", "Ambiguous overloads", "the overloads of '{0}' cannot be told apart by {1} arguments"),
        NoInterfaceObject = new("WI036", "Interface without object", "[LegacyNoInterfaceObject] is for old interfaces only") { IsWarning = true };

    public static IReadOnlyList<SpecRule> All { get; } = typeof(IdlRules).GetFields()
        .Where(f => f.FieldType == typeof(SpecRule)).Select(f => (SpecRule)f.GetValue(null)!).OrderBy(r => r.Id, StringComparer.Ordinal).ToArray();
}
