namespace WebRtcConformance.Wire;

public enum WireEditOp : byte { Is, Off, Flip, Raw, Remove, Duplicate, Move, Insert, Truncate }

/// <summary>A change of one element of a <see cref="WireTree"/>. As data it is
/// <c>{"at":"attributes[0].length","op":"off","by":1}</c> (<see cref="WireEditJson"/>).</summary>
/// <param name="By">The number of the numeric operations.</param>
/// <param name="Bytes">The bytes of <see cref="WireEditOp.Raw"/> and <see cref="WireEditOp.Insert"/>.</param>
public sealed record WireEdit(WireEditOp Op, ulong By = 0, ReadOnlyMemory<byte> Bytes = default)
{
    /// <summary>The element has this value, whatever is derived. For split fields the path names a part.</summary>
    public static WireEdit Is(ulong value) => new(WireEditOp.Is, value);
    /// <summary>The element is off by this much (modulo its width).</summary>
    public static WireEdit Off(long by) => new(WireEditOp.Off, unchecked((ulong)by));
    /// <summary>These bits of the element are flipped; of bytes, the last eight.</summary>
    public static WireEdit Flip(ulong mask) => new(WireEditOp.Flip, mask);
    /// <summary>These bytes stand in the place of the element, whatever their length.</summary>
    public static WireEdit Raw(ReadOnlyMemory<byte> bytes) => new(WireEditOp.Raw, 0, bytes);
    public static WireEdit Remove { get; } = new(WireEditOp.Remove);
    /// <summary>A copy of the element follows it.</summary>
    public static WireEdit Duplicate { get; } = new(WireEditOp.Duplicate);
    /// <summary>The element becomes number <paramref name="index"/> among its siblings.</summary>
    public static WireEdit MoveTo(int index) => new(WireEditOp.Move, (ulong)Math.Max(index, 0));
    public static WireEdit InsertBefore(ReadOnlyMemory<byte> bytes) => new(WireEditOp.Insert, 0, bytes);
    public static WireEdit InsertBefore(WireTree tree) => new(WireEditOp.Insert, 0, tree.Encode()) { Tree = tree };
    /// <summary>Only the element's first <paramref name="bytes"/> bytes are written. Lengths of enclosing elements follow; the lengths
    /// inside, and of a whole message that is cut, do not.</summary>
    public static WireEdit Truncate(int bytes) => new(WireEditOp.Truncate, (ulong)Math.Max(bytes, 0));

    /// <summary>What <see cref="InsertBefore(WireTree)"/> inserts, so that its derived values stay derived.</summary>
    internal WireTree? Tree { get; init; }

    public bool Equals(WireEdit? other) => other is not null && Op == other.Op && By == other.By && Bytes.Span.SequenceEqual(other.Bytes.Span);
    public override int GetHashCode() => HashCode.Combine(Op, By, Bytes.Length);
}

/// <summary>An edit and the place it is for.</summary>
public sealed record WireChange(string At, WireEdit Edit);
