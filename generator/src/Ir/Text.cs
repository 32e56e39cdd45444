namespace WebRtcConformance.Ir;

// Text formats: what an ABNF spec file means. A text is a string of bytes; every rule describes a regular language, which the front end has checked.

/// <summary>One ABNF spec file, linked: <see cref="Unions"/> already contain what other modules add to them.</summary>
/// <param name="Number">Made by <see cref="NumberOf"/>: nodes of packets and of texts are told apart by their numbers.</param>
public sealed record TextModule(
    string Name, string Document, string Title, string Namespace, ushort Number, EquatableArray<TextRule> Rules, EquatableArray<TextType> Types,
    EquatableArray<TextChoiceType> Choices, EquatableArray<TextUnion> Unions, EquatableArray<string> Starts, EquatableArray<TextRelaxation> Relaxations)
{
    /// <summary>The number of a module of texts, given what <see cref="SpecModule.Number"/> would be: a standard's packets and its texts go by one name.</summary>
    public static ushort NumberOf(ushort packets) => (ushort)(packets ^ 0x8000);
}

/// <summary>A rule of the grammar.</summary>
/// <param name="Node">Node number, unique within the module, from 1.</param>
/// <param name="Name">As printed; compared without case.</param>
public sealed record TextRule(int Node, string Name, Clause Clause, TextElement Body);

public abstract record TextElement;

/// <summary>One byte of a set.</summary>
public sealed record TextBytes(EquatableArray<TextRange> Ranges) : TextElement;

public sealed record TextRange(byte From, byte To);

/// <summary>These bytes (each char is one byte). <paramref name="AnyCase"/>: letters in either case.</summary>
public sealed record TextLiteral(string Text, bool AnyCase) : TextElement;

public sealed record TextSequence(EquatableArray<TextElement> Items) : TextElement;

/// <summary>One of several; earlier ones are preferred where several lead to a match of the whole text.</summary>
public sealed record TextAlternatives(EquatableArray<TextElement> Items) : TextElement;

/// <summary><paramref name="Min"/> to <paramref name="Max"/> (-1 = any number) of the same; more are preferred.</summary>
public sealed record TextRepeat(int Min, int Max, TextElement Item) : TextElement;

public sealed record TextReference(string Module, string Rule) : TextElement;

/// <summary>A rule that is a type of the API.</summary>
public sealed record TextType(string Rule, string CsName, EquatableArray<TextCapture> Captures);

public enum TextCaptureKind : byte
{
    /// <summary>Any text.</summary>
    Text,
    /// <summary>Digits within a range.</summary>
    Integer,
    /// <summary>A text in one of several forms.</summary>
    Choice,
    /// <summary>Another type.</summary>
    Nested,
    /// <summary>A union.</summary>
    Union,
}

/// <summary>A typed part of a rule.</summary>
/// <param name="Node">Node number: what a value outside the range names.</param>
/// <param name="Path">Names of the rules that lead to it, joined by '/': the last is the captured one.</param>
/// <param name="CsName">The member's name.</param>
/// <param name="AtLeast">Smallest number of occurrences: 0 or 1.</param>
/// <param name="Many">A list.</param>
/// <param name="Target">For choices, nested types and unions: the module and rule of the type.</param>
/// <param name="Min">For integers.</param>
/// <param name="Canonical">For integers: without leading zeros, though the rule would take them.</param>
public sealed record TextCapture(
    int Node, string Path, string CsName, TextCaptureKind Kind, int AtLeast, bool Many, TextReference? Target, ulong Min, ulong Max, Clause Clause,
    EquatableArray<string> Requirements, bool Canonical = false);

/// <summary>A rule whose text has one of several forms; the first that takes the whole text counts.</summary>
/// <param name="Open">One of the forms is a rule, not a literal.</param>
public sealed record TextChoiceType(string Rule, string CsName, bool Open, EquatableArray<TextForm> Forms);

/// <param name="Body">A literal or a reference.</param>
public sealed record TextForm(string CsName, TextElement Body);

/// <summary>A rule of the form <c>name / name ":" value</c> whose known names have types.</summary>
/// <param name="By">The rule of the name.</param>
public sealed record TextUnion(string Rule, string CsName, TextReference By, TextElement Value, EquatableArray<TextExtension> Extensions);

public enum TextExtensionForm : byte
{
    /// <summary>The rule describes the whole text, name included.</summary>
    Whole,
    /// <summary>The rule describes the whole line: <c>a=</c>, the whole text, and perhaps the line's end.</summary>
    Line,
    /// <summary>The rule describes what stands after the colon.</summary>
    Value,
    /// <summary>Nothing but the name may stand there.</summary>
    Flag,
}

/// <summary>A known name of a union.</summary>
/// <param name="Node">Node number within <paramref name="Module"/>: what a value named that is wrong about the name as such (a flag with a value) names.</param>
public sealed record TextExtension(
    int Node, string Module, string Name, string CsName, TextExtensionForm Form, TextReference? Rule, EquatableArray<string> Levels, Clause Clause);

/// <summary>A named way in which a tolerant reader takes a rule more widely.</summary>
public sealed record TextRelaxation(int Node, string Name, TextReference Rule, TextElement Body, Clause Clause);
