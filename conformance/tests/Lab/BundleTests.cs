using System.Text.Json;
using WebRtcConformance.Conformance.Tests.Suite;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Reports;
using WebRtcConformance.Simulation.Capture;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Conformance.Tests.Lab;

/// <summary>What a failed case leaves behind.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wrc-bundle-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_capture_can_be_read_back_and_names_the_step_of_each_packet()
    {
        var recorder = new Recorder();
        for (var i = 0; i < 5; i++) recorder.Packet(RecorderTests.Packet(i, sent: i % 2 == 0));
        using var stream = new MemoryStream();
        Bundle.WriteCapture(stream, recorder);
        Assert.True(PcapngReader.TryRead(stream.ToArray(), out var capture, out var error), error);
        Assert.Equal(
            recorder.Packets.Select(p => (p.From, p.To, Convert.ToHexString(p.Bytes), (string?)p.Comment)),
            capture.Datagrams.Select(d => (d.Source, d.Destination, Convert.ToHexString(d.Payload), d.Comment)));
    }

    [Fact]
    public void A_failed_case_leaves_its_packets_timeline_and_result()
    {
        var result = Fail(Path.Combine(_folder, "bundles"));
        Assert.Equal(4, result.Artifacts.Count);
        string At(string file) => Path.Combine(_folder, result.Artifacts.Single(a => a.EndsWith(file, StringComparison.Ordinal)));
        Assert.True(PcapngReader.TryRead(File.ReadAllBytes(At("packets.pcapng")), out var capture, out var error), error);
        Assert.NotEmpty(capture.Datagrams);
        Assert.All(capture.Datagrams, d => Assert.False(string.IsNullOrWhiteSpace(d.Comment)));
        Assert.Equal(result.Timeline, File.ReadAllLines(At("timeline.txt")));
        using var json = JsonDocument.Parse(File.ReadAllText(At("result.json")));
        Assert.Equal(result.Case, json.RootElement.GetProperty("case").GetString());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_loses_no_result()
    {
        var file = Path.Combine(_folder, "a-file");
        File.WriteAllText(file, "");
        var result = Fail(Path.Combine(file, "bundles"));
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Empty(result.Artifacts);
        Assert.NotEmpty(result.Timeline);
    }

    [Theory]
    [InlineData("stun/a[ipv4,controlled]", "stun-a-ipv4-controlled")]
    [InlineData("../../etc/passwd", "..-..-etc-passwd")]
    [InlineData("a\\b:c*ü", "a-b-c")]
    public void A_folder_name_stays_in_its_folder(string id, string name) => Assert.Equal(name, Bundle.FolderName(id));

    [Fact]
    public void No_two_cases_share_a_folder() =>
        Assert.Equal(RealSuite.Definitions.Count, RealSuite.Definitions.Select(c => Bundle.FolderName(c.Id)).Distinct().Count());

    private static CaseResult Fail(string folder)
    {
        var definition = RealSuite.Definitions.Single(c => c.Id == "stun/header/top-bits[01,controlled]");
        var plan = new RunPlan
        {
            Cases = [definition], Seed = 1, SutName = "reference", LevelOf = _ => "MUST", Quirks = QuirkSet.Of(Quirk.StunAcceptsTopBits), BundleFolder = folder,
        };
        var collector = new RunLogCollector();
        new Runner(plan).Run(collector, TestContext.Current.CancellationToken);
        return collector.ToLog().Results.Single();
    }
}
