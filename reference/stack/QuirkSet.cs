using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Stack;

/// <summary>A set of quirks of one enum, as bits (its values are below 128). <c>default</c> is empty: the clean reference.</summary>
public readonly record struct QuirkSet<TQuirk> where TQuirk : struct, Enum
{
    private readonly UInt128 _bits;

    private QuirkSet(UInt128 bits) => _bits = bits;

    /// <summary>No quirk at all.</summary>
    public static QuirkSet<TQuirk> None => default;

    /// <summary>These quirks.</summary>
    public static QuirkSet<TQuirk> Of(params ReadOnlySpan<TQuirk> quirks)
    {
        var set = None;
        foreach (var quirk in quirks) set = set.With(quirk);
        return set;
    }

    public bool IsEmpty => this == None;

    /// <summary>Whether the rule that this quirk breaks is to be broken.</summary>
    public bool Has(TQuirk quirk) => (_bits >> Number(quirk) & UInt128.One) != UInt128.Zero;

    /// <summary>This set and one more.</summary>
    public QuirkSet<TQuirk> With(TQuirk quirk) => new(_bits | UInt128.One << Number(quirk));

    /// <summary>The names, separated by commas; "none" for the empty set.</summary>
    public override string ToString()
    {
        var set = this;
        return IsEmpty ? "none" : string.Join(",", QuirkRegistry<TQuirk>.All.Where(q => set.Has(q.Quirk)).Select(q => q.Name));
    }

    private static int Number(TQuirk quirk) => Unsafe.BitCast<TQuirk, int>(quirk);
}

/// <summary>What a reference of several protocols is told to break. <c>default</c> is empty: the clean reference.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QuirkSet
{
    /// <summary>Of STUN and of connectivity checks.</summary>
    public QuirkSet<Quirk> Checks { get; init; }

    /// <summary>Of the full ICE agent.</summary>
    public QuirkSet<IceAgentQuirk> IceAgent { get; init; }

    public QuirkSet<TurnQuirk> Turn { get; init; }

    public QuirkSet<DtlsQuirk> Dtls { get; init; }

    /// <summary>Of SCTP and of data channels.</summary>
    public QuirkSet<SctpQuirk> Sctp { get; init; }

    /// <summary>No quirk at all.</summary>
    public static QuirkSet None => default;

    /// <summary>These quirks.</summary>
    public static QuirkSet Of(params ReadOnlySpan<Quirk> quirks) => new() { Checks = QuirkSet<Quirk>.Of(quirks) };

    /// <inheritdoc cref="Of(ReadOnlySpan{Quirk})"/>
    public static QuirkSet Of(params ReadOnlySpan<SctpQuirk> quirks) => new() { Sctp = QuirkSet<SctpQuirk>.Of(quirks) };

    public bool IsEmpty => this == None;

    /// <summary>Whether the rule that this quirk breaks is to be broken.</summary>
    public bool Has(Quirk quirk) => Checks.Has(quirk);

    /// <inheritdoc cref="Has(Quirk)"/>
    public bool Has(SctpQuirk quirk) => Sctp.Has(quirk);

    /// <summary>This set and one more.</summary>
    public QuirkSet With(Quirk quirk) => this with { Checks = Checks.With(quirk) };

    /// <inheritdoc cref="With(Quirk)"/>
    public QuirkSet With(SctpQuirk quirk) => this with { Sctp = Sctp.With(quirk) };

    /// <summary>The names, separated by commas; "none" for the empty set.</summary>
    public override string ToString()
    {
        var set = this;
        return IsEmpty ? "none" : string.Join(",", AllQuirks.List.Where(q => q.IsIn(set)).Select(q => q.Name));
    }
}
