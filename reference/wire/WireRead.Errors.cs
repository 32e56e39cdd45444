using System.Diagnostics;
using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

// Reports of errors; for `return` in measuring code: all return -1. Kept out of line: parsing is mostly not failing.
internal static partial class WireRead
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Truncated(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.Truncated, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Trailing(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.Trailing, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BadLength(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.BadLength, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BadValue(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.BadValue, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BadText(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.BadText, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BadPadding(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.BadPadding, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BadReserved(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.BadReserved, node, offset);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Order(ref WireError error, uint node, int offset) => Fail(ref error, WireErrorKind.Order, node, offset);

    /// <summary>Finds the first fault of a block of fixed fields that is known to have one, by the schema.</summary>
    /// <param name="module">The module's number times 65536.</param>
    /// <param name="first">Index of the block's first field in the PDU.</param>
    /// <param name="at">Where the block begins.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Fault(Pdu pdu, uint module, int first, int count, ReadOnlySpan<byte> root, int at, int limit, ref WireError error)
    {
        for (int i = first, bit = 0; i < first + count; i++)
        {
            var field = pdu.Fields[i];
            var bits = field.Shape.FixedBits!.Value;
            var kind = bit + bits > (limit - at) * 8L ? WireErrorKind.Truncated
                : field.Shape is ConstShape constant && Bits.Read(root[at..], bit, bits) != constant.Value ? WireErrorKind.BadValue
                : field.Shape is ReservedShape { OnReceipt: Force.Reject } reserved && Bits.Read(root[at..], bit, bits) != reserved.Sent ? WireErrorKind.BadReserved
                : WireErrorKind.None;
            if (kind != WireErrorKind.None) return Fail(ref error, kind, module | (uint)field.Node, at + bit / 8);
            bit += bits;
        }
        Debug.Fail("a block was refused for no fault");
        return Fail(ref error, WireErrorKind.BadValue, module | (uint)pdu.Node, at);
    }

    /// <summary>What <see cref="WireLeb128.Read"/> says of an integer that is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int NoLeb128(ref WireError error, int size, uint node, int offset) =>
        Fail(ref error, size == 0 ? WireErrorKind.Truncated : WireErrorKind.BadValue, node, offset);

    public static int Fail(ref WireError error, WireErrorKind kind, uint node, int offset)
    {
        error = new WireError(kind, node, offset);
        return -1;
    }
}
