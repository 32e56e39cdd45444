using System.Text;
using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>The reference's ICE endpoint under a sequence of datagrams: from its peer, from somebody off the path, sealed or not. It must
/// stay silent to what is no request, must not amplify, and the honest peer's next check must succeed whatever came before.</summary>
/// <param name="quirks">Rules that the endpoint breaks, to prove the oracles.</param>
/// <param name="amplificationFactor">Bytes that may be sent for each byte of a request that is not authenticated. STUN's own error responses are
/// larger than a minimal request; 3 is what RFC 9000 section 8.1 sets for the same danger.</param>
public sealed class StunAgentTarget(QuirkSet quirks = default, int amplificationFactor = 3) : IFuzzTarget
{
    private const int Silence = 0, Amplification = 1, HonestCheck = 2;

    private static readonly WireFormat Stun = WireFormat.All.First(format => format.Name == StunMessage.WireName);
    private static readonly TransportAddress Local = TransportAddress.Parse("192.0.2.1:5000"), Peer = TransportAddress.Parse("192.0.2.2:6000"),
        Elsewhere = TransportAddress.Parse("198.51.100.9:7000");
    private static readonly IceCredentials OwnCredentials = new("frag", "the-password-of-the-agent"), PeerCredentials = new("peer", "the-password-of-its-peer");
    private static readonly byte[] OwnKey = Encoding.UTF8.GetBytes(OwnCredentials.Password), PeerKey = Encoding.UTF8.GetBytes(PeerCredentials.Password);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    public string Name => "stun-agent";
    public IReadOnlyList<string> Oracles { get; } = ["silent-to-garbage", "amplification", "honest-check"];

    /// <summary>One run of a script.</summary>
    private sealed class Session(IceEndpoint agent)
    {
        public readonly IceEndpoint Agent = agent;
        public Instant Now = Instant.Start;
        public byte[] LatestCheck = [];

        /// <summary>Takes every output; returns the bytes that were sent, and the last of the responses.</summary>
        public (int Sent, byte[]? Response) Take(byte received, ref FuzzContext context)
        {
            var sent = 0;
            byte[]? response = null;
            while (Agent.TryTake(out var output))
            {
                context.Cover((uint)Agent.Role << 16 | received, Kind(output));
                if (output is not IceOutput.Transmit { Datagram: var datagram }) continue;
                sent += datagram.Bytes.Length;
                var bytes = datagram.Bytes.ToArray();
                if (bytes.Length >= 20 && (bytes[0] & 1) == 0 && (bytes[1] & 0x10) == 0) LatestCheck = bytes;
                else response = bytes;
            }
            return (sent, response);
        }

        private static uint Kind(IceOutput output) => output switch
        {
            IceOutput.Discarded discarded => 0x100u + (uint)discarded.Discard.Reason,
            IceOutput.RequestRejected rejected => 0x1000u + (uint)rejected.ErrorCode,
            IceOutput.CheckFailed failed => 0x2000u + (uint)failed.Reason,
            IceOutput.Transmit => 1, IceOutput.CheckSucceeded => 2, IceOutput.RequestAccepted => 3, IceOutput.Nominated => 4, IceOutput.RoleSwitched => 5,
            _ => 6,
        };
    }

    public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        if (input.IsEmpty) return null;
        var policy = new IcePolicy { Lite = (input[0] & 2) != 0, ChecksByItself = (input[0] & 4) == 0 };
        var agent = new IceEndpoint(policy, new Entropy(1), OwnCredentials, (input[0] & 1) != 0 ? IceRole.Controlling : IceRole.Controlled, quirks);
        var session = new Session(agent);
        agent.AddLocalCandidate(session.Now, Local);
        agent.SetRemoteCredentials(session.Now, PeerCredentials);
        agent.AddRemoteCandidate(session.Now, Peer, 1 << 24);
        agent.Advance(session.Now);
        session.Take(0, ref context);

        var script = new StunAgentScript(input[1..]);
        while (script.Next(out var step, out var datagram))
        {
            if (Deliver(session, step, Prepare(session, step, datagram), input, ref context) is { } finding) return finding;
            if (step.HasFlag(AgentStep.Advance)) Advance(session, ref context);
        }
        return JudgeHonestCheck(session, input, ref context);
    }

    private static void Advance(Session session, ref FuzzContext context)
    {
        session.Now = Instant.Max(session.Now, Instant.Min(session.Agent.NextDeadline, session.Now + LongestStep));
        session.Agent.Advance(session.Now);
        session.Take(1, ref context);
    }

    private static byte[] Prepare(Session session, AgentStep step, ReadOnlySpan<byte> datagram)
    {
        var bytes = datagram.ToArray();
        if (step.HasFlag(AgentStep.Answer) && bytes.Length >= 20 && session.LatestCheck.Length >= 20) session.LatestCheck.AsSpan(8, 12).CopyTo(bytes.AsSpan(8));
        if (step.HasFlag(AgentStep.Seal)) return StunAgentScript.Seal(bytes, step.HasFlag(AgentStep.Answer) ? PeerKey : OwnKey);
        return step.HasFlag(AgentStep.Fingerprint) ? StunAgentScript.Seal(bytes, []) : bytes;
    }

    private FuzzFinding? Deliver(Session session, AgentStep step, byte[] bytes, ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        var isRequest = IsBindingRequest(bytes);
        var authentic = isRequest && StunMessage.View.TryParse(bytes, out var view, out _) && view.Verify(new WireKey(OwnKey), out _) && HasIntegrity(view);
        session.Agent.Receive(session.Now, Local, step.HasFlag(AgentStep.FromElsewhere) ? Elsewhere : Peer, bytes);
        var (sent, _) = session.Take((byte)(2 + (bytes.Length >= 2 ? (bytes[0] & 1) << 1 | bytes[1] >> 4 & 1 : 0)), ref context);
        if (!isRequest)
        {
            context.Ran(Silence);
            return sent == 0 ? null
                : FuzzFinding.Of("silent-to-garbage", $"{sent} bytes sent for a datagram that is no valid Binding request: {Convert.ToHexStringLower(bytes)}", input);
        }
        if (authentic) { context.Accepted = true; return null; }
        context.Ran(Amplification);
        return sent <= amplificationFactor * bytes.Length ? null
            : FuzzFinding.Of("amplification", $"{sent} bytes sent for an unauthenticated request of {bytes.Length}: {Convert.ToHexStringLower(bytes)}", input);
    }

    /// <summary>A valid message with a right FINGERPRINT, of class request and method Binding (RFC 8489 section 6.3, RFC 8445 section 7.3).</summary>
    private static bool IsBindingRequest(ReadOnlySpan<byte> bytes)
    {
        if (!StunMessage.View.TryParse(bytes, out var view, out _) || view.Class != StunClass.Request || view.Method != StunMethod.Binding) return false;
        var hasFingerprint = false;
        foreach (var attribute in view.Attributes) hasFingerprint |= attribute.Type == StunAttributeType.Fingerprint;
        return hasFingerprint && view.Verify(WireKey.None, out _);
    }

    private static bool HasIntegrity(StunMessage.View view)
    {
        foreach (var attribute in view.Attributes)
            if (attribute.Type is StunAttributeType.MessageIntegrity or StunAttributeType.MessageIntegritySha256) return true;
        return false;
    }

    private static FuzzFinding? JudgeHonestCheck(Session session, ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        context.Ran(HonestCheck);
        // Sealed datagrams may rightly have switched the agent's role: the honest peer has the other one.
        var check = StunAgentScript.Seal(Check(session.Agent.Role == IceRole.Controlling, 0xC0), OwnKey);
        session.Agent.Receive(session.Now, Local, Peer, check);
        var (_, response) = session.Take(9, ref context);
        if (response is null) return FuzzFinding.Of("honest-check", "the honest peer's check got no answer", input, "no-answer");
        if (!response.AsSpan(8, 12).SequenceEqual(check.AsSpan(8, 12))) return FuzzFinding.Of("honest-check", "the answer has another transaction id", input, "transaction-id");
        if (response[0] != 1 || response[1] != 1) return FuzzFinding.Of("honest-check", $"the answer is no success: {Convert.ToHexStringLower(response)}", input, "no-success");
        StunMessage.View.TryParse(response, out var view, out var error);
        if (error.IsError || !view.Verify(new WireKey(OwnKey), out error)) return FuzzFinding.Of("honest-check", $"the answer is not valid: {error}", input, "invalid");
        return null;
    }

    /// <summary>A Binding request with USERNAME, PRIORITY and role (RFC 8445 section 7.1), not yet sealed.</summary>
    private static byte[] Check(bool controlled, byte transaction)
    {
        var username = Encoding.UTF8.GetBytes($"{OwnCredentials.Fragment}:{PeerCredentials.Fragment}");
        byte[] attributes =
        [
            0, 0x06, 0, (byte)username.Length, .. username, .. new byte[(4 - username.Length % 4) % 4],
            0, 0x24, 0, 4, 0x6E, 0, 1, 0xFF,
            0x80, (byte)(controlled ? 0x29 : 0x2A), 0, 8, 1, 2, 3, 4, 5, 6, 7, 8,
        ];
        return [0, 1, 0, (byte)attributes.Length, 0x21, 0x12, 0xA4, 0x42, .. Enumerable.Repeat(transaction, 12), .. attributes];
    }

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] success = [1, 1, 0, 12, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], 0, 0x20, 0, 8, 0, 1, 0x32, 0x9A, 0xE1, 0x12, 0xA6, 0x43];
            byte[] conflict = [1, 0x11, 0, 8, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], 0, 9, 0, 4, 0, 0, 4, 87];
            byte[] indication = [0, 0x11, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. Enumerable.Repeat((byte)7, 12)];
            for (byte mode = 0; mode < 8; mode++)
            {
                yield return [mode, .. StunAgentScript.Frame(AgentStep.Seal | AgentStep.Advance, Check(mode % 2 != 0, 1)), .. StunAgentScript.Frame(AgentStep.Seal | AgentStep.Answer | AgentStep.Advance, success)];
                yield return [mode, .. StunAgentScript.Frame(AgentStep.Seal, Check(mode % 2 == 0, 2)), .. StunAgentScript.Frame(AgentStep.Seal | AgentStep.Answer, conflict)];
                yield return [mode, .. StunAgentScript.Frame(AgentStep.Fingerprint | AgentStep.FromElsewhere, Check(true, 3)), .. StunAgentScript.Frame(AgentStep.Fingerprint, indication), .. StunAgentScript.Frame(AgentStep.Advance, [])];
            }
        }
    }

    /// <summary>Frames are dropped, repeated, moved, flagged otherwise or taken from the donor; a datagram is mutated as the STUN message that it is.</summary>
    public byte[]? Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> donor, ref Choices choices)
    {
        if (input.IsEmpty) return null;
        var (mode, frames, others) = (input[0], StunAgentScript.Frames(input[1..]), StunAgentScript.Frames(donor.IsEmpty ? donor : donor[1..]));
        for (var n = 1 + choices.Next(2); n > 0; n--)
        {
            var at = choices.Next(frames.Count);
            switch (choices.Next(10))
            {
                case 0: mode ^= (byte)(1 << choices.Next(3)); break;
                case 1 when others.Count > 0: frames.Insert(at, others[choices.Next(others.Count)]); break;
                case var _ when frames.Count == 0: break;
                case 2: frames.RemoveAt(at); break;
                case 3: frames.Insert(choices.Next(frames.Count + 1), frames[at]); break;
                case 4: frames[at] = frames[at] with { Step = frames[at].Step ^ (AgentStep)(1 << choices.Next(5)) }; break;
                default:
                    var other = others.Count > 0 ? others[choices.Next(others.Count)].Datagram : [];
                    frames[at] = frames[at] with { Datagram = Stun.Mutate(frames[at].Datagram, other, ref choices) };
                    break;
            }
        }
        return [mode, .. frames.SelectMany(frame => StunAgentScript.Frame(frame.Step, frame.Datagram))];
    }

    /// <summary>Takes out whole frames, then makes each datagram smaller, then bytes.</summary>
    public byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests)
    {
        bool Fails(byte[] candidate) => maxTests-- > 0 && fails(candidate);
        if (input.Length == 0) return input;
        var frames = StunAgentScript.Frames(input.AsSpan(1));
        byte[] With(IEnumerable<AgentFrame> some) => [input[0], .. some.SelectMany(frame => StunAgentScript.Frame(frame.Step, frame.Datagram))];
        for (var at = frames.Count - 1; at >= 0; at--)
            if (Fails(With(frames.Where((_, index) => index != at)))) frames.RemoveAt(at);
        for (var at = 0; at < frames.Count; at++)
        {
            var (index, frame) = (at, frames[at]);
            var smaller = Stun.Minimize(frame.Datagram, datagram => Fails(With(frames.Select((old, i) => i == index ? frame with { Datagram = datagram } : old))), maxTests);
            frames[at] = frame with { Datagram = smaller };
        }
        return ByteMinimizer.Minimize(fails(With(frames)) ? With(frames) : input, fails, maxTests);
    }

    public IReadOnlyList<byte[]> Dictionary { get; } = [[0, 0x25, 0, 0], [0, 0x06, 0, 9], [0x80, 0x28, 0, 4], [0, 8, 0, 20], [1, 1], [1, 0x11], [0, 0x11]];

    public string Describe(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder().AppendLine(Convert.ToHexStringLower(input));
        if (input.IsEmpty) return text.ToString();
        text.AppendLine($"mode {input[0]:x2}: {((input[0] & 1) != 0 ? "controlling" : "controlled")}{((input[0] & 2) != 0 ? ", lite" : "")}");
        var script = new StunAgentScript(input[1..]);
        while (script.Next(out var step, out var datagram))
        {
            text.AppendLine($"{step}: {datagram.Length} bytes");
            if (datagram.Length > 0) text.AppendLine(Stun.Dump(datagram));
        }
        return text.ToString();
    }
}
