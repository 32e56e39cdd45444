using System.Runtime.CompilerServices;
using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz;

/// <summary>What a target may tell the engine, and ask of it, during one execution.</summary>
public struct FuzzContext(FeatureTable features, long[] oracleRuns)
{
    /// <summary>The engine asks for the heavy oracles: this input is new, or its turn in the sample has come.</summary>
    public bool Sampled;

    /// <summary>A feature was seen for the first time in this execution.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Whether the costly oracles should run now. Ask after <see cref="Cover"/>.</summary>
    public readonly bool Deep => Sampled || HasNew;

    /// <summary>The input was accepted: what the target calls valid. Only a figure in the statistics.</summary>
    public bool Accepted;

    /// <summary>Reports that this execution showed feature <paramref name="key"/> (any number that names a behaviour: an error's node and kind,
    /// an accepted attribute, a state and a message).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cover(uint key)
    {
        if (features.Touch(key)) HasNew = true;
    }

    /// <summary>Reports a feature made of two numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cover(uint first, uint second) => Cover((first * 0x9E3779B1u) ^ (second * 0x85EBCA77u) ^ 0x165667B1u);

    /// <summary>Counts one run of the target's oracle with this index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Ran(int oracle) => oracleRuns[oracle]++;
}
