using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Turn;

/// <summary>
/// Send and Data indications in place: the header of RFC 8489 section 5, XOR-PEER-ADDRESS (RFC 8656 section 18.3), DATA (section 18.4). Everything else of STUN is
/// written by its record.
/// </summary>
internal static class TurnIndication
{
    private const int HeaderSize = StunIntegrity.HeaderSize, AttributeHeaderSize = StunIntegrity.AttributeHeaderSize, AddressAt = 4; // an address follows reserved byte, family and port
    private const uint MagicCookie = StunForm.MagicCookie;

    /// <summary>Bytes of an indication with so much data.</summary>
    public static int Measure(TransportAddress peer, int data) => HeaderSize + 2 * AttributeHeaderSize + AddressAt + peer.AddressLength + (data + 3 & ~3);

    /// <param name="method">Send or Data.</param>
    /// <param name="to"><see cref="Measure"/> bytes.</param>
    public static void Write(StunMethod method, TransactionId id, TransportAddress peer, ReadOnlySpan<byte> data, Span<byte> to)
    {
        // RFC 8489 section 5: the class of an indication, 0b01, is bit 4 of the type; both methods fit the four bits below it.
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)((ushort)method | 0x0010));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(to.Length - HeaderSize));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], MagicCookie);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], id.High);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], id.Low);

        var value = Begin(StunAttributeType.XorPeerAddress, AddressAt + peer.AddressLength, to[HeaderSize..]);
        value[0] = 0;
        value[1] = (byte)peer.Family;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(peer.Port ^ MagicCookie >> 16));
        var address = value[AddressAt..][..peer.CopyAddressTo(value[AddressAt..])];
        // RFC 8489 section 14.2: XORed with the cookie and, of IPv6, the transaction id, which stand there one behind the other.
        for (var i = 0; i < address.Length; i++) address[i] ^= to[4 + i];

        var content = Begin(StunAttributeType.Data, data.Length, value[(AddressAt + address.Length)..]);
        data.CopyTo(content);
        content[data.Length..].Clear();
    }

    private static Span<byte> Begin(StunAttributeType type, int length, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
        return to[AttributeHeaderSize..];
    }
}
