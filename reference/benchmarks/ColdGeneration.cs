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
    private const int Edits = 5;

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

    private static readonly CSharpCompilation Compilation = CSharpCompilation.Create("Cold", [CSharpSyntaxTree.ParseText("class C;")]);

    /// <summary>All at once in this process, as a build does: the projects of the three do not wait for each other, and one compiler serves them.</summary>
    /// <param name="folder">The folder of the spec files.</param>
    public static int RunAtOnce(string folder)
    {
        var files = Read(folder);
        Generate(typeof(CopyGenerator), files);
        var watch = Stopwatch.StartNew();
        // The one that takes longest has a thread of its own.
        var types = Generators().OrderByDescending(type => type == typeof(Generator.WireSpecGenerator)).ToArray();
        Parallel.ForEach(types, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, type => Generate(type, files));
        Console.WriteLine($"all at once, cold, {Environment.ProcessorCount} processors: {watch.Elapsed.TotalMilliseconds:F0} ms");
        return 0;
    }

    /// <param name="folder">The folder of the spec files.</param>
    public static int Run(string folder)
    {
        using (var child = Process.Start(Environment.ProcessPath!, ["--generate-at-once", folder])) child.WaitForExit();
        var files = Read(folder);
        Generate(typeof(CopyGenerator), files);
        Console.WriteLine($"{files.Length} spec files, {files.Sum(file => file.GetText()!.Length):N0} characters");
        Console.WriteLine($"{"generator",-24}{"cold",10}{"compiling",12}{"warm",10}{"edit",10}{"sources",10}{"characters",14}");
        foreach (var type in Generators())
        {
            var compiled = JitInfo.GetCompilationTime();
            var (cold, _, _) = Generate(type, files);
            compiled = JitInfo.GetCompilationTime() - compiled;
            var (warm, driver, result) = Generate(type, files);
            var edit = Edit(driver, files);
            Console.WriteLine($"{type.Name,-24}{cold.TotalMilliseconds,7:F0} ms{compiled.TotalMilliseconds,9:F0} ms{warm.TotalMilliseconds,7:F0} ms{edit.TotalMilliseconds,7:F0} ms{result.GeneratedSources.Length,10}{result.GeneratedSources.Sum(source => source.SourceText.Length),14:N0}");
            if (result.Exception is { } exception) Console.WriteLine($"  it threw: {exception.Message}");
        }
        return 0;
    }

    private static AdditionalText[] Read(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(path => Path.GetExtension(path) is not (".json" or ".md")).Select(path => new SpecText(path, File.ReadAllText(path)))];

    private static IEnumerable<Type> Generators() => typeof(Generator.WireSpecGenerator).Assembly.GetTypes()
        .Where(type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal);

    private static (TimeSpan, GeneratorDriver, GeneratorRunResult) Generate(Type generator, AdditionalText[] files)
    {
        var watch = Stopwatch.StartNew();
        var driver = CSharpGeneratorDriver.Create([((IIncrementalGenerator)Activator.CreateInstance(generator)!).AsSourceGenerator()], files).RunGenerators(Compilation);
        return (watch.Elapsed, driver, driver.GetRunResult().Results.Single());
    }

    /// <summary>The slowest of: the largest file of each notation gets another title, or one definition more; of several edits the one in the middle.</summary>
    private static TimeSpan Edit(GeneratorDriver driver, AdditionalText[] files) => files
        .GroupBy(file => Path.GetExtension(file.Path)).Select(group => group.MaxBy(file => file.GetText()!.Length)!).Max(file =>
        {
            var text = file.GetText()!.ToString();
            var times = new TimeSpan[Edits];
            for (var i = 0; i < Edits; i++)
            {
                var edited = file.Path.EndsWith(".webidl", StringComparison.Ordinal) ? text + $"\ndictionary Edited{i} {{ boolean yes = true; }};\n"
                    : text.Insert(text.IndexOf('"', StringComparison.Ordinal) + 1, $"Edited {i}: ");
                var watch = Stopwatch.StartNew();
                driver.ReplaceAdditionalText(file, new SpecText(file.Path, edited)).RunGenerators(Compilation);
                times[i] = watch.Elapsed;
            }
            return times.Order().ElementAt(Edits / 2);
        });
}
