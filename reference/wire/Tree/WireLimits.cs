namespace WebRtcConformance.Wire;

/// <summary>Bounds of the interpreter, so that any input costs bounded time, depth and memory.</summary>
/// <remarks>A parse makes at most (bytes + 1) x (fields of the largest PDU) x <see cref="MaxDepth"/> items, and in practice a few per
/// byte: list elements of no bytes are refused, and each level of nesting takes a window inside its parent's.</remarks>
public static class WireLimits
{
    /// <summary>Levels of PDUs inside PDUs. Deeper content stays raw bytes (reading) or is a bad length (strict parsing).</summary>
    public const int MaxDepth = 24;

    /// <summary>Bytes that an edit, a drawing or a JSON value may bring one message to. Edits beyond are refused.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Elements of one list, and bytes of one field, that drawing makes by choice.</summary>
    public const int DrawnElements = 8, DrawnBytes = 64;
}
