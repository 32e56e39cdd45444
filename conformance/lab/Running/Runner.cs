using System.Diagnostics;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Running;

/// <summary>Runs cases and tells the observer, in the order of the cases. In virtual time each case has a world of its own. With a real
/// implementation, cases share connections where they may; whatever does not pass there is run once more, alone and on a fresh
/// connection, and that result counts: a case is never blamed for its neighbours.</summary>
public sealed class Runner(RunPlan plan)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Runs the plan. Results reach the observer on one thread; the footer always comes, unless the process dies.</summary>
    public RunEnd Run(IRunObserver observer, CancellationToken stop = default)
    {
        var footer = plan.StartSut is null ? RunVirtual(observer, stop) : RunReal(observer, stop);
        footer = footer with { Milliseconds = _clock.Elapsed.TotalMilliseconds };
        observer.Ended(footer);
        return footer.End;
    }

    private RunFooter RunVirtual(IRunObserver observer, CancellationToken stop)
    {
        observer.Started(Header(VirtualBench.DescribeReference(), "virtual"));
        var jobs = plan.Jobs > 0 ? plan.Jobs : Environment.ProcessorCount;
        var executor = new CaseExecutor(plan);
        return Ordered(observer, plan.Cases, jobs, stop, () => new VirtualBench(plan), executor.Execute);
    }

    private RunFooter RunReal(IRunObserver observer, CancellationToken stop)
    {
        ISut sut;
        try
        {
            sut = plan.StartSut!();
        }
        catch (SutStartException e)
        {
            observer.Started(Header(null, "real"));
            return new RunFooter { End = RunEnd.SutFailed, Message = e.Message };
        }
        using (sut)
        {
            observer.Started(Header(sut.Info, "real"));
            var executor = new CaseExecutor(plan);
            if (Sanity.Check(sut) is { } broken) return new RunFooter { End = RunEnd.SutFailed, Message = "sanity check before the run: " + broken };

            var cores = Environment.ProcessorCount;
            var jobs = Math.Clamp(plan.Jobs > 0 ? plan.Jobs : cores, 1, Math.Max(1, sut.Info.Concurrency));
            var shared = plan.Cases.Where(c => !c.Fresh).ToList();
            var alone = plan.Cases.Where(c => c.Fresh).ToList();
            var held = new HoldBack(observer);
            var footer = Ordered(held, shared, jobs, stop, () => new RealBench(sut, shareConnections: true), executor.Execute);
            // These mostly wait, so more of them than cores may run; with one at a time nothing can have disturbed them.
            var waiting = Math.Clamp(plan.Jobs > 0 ? plan.Jobs : 2 * cores, 1, Math.Max(1, sut.Info.Concurrency));
            if (footer.End == RunEnd.Completed) footer = Ordered(waiting == 1 ? observer : held, alone, waiting, stop, () => new RealBench(sut, shareConnections: false), executor.Execute);
            if (footer.End == RunEnd.Completed) footer = Ordered(held, [.. plan.Cases.Where(held.Holds)], 1, stop, () => new RealBench(sut, shareConnections: false), executor.Execute);
            held.Release();
            if (footer.End == RunEnd.Completed && Sanity.Check(sut) is { } died)
                footer = new RunFooter { End = RunEnd.SutFailed, Message = "sanity check after the run: " + died };
            return footer;
        }
    }

    private RunHeader Header(SutInfo? info, string clock) => new()
    {
        Tool = "wrc " + typeof(Runner).Assembly.GetName().Version?.ToString(3),
        Seed = CaseSeed.Format(plan.Seed),
        Sut = plan.SutName,
        SutVersion = info?.Version,
        AdapterVersion = info?.AdapterVersion,
        Clock = clock,
        Quirks = plan.Quirks.IsEmpty ? [] : plan.Quirks.ToString().Split(','),
        Cases = [.. plan.Cases.Select(c => c.Id)],
        Started = DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Workers take cases in order; results are told in order, each as soon as all before it are in.</summary>
    private RunFooter Ordered(
        IRunObserver observer, IReadOnlyList<CaseDefinition> cases, int jobs, CancellationToken stop,
        Func<IBench> openBench, Func<IBench, CaseDefinition, CaseResult> execute)
    {
        var results = new CaseResult?[cases.Count];
        var next = -1;
        Exception? broken = null;
        using var ready = new SemaphoreSlim(0);

        void Work()
        {
            try
            {
                using var bench = openBench();
                while (!stop.IsCancellationRequested && _clock.Elapsed < plan.Budget && Volatile.Read(ref broken) is null)
                {
                    var index = Interlocked.Increment(ref next);
                    if (index >= cases.Count) break;
                    Volatile.Write(ref results[index], execute(bench, cases[index]));
                    ready.Release();
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref broken, e, null);
            }
            finally
            {
                ready.Release();
            }
        }

        jobs = Math.Clamp(jobs, 1, Math.Max(1, cases.Count));
        var workers = Enumerable.Range(0, jobs).Select(i => new Thread(Work) { Name = $"case worker {i}", IsBackground = true }).ToList();
        foreach (var worker in workers) worker.Start();

        var told = 0;
        void Tell()
        {
            while (told < cases.Count && Volatile.Read(ref results[told]) is { } result)
            {
                observer.CaseStarted(result.Case);
                observer.CaseEnded(result);
                told++;
            }
        }

        while (workers.Any(w => w.IsAlive))
        {
            ready.Wait(TimeSpan.FromMilliseconds(100));
            Tell();
        }
        Tell();
        // A worker that stopped early leaves holes; what finished after them is still a result.
        for (; told < cases.Count; told++)
        {
            if (results[told] is not { } late) continue;
            observer.CaseStarted(late.Case);
            observer.CaseEnded(late);
        }
        if (broken is not null)
            return new RunFooter { End = RunEnd.Infrastructure, Message = Tracing.IsOn ? broken.ToString() : broken.Message };
        if (stop.IsCancellationRequested) return new RunFooter { End = RunEnd.Interrupted };
        if (results.Contains(null)) return new RunFooter { End = RunEnd.BudgetExhausted };
        return new RunFooter { End = RunEnd.Completed };
    }

    /// <summary>Keeps back what did not pass, to be run again alone; what never gets its second run is told as it first came out.</summary>
    private sealed class HoldBack(IRunObserver inner) : IRunObserver
    {
        private readonly Dictionary<string, CaseResult> _held = [];

        public bool Holds(CaseDefinition definition) => _held.ContainsKey(definition.Id);

        public void Release()
        {
            foreach (var result in _held.Values.OrderBy(r => r.Case, StringComparer.Ordinal)) Tell(result);
            _held.Clear();
        }

        public void Started(RunHeader header) => inner.Started(header);

        public void CaseStarted(string caseId)
        {
        }

        public void CaseEnded(CaseResult result)
        {
            if (result.Verdict is Verdict.Pass or Verdict.Unsupported || _held.Remove(result.Case)) Tell(result);
            else _held[result.Case] = result;
        }

        public void Log(string level, string text) => inner.Log(level, text);

        public void Ended(RunFooter footer) => inner.Ended(footer);

        private void Tell(CaseResult result)
        {
            _held.Remove(result.Case);
            inner.CaseStarted(result.Case);
            inner.CaseEnded(result);
        }
    }
}
