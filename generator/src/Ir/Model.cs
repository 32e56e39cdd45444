namespace WebRtcConformance.Ir;

// The intermediate representation: what a spec file means, free of its notation. Front ends produce it, back ends read
// nothing else. The same source is compiled into the wire runtime, where the generated schemas are values of these types.

/// <summary>Where in a standard a rule stands, e.g. ("RFC8489", "14.7").</summary>
public sealed record Clause(string Document, string Section)
{
    public override string ToString() => Document + " section " + Section;
}

/// <summary>What a receiver does with a message that breaks the rule.</summary>
public enum Force : byte
{
    /// <summary>The message is not valid; a strict parser refuses it.</summary>
    Reject,
    /// <summary>The receiver must process the message as if nothing were wrong (reserved bits, padding bytes).</summary>
    Ignore,
    /// <summary>Discouraged for senders; receivers accept.</summary>
    Warn,
}

/// <summary>Who decides an element's value.</summary>
public enum Role : byte
{
    /// <summary>The user sets it.</summary>
    Semantic,
    /// <summary>A function of other elements: length, count, padding, checksum, constant, discriminator.</summary>
    Derived,
    /// <summary>Accepted in several forms and without meaning: reserved bits on receipt, padding bytes.</summary>
    Free,
}

/// <summary>One spec file, linked: <see cref="Registries"/> already contain what other modules add to them.</summary>
/// <param name="Name">Unique short name, kebab case, e.g. "stun". First part of every node path.</param>
/// <param name="Document">The standard, e.g. "RFC8489".</param>
/// <param name="Title">The standard's title.</param>
/// <param name="Namespace">Last part of the C# namespace, e.g. "Stun" for WebRtcConformance.Wire.Stun.</param>
/// <param name="Number">16-bit number of the module: FNV-1a of <paramref name="Name"/> folded to 16 bits; collisions are a diagnostic.</param>
public sealed record SpecModule(
    string Name, string Document, string Title, string Namespace, ushort Number,
    EquatableArray<Pdu> Pdus, EquatableArray<Registry> Registries, EquatableArray<TestVector> Vectors);

/// <summary>Bytes that the standard (or its test-vector companion) publishes for a message of this module.</summary>
public sealed record TestVector(string Name, string Pdu, string Hex, string? Key, bool Valid, Clause Clause);

/// <summary>How a protocol data unit is used.</summary>
public enum PduKind : byte
{
    /// <summary>Stands alone in a datagram or record; gets a codec of its own.</summary>
    Message,
    /// <summary>Part of another PDU: a list element or a nested structure.</summary>
    Element,
    /// <summary>The value of an element, chosen by a registry code (an attribute's value).</summary>
    Variant,
}

/// <summary>A protocol data unit: fields in wire order, and rules over them.
/// A PDU is parsed inside a window of bytes; whatever is left after the last field is an error (<see cref="EndNode"/>) when
/// <see cref="Exact"/>, and otherwise belongs to the enclosing PDU.</summary>
/// <param name="Node">Number of the PDU's own node within the module; nodes are numbered in file order from 1.</param>
/// <param name="EndNode">Node that a "trailing bytes" error names.</param>
/// <param name="Name">The standard's name, e.g. "XOR-MAPPED-ADDRESS".</param>
/// <param name="CsName">The C# type name, e.g. "XorMappedAddress".</param>
/// <param name="Code">The registry code that selects a variant.</param>
/// <param name="Root">For elements and variants: CsName of the message whose bytes checksums and masks refer to, or null.</param>
public sealed record Pdu(
    int Node, int EndNode, string Name, string CsName, PduKind Kind, Clause Clause, ulong? Code, string? Root, bool Exact,
    EquatableArray<Field> Fields, EquatableArray<Rule> Rules = default);

/// <summary>One field of a PDU.</summary>
/// <param name="Node">Node number: what an error about this field names.</param>
/// <param name="Name">The standard's name, e.g. "Message Length".</param>
/// <param name="CsName">e.g. "MessageLength"; unique within the PDU. Expressions refer to fields by this name.</param>
/// <param name="Derive">For <see cref="Role.Derived"/> integers: the value as a function of fields (sizes, counts).</param>
/// <param name="When">Presence condition over earlier fields; null = always present.</param>
/// <param name="Requirements">Ids of catalogue requirements that this field's own rules enforce.</param>
public sealed record Field(
    int Node, string Name, string CsName, Clause Clause, Shape Shape, Role Role, Expr? Derive = null, Expr? When = null,
    EquatableArray<string> Requirements = default);

/// <summary>A rule over a PDU beside those that its fields' shapes imply.</summary>
/// <param name="Name">Kebab-case name, unique within the PDU, e.g. "length-multiple-of-4".</param>
public sealed record Rule(int Node, string Name, Clause Clause, Force Force, RuleBody Body, EquatableArray<string> Requirements);

public abstract record RuleBody;

/// <summary>The expression must be non-zero. Checked as soon as every field that it reads is known.</summary>
public sealed record MustHold(Expr Condition) : RuleBody;

/// <summary>A rule about the elements of sequence field <paramref name="Sequence"/>. An element's code is what selects the content of its union.</summary>
public abstract record ElementRule(string Sequence) : RuleBody;

/// <summary>In sequence field <paramref name="Sequence"/>, an element whose selector equals <paramref name="Code"/> is last.</summary>
/// <param name="Bits">Not the selector, but these bits of the element, which are a field of each kind of element.</param>
public sealed record MustBeLast(string Sequence, ulong Code, Peek? Bits = null) : ElementRule(Sequence);

/// <summary>The first element of sequence field <paramref name="Sequence"/>, if it has any, has one of the codes.</summary>
public sealed record MustBeFirst(string Sequence, EquatableArray<ulong> Codes) : ElementRule(Sequence);

/// <summary>Some element of sequence field <paramref name="Sequence"/> has one of the codes.</summary>
public sealed record MustContain(string Sequence, EquatableArray<ulong> Codes) : ElementRule(Sequence);

/// <summary>No two elements of sequence field <paramref name="Sequence"/> have the same code.</summary>
public sealed record MustBeUnique(string Sequence) : ElementRule(Sequence);

/// <summary>A registry of code points, e.g. "STUN Attributes".</summary>
/// <param name="Open">Values outside the registry are legal on the wire (and kept); false = they are rejected.</param>
public sealed record Registry(
    int Node, string Name, string CsName, int Bits, bool Open, Clause Clause,
    EquatableArray<RegistryValue> Values, EquatableArray<RegistryRange> Ranges = default);

/// <param name="Variant">CsName of the PDU that this code selects, or null when it names a value only.</param>
/// <param name="Module">Name of the module that defines the variant.</param>
public sealed record RegistryValue(string Name, string CsName, ulong Value, string? Variant, string Module, Clause Clause);

/// <summary>A named range of code points, e.g. "comprehension-required" 0x0000-0x7FFF.</summary>
public sealed record RegistryRange(string Name, string CsName, ulong From, ulong To, Clause Clause);
