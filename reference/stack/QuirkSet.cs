using System.Reflection;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Stack;

/// <summary>A set of quirks, as bits. <c>default</c> is empty: the clean reference.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct QuirkSet
{
    private UInt128 Bits { get; init; }

    private QuirkSet(UInt128 bits) => Bits = bits;

    /// <summary>No quirk at all.</summary>
    public static QuirkSet None => default;

    /// <summary>These quirks.</summary>
    public static QuirkSet Of(params ReadOnlySpan<Quirk> quirks)
    {
        var bits = UInt128.Zero;
        foreach (var quirk in quirks) bits |= UInt128.One << (int)quirk;
        return new QuirkSet(bits);
    }

    public bool IsEmpty => this == None;

    /// <summary>Whether the rule that this quirk breaks is to be broken.</summary>
    public bool Has(Quirk quirk) => (Bits >> (int)quirk & UInt128.One) != UInt128.Zero;

    /// <summary>This set and one more.</summary>
    public QuirkSet With(Quirk quirk) => this with { Bits = Bits | UInt128.One << (int)quirk };

    /// <summary>The names, separated by commas; "none" for the empty set.</summary>
    public override string ToString()
    {
        var set = this;
        return IsEmpty ? "none" : string.Join(",", QuirkRegistry.All.Where(q => set.Has(q.Quirk)).Select(q => q.Name)
            .Concat(Sctp.SctpQuirks.All.Where(q => set.Has(q.Quirk)).Select(q => q.Name)));
    }
}

/// <summary>One registered quirk.</summary>
/// <param name="Quirk">The member.</param>
/// <param name="Name">Its name, as written in requirement files and on command lines.</param>
/// <param name="Rule">Document and section it breaks, "RFC8489:9.1.3".</param>
/// <param name="Summary">What happens, in one sentence.</param>
public sealed record QuirkInfo(Quirk Quirk, string Name, string Rule, string Summary);

/// <summary>All quirks, in the order of the enum.</summary>
public static class QuirkRegistry
{
    public static IReadOnlyList<QuirkInfo> All { get; } = [.. Enum.GetValues<Quirk>().Select(Describe)];

    /// <summary>Find by exact name.</summary>
    public static bool TryFind(string name, out QuirkInfo quirk)
    {
        quirk = All.FirstOrDefault(q => q.Name == name)!;
        return quirk is not null;
    }

    private static QuirkInfo Describe(Quirk quirk)
    {
        var name = quirk.ToString();
        var breaks = typeof(Quirk).GetField(name)!.GetCustomAttribute<BreaksAttribute>()
            ?? throw new InvalidOperationException($"quirk {name} does not say what it breaks");
        return new QuirkInfo(quirk, name, breaks.Rule, breaks.Summary);
    }
}
