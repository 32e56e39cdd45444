using WebRtcConformance.Fuzz.Mutation;

namespace WebRtcConformance.Fuzz;

/// <summary>Something that takes any bytes, and the oracles that judge what it did with them.</summary>
public interface IFuzzTarget
{
    /// <summary>The name on the command line and of the folder in fuzz/corpus, e.g. "stun".</summary>
    string Name { get; }

    /// <summary>Names of the oracles beyond "no exception"; <see cref="FuzzContext.Ran"/> counts them by index.</summary>
    IReadOnlyList<string> Oracles { get; }

    /// <summary>Runs one input. Returns what an oracle objects to, or null. The cheap path must not allocate; an exception that escapes is a
    /// finding of the oracle "no-throw". The same input must behave the same every time.</summary>
    FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context);

    /// <summary>The input decoded for a person. May be called with the input that killed <see cref="Run"/>.</summary>
    string Describe(ReadOnlySpan<byte> input);

    /// <summary>Where the fields of this input lie, or null when the target has no structure or the input does not fit it.</summary>
    FieldMap? Layout(ReadOnlySpan<byte> input) => null;

    /// <summary>A structural variation that is too costly for every execution (a tree is built); null = none.</summary>
    byte[]? Vary(ReadOnlySpan<byte> input, ref FuzzRandom random) => null;

    /// <summary>Inputs to begin with, beside the corpus files.</summary>
    IEnumerable<byte[]> Seeds => [];

    /// <summary>Byte strings with a meaning in this format.</summary>
    IReadOnlyList<byte[]> Dictionary => [];

    /// <summary>Hidden targets serve the tests of the machinery and are not listed.</summary>
    bool Hidden => false;
}
