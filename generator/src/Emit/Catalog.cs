using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>A PDU and the module that defines it.</summary>
internal sealed record PduRef(SpecModule Module, Pdu Pdu)
{
    public bool Is(PduRef other) => ReferenceEquals(Pdu, other.Pdu);
}

/// <summary>One way to fill a union: selector codes and the PDU that they select.</summary>
internal sealed record Variant(ulong From, ulong To, PduRef Ref)
{
    /// <summary>A C# pattern for the codes.</summary>
    public string Pattern => From == To ? $"0x{From:X}" : From == 0 ? $"<= 0x{To:X}" : $">= 0x{From:X} and <= 0x{To:X}";
}

/// <summary>A union field with everything that it may hold.</summary>
/// <param name="Selector">The field that selects; null when the content's own bits do.</param>
/// <param name="Inherits">Records: the PDUs that it may hold derive from the PDU that holds them. If not, the record that holds them has a property.</param>
internal sealed record Union(Field Field, UnionShape Shape, IReadOnlyList<Variant> Variants, PduRef? Otherwise, Field? Selector, bool Inherits)
{
    public Peek? Peek => Shape.Selector as Peek;

    /// <summary>The PDUs that codes select, each with all of its codes.</summary>
    public IEnumerable<(PduRef Ref, string Pattern)> Chosen => Variants.GroupBy(v => v.Ref.Pdu.CsName)
        .Select(g => (g.First().Ref, string.Join(" or ", g.Select(v => v.From == v.To ? v.Pattern : $"({v.Pattern})"))));

    /// <summary>Every PDU that it may hold, once each.</summary>
    public IEnumerable<PduRef> Content => (Otherwise is null ? Variants.Select(v => v.Ref) : Variants.Select(v => v.Ref).Append(Otherwise))
        .GroupBy(r => r.Pdu.CsName).Select(g => g.First());
}

/// <summary>The union, and the PDU that has it, whose record a PDU's record derives from.</summary>
internal sealed record VariantOwner(PduRef Owner, Union Union);

/// <summary>Look-ups over all linked modules.</summary>
internal sealed class Catalog
{
    private readonly EquatableArray<SpecModule> _modules;
    private readonly Dictionary<string, PduRef> _pdus = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VariantOwner> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(PduRef Owner, Field Field)>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<Field, Union> _unions = new(ReferenceComparer.Instance);
    private readonly Dictionary<string, Layout> _layouts = new(StringComparer.Ordinal);

    public Catalog(EquatableArray<SpecModule> modules)
    {
        _modules = modules;
        foreach (var pdu in AllPdus)
            if (!_pdus.ContainsKey(pdu.Pdu.CsName)) _pdus.Add(pdu.Pdu.CsName, pdu);
        foreach (var pdu in AllPdus)
        foreach (var field in pdu.Pdu.Fields)
        foreach (var part in Inner(pdu.Module, field))
        {
            if (!_uses.TryGetValue(part.Pdu.CsName, out var uses)) _uses.Add(part.Pdu.CsName, uses = []);
            uses.Add((pdu, field));
        }
        foreach (var pdu in AllPdus)
        foreach (var union in Unions(pdu))
            if (union.Inherits)
                foreach (var part in union.Content) _owners[part.Pdu.CsName] = new VariantOwner(pdu, union);
    }

    public IEnumerable<PduRef> AllPdus => _modules.SelectMany(m => m.Pdus.Select(p => new PduRef(m, p)));

    /// <summary>The PDU of that C# name; names are unique over all modules.</summary>
    public PduRef Pdu(string csName) => _pdus.TryGetValue(csName, out var found) ? found : throw new UnsupportedShapeException($"no PDU {csName}");

    public Layout Layout(PduRef pdu)
    {
        if (!_layouts.TryGetValue(pdu.Pdu.CsName, out var layout)) _layouts.Add(pdu.Pdu.CsName, layout = new Layout(pdu, this));
        return layout;
    }

    public (SpecModule Module, Registry Registry) Registry(SpecModule from, string name)
    {
        foreach (var module in _modules.OrderBy(m => m.Name == from.Name ? 0 : 1))
        foreach (var registry in module.Registries)
            if (registry.Name == name || registry.CsName == name) return (module, registry);
        throw new UnsupportedShapeException($"no registry {name}");
    }

    public IEnumerable<Union> Unions(PduRef pdu)
    {
        foreach (var field in pdu.Pdu.Fields)
        {
            if (field.Shape is not UnionShape shape) continue;
            if (!_unions.TryGetValue(field, out var union))
            {
                var selector = shape.SelectorField is { } name ? pdu.Pdu.Fields.First(f => f.CsName == name) : null;
                _unions.Add(field, union = new Union(field, shape, Variants(pdu.Module, shape), shape.Otherwise is { } o ? Pdu(o) : null, selector, Inherits(pdu, field)));
            }
            yield return union;
        }
    }

    /// <summary>A record can derive from one other record only: the PDU has one union and is no variant of that kind itself, and what it holds stands nowhere else.</summary>
    private bool Inherits(PduRef pdu, Field field)
    {
        if (pdu.Pdu.Fields.Count(f => f.Shape is UnionShape) > 1) return false;
        if (Uses(pdu).Any(use => use.Field.Shape is UnionShape && Inherits(use.Owner, use.Field))) return false;
        return Inner(pdu.Module, field).All(part => part.Pdu.Kind != PduKind.Message && Uses(part).All(use => ReferenceEquals(use.Field, field)));
    }

    private List<(PduRef Owner, Field Field)> Uses(PduRef pdu) => _uses.TryGetValue(pdu.Pdu.CsName, out var uses) ? uses : [];

    private Dictionary<string, List<Field>>? _shared;

    /// <summary>Computed fields that each PDU has which a PDU chooses among, and which lists of it read.</summary>
    public IReadOnlyList<Field> Shared(PduRef pdu)
    {
        if (_shared is null)
        {
            _shared = new(StringComparer.Ordinal);
            foreach (var owner in AllPdus)
            foreach (var fold in Layout(owner).Folds)
            {
                if (fold.Field is not { } name || Layout(owner).Field(fold.Sequence).Shape is not SequenceShape list) continue;
                var element = Pdu(list.Element);
                if (element.Pdu.Fields.Any(f => f.CsName == name)) continue;
                if (!_shared.TryGetValue(list.Element, out var fields)) _shared.Add(list.Element, fields = []);
                if (fields.All(f => f.CsName != name)) fields.Add(Unions(element).First().Content.First().Pdu.Fields.First(f => f.CsName == name));
            }
        }
        return _shared.TryGetValue(pdu.Pdu.CsName, out var shared) ? shared : [];
    }

    private List<Variant> Variants(SpecModule from, UnionShape union)
    {
        var variants = union.Cases.Select(c => new Variant(c.From, c.To, Pdu(c.Pdu))).ToList();
        if (union.Registry is null) return variants;
        foreach (var value in Registry(from, union.Registry).Registry.Values)
            if (value.Variant is not null) variants.Add(new Variant(value.Value, value.Value, Pdu(value.Variant)));
        return variants;
    }

    /// <summary>The PDUs that are parsed as a part of a PDU through a field.</summary>
    public IEnumerable<PduRef> Inner(SpecModule from, Field field) => field.Shape switch
    {
        SequenceShape s => [Pdu(s.Element)],
        NestedShape s => [Pdu(s.Pdu)],
        UnionShape s => Variants(from, s).Select(v => v.Ref).Concat(s.Otherwise is { } o ? [Pdu(o)] : []),
        _ => [],
    };

    public VariantOwner? OwnerOf(PduRef pdu) => _owners.TryGetValue(pdu.Pdu.CsName, out var owner) ? owner : null;

    /// <summary>It is a part of another PDU.</summary>
    public bool IsPart(PduRef pdu) => Uses(pdu).Count > 0;

    public bool StandsInOnePlace(PduRef pdu) => Uses(pdu).Count == 1;

    /// <summary>It takes what it needs in a place where one of more than <see cref="Few"/> may stand.</summary>
    public bool IsOneOfMany(PduRef pdu) => Uses(pdu).Any(use => use.Field.Shape is UnionShape { Open: true } union && Variants(use.Owner.Module, union).Count > Few);

    private const int Few = 4;

    public bool IsElement(PduRef pdu) => Uses(pdu).Any(use => use.Field.Shape is SequenceShape);

    /// <summary>It stands only in lists, where it takes what it needs, or as the only thing that there may be.</summary>
    public bool IsSmallPart(PduRef pdu) => pdu.Pdu.Kind != PduKind.Message && Uses(pdu).Count > 0
        && Uses(pdu).All(use => use.Field.Shape is SequenceShape or NestedShape or UnionShape { Open: true });

    /// <summary>Some record has a property that may hold it and others.</summary>
    public bool IsChosen(PduRef pdu) => OwnerOf(pdu) is null && Uses(pdu).Any(use => use.Field.Shape is UnionShape);

    /// <summary>Bytes that every valid one has.</summary>
    public int LeastBytes(PduRef pdu) => Layout(pdu).Segments.Where(segment => segment.When is null).Sum(segment => segment.IsBlock ? segment.Bytes : segment.Single.Shape switch
    {
        NestedShape { Size: null } nested => LeastBytes(Pdu(nested.Pdu)),
        UnionShape { Open: true, Size: null, Otherwise: { } otherwise } union => Variants(pdu.Module, union).Select(variant => variant.Ref).Append(Pdu(otherwise)).Min(LeastBytes),
        _ => 0,
    });

    /// <summary>No valid one is empty.</summary>
    public bool HasBytes(PduRef pdu) => Layout(pdu).Segments.Any(segment => segment.When is null && (segment.IsBlock ? segment.Bytes > 0 : segment.Single.Shape switch
    {
        NestedShape { Size: null } nested => HasBytes(Pdu(nested.Pdu)),
        UnionShape { Size: null, Otherwise: { } otherwise } => Variants(pdu.Module, (UnionShape)segment.Single.Shape).All(variant => HasBytes(variant.Ref)) && HasBytes(Pdu(otherwise)),
        _ => false,
    }));

    public static string Namespace(SpecModule module) => "WebRtcConformance.Wire." + module.Namespace;

    /// <summary>How code of module <paramref name="from"/> names a type of module <paramref name="module"/>.</summary>
    public static string TypeName(SpecModule from, SpecModule module, string csName) =>
        from.Name == module.Name ? csName : $"global::{Namespace(module)}.{csName}";

    public static string TypeName(SpecModule from, PduRef pdu) => TypeName(from, pdu.Module, pdu.Pdu.CsName);

    /// <summary>The smallest C# integer for so many bits.</summary>
    public static string IntegerType(int bits, bool signed = false) => signed
        ? bits <= 8 ? "sbyte" : bits <= 16 ? "short" : bits <= 32 ? "int" : "long"
        : bits <= 8 ? "byte" : bits <= 16 ? "ushort" : bits <= 32 ? "uint" : "ulong";

    public static int IntegerBits(int bits) => bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;

    /// <summary>The C# type of an integer value: its registry's enum, bool for one bit, or an integer.</summary>
    public string ValueType(SpecModule from, int bits, string? registry, bool signed = false)
    {
        if (registry is null) return bits == 1 && !signed ? "bool" : IntegerType(bits, signed);
        var found = Registry(from, registry);
        return TypeName(from, found.Module, found.Registry.CsName);
    }

    private sealed class ReferenceComparer : IEqualityComparer<Field>
    {
        public static readonly ReferenceComparer Instance = new();
        public bool Equals(Field? x, Field? y) => ReferenceEquals(x, y);
        public int GetHashCode(Field obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}

/// <summary>The model has a shape that no C# is emitted for. The front ends refuse such models with a diagnostic of their own where they can.</summary>
public sealed class UnsupportedShapeException(string message) : Exception(message);
