using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Lab.Running;

/// <summary>Proves that cases bite: runs them against the clean reference, and again under every quirk.</summary>
public static class Verification
{
    /// <summary>What the clean run and the saboteurs' runs gave.</summary>
    public sealed record Evidence(IReadOnlyList<CleanResult> Clean, IReadOnlyList<QuirkResult> Quirks)
    {
        /// <summary>Cases that pass clean and fail under the quirk.</summary>
        public IEnumerable<string> KillersOf(string quirk)
        {
            var passing = Clean.Where(c => c.Passed).Select(c => c.CaseId).ToHashSet();
            return Quirks.Where(q => q.Quirk == quirk && !q.Passed && passing.Contains(q.CaseId)).Select(q => q.CaseId);
        }
    }

    /// <summary>Runs everything in virtual time, on all cores.</summary>
    /// <param name="casesFor">Which cases to run under a quirk; null = all.</param>
    public static Evidence Run(IReadOnlyList<CaseDefinition> cases, ulong seed, Func<QuirkInfo<Quirk>, IEnumerable<CaseDefinition>>? casesFor = null, CancellationToken stop = default)
    {
        var clean = Under(cases, seed, QuirkSet.None, stop).Select(r => new CleanResult(r.Case, r.Verdict == Verdict.Pass)).ToList();
        var quirks = new List<QuirkResult>();
        foreach (var quirk in QuirkRegistry<Quirk>.All)
        {
            stop.ThrowIfCancellationRequested();
            var selected = casesFor is null ? cases : [.. casesFor(quirk)];
            // Only a failure that the implementation is to blame for counts: a fault of the suite kills nothing.
            quirks.AddRange(Under(selected, seed, QuirkSet.Of(quirk.Quirk), stop).Select(r => new QuirkResult(quirk.Name, r.Case, r.Verdict != Verdict.Fail)));
        }
        return new Evidence(clean, quirks);
    }

    private static CaseResult[] Under(IReadOnlyList<CaseDefinition> cases, ulong seed, QuirkSet quirks, CancellationToken stop)
    {
        var plan = new RunPlan { Cases = cases, Seed = seed, SutName = "reference", Quirks = quirks, LevelOf = _ => "MUST" };
        var executor = new CaseExecutor(plan);
        var results = new CaseResult[cases.Count];
        Parallel.For(0, cases.Count, new ParallelOptions { CancellationToken = stop }, () => new VirtualBench(plan), (i, _, bench) =>
        {
            results[i] = executor.Execute(bench, cases[i]);
            return bench;
        }, bench => bench.Dispose());
        return results;
    }
}
