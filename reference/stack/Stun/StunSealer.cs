using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>From a typed message to a datagram: composed -> encoded -> sealed, with a funnel at each stage.</summary>
public sealed class StunSealer(StunFunnels funnels, QuirkSet quirks)
{
    private const byte Garbage = 0xA5;

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
        var message = encoded;
        if (seal.Integrity.HasFlag(StunIntegrityAlgorithms.Sha1))
            message = AddIntegrity(message, StunAttributeType.MessageIntegrity, StunIntegrityAlgorithms.Sha1, seal);
        if (seal.Integrity.HasFlag(StunIntegrityAlgorithms.Sha256))
            message = AddIntegrity(message, StunAttributeType.MessageIntegritySha256, StunIntegrityAlgorithms.Sha256, seal);
        if (seal.Fingerprint)
        {
            var at = seal.FingerprintFirst ? StunIntegrity.HeaderSize : message.Length;
            message = Insert(message, at, StunAttributeType.Fingerprint, new byte[4]);
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(at + StunIntegrity.AttributeHeaderSize), StunIntegrity.Fingerprint(message, at));
        }
        return message;
    }

    private static byte[] AddIntegrity(byte[] message, StunAttributeType type, StunIntegrityAlgorithms algorithm, in StunSeal seal)
    {
        var at = seal.IntegrityFirst ? StunIntegrity.HeaderSize : message.Length;
        var value = StunIntegrity.Hmac(algorithm, message, at, StunIntegrity.SizeOf(algorithm), seal.Key.Span);
        return Insert(message, at, type, value);
    }

    /// <summary>Put an attribute (of a multiple of 4 bytes) in, and count it in the header's length.</summary>
    private static byte[] Insert(byte[] message, int at, StunAttributeType type, ReadOnlySpan<byte> value)
    {
        var longer = new byte[message.Length + StunIntegrity.AttributeHeaderSize + value.Length];
        message.AsSpan(0, at).CopyTo(longer);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(at), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(at + 2), (ushort)value.Length);
        value.CopyTo(longer.AsSpan(at + StunIntegrity.AttributeHeaderSize));
        message.AsSpan(at).CopyTo(longer.AsSpan(at + StunIntegrity.AttributeHeaderSize + value.Length));
        // The length as it stands, plus this attribute: a length that a tap has falsified stays falsified by as much.
        var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2)) + StunIntegrity.AttributeHeaderSize + value.Length;
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)length);
        return longer;
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
