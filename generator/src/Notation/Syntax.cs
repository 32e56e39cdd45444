using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

// What one spec file says, before names are looked up. `At` is the number of a place in the file's position table: places are numbered in
// the order of the text, so that moving text (a comment, a blank line) changes the table and not the syntax.

/// <summary>A name as it is used.</summary>
public sealed record NameUse(int At, string Text);

public sealed record SpecSyntax(
    int At, string Document, string Title, string Module, string Namespace, EquatableArray<NameUse> Uses, EquatableArray<PduSyntax> Pdus,
    EquatableArray<SplitSyntax> Splits, EquatableArray<RegistrySyntax> Registries, EquatableArray<ExtensionSyntax> Extensions,
    EquatableArray<VectorSyntax> Vectors);

/// <param name="Order">Place among all declarations of the file; nodes are numbered in this order.</param>
/// <param name="Registry">For variants: the registry whose value of the same name selects it.</param>
/// <param name="Like">The PDU whose fields and rules this one repeats.</param>
public sealed record PduSyntax(
    int At, int Order, string Name, string CsName, PduKind Kind, Clause Clause, NameUse? Registry, NameUse? Like,
    EquatableArray<FieldSyntax> Fields, EquatableArray<RuleSyntax> Rules)
{
    /// <summary>The field that an expression calls so: by its name, its short one or its C# name.</summary>
    public FieldSyntax? Named(NameUse name) => Fields.FirstOrDefault(f => f.CsName == name.Text || f.Short == name.Text || f.Name == name.Text);
}

/// <param name="Equal">The expression that the value always equals.</param>
/// <param name="Present">The condition of presence.</param>
public sealed record FieldSyntax(
    int At, string Name, string? Short, string CsName, Clause Clause, ShapeSyntax Shape, ExprSyntax? Equal, ExprSyntax? Present,
    EquatableArray<RuleSyntax> Musts, EquatableArray<string> Covers);

public abstract record RuleSyntax(int At, string Name, Clause Clause, EquatableArray<string> Covers);

public sealed record MustSyntax(int At, string Name, Clause Clause, EquatableArray<string> Covers, ExprSyntax Condition, Force Force)
    : RuleSyntax(At, Name, Clause, Covers);

/// <summary>What <see cref="ElementRuleSyntax"/> asks of a list.</summary>
public enum ElementRuleKind : byte { Last, First, Contains, Unique }

/// <param name="Values">Values of the registry that tells the list's elements apart; none for <see cref="ElementRuleKind.Unique"/>.</param>
/// <param name="Mark">Instead of a value, bits of the elements.</param>
public sealed record ElementRuleSyntax(
    int At, string Name, Clause Clause, EquatableArray<string> Covers, ElementRuleKind Kind, EquatableArray<NameUse> Values, NameUse Sequence, Force Force,
    MarkSyntax? Mark = null)
    : RuleSyntax(At, Name, Clause, Covers);

/// <summary>"bits N..N == VALUE": an element that has this value there.</summary>
public sealed record MarkSyntax(PeekExpr Bits, ulong Value);

public abstract record ShapeSyntax;
public sealed record IntegerSyntax(int Bits, NameUse? Registry, MaskSyntax? Mask, bool Signed = false, bool Leb128 = false) : ShapeSyntax;
public sealed record SplitUseSyntax(int Bits, NameUse Split) : ShapeSyntax;
public sealed record ConstantSyntax(int Bits, ulong Value) : ShapeSyntax;
public sealed record ReservedSyntax(int Bits, ulong Sent, Force OnReceipt) : ShapeSyntax;
/// <param name="Ignored">They mean nothing to a receiver, and a sender has none.</param>
public sealed record BytesSyntax(ExprSyntax? Size, TextEncoding Text, MaskSyntax? Mask, bool Ignored = false) : ShapeSyntax;
/// <param name="Of">The field before it; null = the PDU up to here.</param>
public sealed record PaddingSyntax(int Align, NameUse? Of, byte Fill, Force OnReceipt, bool UnlessLast = false) : ShapeSyntax;
/// <summary>"this: EXPR bytes".</summary>
public sealed record BoundSyntax(ExprSyntax Size) : ShapeSyntax;
/// <param name="Argument">The name that the argument has in the expression; null = it has none.</param>
public sealed record ComputedSyntax(ExprSyntax Value, NameUse? Argument = null) : ShapeSyntax;
/// <param name="While">"until EXPR" negated, or "while EXPR".</param>
/// <param name="More">"while its FIELD".</param>
public sealed record SequenceSyntax(NameUse Element, ExprSyntax? Size, ExprSyntax? Count, ExprSyntax? While = null, NameUse? More = null) : ShapeSyntax;
public sealed record IntegerSequenceSyntax(int Bits, NameUse? Registry, ExprSyntax? Size, ExprSyntax? Count) : ShapeSyntax
{
    /// <inheritdoc cref="UIntSequenceShape.IsPacked"/>
    public bool IsPacked => Bits % 8 != 0;
}
public sealed record NestedSyntax(NameUse Pdu, ExprSyntax? Size) : ShapeSyntax;
/// <param name="Selector">The field that selects; null when <paramref name="Bits"/> do.</param>
/// <param name="Otherwise">The PDU for all other codes.</param>
/// <param name="Open">No size was said: the chosen PDU takes what it needs.</param>
public sealed record ChoiceSyntax(
    NameUse? Selector, NameUse? Registry, EquatableArray<CaseSyntax> Cases, ExprSyntax? Size, PeekExpr? Bits = null, NameUse? Otherwise = null, bool Open = false)
    : ShapeSyntax;
public sealed record ChecksumSyntax(ChecksumAlgorithm Algorithm, NameUse Message, ExprSyntax? Size, ulong Xor, NameUse? Patch, bool Whole = false) : ShapeSyntax;

public sealed record CaseSyntax(ulong From, ulong To, NameUse Pdu);

/// <summary>"xor with MESSAGE from byte OFFSET".</summary>
public sealed record MaskSyntax(NameUse Message, int Offset);

/// <summary>A drawing of one integer's bits: each belongs to a part.</summary>
public sealed record SplitSyntax(int At, string Name, int Bits, EquatableArray<SplitPartSyntax> Parts);

/// <param name="WireBits">As in <see cref="SplitPart"/>.</param>
public sealed record SplitPartSyntax(int At, string Short, string Name, string CsName, EquatableArray<int> WireBits, NameUse? Registry);

public sealed record RegistrySyntax(
    int At, int Order, string Name, string CsName, int Bits, bool Open, Clause Clause,
    EquatableArray<ValueSyntax> Values, EquatableArray<RangeSyntax> Ranges);

/// <summary>Values that one file adds to another file's registry.</summary>
public sealed record ExtensionSyntax(NameUse Registry, EquatableArray<ValueSyntax> Values, EquatableArray<RangeSyntax> Ranges);

public sealed record ValueSyntax(int At, string Name, string CsName, ulong Value, Clause Clause);
public sealed record RangeSyntax(int At, string Name, string CsName, ulong From, ulong To, Clause Clause);

public sealed record VectorSyntax(int At, string Name, NameUse Pdu, string Hex, string? Key, bool Valid, Clause Clause);

public abstract record ExprSyntax(int At);
public sealed record NumberExpr(int At, long Value) : ExprSyntax(At);
public sealed record NameExpr(int At, string Text) : ExprSyntax(At);
/// <summary>"size(F)"; a null field is "size(this)".</summary>
public sealed record SizeExpr(int At, NameUse? Field) : ExprSyntax(At);
/// <summary>"count(LIST)", "count(LIST, VALUE)", "count(last EXPR of LIST, VALUE)".</summary>
public sealed record CountExpr(int At, NameUse Field, ExprSyntax? Value = null, ExprSyntax? Last = null) : ExprSyntax(At);
public sealed record RestExpr(int At) : ExprSyntax(At);
public sealed record LastByteExpr(int At) : ExprSyntax(At);
public sealed record BinaryExpr(int At, BinaryOperator Operator, ExprSyntax Left, ExprSyntax Right) : ExprSyntax(At);
public sealed record ConditionalExpr(int At, ExprSyntax Condition, ExprSyntax Then, ExprSyntax Else) : ExprSyntax(At);
/// <summary>"next N bits"; <paramref name="Bit"/> bits are passed over before.</summary>
public sealed record PeekExpr(int At, int Bit, int Bits) : ExprSyntax(At);
/// <summary>"sum(LIST, FIELD)", "sum(LIST)"; or the same with "last", of the last element only, then also "last(LIST, FIELD, ARGUMENT)".</summary>
public sealed record SumExpr(int At, NameUse List, NameUse? Field, bool OfLast = false, ExprSyntax? Argument = null) : ExprSyntax(At);
/// <summary>"ones(EXPR)".</summary>
public sealed record OnesExpr(int At, ExprSyntax Value) : ExprSyntax(At);
public sealed record MemberExpr(int At, NameUse Field, NameUse Registry) : ExprSyntax(At);
