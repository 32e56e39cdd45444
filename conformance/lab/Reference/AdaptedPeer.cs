using System.Text;
using System.Text.Json.Nodes;
using WebRtcConformance.Host;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Lab.Reference;

/// <summary>One peer of <see cref="PeerAdapter"/>: commands and events of the adapter protocol on one side, a <see cref="PeerConnection"/> on the other.</summary>
internal sealed class AdaptedPeer : IDisposable
{
    private const int MaximumFill = 1 << 28;

    private readonly IPlatform _platform;
    private readonly PeerConnection _peer;
    private readonly PeerNode _node;
    private readonly PeerEvents _events = new();
    private readonly KeyLogFile? _keyLog;
    private readonly Dictionary<string, DataChannel> _channels = []; // by label: of several the last one

    public AdaptedPeer(IPlatform platform, PeerConnection peer, string name, string ip, KeyLogFile? keyLog)
    {
        (_platform, _peer, _keyLog) = (platform, peer, keyLog);
        _node = new PeerNode(peer, _events.Add);
        foreach (var address in platform.Attach(name, _node, ip, ports: 1)) peer.AddLocalAddress(platform.Now, address);
    }

    /// <summary>Null, or what is wrong with one of them.</summary>
    public SutReply? OpenChannels(JsonArray wanted)
    {
        foreach (var item in wanted)
        {
            if (item is not JsonObject channel || WcapMessage.Text(channel["label"]) is not { } label) return PeerAdapter.Bad("a channel has a \"label\"");
            var options = new DataChannelOptions
            {
                Label = label, Protocol = WcapMessage.Text(channel["protocol"]) ?? "", Ordered = Flag(channel["ordered"]) ?? true, Negotiated = Flag(channel["negotiated"]) ?? false,
                MaxRetransmits = Number(channel["maxRetransmits"]), MaxPacketLifeTime = Number(channel["maxPacketLifeTime"]),
                Id = Number(channel["id"]) is >= 0 and <= ushort.MaxValue and var id ? (ushort)id : null,
            };
            try
            {
                if (_peer.CreateDataChannel(_platform.Now, options) is not { } opened) return new SutReply(SutReplyKind.Rejected, Reason: "limit", Detail: "no identifier is left");
                _channels[label] = opened;
            }
            catch (ArgumentException e)
            {
                return new SutReply(SutReplyKind.Rejected, Reason: "badValue", Detail: e.Message);
            }
        }
        return null;
    }

    public SutReply CreateOffer(JsonObject arguments)
    {
        var restarts = Flag((arguments["options"] as JsonObject)?["iceRestart"]) == true;
        return Guard(() => Description("offer", _peer.CreateOffer(restarts)));
    }

    public SutReply CreateAnswer() => Guard(() => Description("answer", _peer.CreateAnswer()));

    public SutReply SetLocal(JsonObject arguments)
    {
        if (TypeOf(arguments) is not { } type) return PeerAdapter.Bad("\"type\" is offer or answer");
        return Guard(() =>
        {
            _peer.SetLocalDescription(_platform.Now, type);
            return Description(type == DescriptionType.Offer ? "offer" : "answer", _peer.LocalDescription!);
        });
    }

    public SutReply SetRemote(JsonObject arguments)
    {
        if (TypeOf(arguments) is not { } type || WcapMessage.Text(arguments["sdp"]) is not { } sdp) return PeerAdapter.Bad("peer.setRemote needs \"type\" and \"sdp\"");
        return _peer.SetRemoteDescription(_platform.Now, type, sdp) is { } problem ? PeerAdapter.Rejected(problem) : PeerAdapter.Ok();
    }

    public SutReply AddCandidate(JsonObject arguments) =>
        _peer.AddRemoteCandidate(_platform.Now, WcapMessage.Text(arguments["candidate"])) is { } problem ? PeerAdapter.Rejected(problem) : PeerAdapter.Ok();

    public SutReply Send(JsonObject arguments)
    {
        if (WcapMessage.Text(arguments["channel"]) is not { } label || !_channels.TryGetValue(label, out var channel)) return PeerAdapter.Bad("there is no such channel");
        var text = WcapMessage.Text(arguments["text"]);
        byte[] message;
        if (text is not null)
        {
            message = Encoding.UTF8.GetBytes(text);
        }
        else if (arguments["fill"] is JsonObject fill && Number(fill["size"]) is >= 0 and <= MaximumFill and var size)
        {
            var seed = Number(fill["seed"]) ?? 0;
            message = new byte[size];
            for (var i = 0; i < message.Length; i++) message[i] = (byte)(seed + 31 * i);
        }
        else if (WcapMessage.Text(arguments["bytes"]) is { } hex && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit))
        {
            message = Convert.FromHexString(hex);
        }
        else
        {
            return PeerAdapter.Bad("peer.send needs \"text\", \"bytes\" or \"fill\"");
        }
        return _peer.Send(_platform.Now, channel, text is not null, message) switch
        {
            DataChannelSendResult.Accepted => PeerAdapter.Ok(),
            DataChannelSendResult.NotOpen => new SutReply(SutReplyKind.Rejected, Reason: "state", Detail: "the channel is not open"),
            DataChannelSendResult.TooLarge => new SutReply(SutReplyKind.Rejected, Reason: "limit", Detail: "larger than the peer accepts (RFC 8841 section 6.1)"),
            _ => new SutReply(SutReplyKind.Rejected, Reason: "limit", Detail: "too much waits to be sent"),
        };
    }

    public SutReply CloseChannel(JsonObject arguments)
    {
        if (WcapMessage.Text(arguments["channel"]) is not { } label || !_channels.TryGetValue(label, out var channel)) return PeerAdapter.Bad("there is no such channel");
        _peer.CloseChannel(_platform.Now, channel);
        return PeerAdapter.Ok();
    }

    public SutReply Wait(JsonObject arguments)
    {
        var until = (arguments["until"] as JsonObject ?? []).Select(u => (u.Key, Value: WcapMessage.Text(u.Value))).ToList();
        bool Reached()
        {
            var now = StateOf(_peer.State);
            return until.All(u => (string?)now[u.Key] == u.Value);
        }
        var reached = _platform.RunUntil(Reached, TimeSpan.FromMilliseconds(Number(arguments["ms"]) ?? 1000));
        return PeerAdapter.Ok(new JsonObject { ["reached"] = reached, ["state"] = StateOf(_peer.State) });
    }

    public JsonObject Stats() => new()
    {
        ["state"] = StateOf(_peer.State),
        ["selected"] = _peer.Selected is { } pair ? new JsonObject { ["local"] = Address(pair.Local), ["remote"] = Address(pair.Remote) } : null,
    };

    /// <summary>The next event of the protocol.</summary>
    public bool TryTakeEvent(out (string Name, JsonObject Data) taken)
    {
        while (_events.TryTake(out var happened))
        {
            if (happened.Channel is { } channel && happened.Kind is PeerOutputKind.ChannelAnnounced) _channels[channel.Options.Label] = channel;
            switch (happened.Kind)
            {
                case PeerOutputKind.StateChanged: taken = ("peer.state", StateOf(happened.State)); return true;
                case PeerOutputKind.LocalCandidate:
                    taken = ("peer.candidate", new JsonObject { ["candidate"] = happened.Note.Length > 0 ? happened.Note : null, ["mid"] = null });
                    return true;
                case PeerOutputKind.ChannelAnnounced or PeerOutputKind.ChannelOpened:
                    taken = ("peer.channel", new JsonObject
                    {
                        ["event"] = "open", ["label"] = happened.Channel!.Options.Label, ["id"] = happened.Channel.Id, ["ordered"] = happened.Channel.Options.Ordered,
                        ["protocol"] = happened.Channel.Options.Protocol,
                    });
                    return true;
                case PeerOutputKind.ChannelClosed: taken = ("peer.channel", new JsonObject { ["event"] = "close", ["label"] = happened.Channel!.Options.Label }); return true;
                case PeerOutputKind.Text:
                    taken = ("peer.channel", new JsonObject { ["event"] = "message", ["label"] = happened.Channel!.Options.Label, ["text"] = Encoding.UTF8.GetString(happened.Bytes) });
                    return true;
                case PeerOutputKind.Binary:
                    taken = ("peer.channel", new JsonObject { ["event"] = "message", ["label"] = happened.Channel!.Options.Label, ["bytes"] = Convert.ToHexStringLower(happened.Bytes) });
                    return true;
                case PeerOutputKind.KeyLogged: _keyLog?.Add(happened.Note); break;
            }
        }
        taken = default;
        return false;
    }

    /// <summary>Says goodbye, and goes.</summary>
    public void Dispose()
    {
        _peer.Close(_platform.Now);
        _platform.RunUntil(() => true, TimeSpan.Zero); // what it still says goes out, where the platform sends at once
        (_platform as UdpPlatform)?.Poll(TimeSpan.Zero);
        _platform.Detach(_node);
    }

    private static SutReply Guard(Func<SutReply> action)
    {
        try
        {
            return action();
        }
        catch (InvalidOperationException e)
        {
            return new SutReply(SutReplyKind.Rejected, Reason: "state", Detail: e.Message);
        }
    }

    private static SutReply Description(string type, string sdp) => PeerAdapter.Ok(new JsonObject { ["type"] = type, ["sdp"] = sdp });

    private static DescriptionType? TypeOf(JsonObject arguments) => WcapMessage.Text(arguments["type"]) switch
    {
        "offer" => DescriptionType.Offer, "answer" => DescriptionType.Answer, _ => null,
    };

    private static JsonObject Address(TransportAddress address) => new() { ["ip"] = new System.Net.IPAddress(address.AddressBytes()).ToString(), ["port"] = address.Port };

    /// <summary>The words of the W3C's API.</summary>
    private static JsonObject StateOf(in PeerState state) => new()
    {
        ["ice"] = Word(state.Ice), ["dtls"] = Word(state.Dtls), ["sctp"] = state.Sctp == SctpTransportState.New ? null : Word(state.Sctp), ["connection"] = Word(state.Connection),
        ["signaling"] = state.Signaling switch
        {
            SignalingState.HaveLocalOffer => "have-local-offer", SignalingState.HaveRemoteOffer => "have-remote-offer", var other => Word(other),
        },
        ["gathering"] = "complete",
    };

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static bool? Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
