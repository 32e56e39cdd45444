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

    private static bool Emitted(GeneratorDriver driver) => Result(driver).TrackedSteps[AbnfGenerator.ModulesStep].SelectMany(s => s.Outputs)
        .Any(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);

    [Fact]
    public void Each_file_makes_one_source_and_the_core_rules_and_all_make_one_more()
    {
        var result = Result(First());
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Exception);
        Assert.Equal(Files.Count + 2, result.GeneratedSources.Length);
    }

    [Fact]
    public void Editing_a_comment_emits_nothing() => Assert.False(Emitted(Edit(First(), "/sdp.abnf", t => "; one more comment\n\n" + t)));

    [Fact]
    public void Editing_CSharp_does_nothing() =>
        Assert.False(Emitted(First().RunGenerators(Compilation.AddSyntaxTrees(Tree("class D;")), TestContext.Current.CancellationToken)));

    [Fact]
    public void Editing_a_range_emits() => Assert.True(Emitted(Edit(First(), "/ice-sdp.abnf", t => t.Replace("1..256", "1..255"))));

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
