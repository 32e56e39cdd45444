using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Wire;

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
    public void Between_structural_variations_the_loop_does_not_allocate()
    {
        var engine = new FuzzEngine(new Unstructured(), new() { Seed = 1 });
        engine.Add([1, 2, 3]);
        engine.Run(300_000);
        var kept = engine.Corpus.Entries.Count;
        var before = GC.GetAllocatedBytesForCurrentThread();
        engine.Run(100_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // Only a kept input may cost memory.
        Assert.True(allocated <= (engine.Corpus.Entries.Count - kept) * 20_000, $"{allocated} bytes");
    }

    private sealed class Unstructured : IFuzzTarget
    {
        public string Name => "unstructured";
        public IReadOnlyList<string> Oracles => [];
        public string Describe(ReadOnlySpan<byte> input) => "";

        public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
        {
            context.Cover((uint)input.Length / 16);
            return null;
        }
    }

    [Fact]
    public void Structural_variations_are_executed_as_they_are_and_then_in_other_forms()
    {
        var target = new Structured();
        var engine = new FuzzEngine(target, new() { Seed = 1 });
        engine.Add([0]);
        engine.Run(FuzzEngine.StructureEvery * 100);
        Assert.Equal(100, target.Made);
        Assert.InRange(target.AsMade, 100, FuzzEngine.StructureEvery * 20);
        // All the others are variations of one of those, not of the input.
        Assert.True(target.Near > FuzzEngine.StructureEvery * 50, $"{target.Near}");
    }

    private sealed class Structured : IFuzzTarget
    {
        private static readonly byte[] Varied = [.. Enumerable.Repeat((byte)0xA5, 64)];

        public int Made, AsMade, Near;
        public string Name => "structured";
        public IReadOnlyList<string> Oracles => [];
        public string Describe(ReadOnlySpan<byte> input) => "";

        public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
        {
            if (input.SequenceEqual(Varied)) AsMade++;
            else if (input.Count((byte)0xA5) > 8) Near++;
            return null;
        }

        public byte[]? Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> donor, ref Choices choices)
        {
            Made++;
            return Varied;
        }
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
        var minimizer = new FuzzMinimizer(new ToyTarget(), Fails);
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
}
