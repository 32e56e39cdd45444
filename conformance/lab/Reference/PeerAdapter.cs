using System.Text.Json.Nodes;
using WebRtcConformance.Host;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Lab.Reference;

/// <summary>
/// Whole peers of the reference behind the adapter protocol (level "wire" of docs/adapter-protocol.md): offer and answer, ICE, DTLS, data channels. `wrc peer` serves it
/// over UDP, so that others can test against the reference.
/// </summary>
/// <param name="platform">Where the peers live.</param>
/// <param name="policy">Of all of them.</param>
/// <param name="keyLog">Where their DTLS secrets go; null for nowhere.</param>
public sealed class PeerAdapter(IPlatform platform, Entropy entropy, PeerPolicy? policy = null, QuirkSet quirks = default, KeyLogFile? keyLog = null) : IWcapHandler, IDisposable
{
    private readonly Dictionary<(string Case, string Peer), AdaptedPeer> _peers = [];
    private readonly IcePacer _pacer = new();
    private int _created;

    public SutInfo Info { get; } = ReferenceAdapter.Describe() with { Name = "reference-peer", Levels = ["wire"] };

    public SutReply Handle(string? caseId, string command, JsonObject arguments)
    {
        if (caseId is null) return Unsupported(command);
        switch (command)
        {
            case "case.begin": return Ok();
            case "case.end" or "case.abort":
                foreach (var key in _peers.Keys.Where(k => k.Case == caseId).ToList()) Close(key);
                return Ok();
            case "peer.create": return Create(caseId, arguments);
        }
        if (!command.StartsWith("peer.", StringComparison.Ordinal)) return Unsupported(command);
        if (WcapMessage.Text(arguments["peer"]) is not { } name || !_peers.TryGetValue((caseId, name), out var peer)) return Bad("there is no such peer");
        return command switch
        {
            "peer.createOffer" => peer.CreateOffer(arguments),
            "peer.createAnswer" => peer.CreateAnswer(),
            "peer.setLocal" => peer.SetLocal(arguments),
            "peer.setRemote" => peer.SetRemote(arguments),
            "peer.addCandidate" => peer.AddCandidate(arguments),
            "peer.send" => peer.Send(arguments),
            "peer.closeChannel" => peer.CloseChannel(arguments),
            "peer.wait" => peer.Wait(arguments),
            "peer.stats" => Ok(peer.Stats()),
            "peer.close" => Close((caseId, name)),
            _ => Unsupported(command),
        };
    }

    public bool TryTakeEvent(out (string CaseId, SutEvent Event) taken)
    {
        foreach (var ((caseId, name), peer) in _peers)
        {
            if (!peer.TryTakeEvent(out var happened)) continue;
            taken = (caseId, new SutEvent(happened.Name, name, happened.Data));
            return true;
        }
        taken = default;
        return false;
    }

    public void Idle() => (platform as UdpPlatform)?.Poll(TimeSpan.Zero);

    public void Dispose()
    {
        foreach (var key in _peers.Keys.ToList()) Close(key);
    }

    private SutReply Create(string caseId, JsonObject arguments)
    {
        if (WcapMessage.Text(arguments["peer"]) is not { } name) return Bad("peer.create needs \"peer\"");
        if (_peers.ContainsKey((caseId, name))) return Bad($"there is already a peer \"{name}\"");
        if (arguments["media"] is JsonArray { Count: > 0 }) return new SutReply(SutReplyKind.Unsupported, Detail: "media");
        var ip = WcapMessage.Text(arguments["bind"]) ?? "127.0.0.1";
        if (!Info.Bind.Contains(ip)) return new SutReply(SutReplyKind.Unsupported, Detail: $"\"bind\" is one of {string.Join(", ", Info.Bind)}");
        var id = ++_created;
        var connection = new PeerConnection(policy ?? new PeerPolicy(), entropy.Fork($"peer/{id}"), quirks: quirks) { Pacer = _pacer };
        var peer = new AdaptedPeer(platform, connection, $"peer-{id}", ip, keyLog);
        if (peer.OpenChannels(arguments["data"] as JsonArray ?? []) is { } wrong)
        {
            peer.Dispose();
            return wrong;
        }
        _peers[(caseId, name)] = peer;
        return Ok();
    }

    private SutReply Close((string Case, string Peer) key)
    {
        if (_peers.Remove(key, out var peer)) peer.Dispose();
        return Ok();
    }

    internal static SutReply Ok(JsonObject? value = null) => new(SutReplyKind.Ok, value ?? []);

    internal static SutReply Bad(string detail) => new(SutReplyKind.BadRequest, Detail: detail);

    private static SutReply Unsupported(string command) => new(SutReplyKind.Unsupported, Detail: $"the reference's peer has no {command}");

    internal static SutReply Rejected(NegotiationProblem problem) => new(SutReplyKind.Rejected, Reason: problem.Kind switch
    {
        NegotiationProblemKind.Syntax => "syntax",
        NegotiationProblemKind.State => "state",
        NegotiationProblemKind.Unsupported => "policy",
        _ => "badValue",
    }, Detail: problem.ToString());
}
