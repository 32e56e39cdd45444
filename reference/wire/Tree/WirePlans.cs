using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>The plans of a set of linked modules.</summary>
public sealed class WirePlans : ICoveragePoints
{
    private static readonly Lazy<WirePlans> s_default = new(() => new WirePlans(WireModules.All));
    private readonly Dictionary<(string Module, string Pdu), WirePlan> _byName = new();
    private readonly Dictionary<uint, WireNode> _nodes = new();
    private readonly Dictionary<uint, int> _bases = new();
    private readonly ConditionalWeakTable<Pdu, WirePlan> _byPdu = new();

    /// <summary>Throws <see cref="ArgumentException"/> when a module is not linked properly (an unknown name): the front end reports
    /// such modules itself, at their own line.</summary>
    public WirePlans(IReadOnlyList<SpecModule> modules)
    {
        Modules = modules;
        foreach (var module in modules)
            foreach (var pdu in module.Pdus)
            {
                var plan = new WirePlan(module, pdu) { Plans = this };
                _byName[(module.Name, pdu.CsName)] = plan;
                _byPdu.AddOrUpdate(pdu, plan);
            }
        foreach (var plan in _byName.Values) new PlanLinker(this, plan).Link();
        foreach (var module in modules)
        {
            AddNodes(module);
            _bases[module.Number] = NodeSpace;
            foreach (var pdu in module.Pdus) _byName[(module.Name, pdu.CsName)].CoverageBase = NodeSpace;
            NodeSpace += _nodes.Keys.Where(n => n >> 16 == module.Number).Select(n => (int)(n & 0xFFFF)).Append(0).Max() + 1;
        }
    }

    /// <summary>The plans of <see cref="WireModules.All"/>.</summary>
    public static WirePlans Default => s_default.Value;

    public IReadOnlyList<SpecModule> Modules { get; }
    public IEnumerable<WirePlan> All => _byName.Values;

    /// <summary>The plan of a PDU of one of the modules (the same object, or an equal one).</summary>
    public WirePlan Of(Pdu pdu)
    {
        if (_byPdu.TryGetValue(pdu, out var plan)) return plan;
        plan = _byName.Values.FirstOrDefault(p => p.Pdu == pdu)
            ?? throw new ArgumentException($"{pdu.CsName} belongs to none of the modules");
        _byPdu.AddOrUpdate(pdu, plan);
        return plan;
    }

    /// <summary>By path, e.g. "stun/StunMessage"; null when there is none.</summary>
    public WirePlan? Find(string path) => _byName.Values.FirstOrDefault(p => p.Path == path);

    /// <summary>The node that an error names; path "?" for a number that no module has.</summary>
    public WireNode Find(uint node) => _nodes.TryGetValue(node, out var found) ? found
        : new WireNode(null!, null!, "?", new Clause("?", "?"), default(EquatableArray<string>));

    /// <summary>The numbers of all nodes, in order of module and node.</summary>
    internal IEnumerable<uint> Nodes => _nodes.Keys.Order();

    /// <summary>Dense node indexes of <see cref="WireCoverage"/>: 0 to this.</summary>
    internal int NodeSpace { get; }

    int ICoveragePoints.Count => NodeSpace;
    int? ICoveragePoints.IndexOf(uint node) => IndexOf(node);
    IEnumerable<(int Index, WireNode Node)> ICoveragePoints.All => Nodes.Select(node => (IndexOf(node)!.Value, Find(node)));

    internal int? IndexOf(uint node) => _nodes.ContainsKey(node) ? _bases[node >> 16] + (int)(node & 0xFFFF) : null;

    internal WirePlan Resolve(SpecModule from, string csName, string? module = null)
    {
        if (_byName.TryGetValue((module ?? from.Name, csName), out var plan)) return plan;
        return _byName.Values.FirstOrDefault(p => p.Pdu.CsName == csName)
            ?? throw new ArgumentException($"module {from.Name}: no PDU named {csName}");
    }

    private void AddNodes(SpecModule module)
    {
        foreach (var pdu in module.Pdus)
        {
            var path = $"{module.Name}/{pdu.CsName}";
            Add(pdu.EndNode, path + "/end", pdu.Clause, default);
            Add(pdu.Node, path, pdu.Clause, default);
            foreach (var f in pdu.Fields) Add(f.Node, $"{path}.{f.CsName}", f.Clause, f.Requirements);
            foreach (var r in pdu.Rules) Add(r.Node, $"{path}/{r.Name}", r.Clause, r.Requirements);

            void Add(int node, string nodePath, Clause clause, EquatableArray<string> requirements) =>
                _nodes[(uint)module.Number << 16 | (uint)node] = new WireNode(module, pdu, nodePath, clause, requirements);
        }
    }
}
