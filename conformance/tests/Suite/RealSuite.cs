using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>The suite as it is, run in this process.</summary>
internal static class RealSuite
{
    public static IReadOnlyList<CaseDefinition> Definitions { get; } = CaseRegistry.Discover(typeof(Cases.Confirmations).Assembly);

    private static readonly WebRtcConformance.Cli.Suite Patient = new();

    /// <summary>As if another implementation passed every case, so that every case gates.</summary>
    private static readonly Cases.Confirmations Everything = new(new StringReader(string.Join('\n', Definitions.Select(c => c.Id + " other"))));

    public static RunLog Run(IReadOnlyList<string> cases, ulong seed = 1, int jobs = 0, bool real = false, params IReadOnlyList<string> quirks)
    {
        var collector = new RunLogCollector();
        Patient.Run(new RunRequest { Sut = "reference", Cases = cases, Seed = seed, Jobs = jobs, Quirks = quirks, Real = real }, collector, TestContext.Current.CancellationToken);
        return collector.ToLog();
    }

    /// <summary>`wrc` with these arguments.</summary>
    public static (int Code, string Out, string Error) Wrc(params string[] arguments) => Wrc(new WcapOptions(), arguments);

    public static (int Code, string Out, string Error) Wrc(WcapOptions limits, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = CliApp.Run(arguments, new CliContext
        {
            Out = output, Error = error, In = TextReader.Null, Today = new(2026, 2, 3), Stop = TestContext.Current.CancellationToken,
            OpenSuite = () => new WebRtcConformance.Cli.Suite { Limits = limits, Confirmed = Everything },
        });
        Assert.DoesNotContain("\n   at ", output.ToString() + error); // what an adapter says on stderr is quoted in one line
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Everything of a result that has to repeat.</summary>
    public static string Lasting(CaseResult r) =>
        $"{r.Case} {r.Verdict} {r.Outcome} {r.Kind} {string.Join(',', r.Violated)} {r.Seed} {r.Detail}\n{string.Join('\n', r.Timeline)}";
}
