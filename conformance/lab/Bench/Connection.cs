using System.Globalization;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Sdp;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Stack.Foundation;
using Verdict = WebRtcConformance.Lab.Results.Verdict;

namespace WebRtcConformance.Lab.Bench;

/// <summary>Our peer and the system under test's, after offer and answer: each knows the other's credentials and candidates.</summary>
public sealed class Connection : IDisposable
{
    private static readonly TimeSpan CandidateWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SessionBudget = TimeSpan.FromMinutes(2);

    private readonly IPlatform _platform;
    private readonly SutInfo _sut;
    private readonly List<TransportAddress> _candidates = [];
    private readonly List<SutEvent> _events = [];
    private readonly List<uint> _priorities = [];
    private int _checkedAt = -1; // events before the first check of the system under test

    public Connection(ISut sut, IPlatform platform, string caseId, string family, string role, Entropy entropy, Recorder recorder)
    {
        _platform = platform;
        _sut = sut.Info;
        Family = family;
        Role = role;
        Entropy = entropy;
        Session = sut.Begin(caseId, SessionBudget);
        Local = Credentials.Draw(entropy.Fork("credentials"));
        Peer = new LabPeer(this, recorder);
    }

    /// <summary>"ipv4" or "ipv6".</summary>
    public string Family { get; }

    /// <summary>The ICE role of the system under test: "controlling" (it offers) or "controlled" (it answers).</summary>
    public string Role { get; }

    public bool SutControls => Role == "controlling";

    /// <summary>See <see cref="SutInfo.Ordered"/>.</summary>
    public bool IsOrdered => _sut.Ordered;

    public Entropy Entropy { get; private set; }

    public ISutSession Session { get; }

    public LabPeer Peer { get; }

    public Credentials Local { get; }

    public Credentials Remote { get; private set; } = new("", "");

    /// <summary>Where the system under test is reached.</summary>
    public TransportAddress SutAddress => _candidates[0];

    public IPlatform Platform => _platform;

    internal int CasesServed { get; set; }

    /// <summary>Events of the system under test so far.</summary>
    public IReadOnlyList<SutEvent> Events
    {
        get
        {
            PumpEvents();
            return _events;
        }
    }

    /// <summary>The last reported ICE state ("new", "checking", "connected", "completed", "failed" ...).</summary>
    public string IceState => Events.LastOrDefault(e => e.Name == "peer.state" && e.Data["ice"] is not null)?.Data["ice"]?.ToString() ?? "new";

    /// <summary>ICE is reported as connected, or DTLS came over the wire: the agent has a pair that it uses.</summary>
    public bool IsConnected => Peer.SawDtls || ReportedAfterFirstCheck().LastOrDefault() is "connected" or "completed";

    /// <summary>Whether <see cref="IsConnected"/> has ever held.</summary>
    public bool WasConnected => Peer.SawDtls || ReportedAfterFirstCheck().Any(state => state is "connected" or "completed");

    /// <summary>Priorities of the candidates that the system under test signalled.</summary>
    public IReadOnlyList<uint> SignalledPriorities => _priorities;

    /// <summary>Exchanges descriptions. Ends the case when the system under test cannot.</summary>
    public void Open()
    {
        var ip = Family == "ipv6" ? "::1" : "127.0.0.1";
        Peer.Open(ip);
        Call("peer.create", new JsonObject
        {
            ["peer"] = "p1", ["role"] = SutControls ? "offerer" : "answerer", ["bind"] = ip,
            // The offerer needs something to offer; an answerer that adds a channel of its own may start to offer too.
            ["data"] = SutControls ? new JsonArray(new JsonObject { ["label"] = "lab" }) : new JsonArray(),
        });
        if (SutControls)
        {
            Learn(SetLocal("offer", SdpOf("peer.createOffer", new JsonObject { ["peer"] = "p1" })), out var mid);
            Call("peer.setRemote", Description("answer", OurDescription("passive", mid)));
        }
        else
        {
            Call("peer.setRemote", Description("offer", OurDescription("actpass", "0")));
            Learn(SetLocal("answer", SdpOf("peer.createAnswer", new JsonObject { ["peer"] = "p1" })), out _);
        }
        if (!_platform.RunUntil(() => { PumpEvents(); return _candidates.Count > 0; }, CandidateWait))
            throw new CaseEndedException(Verdict.Infra, "no-candidate", $"the system under test gave no UDP candidate on {ip} within {CandidateWait.TotalSeconds} s");
    }

    /// <summary>Takes the connection over for another case.</summary>
    internal void Adopt(Recorder recorder, Entropy entropy)
    {
        Entropy = entropy;
        Peer.Adopt(recorder);
    }

    /// <summary>A command to the system under test; anything but "ok" ends the case.</summary>
    public JsonObject Call(string command, JsonObject arguments)
    {
        Peer.Recorder.Note(_platform.Now, $"command {command}");
        var reply = Session.Call(command, arguments);
        if (!reply.IsOk) SutFailure.Throw(reply, command, _sut);
        return reply.Value ?? [];
    }

    /// <summary>Ends the case with what a ping says about a system under test that stopped answering on the wire.</summary>
    public void FailAsSilent(string afterWhat)
    {
        var ping = Session.Call("ping");
        if (!ping.IsOk) SutFailure.Throw(ping, "ping", _sut);
        throw new CaseEndedException(Verdict.Fail, "stops-answering", $"After {afterWhat}, the implementation no longer answers a good check.") { Kind = OutcomeKind.Forbidden };
    }

    public void Dispose()
    {
        Peer.Close();
        Session.Dispose();
    }

    /// <summary>The ICE states reported since the first check came. Some implementations report "completed" for a moment while they gather, when
    /// nothing can have been checked yet.</summary>
    private IEnumerable<string> ReportedAfterFirstCheck()
    {
        var events = Events;
        return _checkedAt < 0 ? [] : events.Skip(_checkedAt).Where(e => e.Name == "peer.state").Select(e => e.Data["ice"]?.ToString()).OfType<string>();
    }

    private void PumpEvents()
    {
        if (_checkedAt < 0 && Peer.Requests.Count > 0) _checkedAt = _events.Count;
        while (Session.TryTakeEvent(out var e))
        {
            _events.Add(e);
            if (e.Name == "peer.candidate" && e.Data["candidate"] is JsonValue value && value.TryGetValue<string>(out var candidate)) AddCandidate(candidate);
            else if (e.Name != "peer.candidate") Peer.Recorder.Note(_platform.Now, $"event {e.Name} {e.Data.ToJsonString()}");
        }
    }

    private void AddCandidate(string line)
    {
        if (!SessionLines.TryReadCandidate(line, out var address, out var priority)) return;
        _priorities.Add(priority);
        var family = Family == "ipv6" ? IpFamily.IPv6 : IpFamily.IPv4;
        if (address.Family == family && address.IsLoopback && !_candidates.Contains(address)) _candidates.Add(address);
    }

    private void Learn(string sdp, out string mid)
    {
        if (!SessionLines.TryRead(sdp, out var lines))
            throw new CaseEndedException(Verdict.Infra, "unreadable-sdp", "the description of the system under test has no ICE credentials in its first media section");
        Remote = new Credentials(lines.Ufrag, lines.Password);
        mid = lines.Mid;
        foreach (var line in sdp.Split('\n').Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal))) AddCandidate(line.TrimEnd('\r'));
    }

    private string SdpOf(string command, JsonObject arguments) =>
        Call(command, arguments)["sdp"] is JsonValue value && value.TryGetValue<string>(out var sdp)
            ? sdp
            : throw new CaseEndedException(Verdict.Infra, "adapter-breaks-protocol", $"{command}: the answer has no \"sdp\"");

    /// <summary>Gives the description that was made back, and returns it as it then is: some implementations gather first and tell their candidates there only.</summary>
    private string SetLocal(string type, string sdp) =>
        Call("peer.setLocal", Description(type, sdp))["sdp"] is JsonValue value && value.TryGetValue<string>(out var set) ? set : sdp;

    private static JsonObject Description(string type, string sdp) => new() { ["peer"] = "p1", ["type"] = type, ["sdp"] = sdp };

    private string OurDescription(string setup, string mid)
    {
        var fingerprint = new byte[32];
        Entropy.Fork("fingerprint").Fill(fingerprint);
        var text = string.Join(':', fingerprint.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
        return SessionLines.Write(Local.Ufrag, Local.Password, "sha-256 " + text, setup, mid, [Peer.Address], Entropy.Fork("sdp").UInt64() >> 2);
    }
}
