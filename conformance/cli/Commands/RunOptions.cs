using System.CommandLine;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Cli.Commands;

/// <summary>The options of `wrc run`.</summary>
internal sealed class RunOptions
{
    public readonly Option<string> Sut = One("--sut", "NAME", "Implementation under test: reference (built in, virtual time), or a name of 'wrc suts list'. Default: reference.");
    public readonly Option<string> Adapter = One("--adapter", "\"CMD ...\"", "Your own adapter: the command that starts it (docs/adapter-protocol.md).");
    public readonly Option<string> SutsDir = One("--suts-dir", "DIR", "Folder of the implementations' manifests. Default: conformance/suts, found from here upward.");
    public readonly Option<string[]> Case = Many("--case", "GLOB", "Only these cases, e.g. 'stun/**' or 'ice/*/bad-*'. May be repeated.");
    public readonly Option<string[]> Req = Many("--req", "PREFIX", "Only cases that link a requirement under this prefix, e.g. RFC8489:9.1. May be repeated.");
    public readonly Option<string> Level = One("--level", "LEVEL", "Only cases of this level or above: must, should or may.");
    public readonly Option<string> Tier = One("--tier", "TIER", "Only cases of this tier or below: quick, pr or full.");
    public readonly Option<string[]> Quirk = Many("--quirk", "NAME", "Make the reference break a rule on purpose. May be repeated.");
    public readonly Option<string> Seed = One("--seed", "N", "Seed of the run: decimal, 0x-hexadecimal, or random. Default: 1.");
    public readonly Option<string> Shard = One("--shard", "I/N", "Only the I-th of N parts of the selected cases.");
    public readonly Option<int> Jobs = new("--jobs", "-j") { HelpName = "N", Description = "Cases at once. Default: as many as there are cores." };
    public readonly Option<string> Budget = One("--budget", "TIME", "Stop after this time, e.g. 60s; the rest is reported as not run (exit 6).");
    public readonly Option<string> Out = One("--out", "DIR", "Folder for run.jsonl, report.html, junit.xml, summary.md and bundles. Default: out/NAME. '-' writes none.");
    public readonly Option<string> JUnit = One("--junit", "FILE", "Write JUnit XML there too.");
    public readonly Option<string> Html = One("--html", "FILE", "Write the HTML report there too.");
    public readonly Option<string> Md = One("--md", "FILE", "Write the Markdown summary there too.");
    public readonly Option<string> Baseline = One("--baseline", "FILE", "What is known to fail. Default: conformance/baselines/NAME.txt if there is one. '-' uses none.");
    public readonly Option<string> BaselineMode = One("--baseline-mode", "MODE", "strict: every difference fails. ratchet: improvements are forgiven. report: nothing fails. Default: strict.");
    public readonly Option<bool> UpdateBaseline = Flag("--update-baseline", "Rewrite the baseline so that it agrees with this run; comments and order are kept.");
    public readonly Option<bool> Yes = Flag("--yes", "Allow --update-baseline where CI=true.");
    public readonly Option<bool> List = Flag("--list", "Print the selected cases and run nothing.");
    public readonly Option<int> Repeat = new("--repeat") { HelpName = "N", Description = "Run the selection N times; a case counts by its worst result." };
    public readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "One line for every case, and the log." };
    public readonly Option<bool> Real = Flag("--real", "Run the reference over real UDP and the adapter protocol instead of virtual time.");

    public IEnumerable<Option> All =>
    [
        Sut, Adapter, SutsDir, Case, Req, Level, Tier, Quirk, Seed, Shard, Jobs, Budget, Out, JUnit, Html, Md, Baseline, BaselineMode, UpdateBaseline, Yes,
        List, Repeat, Verbose, Real,
    ];

    internal static Option<string> One(string name, string value, string about) => new(name) { HelpName = value, Description = about };

    internal static Option<string[]> Many(string name, string value, string about) =>
        new(name) { HelpName = value, Description = about, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    internal static Option<bool> Flag(string name, string about) => new(name) { Description = about };
}
