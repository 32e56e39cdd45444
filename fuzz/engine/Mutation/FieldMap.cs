namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Where the fields of one input lie: what structural mutation needs of a format, and nothing else. Made once for each corpus entry,
/// so that a mutation costs no parsing.</summary>
public sealed record FieldMap
{
    /// <summary>Integer fields.</summary>
    public IntegerField[] Integers { get; init; } = [];

    /// <summary>Fields of bytes or text.</summary>
    public ByteField[] Blocks { get; init; } = [];

    /// <summary>Elements of sequences, in wire order.</summary>
    public ElementField[] Elements { get; init; } = [];

    /// <summary>Length fields.</summary>
    public LengthField[] Lengths { get; init; } = [];

    /// <summary>Checksums that need no key.</summary>
    public ChecksumField[] Checksums { get; init; } = [];
}

/// <param name="BitOffset">First bit from the start of the input, most significant first.</param>
/// <param name="Bits">1 to 64.</param>
/// <param name="Values">Values with a meaning (a registry's).</param>
public readonly record struct IntegerField(int BitOffset, int Bits, ulong[] Values);

/// <param name="Offset">Bytes from the start of the input.</param>
public readonly record struct ByteField(int Offset, int Length);

/// <param name="Offset">Bytes from the start of the input.</param>
/// <param name="ListFrom">Where the sequence begins that the element stands in.</param>
/// <param name="ListTo">Where that sequence ends.</param>
public readonly record struct ElementField(int Offset, int Length, int ListFrom, int ListTo)
{
    public int End => Offset + Length;
}

/// <summary>A field whose value grows by one for each <paramref name="Unit"/> bytes by which the part from <paramref name="From"/> to
/// <paramref name="To"/> grows.</summary>
public readonly record struct LengthField(int BitOffset, int Bits, int From, int To, int Unit);

/// <summary>A CRC-32 at <paramref name="Offset"/> over the bytes from <paramref name="From"/> to <paramref name="To"/>, exclusive or-ed with
/// <paramref name="Xor"/>.</summary>
/// <param name="PatchedLength">Index in <see cref="FieldMap.Lengths"/> of the length field that, for the calculation only, counts up to the end
/// of the checksum's element; -1 = none.</param>
/// <param name="ElementEnd">End of the element that holds the checksum.</param>
public readonly record struct ChecksumField(int Offset, int From, int To, uint Xor, int PatchedLength, int ElementEnd);
