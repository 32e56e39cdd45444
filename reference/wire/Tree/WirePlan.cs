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
    internal int Slots;
    /// <summary>Where the module's nodes begin in <see cref="WireCoverage"/>.</summary>
    internal int CoverageBase;
    internal readonly Dictionary<string, int> SlotOf = new(StringComparer.Ordinal);
    /// <summary>The union of this PDU whose selector tells its elements apart, or null.</summary>
    internal FieldPlan? Union;
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

internal enum FieldKind : byte { UInt, Split, Const, Reserved, Bytes, Pad, Sequence, UIntSequence, Nested, Union, Checksum }

internal sealed class FieldPlan(WirePlan owner, Field field, int index)
{
    public readonly WirePlan Owner = owner;
    public readonly Field Field = field;
    public readonly int Index = index;
    public uint Node => Owner.Global(Field.Node);
    public FieldKind Kind;
    /// <summary>Width of an integer, or of each integer of a sequence.</summary>
    public int Bits;
    public PlanExpr? Derive, When, Size, Count;
    public RegistryPlan? Registry;
    public Mask? Mask;
    public PartPlan[] Parts = [];
    public WirePlan? Element;
    public CasePlan[] Cases = [];
    public int Selector = -1;
    public PadShape? Pad;
    public int PadOf = -1;
    public ChecksumShape? Checksum;
    public TextEncoding Text;
    public RulePlan[] RulesAfter = [];
    /// <summary>True when <see cref="Size"/> or <see cref="Count"/> reads only what the user sets, so that drawing cannot choose it.</summary>
    public bool SizeIsGiven, CountIsGiven;
    /// <summary>True when <see cref="Size"/> can be checked without the bytes.</summary>
    public bool SizeIsKnown;
    /// <summary>Drawing has to guess this derived value, because a presence condition reads it.</summary>
    public bool Guess;
    /// <summary>Values, and lengths, at the edges of the rules that read this field.</summary>
    public int[] Hints = [];
    /// <summary>Fields that its derivation, size, count and presence depend on, and itself.</summary>
    public int[] Reads = [];

    public bool IsNumber => Kind <= FieldKind.Reserved;
    /// <summary>True when writing computes the value.</summary>
    public bool IsDerived => Derive is not null || Kind is FieldKind.Pad or FieldKind.Checksum;
    public ulong Max => Bits >= 64 ? ulong.MaxValue : (1UL << Bits) - 1;

    public CasePlan? Case(ulong code)
    {
        foreach (var c in Cases) if (code >= c.From && code <= c.To) return c;
        return null;
    }

    /// <summary>Bytes of a whole checksum.</summary>
    public int ChecksumBytes => Checksum!.Algorithm switch
    {
        ChecksumAlgorithm.Crc32 => 4,
        ChecksumAlgorithm.HmacSha1 => 20,
        _ => 32,
    };
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
    /// <summary>For <see cref="MustBeLast"/>: the sequence field and the code.</summary>
    public int Sequence = -1;
    public ulong Code;
    /// <summary>Fields that the condition reads, the derivations of those included.</summary>
    public int[] Reads = [];
    /// <summary>True when every value that it reads is set by the user, so that drawing can keep it at once.</summary>
    public bool Immediate;
}
