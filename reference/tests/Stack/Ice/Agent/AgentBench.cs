using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>One agent against a peer made of plain bytes, with the addresses and credentials of <see cref="IceBench"/>.</summary>
internal sealed class AgentBench
{
    private readonly Entropy _ids = new(98);

    public AgentBench(QuirkSet<IceAgentQuirk> quirks = default, IceRole role = IceRole.Controlling, IcePolicy? policy = null, string[]? moreBases = null, bool begins = true)
    {
        Agent = new IceAgent(policy ?? new IcePolicy(), new Entropy(1), role, IceBench.Local, default, quirks, tieBreaker: 1000);
        Agent.AddBase(Now, IceBench.L);
        foreach (var more in moreBases ?? []) Agent.AddBase(Now, TransportAddress.Parse(more));
        if (!begins) return;
        Agent.Gather(Now);
        Agent.SetRemoteParameters(Now, new IceParameters(IceBench.Remote) { Options = ["trickle", "ice2"] });
        All.AddRange(Drain());
    }

    public IceAgent Agent { get; }

    public Instant Now { get; set; } = Instant.Start;

    /// <summary>All outputs so far.</summary>
    public List<IceOutput> All { get; } = [];

    public IceCredentials LocalCredentials => Agent.LocalParameters.Credentials;

    public static string HostLine(string address, int port, uint priority = 2130706431, string more = "", int foundation = 1) =>
        $"candidate:{foundation} 1 UDP {priority} {address} {port} typ host{more}";

    public List<IceOutput> Drain()
    {
        var outputs = new List<IceOutput>();
        while (Agent.TryTake(out var output)) outputs.Add(output);
        All.AddRange(outputs);
        return outputs;
    }

    public List<IceOutput> Do(Action<IceAgent> command)
    {
        command(Agent);
        return Drain();
    }

    public List<IceOutput> Receive(byte[] bytes, TransportAddress? from = null, TransportAddress? to = null) =>
        Do(a => a.Receive(Now, to ?? IceBench.L, from ?? IceBench.R, bytes));

    /// <summary>Let time pass, every deadline in its turn; what is sent meanwhile is answered if wanted.</summary>
    public List<IceOutput> Pass(double seconds, bool answers = false)
    {
        var (outputs, end) = (new List<IceOutput>(), Now + TimeSpan.FromSeconds(seconds));
        while (Agent.NextDeadline <= end)
        {
            Now = Instant.Max(Now, Agent.NextDeadline);
            Agent.Advance(Now);
            var some = Drain();
            outputs.AddRange(some);
            if (!answers) continue;
            foreach (var sent in some.OfType<IceOutput.Transmit>().Where(s => IsRequest(s.Datagram.Bytes.Span)))
                outputs.AddRange(Answer(sent));
        }
        Now = end;
        return outputs;
    }

    public static bool IsRequest(ReadOnlySpan<byte> bytes) => bytes.Length >= 20 && bytes[0] == 0 && bytes[1] == 1;

    /// <summary>Answer a check with success, as the peer does.</summary>
    public List<IceOutput> Answer(IceOutput.Transmit sent, byte? error = null)
    {
        var check = sent.Datagram.Bytes.ToArray();
        StunAttribute content = error is { } number ? new ErrorCode { Class = 4, Number = number, ReasonPhrase = "" } : StunAddresses.XorMapped(sent.Datagram.Local);
        var response = new StunMessage
        {
            Method = StunMethod.Binding,
            Class = error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse,
            TransactionId = check[8..20],
            Attributes = [content],
        };
        return Receive(IceBench.Sealed(response, IceBench.RemoteKey), sent.Datagram.Remote, sent.Datagram.Local);
    }

    /// <summary>A check of the peer that is right in every respect.</summary>
    public byte[] Request(bool useCandidate = false, IceCredentials? credentials = null, uint priority = 7, IceRole peer = IceRole.Controlled)
    {
        var mine = credentials ?? LocalCredentials;
        List<StunAttribute> attributes = [StunText.Username($"{mine.Fragment}:{IceBench.Remote.Fragment}"), new Priority { Value = priority }];
        attributes.Add(peer == IceRole.Controlling ? new IceControlling { Tiebreaker = 5 } : new IceControlled { Tiebreaker = 5 });
        if (useCandidate) attributes.Add(new UseCandidate());
        return IceBench.Sealed(new StunMessage
        {
            Method = StunMethod.Binding, Class = StunClass.Request, TransactionId = TransactionId.Draw(_ids).ToArray(), Attributes = [.. attributes],
        }, StunCredentials.ShortTermKey(mine.Password));
    }

    /// <summary>To a selected pair between L and R, controlling, every check answered.</summary>
    public AgentBench Connected()
    {
        Do(a => a.AddRemoteCandidate(Now, HostLine("192.0.2.2", 2000)));
        Pass(2, answers: true);
        Assert.NotNull(Agent.Selected);
        return this;
    }

    public string Answers(byte[] request, TransportAddress? to = null) =>
        Receive(request, to: to).OfType<IceOutput.Transmit>().FirstOrDefault() is { } sent ? Seen.Describe(sent) : "silence";

    public static IEnumerable<byte[]> Requests(IEnumerable<IceOutput> outputs) =>
        outputs.OfType<IceOutput.Transmit>().Select(s => s.Datagram.Bytes.ToArray()).Where(b => IsRequest(b));
}
