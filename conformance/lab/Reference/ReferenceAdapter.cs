using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Reference;

/// <summary>The reference stack behind the adapter protocol: in this process in virtual time, or in a process of its own over UDP. It is the same
/// adapter, so a difference between the two is a fault of the platform.</summary>
public sealed class ReferenceAdapter(IPlatform platform, Entropy entropy, QuirkSet quirks) : IWcapHandler, IDisposable
{
    private readonly Dictionary<(string Case, string Peer), ReferencePeer> _peers = [];
    private readonly Queue<(string CaseId, SutEvent Event)> _events = new();
    private int _created;

    public static SutInfo Describe() => new()
    {
        Name = "reference",
        Version = typeof(ReferenceAdapter).Assembly.GetName().Version?.ToString(3),
        Language = "C#",
        Adapter = "wrc",
        AdapterVersion = typeof(ReferenceAdapter).Assembly.GetName().Version?.ToString(3),
        Levels = ["codec", "wire"],
        Features = new Dictionary<string, string>
        {
            ["codec.stun.message"] = "yes", ["ice"] = "yes", ["ice.role"] = "full", ["ice.nomination"] = "yes", ["ice.peer-reflexive"] = "yes", ["ice.turn"] = "no", ["ice.dscp"] = "no",
            ["stun"] = "yes", ["stun.credentials.short-term"] = "yes", ["stun.fingerprint"] = "yes", ["stun.indication"] = "yes", ["stun.integrity.sha256"] = "yes",
            ["stun.software"] = "yes", ["stun.alternate-server"] = "no", ["stun.tcp"] = "no", ["stun.tls"] = "no", ["stun.userhash"] = "no",
        },
        Ordered = true,
        Concurrency = 8,
        Bind = ["127.0.0.1", "::1"],
    };

    public SutInfo Info { get; } = Describe();

    public SutReply Handle(string? caseId, string command, JsonObject arguments)
    {
        if (caseId is null) return Unsupported(command);
        switch (command)
        {
            case "case.begin":
                return Ok();
            case "case.end" or "case.abort":
                foreach (var key in _peers.Keys.Where(k => k.Case == caseId).ToList()) Close(key);
                return Ok();
            case "peer.create":
                return Create(caseId, arguments);
        }
        if (command.StartsWith("codec.", StringComparison.Ordinal)) return ReferenceCodec.Handle(command, arguments);
        if (!command.StartsWith("peer.", StringComparison.Ordinal)) return Unsupported(command);
        if (Text(arguments, "peer") is not { } name || !_peers.TryGetValue((caseId, name), out var peer)) return Bad("there is no such peer");
        switch (command)
        {
            case "peer.createOffer" or "peer.createAnswer":
                return Ok(new JsonObject { ["sdp"] = peer.Describe(answer: command == "peer.createAnswer") });
            case "peer.setLocal":
                return Ok();
            case "peer.setRemote":
                if (Text(arguments, "sdp") is not { } sdp) return Bad("peer.setRemote needs \"sdp\"");
                return peer.SetRemote(sdp) ? Ok() : new SutReply(SutReplyKind.Rejected, Reason: "syntax", Detail: "the description has no ICE credentials");
            case "peer.addCandidate":
                if (Text(arguments, "candidate") is { } candidate) peer.AddCandidate(candidate);
                return Ok();
            case "peer.stats":
                return Ok(peer.Stats());
            case "peer.close":
                Close((caseId, name));
                return Ok();
            default:
                return Unsupported(command);
        }
    }

    public bool TryTakeEvent(out (string CaseId, SutEvent Event) taken)
    {
        foreach (var ((caseId, name), peer) in _peers)
            while (peer.TryTakeEvent(out var data)) _events.Enqueue((caseId, new SutEvent("peer.state", name, data)));
        return _events.TryDequeue(out taken);
    }

    public void Idle() => (platform as UdpPlatform)?.Poll(TimeSpan.Zero);

    public void Dispose()
    {
        foreach (var key in _peers.Keys.ToList()) Close(key);
    }

    private SutReply Create(string caseId, JsonObject arguments)
    {
        if (Text(arguments, "peer") is not { } name) return Bad("peer.create needs \"peer\"");
        if (_peers.ContainsKey((caseId, name))) return Bad($"there is already a peer \"{name}\"");
        var ip = Text(arguments, "bind") ?? "127.0.0.1";
        if (!Info.Bind.Contains(ip)) return Bad($"\"bind\" is one of {string.Join(", ", Info.Bind)}");
        var offers = Text(arguments, "role") != "answerer";
        var id = ++_created;
        _peers[(caseId, name)] = new ReferencePeer(platform, entropy.Fork($"peer/{id}"), quirks, $"sut-{id}", ip, offers);
        return Ok();
    }

    private void Close((string Case, string Peer) key)
    {
        if (_peers.Remove(key, out var peer)) peer.Dispose();
    }

    private static string? Text(JsonObject arguments, string name) => arguments[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static SutReply Ok(JsonObject? value = null) => new(SutReplyKind.Ok, value ?? []);

    private static SutReply Unsupported(string command) => new(SutReplyKind.Unsupported, Detail: $"the reference has no {command}");

    private static SutReply Bad(string detail) => new(SutReplyKind.BadRequest, Detail: detail);
}
