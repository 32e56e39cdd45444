using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Every ABNF spec file that was compiled into this assembly, as data.</summary>
public static partial class TextModules
{
    private static readonly Lazy<(IReadOnlyList<TextModule> Modules, IReadOnlyList<ITextCodec> Codecs)> Generated = new(() =>
    {
        var modules = new List<TextModule>();
        var codecs = new List<ITextCodec>();
        AddGenerated(modules, codecs);
        return (modules.AsReadOnly(), codecs.AsReadOnly());
    });

    private static readonly Lazy<FrozenDictionary<uint, WireNode>> Nodes = new(() => Collect().ToFrozenDictionary());

    public static IReadOnlyList<TextModule> All => Generated.Value.Modules;

    /// <summary>A codec for each type of each module.</summary>
    public static IReadOnlyList<ITextCodec> Codecs => Generated.Value.Codecs;

    /// <summary>Filled in by the generator's aggregate file.</summary>
    static partial void AddGenerated(List<TextModule> modules, List<ITextCodec> codecs);

#pragma warning disable CA2255 // Errors find their nodes wherever this assembly is in use.
    [ModuleInitializer]
    internal static void Register() => WireModules.AddNodes(node => Nodes.Value.TryGetValue(node, out var found) ? found : null);
#pragma warning restore CA2255

    private static Dictionary<uint, WireNode> Collect()
    {
        var nodes = new Dictionary<uint, WireNode>();
        foreach (var module in All)
        {
            foreach (var rule in module.Rules) Add(module, rule.Node, rule.Name, rule.Clause);
            foreach (var type in module.Types)
            foreach (var capture in type.Captures) Add(module, capture.Node, $"{type.CsName}.{capture.CsName}", capture.Clause);
            foreach (var relaxation in module.Relaxations) Add(module, relaxation.Node, relaxation.Name, relaxation.Clause);
            foreach (var union in module.Unions)
            foreach (var extension in union.Extensions) Add(All.First(m => m.Name == extension.Module), extension.Node, $"{union.CsName}.{extension.CsName}", extension.Clause);
        }
        return nodes;

        void Add(TextModule module, int node, string name, Clause clause) =>
            nodes[(uint)module.Number << 16 | (uint)node] = new WireNode(null!, null!, $"{module.Name}/{name}", clause, default);
    }
}
