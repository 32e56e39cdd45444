using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A node of a spec file: what an error, a violation or a coverage point is about.</summary>
/// <param name="Path">E.g. "stun/StunMessage.MessageLength": module, PDU, then field, rule or end of the PDU.</param>
/// <param name="Clause">Where the standard says it.</param>
/// <param name="Requirements">Ids of catalogue requirements that the node enforces.</param>
public readonly record struct WireNode(
    SpecModule Module, Pdu Pdu, string Path, Clause Clause, EquatableArray<string> Requirements);

/// <summary>Every spec file that was compiled into this assembly, as data.</summary>
public static partial class WireModules
{
    private static readonly Lazy<IReadOnlyList<SpecModule>> Generated = new(() =>
    {
        var modules = new List<SpecModule>();
        AddGenerated(modules);
        return modules.AsReadOnly();
    });

    public static IReadOnlyList<SpecModule> All => Generated.Value;

    /// <summary>The node with this number (module number times 65536 plus node number); path "?" when no spec file has it.</summary>
    public static WireNode Find(uint node)
    {
        foreach (var look in s_others)
            if (look(node) is { } found) return found;
        return WirePlans.Default.Find(node);
    }

    private static Func<uint, WireNode?>[] s_others = [];

    /// <summary>Adds the nodes of another notation, which know neither module nor PDU.</summary>
    public static void AddNodes(Func<uint, WireNode?> look) => s_others = [.. s_others, look];

    /// <summary>Filled in by the generator's aggregate file.</summary>
    static partial void AddGenerated(List<SpecModule> modules);
}
