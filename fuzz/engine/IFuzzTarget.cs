using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz;

/// <summary>Something that takes any bytes, and the oracles that judge what it did with them.</summary>
public interface IFuzzTarget
{
    /// <summary>The name on the command line and of the folder in fuzz/corpus, e.g. "stun.message".</summary>
    string Name { get; }

    /// <summary>Names of the oracles beyond "no exception"; <see cref="FuzzContext.Ran"/> counts them by index.</summary>
    IReadOnlyList<string> Oracles { get; }

    /// <summary>Runs one input. Returns what an oracle objects to, or null. The cheap path must not allocate; an exception that escapes is a
    /// finding of the oracle "no-throw". The same input must behave the same every time.</summary>
    FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context);

    /// <summary>The input decoded for a person. May be called with the input that killed <see cref="Run"/>.</summary>
    string Describe(ReadOnlySpan<byte> input);

    /// <summary>A variation of the input that knows its structure; null when the target has none. It may cost as much as some executions: the
    /// engine runs it, and then others that differ from it in some bytes.</summary>
    /// <param name="donor">Another input, to take parts from; may be empty.</param>
    byte[]? Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> donor, ref Choices choices) => null;

    /// <summary>The smallest input found for which <paramref name="fails"/> is true, as it is for the given one.</summary>
    /// <param name="maxTests">Calls of it at most.</param>
    byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests) => ByteMinimizer.Minimize(input, fails, maxTests);

    /// <summary>Inputs to begin with, beside the corpus files.</summary>
    IEnumerable<byte[]> Seeds => [];

    /// <summary>Byte strings with a meaning in this format.</summary>
    IReadOnlyList<byte[]> Dictionary => [];

    /// <summary>Whether the blocks of this type (full name) are code under test; the stack's and the messages' if a target does not say.</summary>
    bool IsUnderTest(string type) => true;

    /// <summary>Hidden targets serve the tests of the machinery and are not listed.</summary>
    bool Hidden => false;
}
