using System.Buffers.Binary;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Ice;

/// <summary>One endpoint and a peer made of plain bytes: the peer says exactly what a test wants, right or wrong.</summary>
internal sealed class IceBench
{
    public static readonly TransportAddress L = TransportAddress.Parse("192.0.2.1:1000");
    public static readonly TransportAddress R = TransportAddress.Parse("192.0.2.2:2000");
    public static readonly TransportAddress Elsewhere = TransportAddress.Parse("192.0.2.3:3000");
    public static readonly IceCredentials Local = new("LFRAG", "local-password-of-22-ch");
    public static readonly IceCredentials Remote = new("RFRAG", "remote-password-of-22-c");
    public static readonly byte[] LocalKey = StunCredentials.ShortTermKey(Local.Password);
    public static readonly byte[] RemoteKey = StunCredentials.ShortTermKey(Remote.Password);

    private readonly Entropy _ids = new(99);

    public IceBench(QuirkSet quirks = default, IceRole role = IceRole.Controlled, IcePolicy? policy = null, ulong tieBreaker = 1000)
    {
        Endpoint = new IceEndpoint(policy ?? new IcePolicy { ChecksByItself = false }, new Entropy(1), Local, role, quirks, tieBreaker);
        Endpoint.AddLocalCandidate(Now, L);
        Endpoint.SetRemoteCredentials(Now, Remote);
    }

    public IceEndpoint Endpoint { get; }

    public Instant Now { get; set; } = Instant.Start;

    /// <summary>A request that is right in every respect.</summary>
    public StunMessage GoodRequest(params StunAttribute[] more) => Message(StunClass.Request,
        [StunText.Username("LFRAG:RFRAG"), new Priority { Value = 7 }, new IceControlling { Tiebreaker = 5 }, .. more]);

    public StunMessage Message(StunClass @class, params StunAttribute[] attributes) => new()
    {
        Method = StunMethod.Binding,
        Class = @class,
        TransactionId = TransactionId.Draw(_ids).ToArray(),
        Attributes = [.. attributes],
    };

    /// <summary>Protected with the local password and FINGERPRINT, as the peer does.</summary>
    public static byte[] Sealed(StunMessage message, byte[]? key = null, StunIntegrityAlgorithms integrity = StunIntegrityAlgorithms.Sha1, bool fingerprint = true) =>
        StunSealer.Protect(message.ToArray(), new StunSeal(integrity, key ?? LocalKey, fingerprint));

    /// <summary>The same attributes after integrity: appended and counted, then FINGERPRINT.</summary>
    public static byte[] WithAfterIntegrity(StunMessage message, StunAttribute late)
    {
        var whole = Sealed(message, fingerprint: false);
        var tail = (message with { Attributes = [late] }).ToArray()[20..];
        return StunSealer.Protect(WithLength([.. whole, .. tail]), new StunSeal(StunIntegrityAlgorithms.None, default, true));
    }

    /// <summary>The message with its length field put right.</summary>
    public static byte[] WithLength(byte[] message, int more = 0)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - 20 + more));
        return message;
    }

    /// <summary>Recompute the last four bytes as FINGERPRINT.</summary>
    public static byte[] Refingerprinted(byte[] message)
    {
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), StunIntegrity.Fingerprint(message, message.Length - 8));
        return message;
    }

    public List<IceOutput> Receive(byte[] bytes, TransportAddress? from = null)
    {
        Endpoint.Receive(Now, L, from ?? R, bytes);
        return Drain();
    }

    public List<IceOutput> Advance(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Endpoint.Advance(Now);
        return Drain();
    }

    public List<IceOutput> Drain()
    {
        var outputs = new List<IceOutput>();
        while (Endpoint.TryTake(out var output)) outputs.Add(output);
        return outputs;
    }

    /// <summary>Hand in a datagram and say in a word what is answered.</summary>
    public string Answer(byte[] bytes) => Receive(bytes).OfType<IceOutput.Transmit>().FirstOrDefault() is { } sent ? Seen.Describe(sent) : "silence";

    /// <summary>Send a check and return its bytes.</summary>
    public byte[] SendCheck(TransportAddress? to = null, bool useCandidate = false)
    {
        Endpoint.Check(Now, L, to ?? R, useCandidate);
        return Drain().OfType<IceOutput.Transmit>().Last().Datagram.Bytes.ToArray();
    }

    /// <summary>A success response to a check.</summary>
    public StunMessage SuccessTo(byte[] check, params StunAttribute[] more) =>
        Message(StunClass.SuccessResponse, [StunAddresses.XorMapped(L), .. more]) with { TransactionId = check[8..20] };

    public StunMessage ErrorTo(byte[] check, byte number) =>
        Message(StunClass.ErrorResponse, new ErrorCode { Class = 4, Number = number, ReasonPhrase = "" }) with { TransactionId = check[8..20] };

    /// <summary>What the endpoint makes of a response: the first output that is no datagram, in a word.</summary>
    public string Reaction(byte[] response, TransportAddress? from = null) => Receive(response, from).FirstOrDefault(o => o is not IceOutput.Transmit) switch
    {
        IceOutput.CheckSucceeded => "success",
        IceOutput.CheckFailed failed => $"failed: {failed.Reason}",
        IceOutput.Discarded discarded => $"discarded: {discarded.Discard.Reason}",
        IceOutput.RoleSwitched => "role switched",
        null => "nothing",
        var other => other.GetType().Name,
    };
}

/// <summary>How a datagram of the endpoint looks to a plain reader of bytes, which does not use the stack's own reading rules.</summary>
internal static class Seen
{
    public static List<(ushort Type, int Offset, byte[] Value)> Attributes(byte[] message)
    {
        var found = new List<(ushort, int, byte[])>();
        for (var at = 20; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            found.Add((BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)), at, message[(at + 4)..Math.Min(message.Length, at + 4 + length)]));
            at += 4 + (length + 3 & ~3);
        }
        return found;
    }

    public static byte[]? Value(byte[] message, StunAttributeType type) =>
        Attributes(message).Where(a => a.Type == (ushort)type).Select(a => a.Value).FirstOrDefault();

    public static string Types(byte[] message) => string.Join(" ", Attributes(message).Select(a => a.Type.ToString("x4")));

    public static string Describe(IceOutput.Transmit sent)
    {
        var bytes = sent.Datagram.Bytes.ToArray();
        return (BinaryPrimitives.ReadUInt16BigEndian(bytes) & 0x0110) switch
        {
            0x0100 => "success",
            0x0110 => Value(bytes, StunAttributeType.ErrorCode) is { } code ? $"error {code[2] * 100 + code[3]}" : "error",
            _ => "request",
        };
    }

    /// <summary>"right", "wrong" or "none".</summary>
    public static string Integrity(byte[] message, byte[] key)
    {
        var mi = Attributes(message).FirstOrDefault(a => a.Type == (ushort)StunAttributeType.MessageIntegrity);
        if (mi.Value is null) return "none";
        Span<byte> value = stackalloc byte[20];
        StunIntegrity.Hmac(StunIntegrityAlgorithms.Sha1, message, mi.Offset, 20, key, value);
        return value.SequenceEqual(mi.Value) ? "right" : "wrong";
    }
}

internal static class StunText
{
    public static Username Username(string text) => new() { Value = text };
}
