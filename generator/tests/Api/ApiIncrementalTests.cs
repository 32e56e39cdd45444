using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.Api;

/// <summary>What an edit of a Web IDL file makes the generator do again, and no more.</summary>
public class ApiIncrementalTests
{
    private sealed class SpecText(string path, string text) : AdditionalText
    {
        public override string Path => path;
        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private static readonly CSharpCompilation Compilation = CSharpCompilation.Create("Test", [Tree("class C;")]);
    private static readonly Dictionary<string, (AdditionalText File, string Text)> Files =
        ApiFiles.All.ToDictionary(f => f.Path, f => ((AdditionalText)new SpecText(f.Path, f.Text), f.Text));

    private static SyntaxTree Tree(string text) => CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);

    private static GeneratorDriver First() => CSharpGeneratorDriver.Create([new WebIdlGenerator().AsSourceGenerator()], Files.Values.Select(f => f.File),
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)).RunGenerators(Compilation);

    private static GeneratorDriver Edit(string path, Func<string, string> edit)
    {
        var (old, text) = Files[path];
        var edited = edit(text);
        Assert.NotEqual(text, edited);
        return First().ReplaceAdditionalText(old, new SpecText(path, edited)).RunGenerators(Compilation);
    }

    private static GeneratorRunResult Result(GeneratorDriver driver) => driver.GetRunResult().Results.Single();

    private static bool IsNew(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified;

    /// <summary>Files whose C# was made again.</summary>
    private static string[] Made(GeneratorDriver driver) => Result(driver).TrackedSteps[WebIdlGenerator.SpecStep].SelectMany(s => s.Outputs)
        .Where(o => IsNew(o.Reason)).Select(o => ((ApiSpec)o.Value).Name).Order().ToArray();

    private static bool SharedMade(GeneratorDriver driver) =>
        Result(driver).TrackedSteps[WebIdlGenerator.AggregateStep].SelectMany(s => s.Outputs).Any(o => IsNew(o.Reason));

    [Fact]
    public void Each_file_makes_one_source_and_all_make_one_more()
    {
        var result = Result(First());
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Exception);
        Assert.Equal(Files.Count + 1, result.GeneratedSources.Length);
    }

    [Fact]
    public void Editing_CSharp_does_nothing()
    {
        var driver = First().RunGenerators(Compilation.AddSyntaxTrees(Tree("class D;")), TestContext.Current.CancellationToken);
        Assert.All(Result(driver).TrackedSteps.Where(s => s.Key.StartsWith("Idl", StringComparison.Ordinal)).SelectMany(s => s.Value).SelectMany(s => s.Outputs),
            o => Assert.Contains(o.Reason, new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged }));
        Assert.DoesNotContain(Result(driver).TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs), o => IsNew(o.Reason));
    }

    [Fact]
    public void Editing_a_comment_emits_nothing()
    {
        var driver = Edit("w3c-webrtc/webrtc.webidl", t => t.Replace("dictionary RTCIceServer {", "/* one\n more */\n\ndictionary RTCIceServer {"));
        Assert.Contains(Result(driver).TrackedSteps[WebIdlGenerator.ParseStep].SelectMany(s => s.Outputs), o => o.Reason == IncrementalStepRunReason.Modified);
        Assert.Empty(Made(driver));
        Assert.False(SharedMade(driver));
    }

    [Fact]
    public void Editing_an_enumeration_emits_its_file_and_its_probes()
    {
        var driver = Edit("w3c-webrtc-priority/webrtc-priority.webidl", t => t.Replace("\"very-low\"", "\"lowest\""));
        Assert.Equal(["webrtc-priority"], Made(driver));
    }

    [Fact]
    public void Editing_a_partial_dictionary_emits_the_file_that_declares_it()
    {
        var driver = Edit("w3c-webrtc-svc/webrtc-svc.webidl", t => t.Replace("DOMString scalabilityMode", "USVString scalabilityMode"));
        Assert.Equal(["webrtc"], Made(driver));
    }

    [Fact]
    public void A_mistake_stands_at_the_files_own_line_and_column_and_nothing_is_emitted()
    {
        var driver = Edit("w3c-webrtc-svc/webrtc-svc.webidl", t => t.Replace("DOMString scalabilityMode", "NoString scalabilityMode"));
        var diagnostic = Assert.Single(Result(driver).Diagnostics);
        var lines = Files["w3c-webrtc-svc/webrtc-svc.webidl"].Text.Split('\n');
        var line = Array.FindIndex(lines, l => l.Contains("scalabilityMode"));
        var span = diagnostic.Location.GetLineSpan();
        Assert.Equal(("WI010", line, lines[line].IndexOf("DOMString", StringComparison.Ordinal), DiagnosticSeverity.Error),
            (diagnostic.Id, span.StartLinePosition.Line, span.StartLinePosition.Character, diagnostic.Severity));
        Assert.Empty(Result(driver).GeneratedSources);
    }
}
