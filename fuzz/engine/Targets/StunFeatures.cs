using System.Buffers.Binary;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>What a STUN message looks like from afar: which attributes it has, in a message of which class, and what follows the attributes whose
/// place matters. Walks the attributes by
/// itself (RFC 8489 section 14) instead of asking the code under test.</summary>
public static class StunFeatures
{
    private const int HeaderSize = 20, MaxAttributes = 24;
    private const uint MessageIntegrity = 0x0008, MessageIntegritySha256 = 0x001C, Fingerprint = 0x8028;
    private const uint TypeSpace = 0x10000, PairSpace = 0x20000;

    public static void Walk(ReadOnlySpan<byte> bytes, bool accepted, ref FuzzContext context)
    {
        if (bytes.Length < HeaderSize) return;
        // The class: bits 8 and 4 of the message type (RFC 8489 section 5). Methods of no meaning are one method.
        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var kind = (uint)((type >> 7) & 2 | (type >> 4) & 1) | (accepted ? 4u : 0);
        var previous = 0u;
        var count = 0;
        for (var at = HeaderSize; at + 4 <= bytes.Length && count < MaxAttributes; count++)
        {
            var attribute = Reduce(BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]));
            context.Cover(TypeSpace | attribute, kind);
            if (accepted && previous is MessageIntegrity or MessageIntegritySha256 or Fingerprint) context.Cover(PairSpace | attribute, previous);
            previous = attribute;
            at += 4 + ((BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) + 3) & ~3);
        }
        context.Cover(kind, (uint)count);
    }

    /// <summary>The assigned code points lie close together; of the others only the half matters (section 14).</summary>
    private static uint Reduce(ushort attribute) =>
        (attribute & 0x7FFF) switch { < 0x30 => attribute, _ when attribute >= 0x8000 && attribute < 0x8040 => attribute, _ => attribute & 0x8000u | 0x7FFF };
}
