using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Files in the notation of drawings' syntax, made from files in the presentation language.</summary>
internal sealed record LoweredTls(EquatableArray<SpecFile> Files, EquatableArray<LinkDiagnostic> Diagnostics);

/// <summary>What a struct is a part of, as far as its content depends on it: "Handshake.msg_type = client_hello".</summary>
/// <param name="Label">The name of the case in names of PDUs and in "@variant ... in".</param>
internal sealed record TlsContext(string Variable, string Case, string Label)
{
    public static TlsContext None { get; } = new("", "", "");
    public bool IsNone => Variable.Length == 0;
}

/// <summary>A PDU to be made of a struct.</summary>
internal sealed record TlsInstance(TlsScope Scope, TlsStruct Struct, TlsContext Context, string Name, string CsName, EquatableArray<TlsMember> Members, bool IsMessage);

/// <summary>Turns structs, enums and vectors into the fields, registries and lengths that drawings have too; then linking and all that follows is the
/// same. Every struct that a message holds becomes a PDU; one whose content depends on the message that holds it becomes several.</summary>
/// <remarks>Total and deterministic: the result depends on the files' contents and paths only.</remarks>
internal sealed class TlsLowering
{
    private readonly List<LinkDiagnostic> _diagnostics = [];
    private readonly Dictionary<string, TlsScope> _modules = new(StringComparer.Ordinal);
    private readonly Queue<TlsInstance> _open = new();
    private readonly Dictionary<(string Path, string Name), TlsInstance> _instances = new();
    private readonly Dictionary<(string Path, string Struct), bool> _depends = new();
    private readonly TlsScope[] _scopes;

    private TlsLowering(IEnumerable<TlsFile> files) =>
        _scopes = files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new TlsScope(f, _diagnostics)).ToArray();

    public static LoweredTls Lower(IEnumerable<TlsFile> files)
    {
        var lowering = new TlsLowering(files);
        lowering.Names();
        lowering.Annotations();
        lowering.Pdus();
        var finished = lowering._scopes.Select(Finish).ToArray();
        foreach (var scope in lowering._scopes) CheckUse(scope);
        return new(new(finished.Zip(lowering._scopes, (file, scope) => file with { Sound = scope.Sound })), new(lowering._diagnostics));
    }

    private void Names()
    {
        foreach (var scope in _scopes)
        {
            if (!_modules.ContainsKey(scope.Syntax.Module)) _modules.Add(scope.Syntax.Module, scope);
            foreach (var type in scope.Syntax.Types)
                if (!type.Amends) scope.Types.Add(type.Name, type);
        }
        foreach (var scope in _scopes)
        foreach (var import in scope.Syntax.Imports)
        {
            if (!_modules.TryGetValue(import.Module.Text, out var module)) scope.Report(TlsRules.UnknownModule, import.Module.At, import.Module.Text);
            else if (!module.Types.ContainsKey(import.Name.Text)) scope.Report(TlsRules.NotExported, import.Name.At, import.Module.Text, import.Name.Text);
            else if (scope.Types.ContainsKey(import.As) || scope.Imported.ContainsKey(import.As)) scope.Report(TlsRules.Twice, import.Name.At, "type", import.As);
            else scope.Imported.Add(import.As, (module, import.Name.Text));
        }
    }

    /// <summary>Looks up what annotations are about; and merges amended structs.</summary>
    private void Annotations()
    {
        foreach (var scope in _scopes)
        {
            foreach (var amendment in scope.Syntax.Types.OfType<TlsStruct>().Where(t => t.Amends))
            {
                if (!scope.Types.TryGetValue(amendment.Name, out var type)) scope.Report(TlsRules.AmendElsewhere, amendment.At, amendment.Name);
                else if (type is TlsStruct s) scope.Types[s.Name] = s with { Members = new(s.Members.Concat(amendment.Members)) };
                else scope.Report(TlsRules.WrongKind, amendment.At, $"'{amendment.Name}' is no struct");
            }
            foreach (var given in scope.Syntax.Annotations.OfType<TlsGiven>())
            {
                if (scope.Givens.ContainsKey(given.Variable.Text)) scope.Report(TlsRules.Twice, given.At, "what is given,", given.Variable.Text);
                else scope.Givens.Add(given.Variable.Text, given);
            }
            foreach (var annotation in scope.Syntax.Annotations)
            {
                var (type, field) = annotation switch
                {
                    TlsMessage a => (a.Type, null),
                    TlsName a => (a.Type, null),
                    // One with a full stop is an enum within a struct.
                    TlsClosed a when a.Type.Text.IndexOf('.') < 0 => (a.Type, null),
                    TlsRule a => (a.Type, null),
                    TlsFor a => (a.Type, a.Field),
                    TlsChoice a => (a.Type, a.Field),
                    TlsFieldClauses a => (a.Type, a.Field),
                    _ => ((NameUse?)null, (NameUse?)null),
                };
                if (type is null) continue;
                if (!scope.Types.TryGetValue(type.Text, out var found)) scope.Report(TlsRules.UnknownType, type.At, type.Text);
                else if (annotation is TlsMessage or TlsRule or TlsFor or TlsChoice or TlsFieldClauses && found is not TlsStruct)
                    scope.Report(TlsRules.WrongKind, type.At, $"'{type.Text}' is no struct");
            }
            foreach (var variant in scope.Syntax.Annotations.OfType<TlsVariant>())
            {
                if (scope.Find(variant.Type.Text) is not { Type: TlsStruct } found) scope.Report(TlsRules.UnknownType, variant.Type.At, variant.Type.Text);
                else if (!found.Scope.About<TlsChoice>(found.Type.Name).Any())
                    scope.Report(TlsRules.NoContext, variant.Type.At, found.Type.Name);
            }
        }
    }

    private void Pdus()
    {
        foreach (var scope in _scopes)
        foreach (var message in scope.Syntax.Annotations.OfType<TlsMessage>())
        {
            scope.Used.Add(message);
            if (!scope.Types.TryGetValue(message.Type.Text, out var type) || type is not TlsStruct s) continue;
            var instance = new TlsInstance(scope, s, TlsContext.None, scope.LinkName(s.Name), scope.CsName(s.Name), s.Members, true);
            Make(instance);
        }
        while (_open.Count > 0)
        {
            var instance = _open.Dequeue();
            instance.Scope.Pdus.Add(new TlsPduBuilder(this, instance).Build());
        }
    }

    /// <summary>Every struct and every annotation has to have an effect.</summary>
    private static void CheckUse(TlsScope scope)
    {
        if (!scope.Sound) return;
        foreach (var type in scope.Syntax.Types.OfType<TlsStruct>())
            if (!type.Amends && !scope.Reached.Contains(type.Name)) scope.Report(TlsRules.Unused, type.At, type.Name);
        foreach (var annotation in scope.Syntax.Annotations)
            if (!scope.Used.Contains(annotation)) scope.Report(TlsRules.UnusedAnnotation, annotation.At, "nothing follows from this annotation");
    }

    /// <summary>Sees to it that a PDU is made.</summary>
    public TlsInstance Make(TlsInstance instance)
    {
        instance.Scope.Reached.Add(instance.Struct.Name);
        var key = (instance.Scope.Path, instance.Name);
        if (_instances.TryGetValue(key, out var known)) return known;
        _instances.Add(key, instance);
        _open.Enqueue(instance);
        return instance;
    }

    /// <summary>The PDU of a struct in a context; the context is a part of its name only when its content depends on it.</summary>
    public TlsInstance Of(TlsScope scope, TlsStruct type, TlsContext context)
    {
        var own = context.IsNone || !Depends(scope, type, 0) ? TlsContext.None : context;
        var prefix = own.IsNone ? "" : Notation.Names.CSharp(own.Label);
        return Make(new(scope, type, own, prefix.Length == 0 ? scope.LinkName(type.Name) : prefix + " " + type.Name, prefix + scope.CsName(type.Name), type.Members, false));
    }

    /// <summary>Whether a struct's content depends on what holds it.</summary>
    private bool Depends(TlsScope scope, TlsStruct type, int depth)
    {
        if (_depends.TryGetValue((scope.Path, type.Name), out var known)) return known;
        _depends[(scope.Path, type.Name)] = false;
        var depends = depth < 32 && (scope.About<TlsChoice>(type.Name).Any(c => Variants(scope, type).Any(v => v.Variant.Contexts.Count > 0))
            || type.Members.Any(m => Depends(scope, type, m, depth)));
        return _depends[(scope.Path, type.Name)] = depends;
    }

    private bool Depends(TlsScope scope, TlsStruct type, TlsMember member, int depth) => member switch
    {
        TlsSelect s => TlsPduBuilder.OwnSelector(type, s.Selector.Text) is null && !scope.Givens.ContainsKey(s.Selector.Text)
            || s.Cases.Any(c => c.Members.Any(m => Depends(scope, type, m, depth))),
        TlsInner i => i.Members.Any(m => Depends(scope, type, m, depth)),
        TlsField { Name: var name } f when name is null || !scope.About<TlsFor>(type.Name).Any(a => a.Field.Text == name) =>
            Element(scope, f.Type.Text) is { } inner && Depends(inner.Scope, inner.Type, depth + 1),
        _ => false,
    };

    private static (TlsScope Scope, TlsStruct Type)? Element(TlsScope scope, string name)
    {
        for (var hop = 0; hop < 16 && scope.Find(name) is { } found; hop++)
        {
            if (found.Type is TlsStruct s) return (found.Scope, s);
            if (found.Type is not TlsAlias a) return null;
            (scope, name) = (found.Scope, a.Type.Text);
        }
        return null;
    }

    /// <summary>All variants, of all files, of a struct with an open choice.</summary>
    public IEnumerable<(TlsScope Scope, TlsVariant Variant)> Variants(TlsScope owner, TlsStruct type) =>
        from scope in _scopes
        from variant in scope.Syntax.Annotations.OfType<TlsVariant>()
        where scope.Find(variant.Type.Text) is { } found && ReferenceEquals(found.Scope, owner) && found.Type.Name == type.Name
        select (scope, variant);

    /// <summary>The number of a value of an enum, which other files may have added.</summary>
    public ulong? Value(TlsScope owner, TlsEnum type, string name)
    {
        var parts = from scope in _scopes
            from e in scope.Syntax.Types.OfType<TlsEnum>()
            where e.Name == type.Name && scope.Find(e.Name) is { } found && ReferenceEquals(found.Scope, owner)
            from item in e.Items
            where item.Name == name && item.To is null
            select item.From;
        return parts.FirstOrDefault(f => f is not null);
    }

    private static SpecFile Finish(TlsScope scope)
    {
        var s = scope.Syntax;
        var (registries, extensions) = TlsRegistries.Lower(scope);
        var pdus = scope.Pdus.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal).ToArray();
        var uses = scope.Uses.Select(u => new NameUse(s.At, u));
        return new(scope.Path, new(s.At, s.Document, s.Title, s.Module, s.Namespace, new(uses), new(pdus), default, registries, extensions, default), scope.Sound);
    }
}
