using System.Diagnostics;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>The generated codec of one message format, of packets or of text. The generated code and the interpreter of the same schema were written
/// apart from each other and must agree; what is accepted must survive reading and writing.</summary>
/// <param name="walk">Reports cheap features of an input, beside the parser's verdict.</param>
public sealed class CodecTarget(IMessageFormat format, FeatureWalk? walk = null) : IFuzzTarget
{
    private const int NoAllocation = 0, Agreement = 1, Checksums = 2, RoundTrip = 3, Canonical = 4, BoundedMemory = 5, BoundedTime = 6;
    private const int SeedCount = 48, ChoiceBytes = 192;

    /// <summary>Memory that parsing into a record and writing it may take: objects are larger than their bytes, but in proportion.</summary>
    private const int BytesAtLeast = 16_384, BytesPerInputByte = 400;

    /// <summary>Time that a verdict may take. A machine that does other things at the same time makes single measurements useless: the best of
    /// several counts, and the limit is some hundred times what is usual.</summary>
    private const double MicrosecondsAtLeast = 200, MicrosecondsPerInputByte = 1;
    private const int TimeAttempts = 20;

    public string Name => format.Name;

    public IReadOnlyList<string> Oracles { get; } =
        ["no-allocation", "agreement", "checksum-agreement", "round-trip", "canonical", "bounded-memory", "bounded-time"];

    public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        context.Ran(NoAllocation);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = format.Accepts(input, out var error);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // What is made once for the life of the process (a static table) is no fault: only what is allocated again.
        if (allocated != 0 && AllocatesAgain(input) is var again and not 0)
            return FuzzFinding.Of("no-allocation", $"the verdict {Verdict(error)} allocated {again} bytes", input, Bucket(error));

        context.Accepted = accepted;
        context.Cover(error.Node, (uint)error.Kind);
        walk?.Invoke(accepted ? input : input[..Math.Clamp(error.Offset, 0, input.Length)], accepted, ref context);
        return context.Deep ? Judge(input, accepted, error, ref context) : null;
    }

    private FuzzFinding? Judge(ReadOnlySpan<byte> input, bool accepted, WireError error, ref FuzzContext context) =>
        JudgeTime(input, error, ref context)
        ?? JudgeAgreement(input, accepted, error, ref context)
        ?? (accepted ? (format.IsText ? null : JudgeChecksums(input, ref context)) ?? JudgeRecord(input, ref context) : null);

    private long AllocatesAgain(ReadOnlySpan<byte> input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        format.Accepts(input, out _);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private FuzzFinding? JudgeTime(ReadOnlySpan<byte> input, WireError error, ref FuzzContext context)
    {
        context.Ran(BoundedTime);
        var limit = MicrosecondsAtLeast + MicrosecondsPerInputByte * input.Length;
        var best = double.MaxValue;
        for (var attempt = 0; attempt < TimeAttempts && best > limit; attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            format.Accepts(input, out _);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return best <= limit ? null
            : FuzzFinding.Of("bounded-time", $"the verdict {Verdict(error)} takes {best:0} µs for {input.Length} bytes, {TimeAttempts} times in a row; the limit is {limit:0} µs", input, Bucket(error));
    }

    private FuzzFinding? JudgeAgreement(ReadOnlySpan<byte> input, bool accepted, WireError error, ref FuzzContext context)
    {
        context.Ran(Agreement);
        if (accepted == error.IsError)
            return FuzzFinding.Of("agreement", $"the codec says {(accepted ? "yes" : "no")} with the error '{error}'", input, "verdict-and-error");
        format.Interpret(input, out var interpreted);
        if (interpreted != error)
            return FuzzFinding.Of("agreement", $"the generated code says {Verdict(error)}, the interpreter {Verdict(interpreted)}", input, $"{Bucket(error)}|{Bucket(interpreted)}");
        var parsed = format.TryParse(input, keepTrivia: false, out _, out var recorded);
        if (parsed != accepted || recorded != error)
            return FuzzFinding.Of("agreement", $"the view says {Verdict(error)}, the record {Verdict(recorded)}", input, $"{Bucket(error)}|record|{Bucket(recorded)}");
        return null;
    }

    private FuzzFinding? JudgeChecksums(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        context.Ran(Checksums);
        format.Verify(input, WireKey.None, out var generated);
        format.InterpretVerify(input, WireKey.None, out var interpreted);
        return generated == interpreted ? null
            : FuzzFinding.Of("checksum-agreement", $"the generated code says {Verdict(generated)}, the interpreter {Verdict(interpreted)}", input, $"{Bucket(generated)}|{Bucket(interpreted)}");
    }

    private FuzzFinding? JudgeRecord(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        context.Ran(RoundTrip);
        var allocated = ReadAndWrite(input, out var same);
        if (Difference(input, same) is { } at)
            return FuzzFinding.Of("round-trip", $"written again the message is {Convert.ToHexStringLower(same)}: other from byte {at} on", input, format.ElementAt(input, at));

        context.Ran(Canonical);
        format.TryParse(input, keepTrivia: false, out var plain, out _);
        var canonical = format.Write(plain!);
        if (!format.TryParse(canonical, keepTrivia: false, out var reread, out var error))
            return FuzzFinding.Of("canonical", $"the canonical form {Convert.ToHexStringLower(canonical)} is refused: {error}", input, Bucket(error));
        if (!reread.Equals(plain))
            return FuzzFinding.Of("canonical", $"the canonical form {Convert.ToHexStringLower(canonical)} is another message", input, "another-message");
        if (Difference(canonical, format.Write(reread)) is { } changed)
            return FuzzFinding.Of("canonical", $"the canonical form {Convert.ToHexStringLower(canonical)} is no fixed point: other from byte {changed} on", input, format.ElementAt(canonical, changed));

        context.Ran(BoundedMemory);
        var limit = BytesAtLeast + (long)BytesPerInputByte * input.Length;
        // Again: what is made once for the life of the process, with the first record of a kind, is no fault.
        if (allocated > limit) allocated = ReadAndWrite(input, out _);
        return allocated <= limit ? null
            : FuzzFinding.Of("bounded-memory", $"{input.Length} bytes took {allocated} bytes of memory to read and write; the limit is {limit}", input, "record");
    }

    /// <summary>How much is allocated for a record of the input, and for the bytes that it gives.</summary>
    private long ReadAndWrite(ReadOnlySpan<byte> input, out byte[] written)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        format.TryParse(input, keepTrivia: true, out var message, out _);
        written = format.Write(message!);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The first byte at which they differ, or null.</summary>
    private static int? Difference(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var common = first.CommonPrefixLength(second);
        return common == first.Length && common == second.Length ? null : common;
    }

    private static string Verdict(WireError error) => error.IsError ? $"'{error}'" : "'accepted'";

    private static string Bucket(WireError error) => error.IsError ? $"{error.Path} {error.Kind}" : "accepted";

    public string Describe(ReadOnlySpan<byte> input)
    {
        format.Accepts(input, out var error);
        return $"{Convert.ToHexStringLower(input)}\n{input.Length} bytes, {(error.IsError ? "refused: " + error : "accepted")}\n{format.Dump(input)}";
    }

    /// <summary>Mostly a mutation; now and then a new message.</summary>
    public byte[]? Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> donor, ref Choices choices) =>
        choices.OneIn(32) ? format.Draw(ref choices) : format.Mutate(input, choices.OneIn(4) ? donor : default, ref choices);

    public byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests) => format.Minimize(input, fails, maxTests);

    public IReadOnlyList<byte[]> Dictionary => format.Dictionary;

    public bool IsUnderTest(string type) => format.IsOwnCode(type);

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var random = new FuzzRandom(1);
            var seeds = new List<byte[]> { Array.Empty<byte>() };
            for (var i = 0; i < SeedCount; i++) seeds.Add(Draw(ref random));
            if (format.IsText) seeds.AddRange(RecordedTexts.For(format));
            return seeds;
        }
    }

    /// <summary>A valid message, drawn from a random sequence of choices.</summary>
    private byte[] Draw(ref FuzzRandom random)
    {
        Span<byte> bytes = stackalloc byte[ChoiceBytes];
        random.Fill(bytes);
        var choices = new Choices(bytes[..random.SmallLength(ChoiceBytes)]);
        return format.Draw(ref choices);
    }
}

/// <summary>Reports features of an input that cost almost nothing to see.</summary>
/// <param name="bytes">The input, as far as the parser came.</param>
public delegate void FeatureWalk(ReadOnlySpan<byte> bytes, bool accepted, ref FuzzContext context);
