using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl.Linking;

/// <param name="Specs">By path.</param>
public sealed record ApiLinkResult(EquatableArray<ApiSpec> Specs, EquatableArray<LinkDiagnostic> Diagnostics);

/// <summary>Trees of Web IDL files to the interfaces, dictionaries and so on that they declare together. Total and deterministic: the result depends
/// on the files' contents and paths only, not on their order. Meant for files that the validator found sound; in others it leaves out what it cannot
/// resolve and does not repeat the validator's reports.</summary>
public sealed class ApiLinker
{
    private readonly IdlFile[] _files;
    private readonly List<LinkDiagnostic> _diagnostics = [];
    private readonly Dictionary<string, Declared<IdlDefinition>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Declared<IdlContainer>>> _partials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Declared<IdlIncludes>>> _includes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _historic = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Title, string Url)> _documents = new(StringComparer.Ordinal);
    private readonly ApiTypeResolver _types;

    private ApiLinker(IEnumerable<IdlFile> files)
    {
        _files = files.OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
        foreach (var file in _files)
        foreach (var definition in file.Syntax.Definitions)
            Declare(file, definition);
        _types = new(name => _definitions.TryGetValue(name, out var found) ? found.Item : null);
    }

    public static ApiLinkResult Link(IEnumerable<IdlFile> files)
    {
        var linker = new ApiLinker(files);
        linker.Annotate();
        var specs = linker._files.Select(linker.Spec).ToArray();
        return new(new(specs), new(linker._diagnostics));
    }

    /// <summary>"/a/b/webrtc-stats.webidl" to "webrtc-stats".</summary>
    public static string SpecName(string path)
    {
        var name = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        var dot = name.IndexOf('.');
        return dot < 0 ? name : name.Substring(0, dot);
    }

    private void Declare(IdlFile file, IdlDefinition definition)
    {
        switch (definition)
        {
            case IdlIncludes includes: Add(_includes, includes.Name, new(file, includes)); break;
            case IdlContainer { Partial: true } partial: Add(_partials, partial.Name, new(file, partial)); break;
            default:
                if (!_definitions.ContainsKey(definition.Name)) _definitions.Add(definition.Name, new(file, definition));
                break;
        }
    }

    private static void Add<T>(Dictionary<string, List<T>> lists, string name, T item)
    {
        if (!lists.TryGetValue(name, out var list)) lists.Add(name, list = []);
        list.Add(item);
    }

    /// <summary>Reads "// @document "TITLE" URL" and "// @historic NAME replaced-by WHAT".</summary>
    private void Annotate()
    {
        foreach (var file in _files)
        foreach (var definition in file.Syntax.Definitions)
        foreach (var annotation in definition.Annotations)
        {
            var words = annotation.Trim().Split([' '], 4, StringSplitOptions.RemoveEmptyEntries);
            var keyword = words.Length == 0 ? "" : words[0];
            if (keyword == "document") Document(file, definition, annotation.Trim());
            else if (keyword != "historic") Report(file, definition.At, ApiRules.UnknownAnnotation, keyword);
            else if (words.Length < 4 || words[2] != "replaced-by") Report(file, definition.At, ApiRules.BadHistoric, annotation.Trim());
            else if (!_definitions.ContainsKey(words[1])) Report(file, definition.At, ApiRules.UnknownHistoric, words[1]);
            else _historic[words[1]] = words[3].Trim();
        }
    }

    private void Document(IdlFile file, IdlDefinition definition, string text)
    {
        var parts = text.Split('"');
        if (parts.Length == 3 && parts[1].Length > 0 && parts[2].Trim() is { Length: > 0 } url && url.IndexOf(' ') < 0) _documents[file.Path] = (parts[1], url);
        else Report(file, definition.At, ApiRules.BadDocument, text);
    }

    private ApiSpec Spec(IdlFile file)
    {
        var (title, url) = _documents.TryGetValue(file.Path, out var document) ? document : ("", "");
        var own = file.Syntax.Definitions.Where(d => _definitions.TryGetValue(d.Name, out var first) && ReferenceEquals(first.Item, d)).ToArray();
        var interfaces = own.OfType<IdlInterface>().Select(d => Interface(file, d)).ToArray();
        var callbackInterfaces = own.OfType<IdlCallbackInterface>().Select(d => CallbackInterface(file, d)).Where(c => c is not null).ToArray();
        var dictionaries = own.OfType<IdlDictionary>().Select(d => Dictionary(file, d)).ToArray();
        var callbacks = own.OfType<IdlCallback>().Select(d => Callback(file, d)).Where(c => c is not null).ToArray();
        var enums = own.OfType<IdlEnum>()
            .Select(d => new ApiEnum(d.Name, SpecName(file.Path), Historic(d), new(d.Values.Select(v => v.Value))));
        foreach (var other in own.OfType<IdlNamespace>()) Report(file, other.At, ApiRules.NoCode, "a namespace");
        var types = interfaces.SelectMany(TypesOf).Concat(dictionaries.SelectMany(d => d.Members.Concat(d.Inherited).Select(m => m.Type)))
            .Concat(callbacks.SelectMany(c => TypesOf(c!.Call))).Concat(callbackInterfaces.SelectMany(c => TypesOf(c!.Call)))
            .SelectMany(t => t.WithParts()).Where(t => t is not (ApiSimple or ApiNamed or ApiBufferView));
        return new(SpecName(file.Path), title, url, new(interfaces), new(callbackInterfaces!), new(dictionaries), new(enums), new(callbacks!),
            new(types.GroupBy(t => t.Key, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First())));
    }

    private static IEnumerable<ApiType> TypesOf(ApiInterface item)
    {
        var types = item.Attributes.Select(a => a.Type).Concat(item.Constants.Select(c => c.Type)).Concat(item.Constructors.SelectMany(TypesOf))
            .Concat(item.Operations.SelectMany(o => o.Overloads).SelectMany(TypesOf));
        return item.Iterable is { } iterable ? types.Append(iterable.Value).Concat(iterable.Key is null ? [] : [iterable.Key]) : types;
    }

    private static IEnumerable<ApiType> TypesOf(ApiOverload overload)
    {
        foreach (var argument in overload.Arguments)
        {
            yield return argument.Type;
            if (argument.Variadic) yield return new ApiSequence(argument.Type, false);
        }
        if (overload.Returns is not null) yield return overload.Returns;
    }

    private string? Historic(IdlDefinition definition) => _historic.TryGetValue(definition.Name, out var replaced) ? replaced : null;

    /// <summary>The members of a definition, of its partial definitions and of the mixins that it includes, each with its file.</summary>
    private IEnumerable<Declared<IdlMember>> MembersOf(IdlFile file, IdlContainer definition)
    {
        foreach (var member in definition.Members) yield return new(file, member);
        if (_partials.TryGetValue(definition.Name, out var partials))
            foreach (var partial in partials.Where(p => p.Item.GetType() == definition.GetType()))
            foreach (var member in partial.Item.Members)
                yield return new(partial.File, member);
        if (definition is not IdlInterface || !_includes.TryGetValue(definition.Name, out var includes)) yield break;
        foreach (var include in includes)
            if (_definitions.TryGetValue(include.Item.Mixin.Text, out var found) && found.Item is IdlMixin mixin)
                foreach (var member in MembersOf(found.File, mixin))
                    yield return member;
    }

    private ApiInterface Interface(IdlFile file, IdlInterface definition)
    {
        var members = MembersOf(file, definition).ToArray();
        var constructors = new List<ApiOverload>();
        var constants = new List<ApiConstant>();
        var attributes = new List<ApiAttribute>();
        var operations = new List<(string Name, bool Static, bool Unforgeable, bool Default, string Origin, ApiOverload Overload)>();
        ApiIterable? iterable = null;
        foreach (var member in members)
        {
            var origin = SpecName(member.File.Path);
            switch (member.Item)
            {
                case IdlConstructor constructor when Overload(member.File, null, constructor.Arguments) is { } overload:
                    constructors.Add(overload);
                    break;
                case IdlConst constant when Resolve(member.File, constant.Type, default) is { } type:
                    constants.Add(new(constant.Name, origin, type, constant.Value.Text));
                    break;
                case IdlAttribute { Modifier: IdlAttributeModifier.None or IdlAttributeModifier.Static } attribute
                    when Resolve(member.File, attribute.Type, attribute.ExtendedAttributes) is { } type:
                    attributes.Add(new(attribute.Name, origin, type, attribute.Modifier == IdlAttributeModifier.Static, attribute.ReadOnly,
                        Has(attribute, "LegacyUnforgeable"), IsJson(type, 0)));
                    break;
                case IdlOperation { Modifier: IdlOperationModifier.None or IdlOperationModifier.Static } operation
                    when Overload(member.File, operation.ReturnType, operation.Arguments) is { } overload:
                    operations.Add((operation.Name, operation.Modifier == IdlOperationModifier.Static, Has(operation, "LegacyUnforgeable"),
                        Has(operation, "Default"), origin, overload));
                    break;
                case IdlIterable item when Unsupported(item) is null:
                    var types = item.Types.Select(t => Resolve(member.File, t, default)).ToArray();
                    if (types.All(t => t is not null)) iterable = new(item.Kind, item.ReadOnly, types.Length > 1 ? types[0] : null, types[types.Length - 1]!, origin);
                    break;
                case IdlAttribute or IdlOperation or IdlIterable when Unsupported(member.Item) is { } what:
                    Report(member.File, member.Item.At, ApiRules.NoCode, what);
                    break;
            }
        }
        var grouped = operations.GroupBy(o => (o.Name, o.Static)).Select(g => new ApiOperation(
            g.Key.Name, g.First().Origin, g.Key.Static, g.Any(o => o.Unforgeable), g.Any(o => o.Default), new(g.Select(o => o.Overload))));
        return new(definition.Name, SpecName(file.Path), definition.Inheritance?.Text, Exposed(definition),
            definition.ExtendedAttributes.Any(a => a.Name == "Global"), Historic(definition), new(constructors), new(constants), new(attributes), new(grouped), iterable);
    }

    private static string? Unsupported(IdlMember member) => member switch
    {
        IdlAttribute { Modifier: IdlAttributeModifier.Inherit } => "an attribute that inherits its getter",
        IdlAttribute { Modifier: IdlAttributeModifier.Stringifier } => "a stringifier",
        IdlOperation { Modifier: not (IdlOperationModifier.None or IdlOperationModifier.Static) } operation => "a " + operation.Modifier.ToString().ToLowerInvariant(),
        IdlIterable { Kind: IdlIterableKind.AsyncIterable } => "an asynchronous iterable",
        IdlIterable { Kind: IdlIterableKind.Iterable, Types.Count: 1 } => "an iterable of indexed values",
        _ => null,
    };

    private ApiCallbackInterface? CallbackInterface(IdlFile file, IdlCallbackInterface definition)
    {
        var operation = definition.Members.OfType<IdlOperation>().FirstOrDefault();
        if (operation is null || Overload(file, operation.ReturnType, operation.Arguments) is not { } call) return null;
        var constants = definition.Members.OfType<IdlConst>().Select(c => (Constant: c, Type: Resolve(file, c.Type, default))).Where(c => c.Type is not null)
            .Select(c => new ApiConstant(c.Constant.Name, SpecName(file.Path), c.Type!, c.Constant.Value.Text));
        return new(definition.Name, SpecName(file.Path), Historic(definition), new(constants), operation.Name, call);
    }

    private ApiCallback? Callback(IdlFile file, IdlCallback definition) => Overload(file, definition.ReturnType, definition.Arguments) is not { } call ? null
        : new(definition.Name, SpecName(file.Path), Historic(definition), definition.ExtendedAttributes.Any(a => a.Name == "LegacyTreatNonObjectAsNull"), call);

    private ApiDictionary Dictionary(IdlFile file, IdlDictionary definition)
    {
        var inherited = new List<ApiDictionaryMember>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { definition.Name };
        for (var parent = definition.Inheritance?.Text; parent is not null && seen.Add(parent);)
        {
            if (!_definitions.TryGetValue(parent, out var found) || found.Item is not IdlDictionary next) break;
            inherited.InsertRange(0, DictionaryMembers(found.File, next));
            parent = next.Inheritance?.Text;
        }
        return new(definition.Name, SpecName(file.Path), definition.Inheritance?.Text, Historic(definition), new(DictionaryMembers(file, definition)), new(inherited));
    }

    private ApiDictionaryMember[] DictionaryMembers(IdlFile file, IdlDictionary definition) => MembersOf(file, definition)
        .Select(m => (m.File, Member: m.Item as IdlDictionaryMember)).Where(m => m.Member is not null)
        .Select(m => (m.File, Member: m.Member!, Type: Resolve(m.File, m.Member!.Type, m.Member.ExtendedAttributes))).Where(m => m.Type is not null)
        .Select(m => new ApiDictionaryMember(m.Member.Name, SpecName(m.File.Path), m.Type!, m.Member.Required, Default(m.Member.Default)))
        .OrderBy(m => m.Name, StringComparer.Ordinal).ToArray();

    private static ApiDefault? Default(IdlValue? value) => value is null ? null : new(value.Kind, value.Text);

    private ApiOverload? Overload(IdlFile file, IdlType? returns, EquatableArray<IdlArgument> arguments)
    {
        var list = new List<ApiArgument>();
        foreach (var argument in arguments)
        {
            if (Resolve(file, argument.Type, argument.ExtendedAttributes) is not { } type) return null;
            list.Add(new(argument.Name, type, argument.Optional, argument.Variadic, Default(argument.Default)));
        }
        if (returns is null) return new(null, new(list));
        return Resolve(file, returns, default) is { } result ? new(result, new(list)) : null;
    }

    private ApiType? Resolve(IdlFile file, IdlType type, EquatableArray<IdlExtendedAttribute> attributes)
    {
        var result = _types.Resolve(type, attributes, out var unsupported);
        if (result is null && unsupported is not null) Report(file, type.At, ApiRules.NoCode, unsupported);
        return result;
    }

    private static bool Has(IdlMember member, string attribute) => member.ExtendedAttributes.Any(a => a.Name == attribute);

    /// <summary>[Exposed]; an interface without one is exposed nowhere.</summary>
    private static EquatableArray<string> Exposed(IdlInterface definition)
    {
        var exposed = definition.ExtendedAttributes.FirstOrDefault(a => a.Name == "Exposed");
        return exposed is null ? default : exposed.Form == IdlExtendedAttributeForm.Wildcard ? new(["*"]) : exposed.Values;
    }

    /// <summary>Web IDL section 2.5.2, "JSON types".</summary>
    private bool IsJson(ApiType type, int depth) => type switch
    {
        ApiSimple simple => simple.Kind is IdlSimple.Boolean or IdlSimple.Object || simple.Kind.IsNumeric() || simple.Kind.IsString(),
        ApiNamed { Kind: ApiNamedKind.Enum or ApiNamedKind.Dictionary } => true,
        ApiNamed { Kind: ApiNamedKind.Interface } named => depth < 8 && HasToJson(named.Name, depth),
        ApiNullable or ApiSequence or ApiRecord or ApiUnion => type.Parts.All(p => IsJson(p, depth)),
        _ => false,
    };

    private bool HasToJson(string name, int depth) => depth < 8 && _definitions.TryGetValue(name, out var found) && found.Item is IdlInterface item
        && (MembersOf(found.File, item).Any(m => m.Item is IdlOperation { Name: "toJSON" }) || item.Inheritance is { } parent && HasToJson(parent.Text, depth + 1));

    private void Report(IdlFile file, int at, SpecRule rule, params object[] arguments) =>
        _diagnostics.Add(new(rule, rule.Message(arguments), file.Path, at));
}

/// <summary>Something and the file that it stands in.</summary>
internal sealed record Declared<T>(IdlFile File, T Item);
