using System.Reflection;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Lab.Cases;

/// <summary>Finds the cases of an assembly and expands their matrices. Mistakes in a case's attributes are errors of the suite and
/// are thrown at once, with the method's name.</summary>
public static partial class CaseRegistry
{
    public static IReadOnlyList<CaseDefinition> Discover(Assembly assembly)
    {
        var cases = new List<CaseDefinition>();
        foreach (var method in assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)))
        {
            if (method.GetCustomAttribute<CaseAttribute>() is { } attribute) cases.AddRange(Expand(method, attribute));
            if (method.GetCustomAttribute<CaseSourceAttribute>() is not null)
                cases.AddRange((IEnumerable<CaseDefinition>)method.Invoke(null, null)!);
        }
        cases.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 0; i < cases.Count; i++)
        {
            if (!SlugPattern().IsMatch(cases[i].Slug)) throw new InvalidOperationException($"case id '{cases[i].Slug}' is not area/topic/what in kebab case");
            if (i > 0 && cases[i].Id == cases[i - 1].Id) throw new InvalidOperationException($"two cases are called '{cases[i].Id}'");
        }
        return cases;
    }

    /// <summary>All combinations of the matrix, in the order of its values; each adds "[a,b]" to the id.</summary>
    public static IEnumerable<CaseDefinition> Expand(CaseDefinition template, params IReadOnlyList<(string Parameter, IReadOnlyList<string> Values)> matrix)
    {
        IEnumerable<IReadOnlyList<(string Parameter, string Value)>> combinations = [[]];
        foreach (var (parameter, values) in matrix)
            combinations = combinations.SelectMany(c => values.Select(v => (IReadOnlyList<(string, string)>)[.. c, (parameter, v)]));
        foreach (var combination in combinations)
        {
            yield return combination.Count == 0 ? template : template with
            {
                Id = $"{template.Slug}[{string.Join(',', combination.Select(p => p.Value))}]",
                Parameters = combination.ToDictionary(p => p.Parameter, p => p.Value),
            };
        }
    }

    private static IEnumerable<CaseDefinition> Expand(MethodInfo method, CaseAttribute attribute)
    {
        var covers = method.GetCustomAttribute<CoversAttribute>()?.Requirements ?? [];
        var about = method.GetCustomAttribute<AboutAttribute>()?.Text;
        if (covers.Count == 0 == method.GetCustomAttribute<RobustnessAttribute>() is null)
            throw new InvalidOperationException($"case '{attribute.Id}': {method.Name} needs either [Covers] or [Robustness]");
        if (about is null) throw new InvalidOperationException($"case '{attribute.Id}' does not say what it shows: add [About] to {method.Name}");
        var template = new CaseDefinition
        {
            Id = attribute.Id,
            Slug = attribute.Id,
            About = about,
            Requirements = covers,
            Needs = method.GetCustomAttribute<NeedsAttribute>()?.Features ?? [],
            Level = method.GetCustomAttribute<LevelAttribute>()?.Level ?? CaseLevel.Wire,
            Fresh = method.GetCustomAttribute<FreshAttribute>() is not null,
            Body = method.CreateDelegate<Action<Lab>>(),
        };
        // Reflection does not promise the order of attributes; sort by the declared parameter so that ids never change.
        var matrix = method.GetCustomAttributes<MatrixAttribute>().OrderBy(m => m.Parameter, StringComparer.Ordinal)
            .Select(m => (m.Parameter, m.Values)).ToArray();
        return Expand(template, matrix);
    }

    [GeneratedRegex("^[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*){1,3}$")]
    private static partial Regex SlugPattern();
}
