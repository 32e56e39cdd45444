using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>What is wrong with bytes that a parser refuses.</summary>
public enum WireErrorKind : byte { None, Truncated, Trailing, BadLength, BadValue, BadText, BadPadding, Order, Checksum, BadReserved }

/// <summary>Why bytes were refused. Small and without references, so that rejecting costs nothing; names are looked up when asked.</summary>
/// <param name="Node">Module number in the upper 16 bits, node number in the lower 16.</param>
/// <param name="Offset">Byte in the whole input.</param>
public readonly record struct WireError(WireErrorKind Kind, uint Node, int Offset)
{
    public bool IsError => Kind != WireErrorKind.None;
    public string Path => WireModules.Find(Node).Path;
    public Clause? Clause => WireModules.Find(Node).Clause;
    public override string ToString() => $"{Path} at byte {Offset}: {Kind} ({Clause})";
}

/// <summary>A node of a module: the element of a standard that an error names.</summary>
public readonly record struct WireNode(SpecModule Module, Pdu Pdu, string Path, Clause Clause, IReadOnlyList<string> Requirements);

/// <summary>Every module that spec files define.</summary>
public static partial class WireModules
{
    public static IReadOnlyList<SpecModule> All => [];
    public static WireNode Find(uint node) => WirePlans.Default.Find(node);
}
