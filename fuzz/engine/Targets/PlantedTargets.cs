using System.Runtime.CompilerServices;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>Targets with a planted fault, behind two bytes that coverage has to find first. They prove that the supervisor survives the fault
/// and keeps the input that caused it.</summary>
public sealed class PlantedTarget(string fault) : IFuzzTarget
{
    /// <summary>The faults: an exception, a stack overflow, an endless loop, an allocation loop, a fail-fast, an objecting oracle.</summary>
    public static readonly IReadOnlyList<string> Faults = ["exception", "overflow", "hang", "alloc", "failfast", "oracle"];

    public string Name => "planted-" + fault;
    public bool Hidden => true;
    public IReadOnlyList<string> Oracles => ["planted"];
    public IEnumerable<byte[]> Seeds => [[0, 0, 0, 0]];

    public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        context.Ran(0);
        if (input.Length < 4) { context.Cover(1); return null; }
        if (input[0] != 0x80) { context.Cover(2); return null; }
        context.Cover(3);
        if (input[1] != 0x40) return null;
        context.Cover(4);
        switch (fault)
        {
            case "exception": throw new InvalidOperationException("a planted exception");
            case "overflow": return Descend(input[0]) == 0 ? FuzzFinding.Of("planted", "", input) : null;
            case "hang": Spin(); break;
            case "alloc": Hoard(); break;
            case "failfast": Environment.FailFast("a planted fail-fast"); break;
            case "oracle": return FuzzFinding.Of("planted", "a planted objection", input);
        }
        return null;
    }

    public string Describe(ReadOnlySpan<byte> input) => "planted input " + Convert.ToHexStringLower(input);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Descend(int depth) => Descend(depth + 1) + 1;

    private static void Spin()
    {
        for (var i = 0L; ; i++) Volatile.Write(ref _sink, i);
    }

    private static void Hoard()
    {
        List<byte[]> hoard = [];
        while (true) hoard.Add(GC.AllocateUninitializedArray<byte>(1 << 20));
    }

    private static long _sink;
}
