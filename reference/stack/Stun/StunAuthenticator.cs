using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>What the short-term credential mechanism says of a request.</summary>
public enum RequestAuthenticity
{
    Authentic,

    /// <summary>400: without integrity or username.</summary>
    CredentialsMissing,

    /// <summary>401: wrong username or wrong integrity.</summary>
    CredentialsWrong,
}

/// <summary>What the short-term credential mechanism says of a response.</summary>
public enum ResponseAuthenticity
{
    Authentic,

    /// <summary>No integrity attribute at all.</summary>
    Absent,

    /// <summary>Another algorithm than the only one that the request used.</summary>
    OtherAlgorithm,

    /// <summary>The value is wrong.</summary>
    Wrong,
}

/// <summary>
/// The short-term credential mechanism's checks (RFC 8489 section 9.1) and the FINGERPRINT check (section 7), on
/// messages that are already known to be well formed.
/// </summary>
public sealed class StunAuthenticator(QuirkSet quirks)
{
    /// <summary>
    /// RFC 8489 sections 6.3, 7 and 14.7: FINGERPRINT is present and right. The codec has seen to it that it is last.
    /// </summary>
    public bool HasRightFingerprint(in StunReading reading)
    {
        if (quirks.Has(Quirk.StunAcceptsBadFingerprint)) return true;
        return reading.TryFind(StunAttributeType.Fingerprint, out var fingerprint)
            && BinaryPrimitives.ReadUInt32BigEndian(fingerprint.Value) == StunIntegrity.Fingerprint(reading.Datagram, fingerprint.Offset);
    }

    /// <summary>RFC 8489 section 9.1.3, in the order given there.</summary>
    /// <param name="reading">A request or indication.</param>
    /// <param name="isValidUsername">Whether the bytes of USERNAME are a username currently valid within the server.</param>
    /// <param name="key">The key of the password associated with it.</param>
    public RequestAuthenticity CheckRequest(in StunReading reading, Func<ReadOnlySpan<byte>, bool> isValidUsername, ReadOnlySpan<byte> key)
    {
        var integrity = AlgorithmOf(reading);
        var hasUsername = reading.TryFind(StunAttributeType.Username, out var username);

        // First: an integrity attribute and USERNAME are there.
        if (integrity == StunIntegrityAlgorithms.None && !quirks.Has(Quirk.StunAcceptsMissingIntegrity)) return RequestAuthenticity.CredentialsMissing;
        if (!hasUsername && !quirks.Has(Quirk.StunAcceptsMissingUsername)) return RequestAuthenticity.CredentialsMissing;

        // Second: USERNAME is valid.
        if (hasUsername && !isValidUsername(username.Value) && !quirks.Has(Quirk.StunAcceptsWrongUsername)) return RequestAuthenticity.CredentialsWrong;

        // Third: SHA-256 if it is there, otherwise SHA-1.
        if (integrity == StunIntegrityAlgorithms.None || quirks.Has(Quirk.StunAcceptsBadIntegrity)) return RequestAuthenticity.Authentic;
        return IsRight(reading, integrity, key) ? RequestAuthenticity.Authentic : RequestAuthenticity.CredentialsWrong;
    }

    /// <summary>
    /// RFC 8489 section 9.1.3, last part: the response uses SHA-256 when the request did, otherwise SHA-1; never both.
    /// </summary>
    public static StunIntegrityAlgorithms AlgorithmOf(in StunReading request) =>
        request.Has(StunAttributeType.MessageIntegritySha256) ? StunIntegrityAlgorithms.Sha256
        : request.Has(StunAttributeType.MessageIntegrity) ? StunIntegrityAlgorithms.Sha1
        : StunIntegrityAlgorithms.None;

    /// <summary>RFC 8489 section 9.1.4.</summary>
    /// <param name="reading">A success or error response.</param>
    /// <param name="sent">What the request was protected with.</param>
    /// <param name="key">The key the request was protected with.</param>
    public ResponseAuthenticity CheckResponse(in StunReading reading, StunIntegrityAlgorithms sent, ReadOnlySpan<byte> key)
    {
        var integrity = AlgorithmOf(reading);
        if (integrity == StunIntegrityAlgorithms.None)
        {
            return quirks.Has(Quirk.StunAcceptsUnauthenticatedResponse) ? ResponseAuthenticity.Authentic : ResponseAuthenticity.Absent;
        }
        if (quirks.Has(Quirk.StunAcceptsBadIntegrityResponse)) return ResponseAuthenticity.Authentic;
        if (sent is StunIntegrityAlgorithms.Sha1 or StunIntegrityAlgorithms.Sha256 && integrity != sent) return ResponseAuthenticity.OtherAlgorithm;
        return IsRight(reading, integrity, key) ? ResponseAuthenticity.Authentic : ResponseAuthenticity.Wrong;
    }

    /// <summary>
    /// RFC 8489 sections 14.5 and 14.6. A truncated SHA-256 value is wrong: section 14.6 wants all 32 bytes unless the
    /// usage allows truncation, and ICE does not.
    /// </summary>
    internal static bool IsRight(in StunReading reading, StunIntegrityAlgorithms algorithm, ReadOnlySpan<byte> key)
    {
        var type = algorithm == StunIntegrityAlgorithms.Sha256 ? StunAttributeType.MessageIntegritySha256 : StunAttributeType.MessageIntegrity;
        if (!reading.TryFind(type, out var attribute)) return false;
        Span<byte> computed = stackalloc byte[StunIntegrity.SizeOf(algorithm)];
        StunIntegrity.Hmac(algorithm, reading.Datagram, attribute.Offset, attribute.Value.Length, key, computed);
        return CryptographicOperations.FixedTimeEquals(computed, attribute.Value);
    }
}
