using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>One file while it is lowered, with the names that it declares and imports.</summary>
internal sealed class TlsScope(TlsFile file, List<LinkDiagnostic> diagnostics)
{
    private readonly ILookup<string, TlsAnnotation> _about = file.Syntax.Annotations.ToLookup(a => a.Subject, StringComparer.Ordinal);
    private readonly ILookup<string, TlsConstant> _constants = file.Syntax.Constants.ToLookup(c => c.Type.Text, StringComparer.Ordinal);
    private readonly HashSet<string> _uses = new(StringComparer.Ordinal);

    public TlsSyntax Syntax => file.Syntax;
    public string Path => file.Path;
    public bool Sound { get; private set; } = file.Sound;

    public Dictionary<string, TlsType> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>What an imported name stands for.</summary>
    public Dictionary<string, (TlsScope Scope, string Name)> Imported { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, TlsGiven> Givens { get; } = new(StringComparer.Ordinal);
    /// <summary>Enums within structs, by "Struct.field".</summary>
    public SortedDictionary<string, TlsEnum> InnerEnums { get; } = new(StringComparer.Ordinal);

    public HashSet<TlsAnnotation> Used { get; } = [];
    public List<PduSyntax> Pdus { get; } = [];

    /// <summary>Structs that became a part of some message.</summary>
    public HashSet<string> Reached { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Uses => _uses.OrderBy(u => u, StringComparer.Ordinal);

    /// <summary>Names of another file occur in what this one becomes.</summary>
    public void Use(TlsScope other)
    {
        if (!ReferenceEquals(other, this)) _uses.Add(other.Syntax.Module);
    }

    public (TlsScope Scope, TlsType Type)? Find(string name) =>
        Types.TryGetValue(name, out var own) ? (this, own)
        : Imported.TryGetValue(name, out var found) && found.Scope.Types.TryGetValue(found.Name, out var type) ? (found.Scope, type)
        : null;

    /// <summary>Annotations of a kind about a type.</summary>
    public IEnumerable<T> About<T>(string type) where T : TlsAnnotation => _about[type].OfType<T>();

    /// <summary>Constants of a type.</summary>
    public IEnumerable<TlsConstant> Constants(string type) => _constants[type];

    /// <summary>The C# name of a type.</summary>
    public string CsName(string type)
    {
        if (About<TlsName>(type).FirstOrDefault() is not { } said) return Names.CSharp(type);
        Used.Add(said);
        return said.CsName;
    }

    /// <summary>The name under which linking knows a type: the standard's, unless it was given another one.</summary>
    public string LinkName(string type) => About<TlsName>(type).FirstOrDefault()?.CsName ?? type;

    public void Report(SpecRule rule, int at, params object[] arguments)
    {
        Sound = false;
        diagnostics.Add(new(rule, rule.Message(arguments), Path, at));
    }
}

/// <summary>What a type name means once aliases are followed.</summary>
internal abstract record TlsResolved
{
    public sealed record Integer(int Bits, string? Registry, TlsScope? Owner) : TlsResolved;

    /// <summary>"opaque Random[32]".</summary>
    public sealed record Bytes(ulong Count) : TlsResolved;

    /// <summary>A name for a vector.</summary>
    public sealed record Vector(TlsScope Owner, TlsAlias Alias) : TlsResolved;

    public sealed record Struct(TlsScope Owner, TlsStruct Type) : TlsResolved;

    public sealed record Opaque : TlsResolved;
}

/// <summary>Follows names to what they mean.</summary>
internal static class TlsResolver
{
    private const int Hops = 16;

    private static readonly Dictionary<string, int> BuiltIn = new(StringComparer.Ordinal)
    {
        ["uint8"] = 8, ["uint16"] = 16, ["uint24"] = 24, ["uint32"] = 32, ["uint48"] = 48, ["uint64"] = 64,
    };

    public static bool IsBuiltIn(string name) => name == "opaque" || BuiltIn.ContainsKey(name);

    /// <summary>The meaning of a name; null, with a report, when it has none.</summary>
    public static TlsResolved? Resolve(TlsScope scope, NameUse use)
    {
        var (from, name) = (scope, use.Text);
        for (var hop = 0; hop < Hops; hop++)
        {
            // A file may say itself what uint48 is (RFC 8446 section 3.3 does).
            if (from.Find(name) is not { } found)
            {
                if (name == "opaque") return new TlsResolved.Opaque();
                if (BuiltIn.TryGetValue(name, out var bits)) return new TlsResolved.Integer(bits, null, null);
                scope.Report(TlsRules.UnknownType, use.At, use.Text);
                return null;
            }
            switch (found.Type)
            {
                case TlsStruct s: return new TlsResolved.Struct(found.Scope, s);
                case TlsEnum e: return new TlsResolved.Integer(TlsRegistries.Bits(e), found.Scope.LinkName(e.Name), found.Scope);
                case TlsAlias { Dimension: null } a when TlsRegistries.IsRegistry(found.Scope, a):
                    return new TlsResolved.Integer(TlsRegistries.Bits(a), found.Scope.LinkName(a.Name), found.Scope);
                case TlsAlias { Dimension: null } a:
                    (from, name) = (found.Scope, a.Type.Text);
                    continue;
                case TlsAlias { Dimension: TlsFixed { Bytes: { } count }, Type.Text: "uint8" } a when count is > 0 and <= 8:
                    return new TlsResolved.Integer((int)count * 8, TlsRegistries.IsRegistry(found.Scope, a) ? found.Scope.LinkName(a.Name) : null, found.Scope);
                case TlsAlias { Dimension: TlsFixed { Bytes: { } count }, Type.Text: "uint8" or "opaque" }: return new TlsResolved.Bytes(count);
                case TlsAlias a: return new TlsResolved.Vector(found.Scope, a);
            }
        }
        scope.Report(TlsRules.Recursive, use.At, use.Text);
        return null;
    }
}
