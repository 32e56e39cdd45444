using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Resolves names within and between files and gives nodes their numbers: syntax in, IR out. Total and deterministic: the result
/// depends on the files' contents and paths only, not on their order.</summary>
public static class Linker
{
    public static LinkResult Link(IEnumerable<SpecFile> files)
    {
        var diagnostics = new List<LinkDiagnostic>();
        var scopes = files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new Scope(f, diagnostics)).ToArray();
        Modules(scopes);
        foreach (var scope in scopes) Declare(scope);
        foreach (var scope in scopes) Extend(scope);
        CheckTypeNames(scopes);
        var pdus = scopes.SelectMany(s => s.Pdus.Values).ToArray();
        foreach (var pdu in pdus) Identify(pdu);
        foreach (var pdu in pdus) PduBuilder.Build(pdu);
        foreach (var pdu in pdus) Parts(pdu);
        Structure.Check(pdus);
        return new(new(Build(scopes)), new(diagnostics));
    }

    /// <summary>FNV-1a of the name, folded to 16 bits.</summary>
    public static ushort ModuleNumber(string name)
    {
        var hash = 2166136261u;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name)) hash = unchecked((hash ^ b) * 16777619u);
        return unchecked((ushort)(hash ^ hash >> 16));
    }

    private static void Modules(Scope[] scopes)
    {
        var byName = new Dictionary<string, Scope>(StringComparer.Ordinal);
        var byNumber = new Dictionary<ushort, Scope>();
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in scopes)
        {
            var number = ModuleNumber(scope.Module);
            if (!namespaces.Add(scope.Syntax.Namespace)) scope.Report(SpecRules.Duplicate, scope.Syntax.At, "namespace", scope.Syntax.Namespace);
            if (byName.ContainsKey(scope.Module)) scope.Report(SpecRules.Duplicate, scope.Syntax.At, "module", scope.Module);
            else if (byNumber.TryGetValue(number, out var other)) scope.Report(SpecRules.NumberCollision, scope.Syntax.At, other.Module, scope.Module, number);
            else
            {
                byName.Add(scope.Module, scope);
                byNumber.Add(number, scope);
            }
        }
        foreach (var scope in scopes)
        foreach (var use in scope.Syntax.Uses)
        {
            if (byName.TryGetValue(use.Text, out var used)) scope.Uses.Add(used);
            else scope.Report(SpecRules.UnknownModule, use.At, use.Text);
        }
    }

    private static void Declare(Scope scope)
    {
        foreach (var pdu in scope.Syntax.Pdus)
        {
            if (scope.Pdus.ContainsKey(pdu.Name)) scope.Report(SpecRules.Duplicate, pdu.At, "PDU", pdu.Name);
            else scope.Pdus.Add(pdu.Name, new(scope, pdu));
        }
        foreach (var split in scope.Syntax.Splits)
        {
            if (scope.Splits.ContainsKey(split.Name)) scope.Report(SpecRules.Duplicate, split.At, "split", split.Name);
            else scope.Splits.Add(split.Name, split);
        }
        foreach (var registry in scope.Syntax.Registries)
        {
            if (scope.Registries.ContainsKey(registry.Name))
            {
                scope.Report(SpecRules.Duplicate, registry.At, "registry", registry.Name);
                continue;
            }
            var entry = new RegistryEntry(scope, registry);
            scope.Registries.Add(registry.Name, entry);
            Add(scope, entry, registry.Values, registry.Ranges);
        }
    }

    private static void Extend(Scope scope)
    {
        foreach (var extension in scope.Syntax.Extensions)
            if (scope.Registry(extension.Registry) is { } registry) Add(scope, registry, extension.Values, extension.Ranges);
    }

    private static void Add(Scope scope, RegistryEntry registry, EquatableArray<ValueSyntax> values, EquatableArray<RangeSyntax> ranges)
    {
        var bits = registry.Syntax.Bits;
        foreach (var value in values)
        {
            if (bits < 64 && value.Value >> bits != 0) scope.Report(SpecRules.TooWide, value.At, value.Value, bits);
            else if (registry.Values.Find(value.Value) is { } other)
                scope.Report(SpecRules.CodeClash, value.At, value.Value, other.Syntax.Name, registry.Syntax.Name);
            else if (registry.Names.ContainsKey(value.Name) || !registry.CsNames.Add(value.CsName))
                scope.Report(SpecRules.Duplicate, value.At, "value", value.Name);
            else
            {
                registry.Values.Add(value.Value, new(scope, value));
                registry.Names.Add(value.Name, value.Value);
            }
        }
        registry.Ranges.AddRange(ranges.Select(r => new RegistryRange(r.Name, r.CsName, r.From, r.To, r.Clause)));
    }

    /// <summary>C# type names are unique over all modules, so that a name means one thing wherever it is written.</summary>
    private static void CheckTypeNames(Scope[] scopes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in scopes)
        {
            foreach (var pdu in scope.Pdus.Values)
                if (!names.Add(pdu.Syntax.CsName)) scope.Report(SpecRules.Duplicate, pdu.Syntax.At, "C# type", pdu.Syntax.CsName);
            foreach (var registry in scope.Registries.Values)
                if (!names.Add(registry.Syntax.CsName)) scope.Report(SpecRules.Duplicate, registry.Syntax.At, "C# type", registry.Syntax.CsName);
        }
    }

    /// <summary>Finds a variant's code and the PDU that it is like.</summary>
    private static void Identify(PduEntry pdu)
    {
        var syntax = pdu.Syntax;
        pdu.Source = pdu;
        if (syntax.Like is { } like && pdu.Scope.Pdu(like) is { } source)
        {
            if (source.Syntax.Like is null) pdu.Source = source;
            else pdu.Scope.Report(SpecRules.WrongKind, like.At, $"'{like.Text}' is itself like another PDU");
        }
        if (syntax.Registry is not { } use || pdu.Scope.Registry(use) is not { } registry) return;
        if (!registry.Names.TryGetValue(syntax.Name, out var code)) pdu.Scope.Report(SpecRules.NoCode, syntax.At, use.Text, syntax.Name);
        else
        {
            pdu.Code = code;
            if (registry.Variants.ContainsKey(code)) pdu.Scope.Report(SpecRules.CodeClash, syntax.At, code, syntax.Name, use.Text);
            else registry.Variants.Add(code, pdu);
        }
    }

    /// <summary>Tells the PDUs that are parts what they are parts of, now that all are built.</summary>
    private static void Parts(PduEntry pdu)
    {
        foreach (var field in pdu.Fields)
        {
            foreach (var part in field.Parts) part.Uses.Add(field);
            if (field.Shape is not SequenceShape { More: { } more } || field.Parts.FirstOrDefault()?.Fields.FirstOrDefault(f => f.Syntax.CsName == more) is not { } flag) continue;
            if (flag.Shape is UIntShape) (flag.Role, flag.Derive) = (Role.Derived, new NotLast());
            else pdu.Scope.Report(SpecRules.NotInteger, field.Syntax.At, more);
        }
    }

    private static IEnumerable<LinkedModule> Build(Scope[] scopes)
    {
        foreach (var scope in scopes) Number(scope);
        var modules = scopes.ToDictionary(s => s, Module);
        // What no other module's code shows is left out, so that an edit there emits one module anew.
        var shared = modules.ToDictionary(m => m.Key, m => m.Value with { Title = "", Vectors = default });
        var users = Users(scopes);
        foreach (var scope in scopes)
        {
            var needed = Needed(scope, users);
            yield return new(scope.Path, modules[scope], new(needed.Select(s => shared[s])), !needed.Any(s => s.Failed));
        }
    }

    /// <summary>Numbers nodes in file order and makes the PDUs.</summary>
    private static void Number(Scope scope)
    {
        var node = 1;
        var declarations = scope.Pdus.Values.Select(p => (p.Syntax.Order, Pdu: (PduEntry?)p, Registry: (RegistryEntry?)null))
            .Concat(scope.Registries.Values.Select(r => (r.Syntax.Order, (PduEntry?)null, (RegistryEntry?)r)));
        foreach (var (_, pdu, registry) in declarations.OrderBy(d => d.Order))
        {
            if (registry is not null) registry.Node = node++;
            if (pdu is null) continue;
            var own = node++;
            var fields = pdu.Fields.Select(f =>
                new Field(node++, f.Syntax.Name, f.Syntax.CsName, f.Syntax.Clause, f.Shape, f.Role, f.Derive, f.When, f.Syntax.Covers)).ToArray();
            var rules = pdu.Rules.Select(r => r with { Node = node++ }).ToArray();
            var s = pdu.Syntax;
            pdu.Built = new(own, node++, s.Name, s.CsName, s.Kind, s.Clause, pdu.Code,
                pdu.Roots.Count == 1 ? pdu.Roots[0].Syntax.CsName : null, !pdu.Open && (s.Kind != PduKind.Element || pdu.Windowed), new(fields), new(rules));
        }
    }

    private static SpecModule Module(Scope scope)
    {
        var s = scope.Syntax;
        var vectors = new List<TestVector>();
        foreach (var vector in s.Vectors)
            if (scope.Pdu(vector.Pdu) is { } pdu)
                vectors.Add(new(vector.Name, pdu.Syntax.CsName, vector.Hex, vector.Key, vector.Valid, vector.Clause));
        return new(s.Module, s.Document, s.Title, s.Namespace, ModuleNumber(s.Module), new(scope.Pdus.Values.Select(p => p.Built)),
            new(scope.Registries.Values.Select(r => r.Build())), new(vectors));
    }

    /// <summary>For each module, the modules that its PDUs are parts in: a chosen PDU's record derives from the chooser's, if it is part of nothing else.</summary>
    private static ILookup<Scope, Scope> Users(Scope[] scopes) => scopes
        .SelectMany(s => s.Pdus.Values.SelectMany(p => p.Fields).SelectMany(f => f.Parts).Select(part => (part.Scope, User: s)))
        .Distinct().ToLookup(p => p.Scope, p => p.User);

    /// <summary>The modules that code for this one looks at: those it uses, those whose variants its registries hold, and those that its PDUs are
    /// parts in.</summary>
    private static List<Scope> Needed(Scope start, ILookup<Scope, Scope> users)
    {
        var found = new List<Scope> { start };
        for (var i = 0; i < found.Count; i++)
        {
            var scope = found[i];
            var next = scope.Uses.Concat(scope.Registries.Values.SelectMany(r => r.Values.Values.Select(v => v.From))).Concat(users[scope]);
            foreach (var other in next)
                if (!found.Contains(other)) found.Add(other);
        }
        return found;
    }
}
