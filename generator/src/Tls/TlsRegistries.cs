using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Enums, and types of a few bytes that have named constants, become registries.</summary>
internal static class TlsRegistries
{
    /// <summary>The width of an enum: as many bytes as its largest number needs.</summary>
    public static int Bits(TlsEnum type)
    {
        var largest = type.Items.Select(i => i.To ?? i.From ?? 0).Append(type.Width ?? 0).Max();
        var bits = 8;
        while (bits < 64 && largest >> bits != 0) bits += 8;
        return bits;
    }

    /// <summary>"uint16 ProtocolVersion" and "uint8 CipherSuite[2]" are numbers with names when the file has such constants.</summary>
    public static bool IsRegistry(TlsScope scope, TlsAlias type) =>
        Bits(type) > 0 && (scope.Constants(type.Name).Any() || scope.About<TlsClosed>(type.Name).Any());

    public static int Bits(TlsAlias type) => (type.Type.Text, type.Dimension) switch
    {
        ("uint8", null) => 8,
        ("uint16", null) => 16,
        ("uint24", null) => 24,
        ("uint32", null) => 32,
        ("uint8", TlsFixed { Bytes: { } count }) when count is > 0 and <= 8 => (int)count * 8,
        _ => 0,
    };

    /// <summary>Whether an enum is on the wire at all: one without any number only names the arms of choices.</summary>
    public static bool IsOnWire(TlsEnum type) => type.Width is not null || type.Items.Any(i => i.From is not null);

    public static (EquatableArray<RegistrySyntax> Registries, EquatableArray<ExtensionSyntax> Extensions) Lower(TlsScope scope)
    {
        var registries = new List<RegistrySyntax>();
        var extensions = new List<ExtensionSyntax>();
        foreach (var type in scope.Syntax.Types.Concat(scope.InnerEnums.Values))
        {
            if (type is TlsEnum e && IsOnWire(e)) Enum(scope, e, registries, extensions);
            else if (type is TlsAlias a && IsRegistry(scope, a)) registries.Add(Registry(scope, a, Bits(a), Constants(scope, a.Name, Bits(a)), []));
        }
        foreach (var group in scope.Syntax.Constants.GroupBy(c => c.Type.Text))
        {
            if (scope.Types.ContainsKey(group.Key) && scope.Types[group.Key] is TlsAlias own && IsRegistry(scope, own)) continue;
            if (scope.Find(group.Key) is { Type: TlsAlias alias } found && IsRegistry(found.Scope, alias))
            {
                scope.Use(found.Scope);
                extensions.Add(new(new(group.First().Type.At, found.Scope.LinkName(alias.Name)), new(Constants(scope, group.Key, Bits(alias))), default));
            }
            else scope.Report(TlsRules.WrongKind, group.First().Type.At, $"'{group.Key}' is no type of a few bytes, and cannot have constants");
        }
        return (new(registries), new(extensions));
    }

    private static void Enum(TlsScope scope, TlsEnum type, List<RegistrySyntax> registries, List<ExtensionSyntax> extensions)
    {
        var (values, ranges) = Items(scope, type);
        if (!type.Amends) registries.Add(Registry(scope, type, Bits(type), values, ranges));
        else if (scope.Find(type.Name) is { Type: TlsEnum amended } found)
        {
            scope.Use(found.Scope);
            // The standards print what is there already beside what is new.
            var there = new HashSet<(string, ulong?)>(amended.Items.Where(i => i.To is null).Select(i => (i.Name, i.From)));
            values.RemoveAll(v => there.Contains((v.Name, v.Value)));
            extensions.Add(new(new(type.At, found.Scope.LinkName(type.Name)), new(values), new(ranges)));
        }
        else scope.Report(TlsRules.UnknownType, type.At, type.Name);
    }

    private static RegistrySyntax Registry(TlsScope scope, TlsType type, int bits, List<ValueSyntax> values, List<RangeSyntax> ranges)
    {
        var closed = scope.About<TlsClosed>(type.Name).ToArray();
        foreach (var c in closed) scope.Used.Add(c);
        return new(type.At, type.Order, scope.LinkName(type.Name), scope.CsName(type.Name), bits, closed.Length == 0, type.Clause, new(values), new(ranges));
    }

    private static List<ValueSyntax> Constants(TlsScope scope, string type, int bits)
    {
        var values = new List<ValueSyntax>();
        foreach (var constant in scope.Constants(type))
        {
            if (constant.Bytes.Count * 8 != bits)
                scope.Report(TlsRules.NumberRange, constant.At, constant.Bytes.Count + " bytes", bits / 8 + " bytes");
            else
                values.Add(new(constant.At, constant.Name, Names.CSharp(constant.Name), constant.Bytes.Aggregate(0UL, (value, b) => value << 8 | b), constant.Clause));
        }
        return values;
    }

    /// <summary>Names that occur more than once (reserved, deprecated) are told apart by their number.</summary>
    private static (List<ValueSyntax> Values, List<RangeSyntax> Ranges) Items(TlsScope scope, TlsEnum type)
    {
        var values = new List<ValueSyntax>();
        var ranges = new List<RangeSyntax>();
        var repeated = new HashSet<string>(type.Items.GroupBy(i => i.Name).Where(g => g.Count() > 1).Select(g => g.Key));
        foreach (var item in type.Items)
        {
            if (item.From is not { } from)
            {
                scope.Report(TlsRules.NoNumber, item.At, item.Name, type.Name);
                continue;
            }
            var name = repeated.Contains(item.Name) ? $"{item.Name}_{from}" : item.Name;
            if (item.To is { } to) ranges.Add(new(item.At, name, Names.CSharp(name), from, to, type.Clause));
            else values.Add(new(item.At, name, Names.CSharp(name), from, type.Clause));
        }
        return (values, ranges);
    }
}
