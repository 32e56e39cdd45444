using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using SpecFiles = WebRtcConformance.Generator.Notation.SpecFiles;

namespace WebRtcConformance.Generator.Incremental;

/// <summary>What an edit makes the generator do again, and no more.</summary>
public class IncrementalTests
{
    private sealed class SpecText(string path, string text) : AdditionalText
    {
        public override string Path => path;
        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private static readonly CSharpCompilation Compilation = CSharpCompilation.Create("Test", [Tree("class C;")]);

    private static SyntaxTree Tree(string text) => CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken);

    private static GeneratorDriver Run(IEnumerable<AdditionalText> files) =>
        CSharpGeneratorDriver.Create([new WireSpecGenerator().AsSourceGenerator()], files,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)).RunGenerators(Compilation);

    private static GeneratorDriver Edit(GeneratorDriver driver, string path, Func<string, string> edit)
    {
        var (old, text) = Files[path];
        var edited = edit(text);
        Assert.NotEqual(text, edited);
        return driver.ReplaceAdditionalText(old, new SpecText(path, edited)).RunGenerators(Compilation);
    }

    // The driver holds texts by reference, so the tests hold them too.
    private static readonly Dictionary<string, (AdditionalText File, string Text)> Files =
        SpecFiles.All.ToDictionary(f => f.Path, f => ((AdditionalText)new SpecText(f.Path, f.Text), f.Text));

    private static GeneratorDriver First() => Run(Files.Values.Select(f => f.File));

    private static GeneratorRunResult Result(GeneratorDriver driver) => driver.GetRunResult().Results.Single();

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step) =>
        Result(driver).TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason).ToArray();

    /// <summary>Modules whose emission ran again.</summary>
    private static string[] Modules(GeneratorDriver driver) => Result(driver).TrackedSteps[WireSpecGenerator.ModuleStep].SelectMany(s => s.Outputs)
        .Where(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified).Select(o => ((LinkedModule)o.Value).Module.Name).Order().ToArray();

    /// <summary>Whether any source output was made again.</summary>
    private static bool Emitted(GeneratorDriver driver) => Result(driver).TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs)
        .Any(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);

    [Fact]
    public void Each_spec_file_makes_one_source_and_all_make_one_more()
    {
        var result = Result(First());
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Exception);
        Assert.Equal(SpecFiles.All.Count + 1, result.GeneratedSources.Length);
    }

    /// <summary>How long it takes is printed, and judged by nobody here: `dotnet run --project reference/benchmarks -- --generate` measures it.</summary>
    [Fact]
    public void All_of_it_is_generated_in_one_go_and_stays_small()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = Result(First());
        var characters = result.GeneratedSources.Sum(source => source.SourceText.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{SpecFiles.All.Count} spec files, {characters} characters of source, {watch.ElapsedMilliseconds} ms");
        Assert.InRange(characters, 100_000, 4_000_000);
    }

    [Fact]
    public void Editing_CSharp_does_nothing()
    {
        var driver = First().RunGenerators(Compilation.AddSyntaxTrees(Tree("class D;")), TestContext.Current.CancellationToken);
        Assert.All(Result(driver).TrackedSteps.Where(s => s.Key is WireSpecGenerator.ParseStep or WireSpecGenerator.LinkStep or WireSpecGenerator.ModuleStep
            or WireSpecGenerator.AggregateStep or WireSpecGenerator.SyntaxStep).SelectMany(s => s.Value).SelectMany(s => s.Outputs),
            o => Assert.Equal(IncrementalStepRunReason.Cached, o.Reason));
        Assert.False(Emitted(driver));
    }

    [Theory]
    [InlineData("rfc8489-stun/stun.pdu")]
    [InlineData("rfc8832-dcep/dcep.pdu")]
    public void Editing_a_comment_emits_nothing(string path)
    {
        var driver = Edit(First(), path, t => "# one more comment\n\n" + t.Replace("where\n", "where\n  # and here\n"));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(driver, WireSpecGenerator.ParseStep));
        Assert.DoesNotContain(IncrementalStepRunReason.Modified, Reasons(driver, WireSpecGenerator.SyntaxStep));
        Assert.Empty(Modules(driver));
        Assert.DoesNotContain(IncrementalStepRunReason.Modified, Result(driver).TrackedOutputSteps.SelectMany(s => s.Value)
            .Where(s => s.Inputs.Any(i => i.Source.Name is WireSpecGenerator.ModuleStep or WireSpecGenerator.AggregateStep)).SelectMany(s => s.Outputs).Select(o => o.Reason));
    }

    [Fact]
    public void Editing_a_file_that_stands_alone_emits_it_alone()
    {
        var driver = Edit(First(), "rfc8832-dcep/dcep.pdu", t => t.Replace("Priority: 16 bits.", "Priority: 16 bits; must Priority < 1025."));
        Assert.Equal(["dcep"], Modules(driver));
    }

    [Fact]
    public void Editing_a_file_emits_what_depends_on_it()
    {
        var driver = Edit(First(), "rfc3550-rtp/rtp.pdu", t => t.Replace("timestamp: 32 bits.", "timestamp: 32 bits; must timestamp > 0."));
        // RTP itself, what it chooses from, and whatever uses it: RTCP and all its extensions.
        string[] dependent = ["rtp", "rtp-header-extensions", "rtcp", "avpf", "transport-wide-cc", "xr"];
        Assert.Equal([], dependent.Except(Modules(driver)));
        Assert.DoesNotContain("stun", Modules(driver));
        Assert.DoesNotContain("sctp", Modules(driver));
    }

    [Fact]
    public void Diagnostics_stand_at_the_spec_files_own_line_and_column()
    {
        var driver = Edit(First(), "rfc8832-dcep/dcep.pdu", t => t.Replace("Priority: 16 bits.", "Priority: 15 bits."));
        var diagnostic = Assert.Single(Result(driver).Diagnostics);
        var span = diagnostic.Location.GetLineSpan();
        var line = Array.IndexOf(Files["rfc8832-dcep/dcep.pdu"].Text.Split('\n'), "  Priority: 16 bits.");
        Assert.Equal(("WS007", "rfc8832-dcep/dcep.pdu", line, 12, DiagnosticSeverity.Error),
            (diagnostic.Id, span.Path, span.StartLinePosition.Line, span.StartLinePosition.Character, diagnostic.Severity));
        // The other modules are still emitted, so that no error but the right one is seen.
        Assert.Equal(SpecFiles.All.Count, Result(driver).GeneratedSources.Length);
    }

    [Fact]
    public void A_moved_mistake_is_reported_at_its_new_place()
    {
        var driver = Edit(First(), "rfc8832-dcep/dcep.pdu", t => "#\n#\n" + t.Replace("Priority: 16 bits.", "Priority: 15 bits."));
        var line = Array.IndexOf(Files["rfc8832-dcep/dcep.pdu"].Text.Split('\n'), "  Priority: 16 bits.");
        Assert.Equal(line + 2, Assert.Single(Result(driver).Diagnostics).Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void The_library_and_the_generator_find_the_same()
    {
        var broken = SpecFiles.All.Select(f => (f.Path, f.Text.Replace("16 bits", "17 bits"))).ToArray();
        var library = SpecLibrary.Load(broken).Diagnostics.Select(d => $"{d.Rule.Id} {d.Path} {d.Position.Line}").ToArray();
        var generator = Result(Run(broken.Select(f => new SpecText(f.Path, f.Item2)))).Diagnostics.Select(d => $"{d.Id} {d.Location.GetLineSpan().Path} {d.Location.GetLineSpan().StartLinePosition.Line + 1}");
        Assert.NotEmpty(library);
        Assert.Equal(library.Order(), generator.Order());
    }
}
