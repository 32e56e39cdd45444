using System.Globalization;
using System.Text;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>What a script that looks at an implementation's shape has to look at, as JSON rows that reference/api/Probes/probes.js reads. A file's rows are
/// about what that file declares, wherever the interface comes from.</summary>
/// <remarks>Rows: ["i", interface, parent, exposed, arguments of the constructor or -1, global]; ["a", interface, attribute, flags]; ["o", interface,
/// operation, length, flags]; ["c", interface, constant, value]; ["m", interface, kind, read only, has keys]; ["d", dictionary, interface, arguments before it,
/// its least value, members in the order of conversion, those that the file declares, whether it declares the dictionary]; ["e", dictionary, interface,
/// arguments before it, its least value, member, values]. Flags: s static, r read only, u unforgeable, p returns a promise.</remarks>
public static class ProbeEmitter
{
    public static string Rows(string spec, IReadOnlyList<ApiSpec> all)
    {
        var rows = new List<string>();
        foreach (var item in all.SelectMany(s => s.Interfaces)) Interface(rows, spec, item);
        var dictionaries = all.SelectMany(s => s.Dictionaries).GroupBy(d => d.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var enums = all.SelectMany(s => s.Enums).GroupBy(e => e.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var probed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in all.SelectMany(s => s.Interfaces).Where(i => i.Constructors.Count == 1 && i.Exposed.Count > 0))
            Constructor(rows, spec, item, new Samples(dictionaries, enums), probed);
        return "[" + string.Join(",", rows) + "]";
    }

    private static void Interface(List<string> rows, string spec, ApiInterface item)
    {
        if (item.Exposed.Count == 0) return;
        if (item.Origin == spec)
            rows.Add(Row("i", item.Name, item.Parent, item.Exposed, item.ConstructorLength ?? -1, item.Global));
        foreach (var constant in item.Constants.Where(c => c.Origin == spec)) rows.Add(Row("c", item.Name, constant.Name, new Raw(CsDefaults.Integer(constant.Value)), item.Exposed));
        foreach (var attribute in item.Attributes.Where(a => a.Origin == spec))
            rows.Add(Row("a", item.Name, attribute.Name, (attribute.Static ? "s" : "") + (attribute.ReadOnly ? "r" : "") + (attribute.Unforgeable ? "u" : "")
                + (attribute.Type is ApiPromise ? "p" : ""), item.Exposed));
        foreach (var operation in item.Operations.Where(o => o.Origin == spec))
            rows.Add(Row("o", item.Name, operation.Name, operation.Length, (operation.Static ? "s" : "") + (operation.Unforgeable ? "u" : "")
                + (operation.Overloads.All(o => o.Returns is ApiPromise) ? "p" : ""), item.Exposed));
        if (item.Iterable is { } iterable && iterable.Origin == spec)
            rows.Add(Row("m", item.Name, iterable.Kind.ToString().ToLowerInvariant(), iterable.ReadOnly, iterable.Key is not null, item.Exposed));
    }

    /// <summary>Probes of the dictionary that a constructor takes. Each dictionary is probed at the first constructor that takes it.</summary>
    private static void Constructor(List<string> rows, string spec, ApiInterface item, Samples samples, HashSet<string> probed)
    {
        var arguments = item.Constructors[0].Arguments;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Type is not ApiNamed { Kind: ApiNamedKind.Dictionary } named || samples.Find(named.Name) is not { } dictionary) continue;
            var before = arguments.Take(i).Select(a => samples.Of(a.Type, 0)).ToArray();
            var least = samples.Of(named, 0);
            if (least is null || before.Any(b => b is null) || !probed.Add(named.Name)) continue;
            var members = dictionary.Inherited.Concat(dictionary.Members).ToArray();
            var own = members.Where(m => m.Origin == spec).ToArray();
            var first = "[" + string.Join(",", before) + "]";
            if (own.Length > 0 || dictionary.Origin == spec)
                rows.Add(Row("d", named.Name, item.Name, new Raw(first), new Raw(least), members.Select(m => m.Name), own.Select(m => m.Name), dictionary.Origin == spec, item.Exposed));
            foreach (var member in own)
                if (member.Type.Unwrapped() is ApiNamed { Kind: ApiNamedKind.Enum } type && samples.Values(type.Name) is { } values)
                    rows.Add(Row("e", named.Name, item.Name, new Raw(first), new Raw(least), member.Name, values, item.Exposed));
        }
    }

    /// <summary>JSON that is written already.</summary>
    private readonly record struct Raw(string Json);

    private static string Row(params object?[] cells) => Json(cells);

    private static string Json(object? cell) => cell switch
    {
        null => "null",
        Raw raw => raw.Json,
        string text => Text(text),
        bool value => value ? "true" : "false",
        int value => value.ToString(CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items => "[" + string.Join(",", items.Cast<object?>().Select(Json)) + "]",
        _ => throw new ArgumentException("no JSON for this", nameof(cell)),
    };

    public static string Text(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') result.Append('\\').Append(c);
            else if (c is < ' ' or > '~') result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else result.Append(c);
        }
        return result.Append('"').ToString();
    }

    /// <summary>Values that a type accepts, as JSON.</summary>
    private sealed class Samples(Dictionary<string, ApiDictionary> dictionaries, Dictionary<string, ApiEnum> enums)
    {
        public ApiDictionary? Find(string name) => dictionaries.TryGetValue(name, out var found) ? found : null;
        public IEnumerable<string>? Values(string name) => enums.TryGetValue(name, out var found) ? found.Values : null;

        /// <summary>Null for a type that JSON has no value of.</summary>
        public string? Of(ApiType type, int depth) => type switch
        {
            ApiSimple { Kind: IdlSimple.Boolean } => "true",
            ApiSimple simple when simple.Kind.IsNumeric() => "1",
            ApiSimple simple when simple.Kind.IsString() => "\"x\"",
            ApiSimple { Kind: IdlSimple.Any or IdlSimple.Object } => "{}",
            ApiNullable nullable => Of(nullable.Inner, depth) ?? "null",
            ApiSequence => "[]",
            ApiRecord => "{}",
            ApiNamed { Kind: ApiNamedKind.Enum } named => Values(named.Name)?.FirstOrDefault() is { } value ? Text(value) : null,
            ApiNamed { Kind: ApiNamedKind.Dictionary } named when depth < 8 => Find(named.Name) is { } found ? Dictionary(found, depth + 1) : null,
            ApiUnion union => union.Members.Select(m => Of(m, depth + 1)).FirstOrDefault(v => v is not null),
            _ => null,
        };

        /// <summary>The required members, and strings that may be null: null often stands for something missing that an implementation asks for.</summary>
        private string? Dictionary(ApiDictionary dictionary, int depth)
        {
            var parts = new List<string>();
            foreach (var member in dictionary.Inherited.Concat(dictionary.Members))
            {
                var text = member.Type is ApiNullable { Inner: ApiSimple inner } && inner.Kind.IsString();
                if (!member.Required && !text) continue;
                if (Of(member.Type, depth) is not { } value) return null;
                parts.Add(Text(member.Name) + ":" + value);
            }
            return "{" + string.Join(",", parts) + "}";
        }
    }
}
