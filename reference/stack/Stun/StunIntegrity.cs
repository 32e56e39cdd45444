using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Stack.Stun;

/// <summary>Which message-integrity attributes: one, both, or none.</summary>
[Flags]
public enum StunIntegrityAlgorithms
{
    None = 0,

    /// <summary>MESSAGE-INTEGRITY, HMAC-SHA-1 (RFC 8489 section 14.5).</summary>
    Sha1 = 1,

    /// <summary>MESSAGE-INTEGRITY-SHA256, HMAC-SHA-256 (RFC 8489 section 14.6).</summary>
    Sha256 = 2,

    Both = Sha1 | Sha256,
}

/// <summary>The three values that protect a STUN message, as functions of its bytes.</summary>
public static class StunIntegrity
{
    internal const int HeaderSize = 20;
    internal const int AttributeHeaderSize = 4;

    /// <summary>Longer messages, which no agent sends, are copied to the heap.</summary>
    private const int OnStack = 1024;

    /// <summary>RFC 8489 section 14.7: what the CRC is XORed with.</summary>
    private const uint FingerprintXor = 0x5354554e;

    /// <summary>Bytes of the value: 20 or 32.</summary>
    public static int SizeOf(StunIntegrityAlgorithms algorithm) => algorithm == StunIntegrityAlgorithms.Sha256 ? 32 : 20;

    /// <summary>
    /// RFC 8489 sections 14.5 and 14.6: HMAC over the message up to and including the attribute before this one, with
    /// the header's length adjusted to point to the end of this attribute.
    /// </summary>
    /// <param name="algorithm">One of the two.</param>
    /// <param name="message">The message, at least up to <paramref name="attributeOffset"/>.</param>
    /// <param name="attributeOffset">Where the integrity attribute begins, or would.</param>
    /// <param name="valueLength">Length of the attribute's value.</param>
    /// <param name="key">Section 9.1.1 or 9.2.2.</param>
    /// <param name="value">What takes the value, <see cref="SizeOf"/> bytes.</param>
    public static void Hmac(StunIntegrityAlgorithms algorithm, ReadOnlySpan<byte> message, int attributeOffset, int valueLength, ReadOnlySpan<byte> key, Span<byte> value)
    {
        var text = attributeOffset <= OnStack ? stackalloc byte[OnStack] : new byte[attributeOffset];
        text = text[..attributeOffset];
        message[..attributeOffset].CopyTo(text);
        var end = attributeOffset + AttributeHeaderSize + valueLength;
        BinaryPrimitives.WriteUInt16BigEndian(text[2..], (ushort)(end - HeaderSize));
        Crypto.Hmac.Compute(algorithm == StunIntegrityAlgorithms.Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1, key, text, value);
    }

    /// <summary>
    /// RFC 8489 section 14.7: CRC-32 (ITU V.42) of the message up to the FINGERPRINT attribute, XORed. The header's length must
    /// already include the attribute.
    /// </summary>
    public static uint Fingerprint(ReadOnlySpan<byte> message, int attributeOffset) => Crc32.Compute(message[..attributeOffset]) ^ FingerprintXor;
}
