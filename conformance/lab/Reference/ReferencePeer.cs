using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Sdp;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Lab.Reference;

/// <summary>One peer of the reference: an ICE endpoint at one address, and the description that tells of it.</summary>
internal sealed class ReferencePeer : IDisposable
{
    private readonly IPlatform _platform;
    private readonly Entropy _entropy;
    private readonly IceNode _node;
    private readonly IReadOnlyList<TransportAddress> _addresses;
    private string _state = "new";
    private string _mid = "0";

    public ReferencePeer(IPlatform platform, Entropy entropy, QuirkSet quirks, string name, string ip, bool offers)
    {
        _platform = platform;
        _entropy = entropy;
        var credentials = Credentials.Draw(entropy.Fork("credentials"));
        var role = offers ? IceRole.Controlling : IceRole.Controlled;
        _node = new IceNode(new IceEndpoint(new IcePolicy(), entropy, new IceCredentials(credentials.Ufrag, credentials.Password), role, quirks));
        _addresses = platform.Attach(name, _node, ip, ports: 1);
        _node.Endpoint.AddLocalCandidate(platform.Now, _addresses[0]);
    }

    public string Describe(bool answer)
    {
        var fingerprint = new byte[32];
        _entropy.Fork("fingerprint").Fill(fingerprint);
        var local = _node.Endpoint.LocalCredentials;
        return SessionLines.Write(local.Fragment, local.Password, "sha-256 " + string.Join(':', fingerprint.Select(b => b.ToString("X2", null))),
            answer ? "active" : "actpass", _mid, _addresses, _entropy.Fork("sdp").UInt64() >> 2);
    }

    public bool SetRemote(string sdp)
    {
        if (!SessionLines.TryRead(sdp, out var lines)) return false;
        _mid = lines.Mid;
        _node.Endpoint.SetRemoteCredentials(_platform.Now, new IceCredentials(lines.Ufrag, lines.Password));
        for (var i = 0; i < lines.Candidates.Count; i++) AddCandidate(lines.Candidates[i], i);
        return true;
    }

    public void AddCandidate(string line)
    {
        if (SessionLines.TryReadCandidate(line, out var address)) AddCandidate(address, 0);
    }

    public JsonObject Stats() => new()
    {
        ["role"] = _node.Endpoint.Role == IceRole.Controlling ? "controlling" : "controlled",
        ["selected"] = _node.Endpoint.Selected is { } pair ? new JsonObject { ["local"] = pair.Local.ToString(), ["remote"] = pair.Remote.ToString() } : null,
    };

    /// <summary>The next change of the ICE state.</summary>
    public bool TryTakeEvent(out JsonObject data)
    {
        while (_node.TryTakeEvent(out var output))
        {
            var state = output switch
            {
                IceOutput.Nominated => "connected",
                IceOutput.CheckSucceeded or IceOutput.RequestAccepted when _state == "new" => "checking",
                _ => _state,
            };
            if (state == _state) continue;
            _state = state;
            data = new JsonObject { ["ice"] = state };
            return true;
        }
        data = [];
        return false;
    }

    public void Dispose() => _platform.Detach(_node);

    private void AddCandidate(TransportAddress address, int index) =>
        _node.Endpoint.AddRemoteCandidate(_platform.Now, address, (126u << 24) | ((uint)(65535 - index) << 8) | 255);
}
