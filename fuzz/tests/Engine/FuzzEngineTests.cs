using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Fuzz.Targets;

namespace WebRtcConformance.Fuzz.Tests.Engine;

public class FuzzEngineTests
{
    private static FuzzEngine Toy(ulong seed)
    {
        var engine = new FuzzEngine(new ToyTarget(), new() { Seed = seed });
        foreach (var bytes in new ToyTarget().Seeds) engine.Add(bytes);
        return engine;
    }

    private static string[] Corpus(FuzzEngine engine) => [.. engine.Corpus.Entries.Select(entry => Convert.ToHexStringLower(entry.Bytes))];

    [Fact]
    public void The_same_seed_gives_the_same_executions()
    {
        FuzzEngine first = Toy(5), second = Toy(5), other = Toy(6);
        first.Run(50_000);
        // How the executions are cut into batches must not matter.
        for (var i = 0; i < 50; i++) second.Run(1000);
        other.Run(50_000);
        Assert.Equal(Corpus(first), Corpus(second));
        Assert.Equal(first.Accepted, second.Accepted);
        Assert.NotEqual(Corpus(first), Corpus(other));
    }

    [Fact]
    public void Feedback_reaches_what_blind_mutation_does_not()
    {
        var engine = Toy(1);
        engine.Run(200_000);
        // The seed alone shows four features; type 3 and large integers have to be found.
        Assert.True(engine.Features.Count > 30, $"{engine.Features.Count} features");
        Assert.True(engine.Accepted > 1000, $"{engine.Accepted} accepted");
    }

    [Fact]
    public void The_loop_does_not_allocate()
    {
        var engine = Toy(1);
        engine.Run(300_000);
        var kept = engine.Corpus.Entries.Count;
        var before = GC.GetAllocatedBytesForCurrentThread();
        engine.Run(100_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // Only a kept input may cost memory.
        Assert.True(allocated <= (engine.Corpus.Entries.Count - kept) * 20_000, $"{allocated} bytes");
    }

    [Fact]
    public void An_exception_is_a_finding_and_the_loop_goes_on()
    {
        var engine = new FuzzEngine(new PlantedTarget("exception"), new() { Seed = 3 });
        var found = new List<FuzzFinding>();
        engine.Found += found.Add;
        engine.Add(new byte[4]);
        engine.Run(500_000);
        var finding = Assert.Single(found);
        Assert.Equal("no-throw/InvalidOperationException/PlantedTarget.Run", finding.Bucket);
        Assert.Equal([0x80, 0x40], finding.Bytes[..2]);
        Assert.True(engine.Findings > 1);
        Assert.Equal(finding.Bucket, FuzzReplay.Run("planted-exception", finding.Bytes)!.Bucket);
    }

    [Fact]
    public void An_input_to_skip_is_not_executed()
    {
        byte[] deadly = [0x80, 0x40, 0, 0];
        var engine = new FuzzEngine(new PlantedTarget("exception"), new() { Skip = [deadly] });
        Assert.Null(engine.Add(deadly));
        Assert.Equal(0, engine.Executions);
    }

    [Fact]
    public void The_heavy_oracles_run_for_every_nth_input()
    {
        var engine = new FuzzEngine(new DeepCounter(), new() { SampleEvery = 10 });
        engine.Add([1]);
        var before = engine.Oracles["deep"];
        engine.Run(10_000);
        Assert.Equal(1000, engine.Oracles["deep"] - before);
    }

    private sealed class DeepCounter : IFuzzTarget
    {
        public string Name => "deep-counter";
        public IReadOnlyList<string> Oracles => ["deep"];
        public string Describe(ReadOnlySpan<byte> input) => "";

        public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
        {
            if (context.Deep) context.Ran(0);
            return null;
        }
    }

    [Fact]
    public void A_minimised_input_keeps_failing_in_the_same_way_with_its_structure_intact()
    {
        // Fails when an element of type 3 stands in a message that is valid as a whole: taking out bytes alone would break the lengths.
        static bool Fails(byte[] bytes) => bytes is [(byte)'T', var count, ..] && Elements(bytes) is { } types && types.Count == count && types.Contains(3);
        byte[] input = [(byte)'T', 4, 1, 2, 0, 7, 3, 2, 1, 2, 2, 2, 9, 8, 1, 2, 5, 5];
        Assert.True(Fails(input));
        var minimizer = new FuzzMinimizer(new CountedTarget(), Fails);
        var smaller = minimizer.Minimize(input);
        Assert.True(Fails(smaller));
        Assert.Equal([(byte)'T', 1, 3, 0], smaller);
    }

    private static List<int>? Elements(byte[] bytes)
    {
        List<int> types = [];
        var at = 2;
        for (; at + 2 <= bytes.Length; at += 2 + bytes[at + 1]) types.Add(bytes[at]);
        return at == bytes.Length ? types : null;
    }

    /// <summary>The toy format with elements of one size each, so that the count is a length field too.</summary>
    private sealed class CountedTarget : IFuzzTarget
    {
        public string Name => "counted";
        public IReadOnlyList<string> Oracles => [];
        public string Describe(ReadOnlySpan<byte> input) => "";
        public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context) => null;

        public FieldMap? Layout(ReadOnlySpan<byte> input)
        {
            if (((IFuzzTarget)new ToyTarget()).Layout(input) is not { Elements: [var first, ..] } map) return null;
            return map with { Blocks = [], Lengths = [.. map.Lengths, new(8, 8, first.ListFrom, first.ListTo, first.Length)] };
        }
    }
}
