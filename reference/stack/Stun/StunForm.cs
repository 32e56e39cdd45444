using System.Buffers.Binary;

namespace WebRtcConformance.Stack.Stun;

/// <summary>
/// The rules of form that the wire codec enforces, and how a quirk breaks each: the message is put right in a copy, which
/// the codec then accepts. Integrity and fingerprint are always computed over the bytes as they came.
/// </summary>
internal static class StunForm
{
    internal const uint MagicCookie = 0x2112A442;

    /// <summary>A copy that obeys the rules which the quirks say to ignore; all others stay broken.</summary>
    public static ReadOnlySpan<byte> Lenient(ReadOnlySpan<byte> datagram, QuirkSet quirks)
    {
        if (datagram.Length < StunIntegrity.HeaderSize) return datagram;
        var copy = datagram.ToArray();

        // RFC 8489 section 6.3: the first two bits are 0.
        if (quirks.Has(Quirk.StunAcceptsTopBits)) copy[0] &= 0x3F;

        // RFC 8489 section 6.3: the Magic Cookie field has the correct value.
        if (quirks.Has(Quirk.StunAcceptsWrongCookie)) BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(4), MagicCookie);

        var length = BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(2));
        var present = copy.Length - StunIntegrity.HeaderSize;

        // RFC 8489 section 5: attributes are padded to 4 bytes, so the last two bits of the length are zero.
        if (quirks.Has(Quirk.StunAcceptsUnalignedLength) && length % 4 != 0)
        {
            length = (ushort)Math.Min(length + 3 & ~3, present & ~3);
            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(2), length);
            present = length;
        }

        // RFC 8489 section 6.3: the message length is sensible; over UDP the datagram is the message.
        if (quirks.Has(Quirk.StunAcceptsTrailingBytes)) present = Math.Min(present, length);

        var message = copy.AsSpan(0, StunIntegrity.HeaderSize + present);
        if (quirks.Has(Quirk.StunAcceptsOverrunningAttribute)) CutLastAttribute(message);
        return message;
    }

    /// <summary>RFC 8489 section 14: the padding bits MUST be ignored by the receiver.</summary>
    public static bool HasNonzeroPadding(ReadOnlySpan<byte> message)
    {
        for (var at = StunIntegrity.HeaderSize; at + StunIntegrity.AttributeHeaderSize <= message.Length;)
        {
            var value = at + StunIntegrity.AttributeHeaderSize;
            var end = value + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            at = end + 3 & ~3;
            if (at <= message.Length && message[end..at].ContainsAnyExcept((byte)0)) return true;
        }
        return false;
    }

    /// <summary>RFC 8489 section 14: Length is the length of the value, which lies within the message.</summary>
    private static void CutLastAttribute(Span<byte> message)
    {
        for (var at = StunIntegrity.HeaderSize; at + StunIntegrity.AttributeHeaderSize <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            var room = message.Length - at - StunIntegrity.AttributeHeaderSize;
            if (length > room) BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], (ushort)room);
            at += StunIntegrity.AttributeHeaderSize + (length + 3 & ~3);
        }
    }
}
