using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Something of a file, with the file.</summary>
internal sealed record Placed<T>(string Path, T Item);

/// <summary>A type behind all typedefs.</summary>
/// <param name="Type">No typedef's name; itself nullable or not as written.</param>
/// <param name="Nullable">Whether it, or a typedef on the way to it, is nullable.</param>
/// <param name="Definition">What a named type names; null if that is unknown.</param>
internal sealed record ResolvedType(IdlType Type, bool Nullable, IdlDefinition? Definition)
{
    public bool IsUnknown => Type is IdlNamedType && Definition is null;
    public bool IsDictionary => Definition is IdlDictionary;
    public IdlSimple? Simple => Type is IdlSimpleType simple ? simple.Kind : null;
    public IdlGeneric? Generic => Type is IdlGenericType generic ? generic.Kind : null;
}

/// <summary>The definitions of all files by their names.</summary>
internal sealed class IdlScope
{
    /// <summary>How deep typedefs, and inheritance, may go; as for types within a file.</summary>
    public const int MaxDepth = DefinitionParser.MaxDepth;

    /// <summary>How many types a union may hold once those inside it are counted.</summary>
    public const int MaxUnion = 64;

    private static readonly IdlSyntax BuiltIns = IdlParser.Parse("", """
        typedef (Int8Array or Int16Array or Int32Array or Uint8Array or Uint16Array or Uint32Array or Uint8ClampedArray or BigInt64Array
            or BigUint64Array or Float16Array or Float32Array or Float64Array or DataView) ArrayBufferView;
        typedef (ArrayBufferView or ArrayBuffer) BufferSource;
        typedef (ArrayBuffer or SharedArrayBuffer or [AllowShared] ArrayBufferView) AllowSharedBufferSource;
        callback Function = any (any... arguments);
        callback VoidFunction = undefined ();
        """).Syntax;

    private readonly Dictionary<string, Placed<IdlDefinition>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<ResolvedType>> _flattened = new(StringComparer.Ordinal);
    private readonly Dictionary<IdlUnionType, int> _nullable = new(ByReference.Instance);
    private readonly Dictionary<IdlDictionary, bool> _required = new(ByReference.Instance);
    private readonly Dictionary<string, IReadOnlyList<Placed<IdlMember>>> _members = new(StringComparer.Ordinal);

    public IdlScope(IReadOnlyList<IdlFile> files)
    {
        var all = files.SelectMany(f => f.Syntax.Definitions.Select(d => new Placed<IdlDefinition>(f.Path, d))).ToArray();
        All = all;
        Partials = ByName<IdlContainer>(all.Where(p => p.Item is IdlContainer { Partial: true }));
        Includes = ByName<IdlIncludes>(all.Where(p => p.Item is IdlIncludes));
        foreach (var placed in all)
        {
            var name = placed.Item.Name;
            if (placed.Item is not (IdlIncludes or IdlContainer { Partial: true }) && !_definitions.ContainsKey(name)) _definitions.Add(name, placed);
        }
        foreach (var definition in BuiltIns.Definitions)
            if (!_definitions.ContainsKey(definition.Name)) _definitions.Add(definition.Name, new("", definition));

        Typedefs = Graph<IdlTypedef>(d => Names(d.Type));
        Inheritance = Graph<IdlDefinition>(d => Parent(d) is { } parent ? [parent.Text] : []);
        Containment = Graph<IdlDefinition>(d => d switch
        {
            IdlTypedef typedef => Names(typedef.Type, byValue: true),
            IdlDictionary dictionary => Parts(dictionary).SelectMany(p => p.Item.Members.OfType<IdlDictionaryMember>())
                .SelectMany(m => Names(m.Type, byValue: true)).Concat(dictionary.Inheritance is { } parent ? [parent.Text] : []),
            _ => [],
        });
    }

    public IReadOnlyList<Placed<IdlDefinition>> All { get; }
    public ILookup<string, Placed<IdlContainer>> Partials { get; }
    public ILookup<string, Placed<IdlIncludes>> Includes { get; }

    /// <summary>Which typedefs need which; which interfaces and dictionaries inherit; what dictionaries hold.</summary>
    public Layers Typedefs { get; }
    public Layers Inheritance { get; }
    public Layers Containment { get; }

    /// <summary>The definition of that name that is not partial; of several the first.</summary>
    public IdlDefinition? Find(string name) => _definitions.TryGetValue(name, out var placed) ? placed.Item : null;

    public static IdlName? Parent(IdlDefinition definition) => definition switch
    {
        IdlInterface i => i.Inheritance,
        IdlDictionary d => d.Inheritance,
        _ => null,
    };

    /// <summary>What a definition inherits from, nearest first. Ends where a name is unknown or of another kind.</summary>
    public IEnumerable<IdlDefinition> Ancestors(IdlDefinition definition)
    {
        for (var i = 0; i < MaxDepth; i++)
        {
            if (Parent(definition) is not { } parent || Inheritance.LeadsToCycle.Contains(definition.Name)) yield break;
            if (Find(parent.Text) is not { } found || found.GetType() != definition.GetType()) yield break;
            yield return definition = found;
        }
    }

    /// <summary>A container and the partial ones of its name and kind.</summary>
    public IEnumerable<Placed<IdlContainer>> Parts(IdlContainer container)
    {
        if (_definitions.TryGetValue(container.Name, out var placed) && placed.Item is IdlContainer whole && whole.GetType() == container.GetType())
            yield return new(placed.Path, whole);
        foreach (var partial in Partials[container.Name].Where(p => p.Item.GetType() == container.GetType())) yield return partial;
    }

    /// <summary>The mixins that an interface includes, each once.</summary>
    public IEnumerable<IdlMixin> Mixins(string target) =>
        Includes[target].Select(i => Find(i.Item.Mixin.Text)).OfType<IdlMixin>().GroupBy(m => m.Name, StringComparer.Ordinal).Select(g => g.First());

    /// <summary>The members of a container, of its partial ones, and of the mixins that it includes.</summary>
    public IReadOnlyList<Placed<IdlMember>> Members(IdlContainer container)
    {
        if (_members.TryGetValue(container.Name, out var members)) return members;
        var parts = Parts(container);
        if (container is IdlInterface) parts = parts.Concat(Mixins(container.Name).SelectMany(Parts));
        return _members[container.Name] = parts.SelectMany(p => p.Item.Members.Select(m => new Placed<IdlMember>(p.Path, m))).ToArray();
    }

    /// <summary>The type behind all typedefs.</summary>
    public ResolvedType Resolve(IdlType type)
    {
        var nullable = type.Nullable;
        for (var i = 0; i <= MaxDepth && type is IdlNamedType named; i++)
        {
            if (Find(named.Name) is not IdlTypedef typedef) return new(type, nullable, Find(named.Name));
            if (Typedefs.LeadsToCycle.Contains(named.Name) || Typedefs.Depth(named.Name) > MaxDepth) break;
            type = typedef.Type;
            nullable |= type.Nullable;
        }
        return new(type, nullable, null);
    }

    /// <summary>The types that a union holds, also within the unions that it holds; of another type that type alone. At most one more than
    /// <see cref="MaxUnion"/>.</summary>
    public IReadOnlyList<ResolvedType> Flatten(IdlType type)
    {
        var typedef = type is IdlNamedType named && Find(named.Name) is IdlTypedef ? named.Name : null;
        if (typedef is not null && _flattened.TryGetValue(typedef, out var known)) return known;
        var resolved = Resolve(type);
        IReadOnlyList<ResolvedType> flat = resolved.Type is IdlUnionType union
            ? union.Members.SelectMany(m => Flatten(m)).Take(MaxUnion + 1).ToArray()
            : [resolved];
        if (typedef is not null) _flattened[typedef] = flat;
        return flat;
    }

    /// <summary>How many nullable types a union holds, also within the unions that it holds; 2 stands for more.</summary>
    public int NullableMembers(IdlUnionType union)
    {
        if (_nullable.TryGetValue(union, out var known)) return known;
        var count = union.Members.Select(Resolve).Sum(m => (m.Nullable ? 1 : 0) + (m.Type is IdlUnionType inner ? NullableMembers(inner) : 0));
        return _nullable[union] = Math.Min(2, count);
    }

    public bool IncludesNullable(ResolvedType type) => type.Nullable || (type.Type is IdlUnionType union && NullableMembers(union) > 0);

    /// <summary>The first dictionary among the types that a type is made of.</summary>
    public IdlDictionary? IncludedDictionary(IdlType type) => Flatten(type).Select(t => t.Definition).OfType<IdlDictionary>().FirstOrDefault();

    /// <summary>Whether a value of that dictionary has to be given something. An unknown ancestor might require it.</summary>
    public bool HasRequiredMember(IdlDictionary dictionary)
    {
        if (_required.TryGetValue(dictionary, out var known)) return known;
        var ancestors = Ancestors(dictionary).Cast<IdlDictionary>().ToArray();
        var last = ancestors.Length > 0 ? ancestors[ancestors.Length - 1] : dictionary;
        return _required[dictionary] = last.Inheritance is not null
            || ancestors.Concat([dictionary]).Any(d => Members(d).Any(m => m.Item is IdlDictionaryMember { Required: true }));
    }

    private sealed class ByReference : IEqualityComparer<object>
    {
        public static readonly ByReference Instance = new();
        bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y);
        int IEqualityComparer<object>.GetHashCode(object item) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(item);
    }

    /// <summary>The identifiers in a type; <paramref name="byValue"/>: not those behind a promise or an asynchronous sequence.</summary>
    private static IEnumerable<string> Names(IdlType type, bool byValue = false) => type switch
    {
        IdlNamedType named => [named.Name],
        IdlGenericType { Kind: IdlGeneric.Promise or IdlGeneric.AsyncSequence } when byValue => [],
        IdlGenericType generic => generic.Arguments.SelectMany(a => Names(a, byValue)),
        IdlUnionType union => union.Members.SelectMany(m => Names(m, byValue)),
        _ => [],
    };

    private static ILookup<string, Placed<T>> ByName<T>(IEnumerable<Placed<IdlDefinition>> all) where T : IdlDefinition =>
        all.ToLookup(p => p.Item.Name, p => new Placed<T>(p.Path, (T)p.Item), StringComparer.Ordinal);

    private Layers Graph<T>(Func<T, IEnumerable<string>> edges) where T : IdlDefinition
    {
        var graph = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var definition in _definitions.Values.Select(p => p.Item).OfType<T>())
            graph.Add(definition.Name, edges(definition).Distinct().ToArray());
        return new(graph);
    }
}
