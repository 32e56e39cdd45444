using WebRtcConformance.Conformance.Tests.Wcap;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Suts;

/// <summary>Manifests and the catalogue: finding, naming, installing, checking.</summary>
public sealed class CatalogueTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("suts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SutCatalogue With(string name, string json)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "sut.json"), json);
        return SutCatalogue.Open(_folder);
    }

    private const string Common = "\"title\":\"T\",\"licence\":\"MIT\",\"homepage\":\"https://example.org/\"";

    [Fact]
    public void EveryManifestOfTheRepositoryIsSound()
    {
        var catalogue = SutCatalogue.Open();
        Assert.Empty(catalogue.Problems);
        Assert.Equal(["libdatachannel", "werift", "wrtc"], catalogue.All.Select(m => m.Name).Intersect(["libdatachannel", "werift", "wrtc"]));
        foreach (var manifest in catalogue.All)
        {
            Assert.True(Directory.Exists(manifest.At(manifest.Folder)), manifest.Name);
            Assert.All(manifest.Install, step => Assert.True(Directory.Exists(manifest.At(step.Folder)), manifest.Name));
        }
    }

    [Fact]
    public void TheNodeVersionsAreThoseOfTheManifests()
    {
        var packages = File.ReadAllText(Path.Combine(SutCatalogue.Open().Folder, "node", "package.json"));
        foreach (var (name, package) in new[] { ("wrtc", "@roamhq/wrtc"), ("werift", "werift"), ("libdatachannel", "node-datachannel") })
            Assert.Contains($"\"{package}\": \"{SutCatalogue.Open().Find(name).Version}\"", packages);
    }

    [Theory]
    [InlineData("wertif", "Did you mean 'werift'?")]
    [InlineData("WRTC", "Did you mean 'wrtc'?")]
    [InlineData("libdatachanel", "Did you mean 'libdatachannel'?")]
    [InlineData("a-stack-of-mine", "Known: ")]
    public void UnknownNames(string name, string hint) =>
        Assert.Contains(hint, Assert.Throws<SutCatalogueException>(() => SutCatalogue.Open().Find(name)).Message);

    [Fact]
    public void AMissingFolderIsNamed() =>
        Assert.Contains("'/no/such'", Assert.Throws<SutCatalogueException>(() => SutCatalogue.Open("/no/such")).Message);

    [Theory]
    [InlineData("{", "sut.json: ")]
    [InlineData("null", "holds no object")]
    [InlineData("{\"name\":\"x\"}", "title")]
    [InlineData("{\"name\":\"y\",\"command\":\"a\"," + Common + "}", "its folder is 'x'")]
    [InlineData("{\"name\":\"x\",\"command\":\"\"," + Common + "}", "is empty")]
    [InlineData("{\"name\":\"x\",\"command\":\"a\",\"argument\":[]," + Common + "}", "argument")]
    [InlineData("{\"name\":\"x\",\"command\":\"a\",\"arguments\":[null]," + Common + "}", "null")]
    [InlineData("{\"name\":\"x\",\"command\":\"a\",\"arguments\":null," + Common + "}", "arguments")]
    [InlineData("{\"name\":\"x\",\"command\":\"a\",\"install\":[null]," + Common + "}", "null")]
    [InlineData("{\"name\":\"x\",\"command\":\"a\",\"requires\":[\"a\\u0000\"]," + Common + "}", "NUL")]
    public void BrokenManifests(string json, string what)
    {
        var catalogue = With("x", json);
        Assert.Contains(what, Assert.Single(catalogue.Problems));
        Assert.Contains(what, Assert.Throws<SutCatalogueException>(() => catalogue.Find("x")).Message);
    }

    [Fact]
    public void WhatIsNotInstalledSaysHowToInstallIt()
    {
        var catalogue = With("x", "{\"name\":\"x\",\"command\":\"sh\",\"requires\":[\"made\"],\"install\":[{\"command\":\"sh\"}]," + Common + "}");
        Assert.Contains("Install it with: wrc suts install x", Assert.Throws<SutStartException>(() => catalogue.Start("x")).Message);
    }

    [Fact]
    public void AMissingToolSaysHowToGetIt()
    {
        var catalogue = With("x", "{\"name\":\"x\",\"command\":\"sh\",\"tools\":[{\"command\":\"no-such-tool\",\"advice\":\"Get it there.\"}]," + Common + "}");
        Assert.Contains("'no-such-tool', which was not found. Get it there.", Assert.Throws<SutStartException>(() => catalogue.Start("x")).Message);
        Assert.Contains("Get it there.", Assert.Throws<SutCatalogueException>(() => SutInstaller.Install(catalogue.Find("x"), _ => { })).Message);
    }

    private (List<string> Output, string? Error) Install(string script, string requires = "made", TimeSpan? deadline = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses sh");
        var catalogue = With("x", $$"""{"name":"x","command":"sh","requires":["{{requires}}"],"install":[{"command":"sh","arguments":["-c","{{script}}"]}],{{Common}}}""");
        List<string> output = [];
        try
        {
            SutInstaller.Install(catalogue.Find("x"), output.Add, deadline);
            return (output, null);
        }
        catch (SutCatalogueException e)
        {
            return (output, e.Message);
        }
    }

    [Fact]
    public void InstallRunsTheStepsAndShowsTheirOutput()
    {
        var (output, error) = Install("echo hello; echo oops >&2; touch made");
        Assert.Null(error);
        Assert.Contains("hello", output);
        Assert.Contains("oops", output);
    }

    [Fact]
    public void AFailedStepIsNamed() => Assert.Contains("failed (exit-4)", Install("exit 4").Error);

    [Fact]
    public void AnIncompleteResultIsNamed() => Assert.Contains("does not exist", Install("true").Error);

    [Fact]
    public void AStepThatNeverEndsIsEnded() => Assert.Contains("took longer", Install("sleep 100", deadline: TimeSpan.FromMilliseconds(200)).Error);

    [Fact]
    public void AStepThatAsksGetsNoAnswer() => Assert.Null(Install("cat > made").Error);

    [Fact]
    public void CheckPassesAGoodAdapter() => Assert.All(SutCheck.Run(BadAdapterTests.Command("good")), r => Assert.True(r.Passed, r.Name + ": " + r.Detail));

    [Theory]
    [InlineData("crash-on-start", "starts, says hello, is honest")]
    [InlineData("dishonest", "starts, says hello, is honest")]
    [InlineData("exits-mid-dialogue", "says unsupported to an unknown command")]
    [InlineData("hang-but-ping", "says unsupported to an unknown command")]
    [InlineData("rubbish", "says unsupported to an unknown command")]
    [InlineData("crash-on-case", "answers ping")]
    [InlineData("keeps-cases", "answers ping")]
    public void CheckFindsWhatIsWrong(string mode, string name)
    {
        var options = new WcapOptions { CommandDeadline = TimeSpan.FromSeconds(3), StartDeadline = TimeSpan.FromSeconds(30) };
        var failed = SutCheck.Run(BadAdapterTests.Command(mode), options).First(r => !r.Passed);
        Assert.Equal(name, failed.Name);
        Assert.NotEqual("", failed.Detail);
    }
}
