using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>docs/adapter-protocol.md does what it says.</summary>
public sealed class DocumentTests : IDisposable
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(SutCatalogue.Open().Folder, "..", "..", "docs"));
    private static readonly string Text = File.ReadAllText(Path.Combine(Docs, "adapter-protocol.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory("adapter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Block(string language) => Regex.Match(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private SutCatalogue Example()
    {
        Assert.SkipWhen(ChildProcess.Find("python3", ".") is null, "python3 is not installed (Debian: apt install python3)");
        Directory.CreateDirectory(Path.Combine(_folder, "example"));
        File.WriteAllText(Path.Combine(_folder, "example", "my_adapter.py"), Block("python"));
        File.WriteAllText(Path.Combine(_folder, "example", "sut.json"), Block("json"));
        return SutCatalogue.Open(_folder);
    }

    [Fact]
    public void TheExampleHasSixtyLines() => Assert.InRange(Block("python").Split('\n').Length, 40, 66);

    [Fact]
    public void TheExampleIsASoundAdapter() =>
        Assert.All(SutCheck.Run(Example().Find("example").ToCommand(), NodeAdapterTests.Options), r => Assert.True(r.Passed, r.Name + ": " + r.Detail));

    [Theory]
    [InlineData("001100102112a442000102030405060708090a0b802200017800000007770002abcd0000", "indication 1 8022:78 777:abcd")]
    [InlineData("011100002112a442000102030405060708090a0b", "error 1")]
    [InlineData("000100042112a442000102030405060708090a0b", "badLength")]
    [InlineData("0001", "truncated")]
    public void TheExampleDecodesStun(string bytes, string expected)
    {
        using var sut = Example().Start("example", NodeAdapterTests.Options);
        using var session = sut.Begin("stun", TimeSpan.FromSeconds(60));
        var reply = session.Call("codec.decode", new JsonObject { ["type"] = "stun.message", ["bytes"] = bytes });
        var value = reply.Value?["value"];
        Assert.Equal(expected, value is null ? reply.Reason : string.Join(' ',
            [(string)value["class"]!, (string)value["method"]!.ToJsonString(), .. value["attributes"]!.AsArray().Select(a => $"{(int)a!["type"]!:x}:{a["bytes"]}")]));
    }

    [Fact]
    public void TheReasonsAreThoseOfTheCode()
    {
        var table = Text[Text.IndexOf("| reason |", StringComparison.Ordinal)..Text.IndexOf("### The life", StringComparison.Ordinal)];
        Assert.Equal(RejectReasons.All, Regex.Matches(table, "^\\| `(\\w+)` \\|", RegexOptions.Multiline).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void TheCommandsAreThoseOfTheSchema()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Docs, "wcap", "peer-commands.schema.json")))!;
        var known = schema["oneOf"]!.AsArray().Select(c => (string)c!["properties"]!["cmd"]!["const"]!).Order();
        var table = Text[Text.IndexOf("### Level `wire`", StringComparison.Ordinal)..Text.IndexOf("| event |", StringComparison.Ordinal)];
        Assert.Equal(known, Regex.Matches(table, "`(peer\\.\\w+)`").Select(m => m.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public void LinksLeadSomewhere()
    {
        var links = Regex.Matches(Text, @"\]\(([^)#]+)\)").Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Docs, link)), link));
    }
}
