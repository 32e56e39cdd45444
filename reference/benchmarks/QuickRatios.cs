using System.Diagnostics;

namespace WebRtcConformance.Benchmarks;

/// <summary>The ratios in about 20 seconds: the shortest of many short interleaved rounds, so that other load on the machine disturbs few of them.</summary>
internal static class QuickRatios
{
    private const int Rounds = 4000;
    private const int CallsPerRound = 20_000;

    /// <summary>Where RTP, SCTP and RTCP stand today is about 2.</summary>
    private const double MediaBound = 2.5;

    /// <returns>0, or 1 when something allocated or a ratio is beyond its bound.</returns>
    public static int Run()
    {
        if (!StunWork.Validate() || !StunWork.HandValidate() || StunWork.Reject() || StunWork.HandReject() || StunWork.Visit() != StunWork.HandVisit())
        {
            Console.Error.WriteLine("the hand-written twin and the generated code do not do the same work");
            return 1;
        }

        foreach (var (name, hand, generated) in MediaWork.All)
        {
            if (hand() && generated()) continue;
            Console.Error.WriteLine($"{name}: the measured packet is refused: by hand {!hand()}, by the generated code {!generated()}");
            return 1;
        }

        Row[] rows =
        [
            new("hand: validate", Repeat(StunWork.HandValidate)),
            new("generated: validate", Repeat(StunWork.Validate)),
            new("hand: validate, then visit", Repeat(StunWork.HandVisit)),
            new("generated: validate, then visit", Repeat(StunWork.Visit)),
            new("hand: reject", Repeat(StunWork.HandReject)),
            new("generated: reject", Repeat(StunWork.Reject)),
            .. MediaWork.All.SelectMany(w => new Row[] { new($"hand: validate {w.Name}", Repeat(w.Hand)), new($"generated: validate {w.Name}", Repeat(w.Generated)) }),
        ];
        for (var round = 0; round < Rounds; round++)
            foreach (var row in rows) row.Measure();

        foreach (var row in rows) Console.WriteLine($"{row.Name,-34} {row.Nanoseconds,6:F1} ns  {row.Allocated} B");
        var good = true;
        var validate = rows[1].Nanoseconds / rows[0].Nanoseconds;
        var visit = rows[3].Nanoseconds / rows[2].Nanoseconds;
        var reject = rows[5].Nanoseconds / rows[1].Nanoseconds;
        Console.WriteLine($"validate: {validate:F2} x hand (at most 1.15)");
        Console.WriteLine($"validate, then visit: {visit:F2} x hand (at most 1.5)");
        Console.WriteLine($"reject: {reject:F2} x accept (below 1)");
        for (var i = 0; i < MediaWork.All.Length; i++)
        {
            var ratio = rows[7 + 2 * i].Nanoseconds / rows[6 + 2 * i].Nanoseconds;
            Console.WriteLine($"validate {MediaWork.All[i].Name}: {ratio:F2} x hand (at most {MediaBound}; the goal is 1.15)");
            good &= ratio <= MediaBound;
        }
        return good && rows.All(row => row.Allocated == 0) && validate <= 1.15 && visit <= 1.5 && reject < 1 ? 0 : 1;
    }

    private static Action Repeat<T>(Func<T> work) => () =>
    {
        for (var i = 0; i < CallsPerRound; i++) work();
    };

    private sealed class Row(string name, Action work)
    {
        public string Name => name;
        public double Nanoseconds { get; private set; } = double.MaxValue;
        public long Allocated { get; private set; } = long.MaxValue;

        public void Measure()
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            work();
            var time = Stopwatch.GetElapsedTime(started);
            Allocated = Math.Min(Allocated, GC.GetAllocatedBytesForCurrentThread() - allocated);
            Nanoseconds = Math.Min(Nanoseconds, time.TotalNanoseconds / CallsPerRound);
        }
    }
}
