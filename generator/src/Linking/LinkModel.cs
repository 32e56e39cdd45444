using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>A file's syntax under its path; the input of linking. <paramref name="Sound"/>: it was read without a mistake.</summary>
public sealed record SpecFile(string Path, SpecSyntax Syntax, bool Sound);

/// <summary>A module whose names are resolved.</summary>
/// <param name="Needed">The module and every module that its PDUs refer to, directly or not, without titles and vectors; all that emitting it may look at.</param>
/// <param name="Sound">No mistake was found in it or in a module that it needs.</param>
public sealed record LinkedModule(string Path, SpecModule Module, EquatableArray<SpecModule> Needed, bool Sound);

public sealed record LinkResult(EquatableArray<LinkedModule> Modules, EquatableArray<LinkDiagnostic> Diagnostics);

/// <summary>One file while it is linked, with the names that it declares.</summary>
internal sealed class Scope(SpecFile file, List<LinkDiagnostic> diagnostics)
{
    public SpecSyntax Syntax => file.Syntax;
    public string Path => file.Path;
    public string Module => Syntax.Module;
    public List<Scope> Uses { get; } = [];
    public Dictionary<string, PduEntry> Pdus { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, RegistryEntry> Registries { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, SplitSyntax> Splits { get; } = new(StringComparer.Ordinal);
    public bool Failed { get; private set; } = !file.Sound;

    public PduEntry? Pdu(NameUse name)
    {
        var found = Find(s => s.Pdus.TryGetValue(name.Text, out var pdu) ? pdu : null);
        if (found is null) Report(SpecRules.UnknownPdu, name.At, name.Text);
        return found;
    }

    /// <summary>The PDUs that a choice of this file may choose; those that there are not are reported where it is built.</summary>
    public IEnumerable<PduEntry> Chosen(ChoiceSyntax choice)
    {
        foreach (var name in choice.Cases.Select(c => c.Pdu).Append(choice.Otherwise))
            if (name is not null && Find(s => s.Pdus.TryGetValue(name.Text, out var pdu) ? pdu : null) is { } found) yield return found;
        if (choice.Registry is { } use && Find(s => s.Registries.TryGetValue(use.Text, out var registry) ? registry : null) is { } chosen)
            foreach (var variant in chosen.Variants.Values) yield return variant;
    }

    public RegistryEntry? Registry(NameUse name)
    {
        var found = Find(s => s.Registries.TryGetValue(name.Text, out var registry) ? registry : null);
        if (found is null) Report(SpecRules.UnknownRegistry, name.At, name.Text);
        return found;
    }

    private T? Find<T>(Func<Scope, T?> look) where T : class =>
        look(this) ?? Uses.Select(look).FirstOrDefault(found => found is not null);

    public void Report(SpecRule rule, int at, params object[] arguments)
    {
        Failed = true;
        diagnostics.Add(new(rule, rule.Message(arguments), Path, at));
    }
}

/// <summary>A value of a registry, and the file that declares it.</summary>
internal sealed record RegistryMember(Scope From, ValueSyntax Syntax);

internal sealed class RegistryEntry(Scope scope, RegistrySyntax syntax)
{
    public Scope Scope => scope;
    public RegistrySyntax Syntax => syntax;
    public int Node { get; set; }
    public ByCode<RegistryMember> Values { get; } = new();
    public Dictionary<string, ulong> Names { get; } = new(StringComparer.Ordinal);
    public HashSet<string> CsNames { get; } = new(StringComparer.Ordinal);
    public List<RegistryRange> Ranges { get; } = [];

    /// <summary>The PDU that a code selects.</summary>
    public ByCode<PduEntry> Variants { get; } = new();

    public Registry Build() => new(Node, syntax.Name, syntax.CsName, syntax.Bits, syntax.Open, syntax.Clause,
        new(Values.Values.Select(v => (v.Syntax, v.From, Variant: Variants.Find(v.Syntax.Value))).Select(v => new RegistryValue(
            v.Syntax.Name, v.Syntax.CsName, v.Syntax.Value, v.Variant?.Syntax.CsName, v.Variant?.Scope.Module ?? v.From.Module, v.Syntax.Clause))),
        new(Ranges));
}

internal sealed class PduEntry(Scope scope, PduSyntax syntax)
{
    public Scope Scope => scope;
    public PduSyntax Syntax => syntax;

    /// <summary>The PDU whose fields this one has: itself, or the one that it is like.</summary>
    public PduEntry Source { get; set; } = null!;

    public ulong? Code { get; set; }
    public List<FieldDraft> Fields { get; } = [];
    public List<Rule> Rules { get; } = [];

    /// <summary>Messages that hold this PDU.</summary>
    public List<PduEntry> Roots { get; } = [];

    /// <summary>Somewhere a window is cut out for it, so nothing may be left over.</summary>
    public bool Windowed { get; set; }

    /// <summary>Somewhere it takes what it needs of what there is.</summary>
    public bool Open { get; set; }

    /// <summary>The fields that it is a part of.</summary>
    public List<FieldDraft> Uses { get; } = [];

    public bool HasBound => Fields.Any(f => f.Shape is BoundShape);

    /// <summary>It has no end of its own.</summary>
    public bool TakesRest => !HasBound && Fields.Any(f => f.TakesRest || f.IsOpen && f.Parts.Any(p => p.TakesRest));

    public long? Least { get; set; }
    public Pdu Built { get; set; } = null!;

    /// <summary>PDUs directly inside this one.</summary>
    public IEnumerable<PduEntry> Parts => Fields.SelectMany(f => f.Parts);
}

/// <summary>A field between syntax and IR.</summary>
internal sealed class FieldDraft(FieldSyntax syntax, Shape shape)
{
    public FieldSyntax Syntax => syntax;
    public Shape Shape => shape;
    public Role Role { get; set; } = Role.Semantic;
    public Expr? Derive { get; set; }
    public Expr? When { get; set; }

    /// <summary>The flag whose value follows from this field's presence.</summary>
    public FieldDraft? Flag { get; set; }

    public List<PduEntry> Parts { get; } = [];

    public int? Bits => shape switch
    {
        UIntShape { Leb128: false } s => s.Bits,
        SplitShape s => s.Bits,
        ConstShape s => s.Bits,
        ReservedShape s => s.Bits,
        ComputedShape => 0,
        UIntSequenceShape { IsPacked: true } => shape.FixedBits,
        _ => null,
    };

    public Expr? Size => shape switch
    {
        BytesShape s => s.Size,
        SequenceShape s => s.Size,
        UIntSequenceShape s => s.Size,
        NestedShape s => s.Size,
        UnionShape s => s.Size,
        ChecksumShape s => s.Size,
        BoundShape s => s.Size,
        _ => null,
    };

    public Expr? Count => shape switch
    {
        SequenceShape s => s.Count,
        UIntSequenceShape s => s.Count,
        _ => null,
    };

    /// <summary>Takes everything that is left.</summary>
    public bool TakesRest => Size is null && Count is null
        && shape is BytesShape or SequenceShape { While: null, More: null } or UIntSequenceShape or UnionShape { Open: false } or ChecksumShape;

    /// <summary>The PDU in it takes what it needs.</summary>
    public bool IsOpen => shape is NestedShape { Size: null } or UnionShape { Open: true };
}
