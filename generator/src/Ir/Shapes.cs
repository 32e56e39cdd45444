namespace WebRtcConformance.Ir;

/// <summary>How a field lies on the wire. All integers are big endian; bits are counted from the most significant one.
/// Fields of less than a byte, or not a whole number of bytes, stand in runs that end on a byte boundary.</summary>
public abstract record Shape
{
    /// <summary>The bits of a field of this shape, when they are the same in every message and need no look of their own (as text does); else null.</summary>
    public int? FixedBits => this switch
    {
        UIntShape { Leb128: false } s => s.Bits,
        SplitShape s => s.Bits,
        ConstShape s => s.Bits,
        ReservedShape s => s.Bits,
        UIntSequenceShape { IsPacked: true, Count: Literal l } s => checked((int)l.Value * s.Bits),
        BytesShape { Size: Literal l, Text: TextEncoding.None } => checked((int)l.Value * 8),
        ChecksumShape { Size: Literal l } => checked((int)l.Value * 8),
        _ => null,
    };
}

/// <summary>An integer of 1 to 64 bits. <paramref name="Xor"/>: the wire value is the field's value xor that mask. <paramref name="Signed"/>: two's
/// complement.</summary>
/// <param name="Leb128">Its value has <paramref name="Bits"/> = 32 bits, and it stands in 1 to 8 bytes of seven bits each, the least significant first; the
/// first bit of each says whether another one follows (AV1 section 4.10.5). More bytes than the value needs are accepted, and kept.</param>
public sealed record UIntShape(int Bits, string? Registry = null, Mask? Xor = null, bool Signed = false, bool Leb128 = false) : Shape;

/// <summary>An integer whose bits belong to several values, interleaved (the STUN message type: method and class).</summary>
public sealed record SplitShape(int Bits, EquatableArray<SplitPart> Parts) : Shape;

/// <summary>One value of a <see cref="SplitShape"/>.</summary>
/// <param name="WireBits">For value bit i (0 = least significant), the bit of the field that holds it (0 = least significant).</param>
public sealed record SplitPart(string Name, string CsName, EquatableArray<int> WireBits, string? Registry = null);

/// <summary>A fixed value; anything else is rejected.</summary>
public sealed record ConstShape(int Bits, ulong Value) : Shape;

/// <summary>Bits sent as <paramref name="Sent"/>; what a receiver does with others is <paramref name="OnReceipt"/>.</summary>
public sealed record ReservedShape(int Bits, ulong Sent, Force OnReceipt) : Shape;

public enum TextEncoding : byte { None, Ascii, Utf8 }

/// <summary>Bytes. <paramref name="Size"/> in bytes; null = the rest of the window. Text must be valid in its encoding.</summary>
public sealed record BytesShape(Expr? Size = null, TextEncoding Text = TextEncoding.None, Mask? Xor = null) : Shape;

/// <summary>0 to <paramref name="Align"/> - 1 bytes that bring the size of field <paramref name="Of"/> (null = of this PDU up to here) up to a
/// multiple of <paramref name="Align"/>; written as <paramref name="Fill"/>. Other fill bytes: <paramref name="FillForce"/>.</summary>
/// <param name="UnlessLast">The last element of a list has none; a reader finds none where less than <paramref name="Align"/> bytes are left.</param>
public sealed record PadShape(int Align, string? Of, byte Fill, Force FillForce, bool UnlessLast = false) : Shape;

/// <summary>The window of this PDU from here on: <paramref name="Size"/> bytes from the PDU's first byte. No bytes of its own. What it does not
/// reach over belongs to the enclosing PDU; what is left over inside it is an error.</summary>
public sealed record BoundShape(Expr Size) : Shape;

/// <summary>A value that is not on the wire.</summary>
/// <param name="HasArgument">It is a function of the <see cref="Argument"/> that whoever reads it gives (<see cref="LastOf"/>), and no value by itself.</param>
public sealed record ComputedShape(Expr Value, bool HasArgument = false) : Shape;

/// <summary>Elements one after another. Ends by <paramref name="Size"/> bytes, by <paramref name="Count"/> elements, by what its content says, or,
/// when all are null, at the end of the window.</summary>
/// <param name="While">There is another element while this holds before it (and bytes are left).</param>
/// <param name="More">The integer field of an element that is not 0 when another one follows; there is at least one element.</param>
public sealed record SequenceShape(string Element, Expr? Size = null, Expr? Count = null, Expr? While = null, string? More = null) : Shape;

/// <summary>Integers one after another, ended as in <see cref="SequenceShape"/>. Those of less than a byte, or not a whole number of bytes, are packed:
/// <paramref name="Count"/> is a <see cref="Literal"/>, all together have 64 bits at most, and they stand in a run of bits like any integer.</summary>
public sealed record UIntSequenceShape(int Bits, string? Registry = null, Expr? Size = null, Expr? Count = null) : Shape
{
    public bool IsPacked => Bits % 8 != 0;
}

/// <summary>Another PDU in a window of <paramref name="Size"/> bytes (null = the rest of this window; a PDU that is not
/// <see cref="Pdu.Exact"/> takes what it needs).</summary>
public sealed record NestedShape(string Pdu, Expr? Size = null) : Shape;

/// <summary>A window of <paramref name="Size"/> bytes (null = rest) whose content is chosen by <paramref name="Selector"/>, which is a
/// <see cref="FieldValue"/> or a <see cref="Peek"/>: a case of <paramref name="Cases"/>, or <paramref name="Otherwise"/>, or (null) raw bytes.
/// With <paramref name="Registry"/> the cases are that registry's values that have a variant.</summary>
/// <param name="Open">Nobody cuts out a window: the chosen PDU takes what it needs.</param>
public sealed record UnionShape(
    Expr Selector, string? Registry, EquatableArray<UnionCase> Cases, Expr? Size = null, string? Otherwise = null, bool Open = false) : Shape
{
    /// <summary>The field that selects; null when the content's own bits do.</summary>
    public string? SelectorField => (Selector as FieldValue)?.Field;
}

/// <summary>Codes <paramref name="From"/> to <paramref name="To"/> select <paramref name="Pdu"/>.</summary>
public sealed record UnionCase(ulong From, ulong To, string Pdu);

/// <summary><see cref="Crc32c"/> is Castagnoli's, its least significant byte first on the wire (RFC 9260 appendix A).</summary>
public enum ChecksumAlgorithm : byte { Crc32, HmacSha1, HmacSha256, Crc32c }

/// <summary>A checksum over the root message (<see cref="Pdu.Root"/>) from its first byte up to the start of the sequence element that
/// contains this field. Not checked by parsing: see the generated Verify. HMACs need a key.</summary>
/// <param name="Size">Bytes of the field; null = the rest of the window (a truncated HMAC).</param>
/// <param name="Xor">Value xor-ed onto the checksum (FINGERPRINT: 0x5354554E).</param>
/// <param name="PatchLength">CsName of the root's length field that is computed with, during the calculation only, the value that it
/// would have if the message ended with this element; null = the bytes as they are.</param>
/// <param name="Whole">It is over all bytes of the message, its own taken as zeros.</param>
public sealed record ChecksumShape(ChecksumAlgorithm Algorithm, Expr? Size, ulong Xor, string? PatchLength, bool Whole = false) : Shape;

/// <summary>A mask made of the root message's bytes from <paramref name="RootOffset"/> on (XOR-MAPPED-ADDRESS: the magic cookie,
/// then the transaction id, are bytes 4 to 19 of the STUN message).</summary>
public sealed record Mask(int RootOffset);
