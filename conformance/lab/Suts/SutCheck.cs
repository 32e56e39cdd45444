using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Suts;

/// <summary>One thing that an adapter must do, and whether it did.</summary>
/// <param name="Detail">What was seen, when it is not as it must be.</param>
public sealed record SutCheckResult(string Name, bool Passed, string Detail = "");

/// <summary>Checks an adapter itself: whether it speaks the protocol, whatever its implementation can do.</summary>
public static class SutCheck
{
    /// <summary>Starts the adapter and tries it. Stops at a check that the later ones need. Never throws for anything the adapter does.</summary>
    public static IReadOnlyList<SutCheckResult> Run(WcapCommand command, WcapOptions? options = null)
    {
        List<SutCheckResult> results = [];
        WcapSut sut;
        try
        {
            sut = WcapSut.Start(command, options);
        }
        catch (SutStartException e)
        {
            return [new("starts, says hello, is honest", false, e.Message)];
        }
        using (sut)
        {
            results.Add(new("starts, says hello, is honest", true));
            foreach (var level in sut.Info.Levels.Where(level => level is not ("codec" or "machine" or "wire" or "api")))
                results.Add(new("levels are known ones", false, $"'{level}' is not codec, machine, wire or api"));
            foreach (var (name, attempt) in Attempts)
            {
                var detail = attempt(sut);
                if (detail is null && sut.Starts > 1)
                    detail = "the process had to be started again";
                results.Add(new(name, detail is null, detail ?? ""));
                if (detail is not null && sut.Starts > 1)
                    break; // it died: what follows would only repeat that
            }
        }
        return results;
    }

    // Each gives null when all is well.
    private static readonly (string Name, Func<WcapSut, string?> Attempt)[] Attempts =
    [
        ("answers ping", sut => InCase(sut, "check/ping", s => Expect(s.Call("ping"), SutReplyKind.Ok))),
        ("begins and ends three cases", sut => Enumerable.Range(1, 3).Select(n => InCase(sut, $"check/case-{n}", _ => null)).FirstOrDefault(d => d is not null)),
        ("says unsupported to an unknown command", sut => InCase(sut, "check/unknown-command",
            s => Expect(s.Call("x.no-such-command", new JsonObject { ["x"] = 1 }), SutReplyKind.Unsupported))),
        ("ignores unknown arguments", sut => InCase(sut, "check/unknown-argument",
            s => Expect(s.Call("ping", new JsonObject { ["x-unknown"] = new JsonArray(1, "2") }), SutReplyKind.Ok))),
        ("abandons a case when told to abort", sut => InCase(sut, "check/abort", s => Expect(s.Call("case.abort"), SutReplyKind.Ok), ends: false)),
        ("keeps two cases apart", sut => sut.Info.Concurrency < 2 ? null : InCase(sut, "check/one",
            one => InCase(sut, "check/two", two => Expect(two.Call("ping"), SutReplyKind.Ok) ?? Expect(one.Call("ping"), SutReplyKind.Ok)))),
        ("answers ping afterwards", sut => InCase(sut, "check/ping-again", s => Expect(s.Call("ping"), SutReplyKind.Ok))),
    ];

    private static string? InCase(WcapSut sut, string name, Func<ISutSession, string?> body, bool ends = true)
    {
        using var session = sut.Begin(name, TimeSpan.FromSeconds(10));
        if (session.Call("ping") is { IsOk: false } reply)
            return "case.begin: " + Tell(reply);
        var detail = body(session);
        if (ends)
            detail ??= Expect(session.Call("case.end"), SutReplyKind.Ok);
        return detail;
    }

    private static string? Expect(SutReply reply, SutReplyKind kind) => reply.Kind == kind ? null : $"{kind} expected, got {Tell(reply)}";

    private static string Tell(SutReply reply) =>
        string.Join(": ", new[] { reply.Kind.ToString(), reply.Reason, reply.Detail }.Where(s => !string.IsNullOrEmpty(s)));
}
