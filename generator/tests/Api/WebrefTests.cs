using System.Text.RegularExpressions;
using WebRtcConformance.Generator.WebIdl;

namespace WebRtcConformance.Generator.Api;

/// <summary>The project's Web IDL files against @webref/idl, member by member. Each difference stands in idl-differences.txt with its reason; a line
/// there that no difference needs is a mistake too.</summary>
public class WebrefTests
{
    private static readonly string ListPath = Path.Combine(Notation.SpecFiles.Folder, "..", "generator", "tests", "Api", "idl-differences.txt");

    [Fact]
    public void Our_files_are_what_the_standards_print_but_for_listed_differences()
    {
        var webref = WebIdlOracle.Files.ToDictionary(f => Path.GetFileNameWithoutExtension(f.Name), f => IdlParser.Parse(f.Name, f.Text).Syntax);
        var whole = new Lazy<Dictionary<string, string>>(() => Items(webref.Values.SelectMany(s => s.Definitions).Where(d => d is not IdlContainer { Partial: true })));
        var differences = new SortedSet<string>(StringComparer.Ordinal);
        var compared = 0;
        foreach (var (path, text) in ApiFiles.All)
        {
            var spec = Path.GetFileNameWithoutExtension(path);
            var ours = Items(IdlParser.Parse(path, text).Syntax.Definitions);
            compared += ours.Count;
            if (spec == "dom-subset") Compare(differences, spec, ours, whole.Value.Where(i => ours.ContainsKey(i.Key.Split('.')[0])).ToDictionary());
            else if (webref.TryGetValue(spec, out var theirs)) Compare(differences, spec, ours, Items(theirs.Definitions));
            else differences.Add($"{spec} is not there");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} definitions and members compared");
        Assert.InRange(compared, 900, 9999);
        var listed = File.ReadAllLines(ListPath).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(" | ")).ToArray();
        Assert.All(listed, l => Assert.True(l.Length == 2 && l[1].Length > 10, "a difference without a reason: " + string.Join(" | ", l)));
        Assert.Equal([], differences.Where(d => !listed.Any(l => Matches(l[0], d))));
        Assert.Equal([], listed.Where(l => !differences.Any(d => Matches(l[0], d))).Select(l => "stale: " + l[0]));
    }

    /// <summary>A listed "*" stands for any member.</summary>
    private static bool Matches(string listed, string difference) => Regex.IsMatch(difference, "^" + Regex.Escape(listed).Replace("\\*", "[^ ]+") + "$");

    private static void Compare(SortedSet<string> differences, string spec, Dictionary<string, string> ours, Dictionary<string, string> theirs)
    {
        foreach (var (key, content) in ours)
        {
            if (!theirs.TryGetValue(key, out var other)) differences.Add($"{spec} {key} is ours alone");
            else if (other != content) differences.Add($"{spec} {key} differs");
        }
        foreach (var key in theirs.Keys.Where(k => !ours.ContainsKey(k))) differences.Add($"{spec} {key} is left out");
    }

    /// <summary>"RTCPeerConnection" and "RTCPeerConnection.createOffer#2" with what each says, places in the text taken out.</summary>
    private static Dictionary<string, string> Items(IEnumerable<IdlDefinition> definitions)
    {
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string key, string content)
        {
            var unique = key;
            for (var i = 2; items.ContainsKey(unique); i++) unique = $"{key}#{i}";
            items.Add(unique, Regex.Replace(content, "At = [0-9]+,? ?", ""));
        }
        foreach (var definition in definitions)
        {
            if (definition is IdlContainer container)
            {
                var parent = (definition as IdlInterface)?.Inheritance ?? (definition as IdlDictionary)?.Inheritance;
                Add(definition.Name, $"{definition.GetType().Name} {container.Partial} {definition.ExtendedAttributes} {parent}");
                foreach (var member in container.Members) Add($"{definition.Name}.{(member.Name.Length > 0 ? member.Name : member.GetType().Name)}", member.ToString());
            }
            else Add(definition is IdlIncludes includes ? $"{definition.Name}.includes.{includes.Mixin.Text}" : definition.Name,
                (definition with { Annotations = default }).ToString());
        }
        return items;
    }
}
