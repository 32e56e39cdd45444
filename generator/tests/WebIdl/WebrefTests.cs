using System.Diagnostics;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>The Web IDL of all web standards (@webref/idl) is read as the webidl2 package reads it, and written back byte for byte.</summary>
public class WebrefTests
{
    /// <summary>How many files that version of the package holds.</summary>
    private const int FileCount = 334;

    [Fact]
    public void Every_file_has_the_tree_that_webidl2_gives_it()
    {
        var files = WebIdlOracle.Files;
        var expected = WebIdlOracle.Run("trees");
        Assert.Equal(FileCount, files.Count);
        Assert.Equal(FileCount, expected.Length);
        for (var i = 0; i < FileCount; i++)
        {
            var (name, text) = files[i];
            var parsed = IdlParser.Parse(name, text);
            Assert.True(parsed.Diagnostics.Count == 0, name + " " + string.Join(", ", parsed.Diagnostics));
            var found = WebIdl2Json.Write(parsed.Syntax);
            if (found == expected[i]) continue;
            var at = Enumerable.Range(0, Math.Min(found.Length, expected[i].Length)).FirstOrDefault(j => found[j] != expected[i][j], found.Length);
            var from = Math.Max(0, at - 150);
            Assert.Fail($"{name}:\nwebidl2 ...{expected[i][from..Math.Min(expected[i].Length, at + 150)]}\nours    ...{found[from..Math.Min(found.Length, at + 150)]}");
        }
    }

    [Fact]
    public void Every_file_is_written_back_as_it_was_read()
    {
        Assert.Equal(FileCount, WebIdlOracle.Files.Count);
        foreach (var (_, text) in WebIdlOracle.Files) Assert.Equal(text, IdlParser.ParseConcrete(text).ToString());
    }

    [Fact]
    public void All_files_are_read_in_well_under_a_second()
    {
        var files = WebIdlOracle.Files;
        var best = TimeSpan.MaxValue;
        // On a busy machine a single measurement means little.
        for (var i = 0; i < 50 && (i < 5 || best > TimeSpan.FromSeconds(0.7)); i++)
        {
            var watch = Stopwatch.StartNew();
            foreach (var (name, text) in files) IdlParser.Parse(name, text);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} files, {files.Sum(f => f.Text.Length)} characters: {best.TotalMilliseconds:F0} ms");
        Assert.True(best < TimeSpan.FromSeconds(0.7), best.ToString());
    }
}
