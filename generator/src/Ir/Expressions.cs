namespace WebRtcConformance.Ir;

/// <summary>An integer expression over the fields of one PDU. 64-bit signed; true is 1, false is 0. Division or remainder by zero makes the
/// enclosing rule fail. No overflow is possible for the widths that packet formats use (operands below 2^32).</summary>
public abstract record Expr;

public sealed record Literal(long Value) : Expr;

/// <summary>The value of an integer field of the same PDU (or of a split part).</summary>
public sealed record FieldValue(string Field) : Expr;

/// <summary>Bytes that a field occupies on the wire (0 when absent).</summary>
public sealed record SizeOf(string Field) : Expr;

/// <summary>Elements in a sequence field.</summary>
public sealed record CountOf(string Field) : Expr;

/// <summary>Items of a packed list (<see cref="UIntSequenceShape.IsPacked"/>) that have a value.</summary>
/// <param name="Last">Only so many items, the last ones, are looked at; null = all.</param>
public sealed record CountEqual(string Field, long Value, Expr? Last = null) : Expr;

/// <summary>Bytes of the window that this PDU is parsed in; on writing, the size of the PDU.</summary>
public sealed record WindowSize : Expr;

/// <summary>Bytes from the current field's start to the end of the window.</summary>
public sealed record Remaining : Expr;

/// <summary>Value of the last byte of the window (RTP and RTCP padding count); 0 in an empty window.</summary>
public sealed record LastByte : Expr;

public enum BinaryOperator : byte
{
    Add, Subtract, Multiply, Divide, Remainder, BitAnd, BitOr, ShiftLeft, ShiftRight,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, And, Or,
}

public sealed record Binary(BinaryOperator Operator, Expr Left, Expr Right) : Expr;

public sealed record Conditional(Expr Condition, Expr Then, Expr Else) : Expr;

/// <summary><paramref name="Bits"/> bits, <paramref name="Bit"/> bits after the current field's start (in a list's condition: after the next element's
/// start); 0 when they are not all inside the window. Known to readers only.</summary>
public sealed record Peek(int Bit, int Bits) : Expr;

/// <summary>1 when another element follows this PDU in its list, else 0. Known to writers only.</summary>
public sealed record NotLast : Expr;

/// <summary>A number that comes from the elements of a sequence field, from their field <paramref name="Field"/>; null = from the integers of a list of
/// integers. Where the element is a choice (a PDU with a union), the field is a computed one of each PDU that may be chosen; of raw bytes it is 0.</summary>
public abstract record Fold(string Sequence, string? Field) : Expr;

/// <summary>The sum of all of them.</summary>
public sealed record SumOf(string Sequence, string? Field) : Fold(Sequence, Field);

/// <summary>The last one of them; 0 when there is none.</summary>
/// <param name="Argument">What the field is a function of (<see cref="ComputedShape.HasArgument"/>).</param>
public sealed record LastOf(string Sequence, string? Field, Expr? Argument = null) : Fold(Sequence, Field);

/// <summary>The argument of the computed field that this is in.</summary>
public sealed record Argument : Expr;

/// <summary>The bits that are 1 in a value of at most 64 bits.</summary>
public sealed record Ones(Expr Value) : Expr;

/// <summary>1 when the field's value is one of its registry's values, else 0.</summary>
public sealed record InRegistry(string Field, string Registry) : Expr;
