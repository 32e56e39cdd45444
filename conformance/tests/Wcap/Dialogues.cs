using System.Diagnostics;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>Two peers of one implementation that talk to each other: the dialogue behind the transcripts of docs/wcap.</summary>
internal static class Dialogues
{
    /// <summary>Offer, answer, candidates, one text and one binary message from "a" to "b", stats, close.</summary>
    /// <returns>What each step took, and what "b" received.</returns>
    public static Seen SelfLoop(ISutSession session, string bind, string suffix = "")
    {
        var (a, b) = ("a" + suffix, "b" + suffix);
        var watch = Stopwatch.StartNew();
        Ok(session, "peer.create", ("peer", a), ("role", "offerer"), ("bind", bind), ("data", new JsonArray(new JsonObject { ["label"] = "chat" })));
        var offer = Ok(session, "peer.createOffer", ("peer", a));
        offer = Ok(session, "peer.setLocal", ("peer", a), ("type", "offer"), ("sdp", (string)offer["sdp"]!));
        var offered = watch.Elapsed;
        Ok(session, "peer.create", ("peer", b), ("role", "answerer"), ("bind", bind));
        Ok(session, "peer.setRemote", ("peer", b), ("type", "offer"), ("sdp", (string)offer["sdp"]!));
        var answer = Ok(session, "peer.createAnswer", ("peer", b));
        answer = Ok(session, "peer.setLocal", ("peer", b), ("type", "answer"), ("sdp", (string)answer["sdp"]!));
        Ok(session, "peer.setRemote", ("peer", a), ("type", "answer"), ("sdp", (string)answer["sdp"]!));

        List<SutEvent> events = [];
        for (var open = false; !Has(events, b, "bytes") && watch.Elapsed < TimeSpan.FromSeconds(20);)
        {
            if (!session.TryTakeEvent(out var e))
            {
                Thread.Sleep(2);
                continue;
            }
            if (e.Peer != a && e.Peer != b)
                continue; // of an attempt before
            events.Add(e);
            if (e.Name == "peer.candidate" && (string?)e.Data["candidate"] is { } candidate)
                Ok(session, "peer.addCandidate", ("peer", e.Peer == a ? b : a), ("candidate", candidate), ("mid", (string?)e.Data["mid"]));
            if (!open && e.Name == "peer.channel" && e.Peer == a && (string?)e.Data["event"] == "open")
            {
                open = true;
                Ok(session, "peer.send", ("peer", a), ("channel", "chat"), ("text", "grüß dich"));
                Ok(session, "peer.send", ("peer", a), ("channel", "chat"), ("bytes", "00ff10"));
            }
        }
        var stats = Ok(session, "peer.stats", ("peer", a));
        Ok(session, "peer.close", ("peer", a));
        return new Seen(offered, events, stats, (string)offer["sdp"]!, b);
    }

    public sealed record Seen(TimeSpan Offered, IReadOnlyList<SutEvent> Events, JsonObject Stats, string OfferSdp, string Answerer)
    {
        public string? Text => Message("text");
        public string? Bytes => Message("bytes");

        private string? Message(string member) =>
            Events.Where(e => e.Name == "peer.channel" && e.Peer == Answerer).Select(e => (string?)e.Data[member]).FirstOrDefault(v => v is not null);
    }

    private static bool Has(List<SutEvent> events, string peer, string member) =>
        events.Any(e => e.Name == "peer.channel" && e.Peer == peer && e.Data.ContainsKey(member));

    private static JsonObject Ok(ISutSession session, string command, params (string Name, JsonNode? Value)[] arguments)
    {
        var reply = session.Call(command, new JsonObject(arguments.Select(a => KeyValuePair.Create(a.Name, a.Value))), TimeSpan.FromSeconds(20));
        Assert.True(reply.IsOk, $"{command}: {reply.Kind} {reply.Reason} {reply.Detail}");
        return reply.Value!;
    }
}
