using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>What a server makes of a request before the usage has its say.</summary>
/// <param name="ErrorCode">0 for a good request; otherwise the code to reject it with.</param>
/// <param name="Answers">False: drop it silently.</param>
/// <param name="Integrity">How the response is protected; none when the request was not authenticated.</param>
/// <param name="Unknown">For 420: the types that were not understood.</param>
public readonly record struct StunVerdict(int ErrorCode, bool Answers, StunIntegrityAlgorithms Integrity, IReadOnlyList<StunAttributeType> Unknown)
{
    public bool IsGood => ErrorCode == 0;
}

/// <summary>
/// The server side of STUN with short-term credentials: which requests are good, what the others are answered with, and
/// what responses look like (RFC 8489 sections 6.3.1 and 9.1.3). Stateless, as the Binding method allows.
/// </summary>
public sealed class StunServer(StunAuthenticator authenticator, QuirkSet quirks, string? software)
{
    private const int RememberedFailures = 1024;

    private readonly Dictionary<TransactionId, int> _failures = []; // with StunRemembersFailure only

    /// <summary>
    /// The comprehension-required attributes (0x0000-0x7FFF) that an ICE agent understands: those of RFC 8489 section
    /// 18.3 and RFC 8445 section 16.1.
    /// </summary>
    public static bool Understands(StunAttributeType type) => type is
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity
        or StunAttributeType.ErrorCode or StunAttributeType.UnknownAttributes or StunAttributeType.Realm
        or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256 or StunAttributeType.PasswordAlgorithm
        or StunAttributeType.Userhash or StunAttributeType.XorMappedAddress
        or StunAttributeType.Priority or StunAttributeType.UseCandidate;

    /// <summary>RFC 8489 section 14: types below 0x8000 that this agent does not have.</summary>
    public static bool IsUnknownRequired(StunAttributeType type) => type.IsComprehensionRequired() && !Understands(type);

    /// <summary>RFC 8489 section 6.3.1, after authentication as of section 9.1.3.</summary>
    public StunVerdict Judge(in StunReading request, Func<ReadOnlySpan<byte>, bool> isValidUsername, ReadOnlySpan<byte> key)
    {
        var verdict = JudgeNow(request, isValidUsername, key);
        // RFC 8489 section 6.3.1: reprocess and recompute; what was wrong about an earlier message says nothing about this one.
        if (quirks.Has(Quirk.StunRemembersFailure))
        {
            if (_failures.TryGetValue(request.Id, out var code)) return Rejected(code);
            if (!verdict.IsGood && _failures.Count < RememberedFailures) _failures[request.Id] = verdict.ErrorCode;
        }
        return verdict;
    }

    private StunVerdict JudgeNow(in StunReading request, Func<ReadOnlySpan<byte>, bool> isValidUsername, ReadOnlySpan<byte> key)
    {
        switch (authenticator.CheckRequest(request, isValidUsername, key))
        {
            case RequestAuthenticity.CredentialsMissing:
                return Rejected(400) with { Answers = !quirks.Has(Quirk.StunSilentOnMissingIntegrity) };
            case RequestAuthenticity.CredentialsWrong:
                return Rejected(401) with { Answers = !quirks.Has(Quirk.StunSilentOnBadIntegrity) };
        }
        // RFC 8489 section 9.1.3: the response uses the algorithm of the request.
        var integrity = StunAuthenticator.AlgorithmOf(request);
        var unknown = request.TypesWhere(IsNotUnderstood);
        return new StunVerdict(unknown.Count > 0 ? 420 : 0, true, integrity, unknown);
    }

    /// <summary>RFC 8489 section 6.3: unknown comprehension-optional attributes MUST be ignored; section 6.3.1: required ones lead to 420.</summary>
    private bool IsNotUnderstood(StunAttributeType type) => type.IsComprehensionRequired()
        ? !Understands(type) && !quirks.Has(Quirk.StunIgnoresUnknownRequired)
        : !type.IsKnown() && quirks.Has(Quirk.StunRejectsUnknownOptional);

    /// <summary>RFC 8489 section 6.3.1.1: XOR-MAPPED-ADDRESS holds the source transport address of the request.</summary>
    public StunMessage Success(in StunReading request, TransportAddress source)
    {
        StunAttribute mapped = quirks.Has(Quirk.StunRepliesWithMappedAddress)
            ? StunAddresses.Mapped(source)
            : StunAddresses.XorMapped(source);
        return Respond(request, StunClass.SuccessResponse, [mapped]);
    }

    /// <summary>RFC 8489 section 6.3.1.1: an error response has ERROR-CODE, and for 420 UNKNOWN-ATTRIBUTES.</summary>
    public StunMessage Error(in StunReading request, int code, IReadOnlyList<StunAttributeType> unknown)
    {
        var attributes = new List<StunAttribute>();
        if (!quirks.Has(Quirk.StunOmitsErrorCode)) attributes.Add(ErrorAttribute(code));
        if (code == 420 && !quirks.Has(Quirk.StunOmitsUnknownAttributesList)) attributes.Add(UnknownList(unknown));
        return Respond(request, StunClass.ErrorResponse, attributes);
    }

    /// <summary>RFC 8489 section 9.1.3: authenticated like the request, with the same password.</summary>
    /// <param name="verdict">What became of the request.</param>
    /// <param name="key">The key that authenticated it.</param>
    /// <param name="peerKey">The peer's key, for <see cref="Quirk.StunRepliesWithWrongIntegrityKey"/>.</param>
    /// <param name="isError">Whether the response is an error response.</param>
    public StunSeal SealOf(in StunVerdict verdict, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> peerKey, bool isError)
    {
        var integrity = verdict.Integrity;
        if (quirks.Has(Quirk.StunRepliesWithoutIntegrity) || isError && quirks.Has(Quirk.StunErrorsWithoutIntegrity)) integrity = StunIntegrityAlgorithms.None;
        return new StunSeal(integrity, quirks.Has(Quirk.StunRepliesWithWrongIntegrityKey) ? peerKey : key,
            Fingerprint: !quirks.Has(Quirk.StunRepliesWithoutFingerprint)); // RFC 8445 section 7.3: FINGERPRINT is used
    }

    private StunMessage Respond(in StunReading request, StunClass @class, List<StunAttribute> attributes)
    {
        // RFC 8489 section 9.1.3: the response MUST NOT contain USERNAME.
        if (quirks.Has(Quirk.StunEchoesUsername) && request.TryFind(StunAttributeType.Username, out var username))
            attributes.Add(new Username { Value = Encoding.UTF8.GetString(username.Value) });
        if (software is not null) attributes.Add(new Software { Value = software });
        return new StunMessage
        {
            Method = request.Message.Method, // section 6.3.1.1: that of the request
            Class = @class,
            TransactionId = ResponseId(request),
            Attributes = [.. attributes],
        };
    }

    /// <summary>RFC 8489 section 5: responses carry the transaction id of their request.</summary>
    private byte[] ResponseId(in StunReading request)
    {
        var id = request.Message.TransactionId.ToArray();
        if (quirks.Has(Quirk.StunRepliesWithChangedTransactionId)) id[^1] ^= 0xFF;
        return id;
    }

    private static StunVerdict Rejected(int code) => new(code, true, StunIntegrityAlgorithms.None, []);

    internal static ErrorCode ErrorAttribute(int code) => new()
    {
        Class = (byte)(code / 100),
        Number = (byte)(code % 100),
        ReasonPhrase = code switch
        {
            400 => "Bad Request",
            401 => "Unauthenticated",
            420 => "Unknown Attribute",
            438 => "Stale Nonce",
            487 => "Role Conflict",
            _ => "Server Error",
        },
    };

    private static UnknownAttributes UnknownList(IReadOnlyList<StunAttributeType> types) => new() { AttributeTypes = [.. types] };
}
