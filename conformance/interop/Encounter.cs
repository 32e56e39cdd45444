using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using WebRtcConformance.Host;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Interop.Tests;

/// <summary>A message as both sides see it.</summary>
internal sealed record Message(string Label, bool IsText, byte[] Bytes)
{
    public bool Equals(Message? other) => other is not null && Label == other.Label && IsText == other.IsText && Bytes.AsSpan().SequenceEqual(other.Bytes);
    public override int GetHashCode() => HashCode.Combine(Label, IsText, Bytes.Length);
    public override string ToString() => $"{(IsText ? "text" : "binary")} of {Bytes.Length} bytes on '{Label}'";
}

/// <summary>
/// Our peer over real UDP, and one of an implementation behind the adapter protocol; this class is the signalling between them. Everything runs on the test's thread.
/// </summary>
internal sealed class Encounter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), CommandDeadline = TimeSpan.FromSeconds(30);

    private readonly ISutSession _theirs;
    private readonly List<string> _log = [];
    private readonly Queue<string?> _earlyCandidates = new();
    private bool _remoteIsSet;

    /// <param name="theirs">A session with the other implementation.</param>
    /// <param name="theyOffer">They make the offer, and open the channels.</param>
    /// <param name="channels">What the offerer opens.</param>
    public Encounter(ISutSession theirs, bool theyOffer, PeerPolicy policy, params IReadOnlyList<DataChannelOptions> channels)
    {
        _theirs = theirs;
        Host = new PeerHost(new PeerConnection(policy, new Entropy(OsEntropy.Seed())), keepsDiscards: true);
        var data = new JsonArray();
        foreach (var channel in channels)
        {
            if (!theyOffer) Channels[channel.Label] = Host.Peer.CreateDataChannel(Host.Now, channel)!;
            else data.Add(new JsonObject { ["label"] = channel.Label, ["ordered"] = channel.Ordered });
        }
        Call("peer.create", ("role", theyOffer ? "offerer" : "answerer"), ("bind", "127.0.0.1"), ("data", data));
        if (theyOffer)
        {
            SetRemote(DescriptionType.Offer, Describe("offer"));
            Host.Peer.CreateAnswer();
            Host.Peer.SetLocalDescription(Host.Now, DescriptionType.Answer);
            Call("peer.setRemote", ("type", "answer"), ("sdp", Host.Peer.LocalDescription));
        }
        else
        {
            Host.Peer.CreateOffer();
            Host.Peer.SetLocalDescription(Host.Now, DescriptionType.Offer);
            Call("peer.setRemote", ("type", "offer"), ("sdp", Host.Peer.LocalDescription));
            SetRemote(DescriptionType.Answer, Describe("answer"));
        }
    }

    public PeerHost Host { get; }

    /// <summary>Ours, by label.</summary>
    public Dictionary<string, DataChannel> Channels { get; } = [];

    /// <summary>Labels of the channels that are open on each side.</summary>
    public HashSet<string> OpenHere { get; } = [];

    public HashSet<string> OpenThere { get; } = [];

    /// <summary>Those that they have said to be closed.</summary>
    public HashSet<string> ClosedThere { get; } = [];

    public List<Message> ReceivedHere { get; } = [];
    public List<Message> ReceivedThere { get; } = [];
    public string TheirDescription { get; private set; } = "";

    /// <summary>What the peer announced (RFC 8841 section 6.1).</summary>
    public int TheirMaxMessageSize => Host.Peer.DataChannels.RemoteMaxMessageSize;

    public void Await(string what, Func<bool> condition) => Assert.True(TryAwait(condition, Patience), $"{what} did not happen.\n{this}");

    public bool TryAwait(Func<bool> condition, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > within) return false;
            Pump();
        }
        return true;
    }

    public void SendHere(Message message)
    {
        var result = Host.Peer.Send(Host.Now, Channels[message.Label], message.IsText, message.Bytes);
        Assert.True(result == DataChannelSendResult.Accepted, $"{message}: {result}\n{this}");
    }

    public void SendThere(Message message)
    {
        if (message.IsText) Call("peer.send", ("channel", message.Label), ("text", Encoding.UTF8.GetString(message.Bytes)));
        else Call("peer.send", ("channel", message.Label), ("bytes", Convert.ToHexStringLower(message.Bytes)));
    }

    public void CloseThere(string label) => Call("peer.closeChannel", ("channel", label));

    public void CloseHere(string label) => Host.Peer.CloseChannel(Host.Now, Channels[label]);

    public JsonObject Call(string command, params (string Name, JsonNode? Value)[] arguments)
    {
        var reply = _theirs.Call(command, new JsonObject(arguments.Append(("peer", "p")).Select(a => KeyValuePair.Create(a.Item1, a.Item2))), CommandDeadline);
        Assert.True(reply.IsOk, $"{command}: {reply.Kind} {reply.Reason} {reply.Detail}\n{this}");
        return reply.Value!;
    }

    /// <summary>For the message of a failed assertion.</summary>
    public override string ToString() => $"{string.Join('\n', _log.TakeLast(60))}\ntheir description:\n{TheirDescription}\nours:\n{Host.Peer.LocalDescription}";

    public void Dispose()
    {
        Host.Peer.Close(Host.Now);
        Host.Poll(TimeSpan.Zero);
        _theirs.Dispose();
        Host.Dispose();
    }

    private string Describe(string type)
    {
        var made = Call(type == "offer" ? "peer.createOffer" : "peer.createAnswer");
        var set = Call("peer.setLocal", ("type", type), ("sdp", (string)made["sdp"]!));
        return (string?)set["sdp"] ?? (string)made["sdp"]!;
    }

    private void SetRemote(DescriptionType type, string sdp)
    {
        TheirDescription = sdp;
        var problem = Host.Peer.SetRemoteDescription(Host.Now, type, sdp);
        Assert.True(problem is null, $"{problem}\n{this}");
        _remoteIsSet = true;
        while (_earlyCandidates.TryDequeue(out var candidate)) AddCandidate(candidate);
    }

    private void AddCandidate(string? candidate)
    {
        if (!_remoteIsSet) _earlyCandidates.Enqueue(candidate);
        else if (Host.Peer.AddRemoteCandidate(Host.Now, candidate) is { } problem) _log.Add($"candidate {candidate}: {problem}");
    }

    private void Pump()
    {
        Host.Poll(TimeSpan.FromMilliseconds(2));
        while (Host.TryTakeEvent(out var happened)) Here(happened);
        while (_theirs.TryTakeEvent(out var happened)) There(happened);
    }

    private void Here(PeerEvent happened)
    {
        _log.Add($"here  {happened}{(happened.Kind == PeerOutputKind.StateChanged ? happened.State.ToString() : "")}");
        switch (happened.Kind)
        {
            case PeerOutputKind.ChannelAnnounced or PeerOutputKind.ChannelOpened:
                Channels[happened.Channel!.Options.Label] = happened.Channel;
                OpenHere.Add(happened.Channel.Options.Label);
                break;
            case PeerOutputKind.ChannelClosed: OpenHere.Remove(happened.Channel!.Options.Label); break;
            case PeerOutputKind.Text or PeerOutputKind.Binary:
                ReceivedHere.Add(new Message(happened.Channel!.Options.Label, happened.Kind == PeerOutputKind.Text, happened.Bytes));
                break;
        }
    }

    private void There(SutEvent happened)
    {
        var text = happened.Data.ToJsonString();
        _log.Add($"there {happened.Name} {(text.Length > 200 ? text[..200] + "..." : text)}");
        if (happened.Name == "peer.candidate")
        {
            AddCandidate((string?)happened.Data["candidate"]);
            return;
        }
        if (happened.Name != "peer.channel" || (string?)happened.Data["label"] is not { } label) return;
        switch ((string?)happened.Data["event"])
        {
            case "open": OpenThere.Add(label); break;
            case "close":
                OpenThere.Remove(label);
                ClosedThere.Add(label);
                break;
            case "message" when happened.Data["text"] is { } content: ReceivedThere.Add(new Message(label, true, Encoding.UTF8.GetBytes((string)content!))); break;
            case "message": ReceivedThere.Add(new Message(label, false, Convert.FromHexString((string)happened.Data["bytes"]!))); break;
        }
    }
}
