using WebRtcConformance.Cli;
using WebRtcConformance.Conformance.Tests.Reports;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Conformance.Tests.Cli;

/// <summary>Runs `wrc` in this process, in a folder of its own.</summary>
public abstract class CliTest : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    protected CliTest()
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Path.Combine(Folder, "suts"));
    }

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), "wrc-test-" + Guid.NewGuid().ToString("N"));
    internal FakeSuite Suite { get; set; } = new();
    protected Dictionary<string, string> Variables { get; } = [];
    protected bool Terminal { get; set; }
    protected string Input { get; set; } = "";
    protected string Out { get; private set; } = "";
    protected string Error { get; private set; } = "";

    protected string At(string name) => Path.Combine(Folder, name);

    protected void Stop() => _stop.Cancel();

    protected int Wrc(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = CliApp.Run(arguments, new CliContext
        {
            Out = output, Error = error, Terminal = Terminal, In = new StringReader(Input), Today = new(2026, 2, 3), OpenSuite = () => Suite,
            Environment = name => Variables.GetValueOrDefault(name), Requirements = SampleRun.Requirements, Stop = _stop.Token,
            OpenSuts = folder => SutCatalogue.Open(folder ?? At("suts")),
        });
        (Out, Error) = (output.ToString(), error.ToString());
        Assert.DoesNotContain("   at ", Out + Error); // no stack trace, whatever happens
        return code;
    }

    /// <summary>A run that keeps nothing and knows no baseline, plus these arguments.</summary>
    protected int Run(params string[] arguments) => Wrc(["run", "--out", "-", .. arguments]);

    /// <summary>One clear line (and perhaps a hint below it), this exit code, nothing on standard output.</summary>
    protected void Complains(int expected, string about, params string[] arguments)
    {
        int code = Wrc(arguments);
        Assert.Contains(about, Error);
        Assert.Equal(expected, code);
        Assert.StartsWith("wrc: ", Error);
        Assert.InRange(Error.TrimEnd('\n').Split('\n').Length, 1, 2);
        Assert.Empty(Out);
    }

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
