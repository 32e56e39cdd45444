using System.Diagnostics;
using System.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace WebRtcConformance.Benchmarks;

/// <summary>What the compiler waits for: each generator over all spec files, once in a process that has not run it before, again when it is
/// warm, and after an edit of one file that changes what it means. A part of the cold time is the just-in-time compiler's.</summary>
internal static class ColdGeneration
{
    private sealed class SpecText(string path, string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text);
        public override string Path => path;
        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }

    /// <summary>Takes Roslyn through the same steps: the compiler that runs a generator has run before, and comes compiled.</summary>
    private sealed class CopyGenerator : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(
            context.AdditionalTextsProvider.Select((file, stop) => file.GetText(stop)!.ToString()).Collect(),
            (output, texts) => output.AddSource("Copy.g.cs", $"// {string.Concat(texts).Replace('\n', ' ')}"));
    }

    /// <param name="folder">The folder of the spec files.</param>
    public static int Run(string folder)
    {
        AdditionalText[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(path => Path.GetExtension(path) is not (".json" or ".md")).Select(path => new SpecText(path, File.ReadAllText(path)))];
        var compilation = CSharpCompilation.Create("Cold", [CSharpSyntaxTree.ParseText("class C;")]);
        var generators = typeof(Generator.WireSpecGenerator).Assembly.GetTypes()
            .Where(type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal);
        Generate(typeof(CopyGenerator), files, compilation);
        Console.WriteLine($"{files.Length} spec files, {files.Sum(file => file.GetText()!.Length):N0} characters");
        Console.WriteLine($"{"generator",-24}{"cold",10}{"compiling",12}{"warm",10}{"edit",10}{"sources",10}{"characters",14}");
        foreach (var type in generators)
        {
            var compiled = JitInfo.GetCompilationTime();
            var (cold, _, _) = Generate(type, files, compilation);
            compiled = JitInfo.GetCompilationTime() - compiled;
            var (warm, driver, result) = Generate(type, files, compilation);
            var edit = Edit(driver, files, compilation);
            Console.WriteLine($"{type.Name,-24}{cold.TotalMilliseconds,7:F0} ms{compiled.TotalMilliseconds,9:F0} ms{warm.TotalMilliseconds,7:F0} ms{edit.TotalMilliseconds,7:F0} ms{result.GeneratedSources.Length,10}{result.GeneratedSources.Sum(source => source.SourceText.Length),14:N0}");
            if (result.Exception is { } exception) Console.WriteLine($"  it threw: {exception.Message}");
        }
        return 0;
    }

    private static (TimeSpan, GeneratorDriver, GeneratorRunResult) Generate(Type generator, AdditionalText[] files, Compilation compilation)
    {
        var watch = Stopwatch.StartNew();
        var driver = CSharpGeneratorDriver.Create([((IIncrementalGenerator)Activator.CreateInstance(generator)!).AsSourceGenerator()], files).RunGenerators(compilation);
        return (watch.Elapsed, driver, driver.GetRunResult().Results.Single());
    }

    /// <summary>The slowest of: the largest file of each notation gets another title, or one definition more.</summary>
    private static TimeSpan Edit(GeneratorDriver driver, AdditionalText[] files, Compilation compilation) => files
        .GroupBy(file => Path.GetExtension(file.Path)).Select(group => group.MaxBy(file => file.GetText()!.Length)!).Max(file =>
        {
            var text = file.GetText()!.ToString();
            var edited = file.Path.EndsWith(".webidl", StringComparison.Ordinal) ? text + "\ndictionary EditedToday { boolean yes = true; };\n"
                : text.Insert(text.IndexOf('"', StringComparison.Ordinal) + 1, "Edited: ");
            var watch = Stopwatch.StartNew();
            driver.ReplaceAdditionalText(file, new SpecText(file.Path, edited)).RunGenerators(compilation);
            return watch.Elapsed;
        });
}
