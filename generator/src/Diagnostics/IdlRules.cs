namespace WebRtcConformance.Generator;

/// <summary>Every kind of mistake that a Web IDL file can hold. Ids are permanent.</summary>
public static class IdlRules
{
    public static readonly SpecRule
        BadCharacter = new("WI001", "Character outside the grammar", "'{0}' has no meaning in Web IDL"),
        Unclosed = new("WI002", "Text or comment without end", "this {0} is never closed"),
        Expected = new("WI003", "Syntax", "expected {0}, found {1}"),
        Reserved = new("WI004", "Reserved identifier", "'{0}' is reserved and names nothing"),
        TooDeep = new("WI005", "Nested too deeply", "types and their attributes nest at most {0} deep"),
        Obsolete = new("WI006", "Obsolete", "'{0}' is obsolete; it is now '{1}'"),
        NotReadOnly = new("WI007", "Attribute that can be set", "an attribute of a namespace has to be read only"),
        NotReadOnlyIterable = new("WI008", "Iterable that is read only", "an iterable cannot be declared read only");
}
