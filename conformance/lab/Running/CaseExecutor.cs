using System.Diagnostics;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Lab.Running;

/// <summary>Runs one case on a bench and turns whatever happens into a result. An exception of the suite's own is
/// <see cref="Verdict.Infra"/>: it says nothing about the implementation.</summary>
public sealed class CaseExecutor(RunPlan plan)
{
    public CaseResult Execute(IBench bench, CaseDefinition definition)
    {
        var watch = Stopwatch.StartNew();
        var seed = CaseSeed.For(plan.Seed, definition.Id);
        using var lab = bench.Open(definition, seed);
        var result = new CaseResult
        {
            Case = definition.Id,
            Verdict = Verdict.Infra,
            Outcome = "no-outcome",
            Level = plan.LevelOf(definition.Requirements),
            Requirements = definition.Requirements,
            Confirmed = plan.IsConfirmed(definition.Id),
            Probabilistic = !lab.Sut.Ordered,
            Seed = CaseSeed.Format(seed),
            Replay = $"wrc run --sut {plan.SutName}{QuirkOptions()} --case '{definition.Id}' --seed {CaseSeed.Format(plan.Seed)}",
        };
        try
        {
            Requirements.Met(definition, lab.Sut);
            definition.Body(lab);
            result = lab.Conclude(result);
        }
        catch (CaseEndedException e)
        {
            result = result with { Verdict = e.Verdict, Outcome = e.Outcome, Kind = e.Kind, Violated = e.Violates, Detail = e.Message };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            result = result with { Verdict = Verdict.Infra, Outcome = "suite-error", Detail = $"{e.GetType().Name}: {e.Message} (a fault of the suite, not of the implementation)" };
            if (Tracing.IsOn) result = result with { Detail = e.ToString() };
        }
        var failed = result.Verdict is not (Verdict.Pass or Verdict.Unsupported);
        result = result with { Timeline = failed ? lab.Recorder.Timeline() : [], Milliseconds = watch.Elapsed.TotalMilliseconds };
        if (failed && plan.BundleFolder is { } folder) result = result with { Artifacts = Bundle.Write(folder, result, lab) };
        lab.Close(reusable: !failed);
        return result;
    }

    private string QuirkOptions() => plan.Quirks.IsEmpty ? "" : string.Concat(plan.Quirks.ToString().Split(',').Select(q => " --quirk " + q));

    /// <summary>Whether the system under test claims what the case needs.</summary>
    private static class Requirements
    {
        public static void Met(CaseDefinition definition, Suts.SutInfo sut)
        {
            var level = definition.Level == CaseLevel.Codec ? "codec" : "wire";
            if (!sut.Levels.Contains(level))
                throw new CaseEndedException(Verdict.Unsupported, "no-" + level + "-level", $"the adapter does not offer the {level} level");
            foreach (var feature in definition.Needs)
                if (sut.Features.GetValueOrDefault(feature) == "no")
                    throw new CaseEndedException(Verdict.Unsupported, "no-" + feature, $"the implementation says that it has no {feature}");
            if (definition.Parameters.GetValueOrDefault("family") is { } family)
            {
                var ip = family == "ipv6" ? "::1" : "127.0.0.1";
                if (!sut.Bind.Contains(ip))
                    throw new CaseEndedException(Verdict.Unsupported, "no-" + family, $"the adapter cannot be reached on {ip}");
            }
        }
    }
}
