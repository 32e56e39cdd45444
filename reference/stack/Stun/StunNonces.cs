using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Stun;

/// <summary>The 24 bits of the nonce cookie (RFC 8489 section 18.1); bit 0 there is the most significant.</summary>
[Flags]
public enum StunSecurityFeatures
{
    None = 0,
    PasswordAlgorithms = 1 << 23,
    UsernameAnonymity = 1 << 22,
}

/// <summary>The "nonce cookie" that a NONCE begins with (RFC 8489 section 9.2): "obMatJos2" and 24 bits in base64.</summary>
public static class StunNonceCookie
{
    private const string Prefix = "obMatJos2";
    private const int BitsLength = 4;

    /// <summary>The 13 characters.</summary>
    public static string Write(StunSecurityFeatures features) =>
        Prefix + Convert.ToBase64String([(byte)((int)features >> 16), (byte)((int)features >> 8), (byte)features]);

    /// <summary>The features announced; none when there is no cookie or its bits are not base64.</summary>
    public static StunSecurityFeatures Read(string nonce)
    {
        if (!nonce.StartsWith(Prefix, StringComparison.Ordinal) || nonce.Length < Prefix.Length + BitsLength) return StunSecurityFeatures.None;
        Span<byte> bits = stackalloc byte[3];
        if (!Convert.TryFromBase64Chars(nonce.AsSpan(Prefix.Length, BitsLength), bits, out var count) || count != bits.Length) return StunSecurityFeatures.None;
        return (StunSecurityFeatures)(bits[0] << 16 | bits[1] << 8 | bits[2]);
    }
}

/// <summary>Which nonces a server gives out and takes back.</summary>
public interface IStunNonces
{
    /// <summary>A nonce for requests from that address, beginning with the cookie of these features.</summary>
    string Issue(StunSecurityFeatures features, Instant now, TransportAddress source);

    /// <summary>Whether it was issued to that address, and not too long ago. Total.</summary>
    bool IsFresh(string nonce, Instant now, TransportAddress source);
}

/// <summary>
/// Nonces that need no memory: cookie, time of issue, and an HMAC of both and the source address under a key that only
/// the server has. So different addresses get different nonces (RFC 8489 section 9.2.4), and nobody else can make one.
/// </summary>
public sealed class StunNonces : IStunNonces
{
    private const int CookieLength = 13;
    private const int TimeSize = 8;
    private const int TagSize = 16;

    private readonly byte[] _key = new byte[32];
    private readonly TimeSpan _lifetime;

    /// <param name="entropy">Where the server's key is drawn from.</param>
    /// <param name="lifetime">How long a nonce is good for.</param>
    public StunNonces(Entropy entropy, TimeSpan lifetime)
    {
        entropy.Fill(_key);
        _lifetime = lifetime;
    }

    public string Issue(StunSecurityFeatures features, Instant now, TransportAddress source) =>
        Write(StunNonceCookie.Write(features), now.Nanoseconds, source);

    public bool IsFresh(string nonce, Instant now, TransportAddress source)
    {
        Span<byte> body = stackalloc byte[TimeSize + TagSize];
        if (nonce.Length != CookieLength + body.Length / 3 * 4) return false;
        if (!Convert.TryFromBase64Chars(nonce.AsSpan(CookieLength), body, out var count) || count != body.Length) return false;
        var issued = BinaryPrimitives.ReadInt64BigEndian(body);
        var own = Write(nonce[..CookieLength], issued, source);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(own), Encoding.UTF8.GetBytes(nonce))
            && new Instant(issued) <= now && now - new Instant(issued) <= _lifetime;
    }

    private string Write(string cookie, long issued, TransportAddress source)
    {
        var body = new byte[TimeSize + TagSize];
        BinaryPrimitives.WriteInt64BigEndian(body, issued);
        byte[] port = [(byte)(source.Port >> 8), (byte)source.Port];
        // Every part but the address has a fixed length, so no two inputs run together.
        byte[] text = [.. body.AsSpan(0, TimeSize), .. port, .. Encoding.UTF8.GetBytes(cookie.PadRight(CookieLength)), .. source.AddressBytes()];
        HMACSHA256.HashData(_key, text).AsSpan(0, TagSize).CopyTo(body.AsSpan(TimeSize));
        return cookie + Convert.ToBase64String(body);
    }
}
