using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Resolves names within and between ABNF files, gives nodes their numbers, and proves that each choice can be decided: syntax in, IR out.
/// Total and deterministic: the result depends on the files' contents and paths only, not on their order.</summary>
public static class AbnfLinker
{
    public static AbnfLinkResult Link(IEnumerable<AbnfFile> files)
    {
        var diagnostics = new List<LinkDiagnostic>();
        var all = files.OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
        var core = new AbnfScope(new("", CoreRules.Syntax, true), diagnostics);
        var scopes = new[] { core }.Concat(all.Select(f => new AbnfScope(f, diagnostics))).ToArray();
        var broken = all.Any(f => !f.Sound);
        Modules(scopes);
        foreach (var scope in scopes) scope.CheckImports();
        // What follows looks through all files at once: a mistake in one would be repeated in others.
        if (broken || diagnostics.Count > 0) return new(default, new(diagnostics), false);

        var rules = RuleLinker.Link(scopes);
        if (diagnostics.Count > 0) return new(default, new(diagnostics), false);
        var modules = new TypeLinker(scopes, rules).Link();
        if (diagnostics.Count > 0) return new(default, new(diagnostics), false);
        var places = new RulePlaces(scopes);
        var grammar = new Grammar(modules);
        var maker = new PlanMaker(grammar, places, scopes.SelectMany(s => s.Syntax.Prefers.Select(p => s.Find(p.Rule.Text)).OfType<TextReference>()));
        var plans = maker.MakeAll();
        var sound = diagnostics.Count == 0;
        return new(new(modules), new(diagnostics), sound, sound && all.Length > 0 ? TextUnit.Of(grammar, plans, maker.Follow) : default);
    }

    private static void Modules(AbnfScope[] scopes)
    {
        var byName = new Dictionary<string, AbnfScope>(StringComparer.Ordinal);
        var byNumber = new Dictionary<ushort, AbnfScope>();
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in scopes)
        {
            var number = Linker.ModuleNumber(scope.Module);
            if (!namespaces.Add(scope.Syntax.Namespace)) scope.Report(AbnfRules.Duplicate, scope.Syntax.At, "namespace", scope.Syntax.Namespace);
            if (byName.ContainsKey(scope.Module)) scope.Report(AbnfRules.Duplicate, scope.Syntax.At, "module", scope.Module);
            else if (byNumber.TryGetValue(number, out var other)) scope.Report(AbnfRules.NumberCollision, scope.Syntax.At, other.Module, scope.Module, number);
            else
            {
                byName.Add(scope.Module, scope);
                byNumber.Add(number, scope);
            }
        }
        foreach (var scope in scopes) scope.Modules = byName;
    }
}

/// <summary>Where rules stand, for diagnostics about them.</summary>
internal sealed class RulePlaces(AbnfScope[] scopes)
{
    public void Report(SpecRule rule, TextReference about, params object[] arguments)
    {
        var scope = scopes.First(s => s.Module == about.Module);
        scope.Report(rule, scope.Rule(about.Rule)?.At ?? scope.Syntax.At, arguments);
    }
}
