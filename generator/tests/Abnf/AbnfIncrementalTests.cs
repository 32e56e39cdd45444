using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>What an edit of an ABNF file makes the generator do again, and where mistakes are reported.</summary>
public class AbnfIncrementalTests
{
    private sealed class SpecText(string path, string text) : AdditionalText
    {
        public override string Path => path;
        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private static readonly CSharpCompilation Compilation = CSharpCompilation.Create("Test", [Tree("class C;")]);

    private static readonly Dictionary<string, (AdditionalText File, string Text)> Files = Directory.GetFiles(SpecFiles.Folder, "*.abnf", SearchOption.AllDirectories)
        .Select(p => (Path: Path.GetRelativePath(SpecFiles.Folder, p).Replace('\\', '/'), Text: File.ReadAllText(p)))
        .ToDictionary(f => f.Path, f => ((AdditionalText)new SpecText(f.Path, f.Text), f.Text));

    private static SyntaxTree Tree(string text) => CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);

    private static GeneratorDriver First() => CSharpGeneratorDriver.Create([new AbnfGenerator().AsSourceGenerator()], Files.Values.Select(f => f.File),
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)).RunGenerators(Compilation);

    private static GeneratorRunResult Result(GeneratorDriver driver) => driver.GetRunResult().Results.Single();

    private static GeneratorDriver Edit(GeneratorDriver driver, string end, Func<string, string> edit)
    {
        var (path, (old, text)) = Files.Single(f => f.Key.EndsWith(end, StringComparison.Ordinal));
        Assert.NotEqual(text, edit(text));
        return driver.ReplaceAdditionalText(old, new SpecText(path, edit(text))).RunGenerators(Compilation);
    }

    /// <summary>Modules that were emitted again.</summary>
    private static string[] Emitted(GeneratorDriver driver) => Result(driver).TrackedSteps[AbnfGenerator.ModuleStep].SelectMany(s => s.Outputs)
        .Where(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified).Select(o => ((TextUnit)o.Value).Module.Name).Order().ToArray();

    /// <summary>Source outputs that were made again, by their trees: those of the same text are the same.</summary>
    private static string[] Changed(GeneratorDriver before, GeneratorDriver after) => Result(after).GeneratedSources
        .Where(s => Result(before).GeneratedSources.First(b => b.HintName == s.HintName).SourceText.ToString() != s.SourceText.ToString()).Select(s => s.HintName).Order().ToArray();

    [Fact]
    public void Each_file_makes_one_source_and_the_core_rules_and_all_make_one_more()
    {
        var result = Result(First());
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Exception);
        Assert.Equal(Files.Count + 2, result.GeneratedSources.Length);
    }

    [Fact]
    public void Editing_a_comment_emits_nothing() => Assert.Empty(Emitted(Edit(First(), "/sdp.abnf", t => "; one more comment\n\n" + t)));

    [Fact]
    public void Editing_CSharp_does_nothing() =>
        Assert.Empty(Emitted(First().RunGenerators(Compilation.AddSyntaxTrees(Tree("class D;")), TestContext.Current.CancellationToken)));

    [Fact]
    public void Editing_a_range_emits_the_module_alone()
    {
        var first = First();
        var second = Edit(first, "/ice-sdp.abnf", t => t.Replace("1..256", "1..255"));
        Assert.Equal(["ice-sdp"], Emitted(second));
        Assert.Equal(["Text.IceSdp.g.cs"], Changed(first, second));
    }

    /// <summary>Nobody but those who lead to the rule is emitted again; and whoever would come out different is.</summary>
    [Theory]
    [InlineData("/ice-sdp.abnf", "foundation            = 1*32ice-char", "foundation            = 1*33ice-char", "opus")]
    [InlineData("/sdp.abnf", "fmt =                 token", "fmt =                 token / \"@\" token", "stun-uris")]
    [InlineData("/uri.abnf", "fragment      = *( pchar / \"/\" / \"?\" )", "fragment      = *( pchar / \"/\" / \"?\" / \"#\" )", "ice-sdp")]
    public void Editing_a_rule_emits_the_modules_that_lead_to_it(string file, string before, string after, string untouched)
    {
        var first = First();
        var second = Edit(first, file, t => t.Replace(before, after));
        Assert.Empty(Result(second).Diagnostics);
        var emitted = Emitted(second);
        Assert.DoesNotContain(untouched, emitted);
        Assert.InRange(emitted.Length, 1, Files.Count / 2);
        var names = Result(second).TrackedSteps[AbnfGenerator.ModuleStep].SelectMany(s => s.Outputs).Select(o => ((TextUnit)o.Value).Module).ToDictionary(m => m.Name, m => $"Text.{m.Namespace}.g.cs");
        Assert.Empty(Changed(first, second).Except(emitted.Select(e => names[e])));
        // The same as from scratch.
        var scratch = CSharpGeneratorDriver.Create([new AbnfGenerator().AsSourceGenerator()], Files.Select(f => f.Key.EndsWith(file, StringComparison.Ordinal)
            ? new SpecText(f.Key, f.Value.Text.Replace(before, after)) : f.Value.File)).RunGenerators(Compilation, TestContext.Current.CancellationToken);
        Assert.Empty(Changed(scratch, second));
    }

    [Fact]
    public void The_sources_stay_small()
    {
        var characters = Result(First()).GeneratedSources.Sum(source => source.SourceText.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Files.Count} spec files, {characters} characters of source");
        Assert.InRange(characters, 100_000, 1_000_000);
    }

    [Fact]
    public void Mistakes_stand_at_the_spec_files_own_line_and_column()
    {
        var driver = Edit(First(), "/ice-sdp.abnf", t => t.Replace("foundation            = 1*32ice-char", "foundation            = 1*32ice-chat"));
        var diagnostic = Assert.Single(Result(driver).Diagnostics);
        var span = diagnostic.Location.GetLineSpan();
        var lines = Files.Single(f => f.Key.EndsWith("/ice-sdp.abnf", StringComparison.Ordinal)).Value.Text.Split('\n');
        Assert.Equal(("WA008", Array.FindIndex(lines, l => l.StartsWith("foundation  ", StringComparison.Ordinal)), 28, DiagnosticSeverity.Error),
            (diagnostic.Id, span.StartLinePosition.Line, span.StartLinePosition.Character, diagnostic.Severity));
    }
}
