using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>What the long-term credential mechanism makes of a request.</summary>
/// <param name="ErrorCode">0 for an authentic request; otherwise 400, 401 or 438.</param>
/// <param name="Username">Whose request it is; null unless authentic.</param>
/// <param name="Seal">How every response to it is protected: with no integrity when it was rejected.</param>
public readonly record struct LongTermVerdict(int ErrorCode, string? Username, StunSeal Seal)
{
    public bool IsGood => ErrorCode == 0;
}

/// <summary>
/// The server side of the long-term credential mechanism (RFC 8489 section 9.2.4). Keeps nothing about its clients.
/// Attributes that are not understood (420) are the usage's business, after this. Indications cannot be protected this way
/// (section 9.2); do not hand them in.
/// </summary>
public sealed class StunLongTermServer
{
    private readonly LongTermPolicy _policy;
    private readonly IStunNonces _nonces;
    private readonly Dictionary<string, string> _passwords;
    private readonly Dictionary<string, string> _names = []; // by USERHASH, in hex

    /// <param name="policy">Realm, algorithms and the like.</param>
    /// <param name="passwords">Passwords by username, both in their OpaqueString form.</param>
    /// <param name="nonces">Which nonces are good, e.g. <see cref="StunNonces"/>.</param>
    public StunLongTermServer(LongTermPolicy policy, IReadOnlyDictionary<string, string> passwords, IStunNonces nonces)
    {
        _policy = policy;
        _nonces = nonces;
        _passwords = new(passwords);
        if (!policy.AcceptsUserhash) return;
        foreach (var name in _passwords.Keys) _names[Convert.ToHexString(StunCredentials.UserHash(name, policy.Realm))] = name;
    }

    /// <param name="policy">Realm, algorithms and the like.</param>
    /// <param name="passwords">Passwords by username, both in their OpaqueString form.</param>
    /// <param name="entropy">Where the key of the nonces is drawn from.</param>
    public StunLongTermServer(LongTermPolicy policy, IReadOnlyDictionary<string, string> passwords, Entropy entropy)
        : this(policy, passwords, new StunNonces(entropy, policy.NonceLifetime)) { }

    /// <summary>The checks of RFC 8489 section 9.2.4, in the order given there: a nonce is looked at last. Total.</summary>
    public LongTermVerdict Judge(Instant now, in StunReading request, TransportAddress source)
    {
        var fingerprint = request.Has(StunAttributeType.Fingerprint);
        var integrity = StunAuthenticator.AlgorithmOf(request);
        if (integrity == StunIntegrityAlgorithms.None) return Rejected(401, fingerprint);

        var named = request.Has(StunAttributeType.Username) || request.Has(StunAttributeType.Userhash);
        if (!named || !request.Has(StunAttributeType.Realm) || !request.TryFind(StunAttributeType.Nonce, out var nonceAttribute))
            return Rejected(400, fingerprint);

        var nonce = Encoding.UTF8.GetString(nonceAttribute.Value);
        if (!TryChooseAlgorithm(request, nonce, out var chosen)) return Rejected(400, fingerprint);
        if (!TryFindUser(request, out var username)) return Rejected(401, fingerprint);

        // The server's own realm: a request made for another realm has another key, and fails here.
        var key = StunCredentials.LongTermKey(username, _policy.Realm, _passwords[username], chosen ?? StunPasswordAlgorithm.Md5);
        if (!StunAuthenticator.IsRight(request, integrity, key)) return Rejected(401, fingerprint);
        if (!_nonces.IsFresh(nonce, now, source)) return Rejected(438, fingerprint);

        // Responses use SHA-256, unless MD5 was taken for want of both attributes; which one the request used does not count.
        return new LongTermVerdict(0, username,
            new StunSeal(chosen is null ? StunIntegrityAlgorithms.Sha1 : StunIntegrityAlgorithms.Sha256, key, fingerprint));
    }

    /// <summary>
    /// The response to a rejected request: 401 and 438 hold REALM, a new NONCE and, when offered, PASSWORD-ALGORITHMS;
    /// 400 holds none of them.
    /// </summary>
    public StunMessage Error(Instant now, in StunReading request, in LongTermVerdict verdict, TransportAddress source)
    {
        var attributes = new List<StunAttribute> { StunServer.ErrorAttribute(verdict.ErrorCode) };
        if (verdict.ErrorCode is 401 or 438)
        {
            attributes.Add(new Realm { Value = _policy.Realm });
            attributes.Add(new Nonce { Value = _nonces.Issue(_policy.Features, now, source) });
            if (_policy.Algorithms.Count > 0) attributes.Add(StunPasswordAlgorithms.List(_policy.Algorithms));
        }
        return new StunMessage
        {
            Method = request.Message.Method,
            Class = StunClass.ErrorResponse,
            TransactionId = request.Message.TransactionId.ToArray(),
            Attributes = [.. attributes],
        };
    }

    /// <summary>
    /// The rules for the two algorithm attributes, which hold when the nonce announces them. Null: MD5, for want of both.
    /// </summary>
    private bool TryChooseAlgorithm(in StunReading request, string nonce, out StunPasswordAlgorithm? chosen)
    {
        chosen = null;
        if (!StunNonceCookie.Read(nonce).HasFlag(StunSecurityFeatures.PasswordAlgorithms)) return true;
        var hasOne = request.TryFind(StunAttributeType.PasswordAlgorithm, out var one);
        var hasList = request.TryFind(StunAttributeType.PasswordAlgorithms, out var list);
        if (!hasOne && !hasList) return true;
        if (!hasOne || !hasList) return false;

        if (!list.TryGet(out PasswordAlgorithms.View offer) || !one.TryGet(out PasswordAlgorithm.View choice)) return false;
        var offered = StunPasswordAlgorithms.Read(offer);
        if (!offered.SequenceEqual(_policy.Algorithms.Select(a => (StunPasswordAlgorithm?)a))) return false;
        if (StunPasswordAlgorithms.Read(choice) is not { } algorithm || !offered.Contains(algorithm)) return false;
        chosen = algorithm;
        return true;
    }

    private bool TryFindUser(in StunReading request, out string username)
    {
        username = "";
        if (request.TryFind(StunAttributeType.Username, out var name))
        {
            username = Encoding.UTF8.GetString(name.Value);
            return _passwords.ContainsKey(username);
        }
        if (!request.TryFind(StunAttributeType.Userhash, out var hash)) return false;
        if (!_names.TryGetValue(Convert.ToHexString(hash.Value), out var found)) return false;
        username = found;
        return true;
    }

    private static LongTermVerdict Rejected(int code, bool fingerprint) =>
        new(code, null, new StunSeal(StunIntegrityAlgorithms.None, default, fingerprint));
}
