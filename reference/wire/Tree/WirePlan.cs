using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A PDU made ready for interpretation: names are indexes, rules stand behind the last field that they read, element types
/// are plans themselves. Immutable once linked; made by <see cref="WirePlans"/>.</summary>
public sealed class WirePlan
{
    internal WirePlan(SpecModule module, Pdu pdu)
    {
        Module = module;
        Pdu = pdu;
    }

    public SpecModule Module { get; }
    public Pdu Pdu { get; }
    /// <summary>"stun/StunMessage".</summary>
    public string Path => Module.Name + "/" + Pdu.CsName;

    internal FieldPlan[] Fields = [];
    /// <summary>Rules that read no field.</summary>
    internal RulePlan[] RulesFirst = [];
    internal RulePlan[] Rules = [];
    /// <summary>The sums in its expressions.</summary>
    internal PlanExpr[] Sums = [];
    internal int SumSlots;
    internal int Slots;
    /// <summary>Where the module's nodes begin in <see cref="WireCoverage"/>.</summary>
    internal int CoverageBase;
    internal readonly Dictionary<string, int> SlotOf = new(StringComparer.Ordinal);
    /// <summary>The first union of this PDU, whose selector tells elements apart, or null.</summary>
    internal FieldPlan? Union;
    /// <summary>Some integer's size depends on its value.</summary>
    internal bool HasLeb128;
    /// <summary>The field that bounds the PDU, or null.</summary>
    internal FieldPlan? Bound;
    /// <summary>Something in it depends on whether it is the last of its list.</summary>
    internal bool PlaceMatters;
    /// <summary>True for PDUs whose checksums and masks see the bytes of the whole input.</summary>
    internal bool IsRoot => Pdu.Kind == PduKind.Message;

    /// <summary>The plans that this one belongs to.</summary>
    public WirePlans Plans { get; internal init; } = null!;

    /// <summary>An error in words: node, byte, kind and clause.</summary>
    public string Describe(WireError error)
    {
        var node = Plans.Find(error.Node);
        return $"{node.Path} at byte {error.Offset}: {error.Kind} ({node.Clause})";
    }

    internal uint Global(int node) => (uint)Module.Number << 16 | (uint)node;
    internal uint Node => Global(Pdu.Node);
    internal uint EndNode => Global(Pdu.EndNode);
    internal FieldPlan? Field(string csName) =>
        Fields.FirstOrDefault(f => string.Equals(f.Field.CsName, csName, StringComparison.OrdinalIgnoreCase));
    public override string ToString() => Path;
}

internal enum FieldKind : byte { UInt, Split, Const, Reserved, Bytes, Pad, Sequence, UIntSequence, Nested, Union, Checksum, Bound, Computed }

internal sealed class FieldPlan(WirePlan owner, Field field, int index)
{
    public readonly WirePlan Owner = owner;
    public readonly Field Field = field;
    public readonly int Index = index;
    public uint Node => Owner.Global(Field.Node);
    public FieldKind Kind;
    /// <summary>Width of an integer, or of each integer of a sequence.</summary>
    public int Bits;
    /// <summary>Items of a packed list; 0 = it is none.</summary>
    public int Packed;
    public PlanExpr? Derive, When, Size, Count;
    public RegistryPlan? Registry;
    public Mask? Mask;
    public PartPlan[] Parts = [];
    public WirePlan? Element;
    public CasePlan[] Cases = [];
    /// <summary>Of a union, the slot whose value selects; -1 = the content's own bits do (<see cref="Peek"/>).</summary>
    public int Selector = -1;
    public Peek? Peek;
    public WirePlan? Otherwise;
    /// <summary>The PDU in it takes what it needs of the window.</summary>
    public bool IsOpen;
    /// <summary>Of a sequence, how its content says where it ends: a condition before each element, or a slot of each element.</summary>
    public PlanExpr? While;
    public bool WhileIsKnown;
    public int More = -1;
    /// <summary>Of a computed field.</summary>
    public PlanExpr? Value;
    /// <summary>It is a function of an argument, and has no value by itself.</summary>
    public bool HasArgument;
    /// <summary>The union that this integer selects for.</summary>
    public FieldPlan? Selects;
    public bool Signed;
    /// <summary>An integer of as many bytes as its value needs, or of more.</summary>
    public bool Leb128;
    public PadShape? Pad;
    /// <summary>Index of the padded field; -1 = the PDU up to here.</summary>
    public int PadOf = -1;
    public ChecksumShape? Checksum;
    public TextEncoding Text;
    public RulePlan[] RulesAfter = [];
    /// <summary>True when <see cref="Size"/> or <see cref="Count"/> reads only what the user sets, so that drawing cannot choose it.</summary>
    public bool SizeIsGiven, CountIsGiven;
    /// <summary>True when <see cref="Size"/> can be checked without the bytes.</summary>
    public bool SizeIsKnown;
    /// <summary>True when <see cref="When"/> can be told without the bytes.</summary>
    public bool WhenIsKnown;
    /// <summary>Drawing has to guess this derived value, because a presence condition reads it.</summary>
    public bool Guess;
    /// <summary>Values, and lengths, at the edges of the rules that read this field.</summary>
    public int[] Hints = [];
    /// <summary>Fields that its derivation, size, count and presence depend on, and itself.</summary>
    public int[] Reads = [];

    /// <summary>It has no bytes and no item.</summary>
    public bool IsVirtual => Kind >= FieldKind.Bound;
    public bool IsNumber => Kind <= FieldKind.Reserved;
    /// <summary>True when writing computes the value.</summary>
    public bool IsDerived => Derive is not null || Kind is FieldKind.Pad or FieldKind.Checksum;
    public ulong Max => Bits >= 64 ? ulong.MaxValue : (1UL << Bits) - 1;

    public CasePlan? Case(ulong code)
    {
        foreach (var c in Cases) if (code >= c.From && code <= c.To) return c;
        return null;
    }

    /// <summary>What a code selects; null = raw bytes.</summary>
    public WirePlan? PlanFor(ulong code) => Case(code)?.Plan ?? Otherwise;

    /// <summary>Every PDU that the union may hold.</summary>
    public IEnumerable<WirePlan> Plans => Otherwise is null ? Cases.Select(c => c.Plan) : Cases.Select(c => c.Plan).Append(Otherwise);

    /// <summary>The code that selects, as the frame sees it.</summary>
    public ulong CodeIn(Frame frame) => Selector >= 0 ? (ulong)frame.Values[Selector] : frame.Peek(Peek!.Bit, Peek.Bits);

    /// <summary>The value as expressions see it.</summary>
    public long ValueOf(ulong number) => Signed && Bits < 64 ? (long)(number << 64 - Bits) >> 64 - Bits : (long)number;

    /// <summary>Bytes of padding after so many bytes.</summary>
    public int PadSize(int size) => Pad!.Align <= 1 ? 0 : (Pad.Align - size % Pad.Align) % Pad.Align;

    /// <summary>Bytes of a whole checksum.</summary>
    public int ChecksumBytes => WireChecksum.Size(Checksum!.Algorithm);
}

internal sealed record PartPlan(SplitPart Part, int Slot, RegistryPlan? Registry)
{
    public ulong Read(ulong wire)
    {
        ulong value = 0;
        for (var i = 0; i < Part.WireBits.Count; i++) value |= (wire >> Part.WireBits[i] & 1) << i;
        return value;
    }

    public ulong Write(ulong wire, ulong value)
    {
        for (var i = 0; i < Part.WireBits.Count; i++)
        {
            var bit = 1UL << Part.WireBits[i];
            wire = (value >> i & 1) != 0 ? wire | bit : wire & ~bit;
        }
        return wire;
    }
}

/// <param name="Name">The registry's name for the code, e.g. "XOR-MAPPED-ADDRESS"; null when the case has none.</param>
internal sealed record CasePlan(ulong From, ulong To, WirePlan Plan, string? Name);

internal sealed class RegistryPlan(Registry registry)
{
    private readonly Dictionary<ulong, RegistryValue> _values = registry.Values
        .GroupBy(v => v.Value).ToDictionary(g => g.Key, g => g.First());

    public readonly Registry Registry = registry;
    public bool Contains(ulong value) => _values.ContainsKey(value);
    public string? NameOf(ulong value) => _values.TryGetValue(value, out var v) ? v.Name : null;
    public bool Accepts(ulong value) => Registry.Open || Contains(value);
}

/// <summary>A rule, behind the field after which it is checked.</summary>
internal sealed class RulePlan(Rule rule, uint node, int after)
{
    public readonly Rule Rule = rule;
    public readonly uint Node = node;
    /// <summary>Index of the last field that the rule reads; -1 = none.</summary>
    public readonly int After = after;
    /// <summary>For <see cref="MustHold"/>.</summary>
    public PlanExpr? Condition;
    /// <summary>For <see cref="ElementRule"/>s: the sequence field.</summary>
    public int Sequence = -1;
    /// <summary>Of those, the codes that may be first, or of which one has to be there, or the one that has to be last.</summary>
    public ulong[] Codes = [];

    /// <summary>Of <see cref="MustBeLast"/>: whether it is this element that has to be last.</summary>
    public bool IsAbout(WireItem element) => (Rule.Body is MustBeLast { Bits: { } mark } ? element.BitsAt(mark.Bit, mark.Bits) : element.Code) == Codes[0];

    /// <summary>Whether an element breaks the rule in its place. <see cref="MustContain"/> is about no single one.</summary>
    /// <param name="index">Its place in the list.</param>
    /// <param name="follows">Another element follows.</param>
    public bool IsBrokenBy(WireItem element, int index, bool follows, HashSet<ulong>? seen) => Rule.Body switch
    {
        MustBeLast => follows && IsAbout(element),
        MustBeFirst => index == 0 && !(element.Code is { } first && Codes.Contains(first)),
        MustBeUnique => element.Code is { } code && !seen!.Add(code),
        _ => false,
    };

    /// <summary>Whether some element has one of the codes.</summary>
    public bool IsContainedIn(WireItem? list) => list is null || list.Children.Any(e => e.Code is { } code && Codes.Contains(code));
    /// <summary>Fields that the condition reads, the derivations of those included.</summary>
    public int[] Reads = [];
    /// <summary>True when every value that it reads is set by the user, so that drawing can keep it at once.</summary>
    public bool Immediate;
}
