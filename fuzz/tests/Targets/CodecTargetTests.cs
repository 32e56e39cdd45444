using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Tests.Targets;

public class CodecTargetTests
{
    private static readonly IWireCodec Stun = WireCodecs.Find("stun.message")!;

    private static byte[] SampleRequest =>
        FuzzFiles.Shipped("stun.message", "seeds").First(seed => seed.Name.Contains("2.1-request", StringComparison.Ordinal)).Bytes;

    private static FuzzFinding? Hunt(CodecQuirk quirk, int executions)
    {
        var target = new CodecTarget(new WireFormat(new QuirkCodec(Stun, quirk)), StunFeatures.Walk);
        var engine = new FuzzEngine(target, new() { Seed = 11, SampleEvery = 16 });
        FuzzFinding? first = null;
        engine.Found += finding => first ??= finding;
        foreach (var (_, bytes) in FuzzFiles.Shipped("stun.message", "seeds")) engine.Add(bytes);
        for (var done = 0; done < executions && first is null; done += 500) engine.Run(500);
        return first;
    }

    [Theory]
    [InlineData(CodecQuirk.Throws, "no-throw")]
    [InlineData(CodecQuirk.Allocates, "no-allocation")]
    [InlineData(CodecQuirk.AcceptsTrailing, "agreement")]
    [InlineData(CodecQuirk.NamesAnotherNode, "agreement")]
    [InlineData(CodecQuirk.RecordDisagrees, "agreement")]
    [InlineData(CodecQuirk.IgnoresChecksums, "checksum-agreement")]
    [InlineData(CodecQuirk.LosesPadding, "round-trip")]
    [InlineData(CodecQuirk.CanonicalIsRefused, "canonical")]
    [InlineData(CodecQuirk.CanonicalIsAnother, "canonical")]
    [InlineData(CodecQuirk.WritesDifferently, "canonical")]
    [InlineData(CodecQuirk.Hoards, "bounded-memory")]
    [InlineData(CodecQuirk.IsSlow, "bounded-time")]
    public void Each_oracle_finds_its_defect(CodecQuirk quirk, string oracle)
    {
        var finding = Hunt(quirk, 200_000);
        Assert.NotNull(finding);
        Assert.Equal(oracle, finding.Oracle);
    }

    [Fact]
    public void Without_a_defect_nothing_is_found()
    {
        var finding = Hunt(CodecQuirk.None, 50_000);
        Assert.True(finding is null, finding?.ToString());
    }

    public static IEnumerable<TheoryDataRow<string>> Targets => FuzzTargets.Listed.Select(target => new TheoryDataRow<string>(target.Name));

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_oracle_objects_to_the_shipped_corpus(string name)
    {
        var target = FuzzTargets.Find(name)!;
        foreach (var (file, bytes) in FuzzFiles.Shipped(name, "regressions").Concat(FuzzFiles.Shipped(name, "seeds")).Concat(target.Seeds.Select(seed => ("drawn", seed))))
        {
            var finding = FuzzReplay.Run(target, bytes);
            Assert.True(finding is null, $"{file}: {finding}");
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutations_find_nothing(string name)
    {
        var target = FuzzTargets.Find(name)!;
        var engine = new FuzzEngine(target, new() { Seed = 3, SampleEvery = 64 });
        engine.Found += finding => Assert.Fail(finding.ToString());
        foreach (var bytes in FuzzFiles.Shipped(name, "seeds").Select(seed => seed.Bytes).Concat(target.Seeds)) engine.Add(bytes);
        // A stateful run takes some hundred times as long as a verdict; the interpreter of grammars some ten times as long as that of packets.
        var format = MessageFormats.All.FirstOrDefault(f => f.Name == name);
        var runs = name == "stun-agent" ? 2_000 : format is { IsText: true } ? 10_000 : 100_000;
        engine.Run(runs);
        // A mutator that only makes rubbish, or none, would make this test worthless. Some formats are a byte, others take any bytes.
        Assert.True(engine.Accepted >= runs / 1000, $"{engine.Accepted} of {runs} accepted");
        if (format is { IsText: true } || format?.Violations.Any(violation => violation.Force == Ir.Force.Reject) == true)
            Assert.True(engine.Accepted < runs, "everything is accepted");
    }

    [Fact]
    public void There_is_a_target_for_every_codec_under_its_name()
    {
        Assert.All(MessageFormats.All, format => Assert.Equal(format.Name, FuzzTargets.Find(format.Name)?.Name));
        Assert.Equal("sdp.session-description", FuzzTargets.Find("sdp")?.Name);
        Assert.Equal(FuzzTargets.Listed.Count(), FuzzTargets.Listed.Select(target => target.Name).Distinct().Count());
        Assert.Equal("stun.message", FuzzTargets.Find("stun")?.Name);
        Assert.Null(FuzzTargets.Find("dcep"));
        Assert.Null(FuzzTargets.Find("stu"));
    }

    [Fact]
    public void Blocks_are_counted_in_the_code_of_the_format_and_of_the_spec_files_that_extend_it()
    {
        var target = FuzzTargets.Find("stun.message")!;
        Assert.All(new[] { "WebRtcConformance.Wire.Stun.StunMessage", "WebRtcConformance.Wire.Ice.Priority", "WebRtcConformance.Wire.WireRead" }, type => Assert.True(target.IsUnderTest(type), type));
        var candidate = FuzzTargets.Find("candidate")!;
        Assert.All(new[] { "WebRtcConformance.Text.IceSdp.Candidate", "WebRtcConformance.Text.TextScan" }, type => Assert.True(candidate.IsUnderTest(type) && !target.IsUnderTest(type), type));
        Assert.All(new[] { "WebRtcConformance.Text.Opus.OpusParameters", "WebRtcConformance.Text.TextMatcher" }, type => Assert.False(candidate.IsUnderTest(type), type));
        Assert.All(new[] { "WebRtcConformance.Wire.Rtp.RtpPacket", "WebRtcConformance.Wire.WireTree", "WebRtcConformance.Stack.Ice.IceEndpoint" }, type => Assert.False(target.IsUnderTest(type), type));
    }

    [Fact]
    public void A_finding_is_made_smaller_by_whole_attributes()
    {
        // Throws at a value byte, in a message of more than 60 bytes: the minimiser must keep both, and the message valid.
        var quirky = new CodecTarget(new WireFormat(new QuirkCodec(Stun, CodecQuirk.Throws)));
        var request = SampleRequest;
        request[24] = 0x7F;
        Assert.NotNull(FuzzReplay.Run(quirky, request));
        var minimizer = new FuzzMinimizer(quirky, candidate => FuzzReplay.Run(quirky, candidate) is not null && Stun.Accepts(candidate, out _));
        var smaller = minimizer.Minimize(request);
        Assert.InRange(smaller.Length, 61, 68);
        Assert.True(Stun.Accepts(smaller, out _));
    }

    [Fact]
    public void A_description_decodes_accepted_and_refused_bytes()
    {
        var target = FuzzTargets.Find("stun.message")!;
        Assert.Contains("accepted", target.Describe(SampleRequest));
        Assert.Contains("refused: ", target.Describe([0, 1, 2]));
    }

    /// <summary>A text codec with one defect over the generated one for candidates.</summary>
    private sealed class QuirkText(ITextCodec good, CodecQuirk quirk) : ITextCodec
    {
        public string WireName => good.WireName;
        public string Module => good.Module;
        public string Rule => good.Rule;

        public bool Accepts(ReadOnlySpan<byte> text, out WireError error)
        {
            if (quirk == CodecQuirk.Throws && text.Length > 60) throw new IndexOutOfRangeException("planted");
            var accepted = good.Accepts(text, out error);
            if (quirk == CodecQuirk.NamesAnotherNode && error.IsError) error = error with { Node = error.Node ^ 0x7FFF };
            if (quirk == CodecQuirk.AcceptsTrailing && error.IsError && error.Offset > 8)
            {
                error = default;
                return true;
            }
            return accepted;
        }

        public bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out ITextRecord? record, out WireError error)
        {
            if (!good.TryParse(text, keepTrivia, out record, out error)) return false;
            if (quirk == CodecQuirk.LosesPadding && keepTrivia) good.TryParse(text, false, out record, out _);
            return true;
        }
    }

    [Theory]
    [InlineData(CodecQuirk.None, null)]
    [InlineData(CodecQuirk.Throws, "no-throw")]
    [InlineData(CodecQuirk.NamesAnotherNode, "agreement")]
    [InlineData(CodecQuirk.AcceptsTrailing, "agreement")]
    [InlineData(CodecQuirk.LosesPadding, "round-trip")]
    public void Each_oracle_finds_its_defect_in_texts(CodecQuirk quirk, string? oracle)
    {
        var codec = TextModules.Codecs.First(c => c.WireName == "rid.Rid");
        var engine = new FuzzEngine(new CodecTarget(new TextFormat(new QuirkText(codec, quirk))), new() { Seed = 11, SampleEvery = 16 });
        FuzzFinding? first = null;
        engine.Found += finding => first ??= finding;
        foreach (var seed in FuzzTargets.Find("rid.rid")!.Seeds) engine.Add(seed);
        for (var done = 0; done < 10_000 && first is null; done += 500) engine.Run(500);
        Assert.Equal(oracle, first?.Oracle);
    }
}
