namespace WebRtcConformance.Fuzz.Targets;

/// <summary>Does nothing: what is measured with it is the engine alone.</summary>
public sealed class EmptyTarget : IFuzzTarget
{
    public string Name => "empty";
    public bool Hidden => true;
    public IReadOnlyList<string> Oracles => [];
    public IEnumerable<byte[]> Seeds => [new byte[64]];
    public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context) => null;
    public string Describe(ReadOnlySpan<byte> input) => Convert.ToHexStringLower(input);
}
