using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>From a typed message to a datagram: composed -> encoded -> sealed, with a funnel at each stage.</summary>
public sealed class StunSealer(StunFunnels funnels, QuirkSet quirks)
{
    private const byte Garbage = 0xA5;
    private const int FingerprintSize = 4;

    /// <summary>Encode and protect; the sealed funnel is passed later, at each transmission.</summary>
    public SealedStun Seal(Instant now, StunMessage message, in StunSeal seal)
    {
        var disposition = funnels.Composed.Pass(now, ref message);
        if (disposition.RawBytes is { } raw) return new SealedStun(raw, disposition);
        var encoded = message.ToArray();
        BreakEncoding(encoded, message);

        disposition = disposition.And(funnels.Encoded.Pass(now, ref encoded));
        if (disposition.RawBytes is { } rawEncoded) return new SealedStun(rawEncoded, disposition);
        return new SealedStun(Protect(encoded, seal), disposition);
    }

    /// <summary>RFC 8489 sections 14.5 to 14.7: integrity after all other attributes, FINGERPRINT last of all.</summary>
    public static byte[] Protect(byte[] encoded, in StunSeal seal)
    {
        if (encoded.Length < StunIntegrity.HeaderSize) return encoded; // a tap left no message to protect
        var (sha1, sha256) = (seal.Integrity.HasFlag(StunIntegrityAlgorithms.Sha1), seal.Integrity.HasFlag(StunIntegrityAlgorithms.Sha256));
        var message = new byte[encoded.Length
            + (sha1 ? StunIntegrity.AttributeHeaderSize + StunIntegrity.SizeOf(StunIntegrityAlgorithms.Sha1) : 0)
            + (sha256 ? StunIntegrity.AttributeHeaderSize + StunIntegrity.SizeOf(StunIntegrityAlgorithms.Sha256) : 0)
            + (seal.Fingerprint ? StunIntegrity.AttributeHeaderSize + FingerprintSize : 0)];
        encoded.CopyTo(message, 0);
        var used = encoded.Length;
        if (sha1) AddIntegrity(message, ref used, StunAttributeType.MessageIntegrity, StunIntegrityAlgorithms.Sha1, seal);
        if (sha256) AddIntegrity(message, ref used, StunAttributeType.MessageIntegritySha256, StunIntegrityAlgorithms.Sha256, seal);
        if (seal.Fingerprint)
        {
            var at = seal.FingerprintFirst ? StunIntegrity.HeaderSize : used;
            var value = Insert(message, ref used, at, StunAttributeType.Fingerprint, FingerprintSize);
            BinaryPrimitives.WriteUInt32BigEndian(value, StunIntegrity.Fingerprint(message, at));
        }
        return message;
    }

    private static void AddIntegrity(byte[] message, ref int used, StunAttributeType type, StunIntegrityAlgorithms algorithm, in StunSeal seal)
    {
        var size = StunIntegrity.SizeOf(algorithm);
        var at = seal.IntegrityFirst ? StunIntegrity.HeaderSize : used;
        Span<byte> value = stackalloc byte[size];
        StunIntegrity.Hmac(algorithm, message, at, size, seal.Key.Span, value);
        value.CopyTo(Insert(message, ref used, at, type, size));
    }

    /// <summary>Put an attribute (of a multiple of 4 bytes) into what is used of the buffer, and count it in the header's length.</summary>
    /// <returns>Where its value goes.</returns>
    private static Span<byte> Insert(Span<byte> message, ref int used, int at, StunAttributeType type, int size)
    {
        var (valueAt, next) = (at + StunIntegrity.AttributeHeaderSize, at + StunIntegrity.AttributeHeaderSize + size);
        message[at..used].CopyTo(message[next..]);
        used += next - at;
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], (ushort)size);
        // The length as it stands, plus this attribute: a length that a tap has falsified stays falsified by as much.
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message[2..]) + next - at));
        return message[valueAt..next];
    }

    /// <summary>Quirks that break the encoding of attributes, under integrity that is right for the broken bytes.</summary>
    private void BreakEncoding(byte[] encoded, StunMessage message)
    {
        if (quirks.IsEmpty || message.Class is not (StunClass.SuccessResponse or StunClass.ErrorResponse)) return;
        for (var at = StunIntegrity.HeaderSize; at + StunIntegrity.AttributeHeaderSize <= encoded.Length;)
        {
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(encoded.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16BigEndian(encoded.AsSpan(at + 2));
            var padded = length + 3 & ~3;
            var value = encoded.AsSpan(at + StunIntegrity.AttributeHeaderSize, padded);

            // RFC 8489 section 14: padding is sent as zero.
            if (quirks.Has(Quirk.StunPadsWithGarbage)) value[length..].Fill(Garbage);

            // RFC 8489 section 14: Length does not count padding.
            if (quirks.Has(Quirk.StunCountsPaddingInLength)) BinaryPrimitives.WriteUInt16BigEndian(encoded.AsSpan(at + 2), (ushort)padded);

            // RFC 8489 section 14.8: the hundreds digit and the rest are encoded apart.
            if (type == StunAttributeType.ErrorCode && quirks.Has(Quirk.StunEncodesErrorCodeAsInteger))
                BinaryPrimitives.WriteUInt32BigEndian(value, (uint)(value[2] * 100 + value[3]));

            // RFC 8489 section 14.2: an IPv6 address is XORed with the cookie and the transaction id.
            if (type == StunAttributeType.XorMappedAddress && length == 20 && quirks.Has(Quirk.StunXorsIpv6WithCookieOnly))
                Unmask(value[8..], encoded.AsSpan(8, TransactionId.Size));

            at += StunIntegrity.AttributeHeaderSize + padded;
        }
    }

    private static void Unmask(Span<byte> masked, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < mask.Length; i++) masked[i] ^= mask[i];
    }
}
