using System.Security.Cryptography;
using System.Text;

namespace WebRtcConformance.Stack.Stun;

/// <summary>How a long-term password becomes a key (RFC 8489 section 18.5.1).</summary>
public enum StunPasswordAlgorithm : ushort
{
    Md5 = 0x0001,
    Sha256 = 0x0002,
}

/// <summary>
/// HMAC keys from passwords. The OpaqueString profile (RFC 8265 section 4.2) is applied as far as ASCII needs it, where
/// it changes nothing; text beyond ASCII is used as its UTF-8 bytes, unprepared. ICE passwords are ASCII always
/// (RFC 8839 section 5.4), so for ICE this is exact. For other text hand in the prepared form.
/// </summary>
public static class StunCredentials
{
    /// <summary>RFC 8489 section 9.1.1: key = OpaqueString(password).</summary>
    public static byte[] ShortTermKey(string password) => Encoding.UTF8.GetBytes(password);

    /// <summary>RFC 8489 sections 9.2.2 and 18.5.1: the hash of "username:realm:password".</summary>
    public static byte[] LongTermKey(string username, string realm, string password, StunPasswordAlgorithm algorithm = StunPasswordAlgorithm.Md5)
    {
        // Section 9.2.2: quotes and trailing nulls are removed from username and realm, trailing nulls from the password.
        var text = Encoding.UTF8.GetBytes($"{Unquoted(username)}:{Unquoted(realm)}:{password.TrimEnd('\0')}");
        return algorithm == StunPasswordAlgorithm.Sha256 ? SHA256.HashData(text) : MD5.HashData(text);
    }

    /// <summary>RFC 8489 section 14.4: USERHASH = SHA-256(OpaqueString(username) ":" OpaqueString(realm)).</summary>
    public static byte[] UserHash(string username, string realm) => SHA256.HashData(Encoding.UTF8.GetBytes($"{username}:{realm}"));

    private static string Unquoted(string text)
    {
        text = text.TrimEnd('\0');
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
    }
}
