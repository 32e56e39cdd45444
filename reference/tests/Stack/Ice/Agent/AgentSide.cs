using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>One agent in a world, with all that it has said.</summary>
internal sealed class AgentSide
{
    private readonly List<IceOutput> _events = [];
    private readonly World _world;

    public AgentSide(World world, string name, IceRole role, IcePolicy policy, string[] bases, QuirkSet quirks = default, QuirkSet<IceAgentQuirk> agentQuirks = default,
        ulong? tieBreaker = null, IcePacer? pacer = null)
    {
        _world = world;
        Node = new IceAgentNode(new IceAgent(policy, world.Entropy.Fork(name), role, null, quirks, agentQuirks, tieBreaker, pacer));
        Addresses = [.. bases.Select(TransportAddress.Parse)];
        Host = world.AddHost(name, Node, Addresses);
        foreach (var address in Addresses) Agent.AddBase(world.Now, address);
    }

    public IceAgentNode Node { get; }

    public IceAgent Agent => Node.Agent;

    public WorldHost Host { get; }

    public TransportAddress[] Addresses { get; }

    /// <summary>How long candidates take to the peer.</summary>
    public TimeSpan Signalling { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whoever gets this side's candidates.</summary>
    public AgentSide? Peer { get; set; }

    /// <summary>Everything said so far. Candidates are on their way to the peer.</summary>
    public IReadOnlyList<IceOutput> Events
    {
        get
        {
            Pump();
            return _events;
        }
    }

    public bool IsCompleted => Agent.Selected is not null;

    public List<string> Received => [.. Events.OfType<IceOutput.Data>().Select(d => System.Text.Encoding.ASCII.GetString(d.Bytes.Span))];

    /// <summary>Take the events; hand on, by way of their SDP text, what the peer has to know.</summary>
    public void Pump()
    {
        while (Node.TryTakeEvent(out var output))
        {
            _events.Add(output);
            if (Peer is not { } peer) continue;
            if (output is IceOutput.CandidateGathered gathered)
            {
                var line = IceText.Write(gathered.Candidate);
                _world.Schedule(_world.Now + Signalling, () => peer.Agent.AddRemoteCandidate(_world.Now, line));
            }
            else if (output is IceOutput.GatheringDone done)
            {
                _world.Schedule(_world.Now + Signalling, () => peer.Agent.EndOfRemoteCandidates(_world.Now, done.Fragment));
            }
        }
    }

    /// <summary>Tell the peer of the credentials.</summary>
    public void Describe()
    {
        var parameters = Agent.LocalParameters;
        var peer = Peer!;
        _world.Schedule(_world.Now + Signalling, () => peer.Agent.SetRemoteParameters(_world.Now, parameters));
    }

    public void Send(string text) => Agent.Send(_world.Now, System.Text.Encoding.ASCII.GetBytes(text));
}

/// <summary>Two of them, and the signalling between them.</summary>
internal sealed class AgentPair
{
    public static readonly LinkPolicy Calm = new() { Delay = TimeSpan.FromMilliseconds(20) };

    public AgentPair(ulong seed, LinkPolicy? link = null, IceRole leftRole = IceRole.Controlling, IceRole rightRole = IceRole.Controlled,
        IcePolicy? left = null, IcePolicy? right = null, string[]? leftBases = null, string[]? rightBases = null,
        QuirkSet quirks = default, QuirkSet<IceAgentQuirk> agentQuirks = default)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? Calm);
        Left = new AgentSide(World, "left", leftRole, left ?? new IcePolicy(), leftBases ?? ["10.0.0.1:1"], quirks, agentQuirks);
        Right = new AgentSide(World, "right", rightRole, right ?? new IcePolicy(), rightBases ?? ["10.0.0.2:2"]);
        (Left.Peer, Right.Peer) = (Right, Left);
    }

    public World World { get; }

    public AgentSide Left { get; }

    public AgentSide Right { get; }

    public bool BothCompleted => Left.IsCompleted && Right.IsCompleted;

    public bool SelectedTheSame => Left.Agent.Selected is { } l && Right.Agent.Selected is { } r && l.Local == r.Remote && l.Remote == r.Local;

    /// <summary>Descriptions, then gathering; candidates follow.</summary>
    public AgentPair Begin(TimeSpan leftLate = default, TimeSpan rightLate = default)
    {
        Begin(Left, leftLate);
        Begin(Right, rightLate);
        return this;
    }

    private void Begin(AgentSide side, TimeSpan late) => World.Schedule(World.Now + late, () =>
    {
        side.Describe();
        side.Agent.Gather(World.Now);
    });

    public bool RunUntil(Func<bool> condition, TimeSpan within) => World.RunUntil(() =>
    {
        Left.Pump();
        Right.Pump();
        return condition();
    }, within);

    public void RunFor(TimeSpan duration) => RunUntil(() => false, duration);

    public bool Connect(double seconds = 10) => RunUntil(() => BothCompleted, TimeSpan.FromSeconds(seconds));

    public override string ToString() =>
        $"seed {World.Seed}, {World.Now}: left {Left.Agent.State} {Left.Agent.Selected} {Left.Agent.Role}, right {Right.Agent.State} {Right.Agent.Selected} {Right.Agent.Role}";
}
