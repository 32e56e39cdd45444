using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Checks Web IDL files against one another: names, types, values, overloads. Total, and bounded: what nests deeper or holds more
/// than any standard does is reported and not followed.</summary>
public static class IdlChecker
{
    /// <summary>What is wrong in these files, which form one whole; each finding at a token of its file. Files with syntax mistakes are asked for
    /// their names only.</summary>
    public static EquatableArray<LinkDiagnostic> Check(IEnumerable<IdlFile> files)
    {
        var ordered = files.OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
        var scope = new IdlScope(ordered);
        var report = new IdlReport();
        new NameChecks(scope, report).Run();
        var types = new TypeChecks(scope, report);
        var members = new MemberChecks(scope, report, types);
        foreach (var placed in scope.All)
        {
            report.Path = placed.Path;
            members.Definition(placed.Item);
        }
        new InterfaceChecks(scope, report).Run();
        var unsound = new HashSet<string>(ordered.Where(f => !f.Sound).Select(f => f.Path), StringComparer.Ordinal);
        return new(report.Found.Where(d => !unsound.Contains(d.Path)).Distinct()
            .OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.At).ThenBy(d => d.Rule.Id, StringComparer.Ordinal));
    }
}

/// <summary>Where checks put what they find.</summary>
internal sealed class IdlReport
{
    public List<LinkDiagnostic> Found { get; } = [];

    /// <summary>The file that is being looked at.</summary>
    public string Path { get; set; } = "";

    public void Add(SpecRule rule, int at, params object[] arguments) => Found.Add(new(rule, rule.Message(arguments), Path, at));
}
