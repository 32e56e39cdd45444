using System.Diagnostics;
using System.Text;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>The webidl2 package and the Web IDL files of @webref/idl, in generator/tests/oracles. A test that needs them and finds them not
/// installed is skipped and says how to install them.</summary>
internal static class WebIdlOracle
{
    private static readonly string Folder = Path.Combine(Notation.SpecFiles.Folder, "..", "generator", "tests", "oracles");
    private static readonly string Packages = Path.Combine(Folder, "node_modules");

    private static readonly Lazy<IReadOnlyList<(string Name, string Text)>> Webref = new(() =>
        Directory.GetFiles(Path.Combine(Packages, "@webref", "idl"), "*.idl").OrderBy(Path.GetFileName, StringComparer.Ordinal)
            .Select(p => (Path.GetFileName(p), File.ReadAllText(p))).ToArray());

    /// <summary>All files of @webref/idl in ordinal order of their names.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files
    {
        get
        {
            Assert.SkipUnless(Directory.Exists(Path.Combine(Packages, "@webref", "idl")),
                "@webref/idl is not installed: npm ci --no-audit --no-fund in generator/tests/oracles");
            return Webref.Value;
        }
    }

    /// <summary>Runs the oracle's script and gives the lines that it prints.</summary>
    public static string[] Run(string command, string input = "")
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Packages, "webidl2")),
            "webidl2 is not installed: npm ci --no-audit --no-fund in generator/tests/oracles");
        var start = new ProcessStartInfo("node", ["webidl.mjs", command])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed (it runs webidl2)");
        }
        using var process = started!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n');
    }
}
