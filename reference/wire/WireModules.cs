using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A node of a spec file: what an error, a violation or a coverage point is about.</summary>
/// <param name="Path">E.g. "stun/StunMessage.MessageLength": module, PDU, then field or rule; "(end)" for the end of a PDU.</param>
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
    public static WireNode Find(uint node) => WirePlans.Default.Find(node);

    /// <summary>All nodes of a module's PDUs with their global numbers.</summary>
    public static IEnumerable<KeyValuePair<uint, WireNode>> NodesOf(SpecModule module)
    {
        foreach (var pdu in module.Pdus)
        {
            var path = $"{module.Name}/{pdu.CsName}";
            yield return Entry(pdu.Node, path, pdu.Clause, default);
            foreach (var field in pdu.Fields) yield return Entry(field.Node, $"{path}.{field.CsName}", field.Clause, field.Requirements);
            foreach (var rule in pdu.Rules) yield return Entry(rule.Node, $"{path}.{rule.Name}", rule.Clause, rule.Requirements);
            if (pdu.EndNode != pdu.Node) yield return Entry(pdu.EndNode, $"{path}.(end)", pdu.Clause, default);

            KeyValuePair<uint, WireNode> Entry(int node, string nodePath, Clause clause, EquatableArray<string> requirements) =>
                new((uint)module.Number << 16 | (uint)node, new WireNode(module, pdu, nodePath, clause, requirements));
        }
    }

    /// <summary>Filled in by the generator's aggregate file.</summary>
    static partial void AddGenerated(List<SpecModule> modules);
}
