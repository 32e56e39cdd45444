using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>A request as it is to be sent.</summary>
/// <param name="Plain">What the usage asked for, without credentials.</param>
/// <param name="Message">The same with credentials, when there are any; integrity comes with the seal.</param>
/// <param name="Seal">How to protect it.</param>
/// <param name="Challenge">What it answers; null for a first request.</param>
/// <param name="Retried">The error codes that have led here.</param>
public sealed record LongTermRequest(
    StunMessage Plain, StunMessage Message, StunSeal Seal, LongTermChallenge? Challenge, IReadOnlyList<int> Retried);

/// <summary>What a server demanded (RFC 8489 section 9.2.5).</summary>
/// <param name="Realm">REALM.</param>
/// <param name="Nonce">NONCE.</param>
/// <param name="Offered">What PASSWORD-ALGORITHMS holds, as it came; null without the attribute.</param>
/// <param name="Algorithm">The first of them that is supported; MD5 without the attribute.</param>
public sealed record LongTermChallenge(string Realm, string Nonce, PasswordAlgorithms? Offered, StunPasswordAlgorithm Algorithm);

/// <summary>What to do about a response.</summary>
public enum LongTermReaction
{
    /// <summary>It is authentic, or answers a request without credentials: the usage's.</summary>
    Deliver,

    /// <summary>Send the new request.</summary>
    Retry,

    /// <summary>A 401 or 438 that must not be answered by another attempt: the transaction has failed.</summary>
    Rejected,

    /// <summary>As if never received; over a reliable transport, integrity was violated.</summary>
    Discard,
}

/// <summary>The client side of the long-term credential mechanism, for one server (RFC 8489 sections 9.2.3 and 9.2.5).</summary>
public sealed class StunLongTermClient
{
    private const int LongestUsername = 508; // section 14.3: fewer than 509 bytes

    private const int LongestOffer = 1024; // bytes; the request has to carry it back, and still fit a message

    private readonly string _username;
    private readonly string _password;
    private readonly StunAuthenticator _authenticator = new(QuirkSet.None);
    private LongTermChallenge? _known; // of a transaction that was completed, section 9.2.3.2
    private bool _sha256Only; // section 9.2.5, last paragraph

    /// <param name="username">In its OpaqueString form.</param>
    /// <param name="password">In its OpaqueString form.</param>
    /// <exception cref="ArgumentException">The username does not fit USERNAME.</exception>
    public StunLongTermClient(string username, string password)
    {
        if (Encoding.UTF8.GetByteCount(username) > LongestUsername) throw new ArgumentException("a username is at most 508 bytes", nameof(username));
        _username = username;
        _password = password;
    }

    /// <summary>
    /// A new request: plain as long as no transaction was completed (section 9.2.3.1), then with what is remembered
    /// (section 9.2.3.2).
    /// </summary>
    public LongTermRequest Begin(StunMessage plain) => Compose(plain, _known, []);

    /// <summary>RFC 8489 section 9.2.5. Total.</summary>
    /// <param name="sent">The request that this may be a response to.</param>
    /// <param name="response">What came.</param>
    /// <param name="fresh">The transaction id for a retry.</param>
    /// <param name="next">With <see cref="LongTermReaction.Retry"/>, what to send.</param>
    public LongTermReaction Receive(LongTermRequest sent, in StunReading response, TransactionId fresh, out LongTermRequest? next)
    {
        next = null;
        if (response.Message.Class is not (StunClass.SuccessResponse or StunClass.ErrorResponse)) return LongTermReaction.Discard;
        if (!response.Message.TransactionId.SequenceEqual(sent.Message.TransactionId.Span)) return LongTermReaction.Discard;

        var code = response.Message.Class == StunClass.ErrorResponse ? CodeOf(response) : 0;
        if (code is 401 or 438)
        {
            if (!TryAnswer(sent, response, code, out var challenge)) return LongTermReaction.Rejected;
            var plain = sent.Plain with { TransactionId = fresh.ToArray() };
            next = Compose(plain, challenge, [.. sent.Retried, code]);
            return LongTermReaction.Retry;
        }

        if (IsBidDown(response)) return LongTermReaction.Discard;
        if (code == 400 && StunAuthenticator.AlgorithmOf(response) == StunIntegrityAlgorithms.None) return LongTermReaction.Discard;
        // Without credentials there is no key to check with: this server asks for none.
        if (sent.Challenge is null) return LongTermReaction.Deliver;
        if (_authenticator.CheckResponse(response, sent.Seal.Integrity, sent.Seal.Key.Span) != ResponseAuthenticity.Authentic)
            return LongTermReaction.Discard;
        _known = sent.Challenge;
        return LongTermReaction.Deliver;
    }

    /// <summary>Whether a 401 or 438 may be answered by another attempt, and what that attempt answers.</summary>
    private bool TryAnswer(LongTermRequest sent, in StunReading response, int code, out LongTermChallenge? challenge)
    {
        challenge = null;
        if (sent.Retried.Contains(code) || IsBidDown(response)) return false;
        if (!response.TryFind(StunAttributeType.Nonce, out var nonce)) return false;

        var realm = response.TryFind(StunAttributeType.Realm, out var attribute) ? Encoding.UTF8.GetString(attribute.Value) : sent.Challenge?.Realm;
        // 401: without anything changed the answer would be the same. 438: says that the credentials were fine.
        if (realm is null || code == 401 && realm == sent.Challenge?.Realm || code == 438 && sent.Challenge is null) return false;

        var algorithm = StunPasswordAlgorithm.Md5;
        PasswordAlgorithms? offered = null;
        if (response.TryFind(StunAttributeType.PasswordAlgorithms, out var list))
        {
            if (list.Value.Length > LongestOffer) return false;
            if (!list.TryGet(out PasswordAlgorithms.View view)) return false;
            if (StunPasswordAlgorithms.Read(view).FirstOrDefault(a => a is not null) is not { } supported) return false;
            algorithm = supported;
            offered = view.ToRecord();
            _sha256Only = true;
        }
        else if (_sha256Only) return false; // what this server once offered is gone: a bid-down

        challenge = new LongTermChallenge(realm, Encoding.UTF8.GetString(nonce.Value), offered, algorithm);
        return true;
    }

    private LongTermRequest Compose(StunMessage plain, LongTermChallenge? challenge, IReadOnlyList<int> retried)
    {
        if (challenge is null) return new LongTermRequest(plain, plain, new StunSeal(StunIntegrityAlgorithms.None, default, true), null, retried);
        var anonymous = StunNonceCookie.Read(challenge.Nonce).HasFlag(StunSecurityFeatures.UsernameAnonymity);
        List<StunAttribute> attributes =
        [
            .. plain.Attributes,
            anonymous ? new Userhash { Value = [.. StunCredentials.UserHash(_username, challenge.Realm)] } : new Username { Value = _username },
            new Realm { Value = challenge.Realm },
            new Nonce { Value = challenge.Nonce },
        ];
        if (challenge.Offered is { } offered)
        {
            attributes.Add(offered);
            attributes.Add(StunPasswordAlgorithms.Choice(challenge.Algorithm));
        }
        var key = StunCredentials.LongTermKey(_username, challenge.Realm, _password, challenge.Algorithm);
        var integrity = challenge.Offered is null ? StunIntegrityAlgorithms.Sha1 : StunIntegrityAlgorithms.Sha256;
        return new LongTermRequest(plain, plain with { Attributes = [.. attributes] }, new StunSeal(integrity, key, true), challenge, retried);
    }

    /// <summary>RFC 8489 section 9.2.1: the nonce announces algorithms that somebody has taken out.</summary>
    private static bool IsBidDown(in StunReading response) =>
        response.TryFind(StunAttributeType.Nonce, out var nonce)
        && StunNonceCookie.Read(Encoding.UTF8.GetString(nonce.Value)).HasFlag(StunSecurityFeatures.PasswordAlgorithms)
        && !response.Has(StunAttributeType.PasswordAlgorithms);

    private static int CodeOf(in StunReading response) =>
        response.TryFind(StunAttributeType.ErrorCode, out var attribute) && attribute.TryGet(out ErrorCode.View error)
            ? error.Class * 100 + error.Number : -1;
}
