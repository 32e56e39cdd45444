using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>In what way bytes are not a valid message. README.md of this folder says which error comes first.</summary>
public enum WireErrorKind : byte
{
    None,
    /// <summary>A field goes beyond the bytes there are for it.</summary>
    Truncated,
    /// <summary>Bytes are left over.</summary>
    Trailing,
    /// <summary>A length or count that cannot be.</summary>
    BadLength,
    /// <summary>A value that a rule, a constant or a closed registry forbids.</summary>
    BadValue,
    /// <summary>Bytes that are not text in the field's encoding.</summary>
    BadText,
    /// <summary>Padding bytes that must have a fixed value and have not.</summary>
    BadPadding,
    /// <summary>An element in a place where it must not stand.</summary>
    Order,
    /// <summary>A checksum differs from the computed one.</summary>
    Checksum,
    /// <summary>Reserved bits that must have a fixed value and have not.</summary>
    BadReserved,
    /// <summary>Text that the grammar does not allow.</summary>
    Syntax,
}

/// <summary>What is wrong with some bytes: 12 bytes, made without allocation; names are looked up only when asked for.</summary>
/// <param name="Node">The spec file's node: module number times 65536 plus node number; 0 = none.</param>
/// <param name="Offset">The byte of the whole input, from 0.</param>
public readonly record struct WireError(WireErrorKind Kind, uint Node, int Offset)
{
    public bool IsError => Kind != WireErrorKind.None;

    /// <summary>E.g. "stun/StunMessage.MessageLength".</summary>
    public string Path => IsError ? WireModules.Find(Node).Path : "";

    /// <summary>Where the broken rule stands; null when there is no error.</summary>
    public Clause? Clause => IsError ? WireModules.Find(Node).Clause : null;

    /// <summary>E.g. "StunMessage.MessageLength at byte 2: bad value (RFC8489 section 5)".</summary>
    public override string ToString()
    {
        if (!IsError) return "no error";
        var node = WireModules.Find(Node);
        return $"{node.Path[(node.Path.IndexOf('/') + 1)..]} at byte {Offset}: {Describe(Kind)} ({node.Clause})";
    }

    private static string Describe(WireErrorKind kind) => kind switch
    {
        WireErrorKind.Truncated => "truncated",
        WireErrorKind.Trailing => "trailing bytes",
        WireErrorKind.BadLength => "bad length",
        WireErrorKind.BadValue => "bad value",
        WireErrorKind.BadText => "not valid text",
        WireErrorKind.BadPadding => "bad padding",
        WireErrorKind.Order => "element out of order",
        WireErrorKind.Checksum => "wrong checksum",
        WireErrorKind.BadReserved => "reserved bits in use",
        WireErrorKind.Syntax => "not as the grammar says",
        _ => kind.ToString(),
    };
}
