namespace WebRtcConformance.Stack.Stun;

/// <summary>How a server runs the long-term credential mechanism (RFC 8489 section 9.2).</summary>
/// <param name="Realm">What REALM says; the domain name of the provider is recommended (section 9.2.4).</param>
/// <param name="NonceLifetime">How long a nonce is good for; afterwards it is stale.</param>
/// <param name="Algorithms">
/// What PASSWORD-ALGORITHMS offers, best first. Empty: the attribute is not sent and keys are MD5, as before RFC 8489.
/// </param>
/// <param name="AcceptsUserhash">Whether the nonce announces username anonymity and USERHASH names a user.</param>
public sealed record LongTermPolicy(
    string Realm, TimeSpan NonceLifetime, IReadOnlyList<StunPasswordAlgorithm> Algorithms, bool AcceptsUserhash)
{
    /// <summary>The features that the nonce cookie announces (section 18.1).</summary>
    public StunSecurityFeatures Features =>
        (Algorithms.Count > 0 ? StunSecurityFeatures.PasswordAlgorithms : 0)
        | (AcceptsUserhash ? StunSecurityFeatures.UsernameAnonymity : 0);
}
