using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Sdp;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;
using WebRtcConformance.Stack.Foundation;
using CaseLab = WebRtcConformance.Lab.Lab;

namespace WebRtcConformance.Conformance.Tests.Lab;

/// <summary>An implementation that answers the commands of setting up, and counts the commands "count" of each session.</summary>
internal sealed class SmallSut : IWcapHandler
{
    private readonly Dictionary<string, int> _counts = [];

    public SutInfo Info { get; init; } = new() { Name = "small", Levels = ["codec", "wire"], Concurrency = 8 };

    /// <summary>What "ping" says from the n-th time on (from 1): the sanity check asks three times before a run.</summary>
    public int DiesAtPing { get; init; } = int.MaxValue;

    public int Sessions { get; private set; }

    private int _pings;

    public SutReply Handle(string? caseId, string command, JsonObject arguments)
    {
        switch (command)
        {
            case "case.begin":
                Sessions++;
                if (caseId!.StartsWith("sanity/", StringComparison.Ordinal) && ++_pings >= DiesAtPing) return new SutReply(SutReplyKind.Crash, Reason: "exit-9");
                return Ok();
            case "count":
                _counts[caseId!] = _counts.GetValueOrDefault(caseId!) + 1;
                return Ok(new JsonObject { ["count"] = _counts[caseId!] });
            case "die":
                throw new InvalidOperationException("dead");
            case "peer.createAnswer":
                return Ok(new JsonObject
                {
                    ["sdp"] = SessionLines.Write("ufrag", "password", "sha-256 AA", "active", "0", [TransportAddress.Parse("127.0.0.1:9")], 1),
                });
            case "case.end" or "case.abort":
                _counts.Remove(caseId!);
                return Ok();
            case "peer.create" or "peer.setLocal" or "peer.setRemote":
                return Ok();
            default:
                return new SutReply(SutReplyKind.Unsupported);
        }
    }

    public bool TryTakeEvent(out (string CaseId, SutEvent Event) taken)
    {
        taken = default;
        return false;
    }

    public void Idle()
    {
    }

    private static SutReply Ok(JsonObject? value = null) => new(SutReplyKind.Ok, value ?? []);
}

/// <summary>Cases and plans for the runner's own tests.</summary>
internal static class Small
{
    public static CaseDefinition Case(string id, Action<CaseLab> body, bool fresh = false) => new()
    {
        Id = id, Slug = id, About = "A small case.", Requirements = [], Body = body, Fresh = fresh,
    };

    public static void Pass(CaseLab lab) => lab.Expect(0, _ => "", Outcomes.Legal<int>("fine", _ => true));

    public static RunPlan Plan(params IReadOnlyList<CaseDefinition> cases) => new() { Cases = cases, Seed = 1, SutName = "small", LevelOf = _ => "MAY" };

    public static RunLog Run(RunPlan plan, CancellationToken? stop = null)
    {
        var collector = new RunLogCollector();
        var end = new Runner(plan).Run(collector, stop ?? TestContext.Current.CancellationToken);
        var log = collector.ToLog();
        Assert.Equal(end, log.Footer!.End);
        Assert.Empty(log.Unfinished);
        return log;
    }
}
