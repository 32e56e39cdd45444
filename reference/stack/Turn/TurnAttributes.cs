using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Reading and writing the attributes of RFC 8656 section 18.</summary>
internal static class TurnAttributes
{
    public static XorPeerAddress Peer(TransportAddress address) => new() { Port = address.Port, Address = address.AddressBytes() };

    public static XorRelayedAddress Relayed(TransportAddress address) => new() { Port = address.Port, Address = address.AddressBytes() };

    public static Lifetime Lifetime(TimeSpan time) => new() { Seconds = Seconds(time) };

    /// <summary>Whole seconds, as much as LIFETIME can hold.</summary>
    public static uint Seconds(TimeSpan time) => (uint)Math.Clamp((long)time.TotalSeconds, 0, uint.MaxValue);

    /// <summary>RFC 8656 section 18.6.</summary>
    public static AddressFamily FamilyOf(IpFamily family) => family == IpFamily.IPv6 ? AddressFamily.IPv6 : AddressFamily.IPv4;

    public static IpFamily FamilyOf(AddressFamily family) => family == AddressFamily.IPv6 ? IpFamily.IPv6 : IpFamily.IPv4;

    /// <summary>The peer that the message names first; false when it names none.</summary>
    public static bool TryReadPeer(in StunReading reading, out TransportAddress peer)
    {
        peer = default;
        return reading.TryFind(StunAttributeType.XorPeerAddress, out var attribute) && TryRead(attribute, out peer);
    }

    /// <summary>Every XOR-PEER-ADDRESS: the one attribute of which a message may hold several (section 10.1).</summary>
    public static List<TransportAddress> ReadPeers(in StunReading reading) => ReadAll(reading, StunAttributeType.XorPeerAddress);

    /// <summary>Every XOR-RELAYED-ADDRESS: two in the response that makes a dual allocation (section 7.2).</summary>
    public static List<TransportAddress> ReadRelayed(in StunReading reading) => ReadAll(reading, StunAttributeType.XorRelayedAddress);

    public static uint? ReadLifetime(in StunReading reading) =>
        reading.TryFind(StunAttributeType.Lifetime, out var attribute) && attribute.TryGet(out Lifetime.View lifetime) ? lifetime.Seconds : null;

    public static ushort? ReadChannel(in StunReading reading) =>
        reading.TryFind(StunAttributeType.ChannelNumber, out var attribute) && attribute.TryGet(out ChannelNumber.View channel) ? channel.Number : null;

    /// <summary>The code of ERROR-CODE; 0 without one.</summary>
    public static int ReadError(in StunReading reading) =>
        reading.TryFind(StunAttributeType.ErrorCode, out var attribute) && attribute.TryGet(out ErrorCode.View error)
            ? error.Class * 100 + error.Number : 0;

    /// <summary>RFC 8489 section 14.15.</summary>
    public static bool TryReadAlternate(in StunReading reading, out TransportAddress server)
    {
        server = default;
        if (!reading.TryFind(StunAttributeType.AlternateServer, out var attribute) || !attribute.TryGet(out AlternateServer.View alternate)) return false;
        server = TransportAddress.From(alternate.Address, alternate.Port);
        return true;
    }

    /// <summary>RFC 8489 section 14.8 and RFC 8656 section 19.</summary>
    public static ErrorCode Error(int code) => new()
    {
        Class = (byte)(code / 100),
        Number = (byte)(code % 100),
        ReasonPhrase = code switch
        {
            300 => "Try Alternate",
            400 => "Bad Request",
            401 => "Unauthenticated",
            403 => "Forbidden",
            420 => "Unknown Attribute",
            437 => "Allocation Mismatch",
            438 => "Stale Nonce",
            440 => "Address Family not Supported",
            441 => "Wrong Credentials",
            442 => "Unsupported Transport Protocol",
            443 => "Peer Address Family Mismatch",
            486 => "Allocation Quota Reached",
            508 => "Insufficient Capacity",
            _ => "Server Error",
        },
    };

    /// <summary>The comprehension-required attributes of RFC 8489 section 18.3 and RFC 8656 section 18, DONT-FRAGMENT being a question of policy.</summary>
    public static bool Understands(StunAttributeType type, bool dontFragment) => type is
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity
        or StunAttributeType.ErrorCode or StunAttributeType.UnknownAttributes or StunAttributeType.Realm
        or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256 or StunAttributeType.PasswordAlgorithm
        or StunAttributeType.Userhash or StunAttributeType.XorMappedAddress
        or StunAttributeType.ChannelNumber or StunAttributeType.Lifetime or StunAttributeType.XorPeerAddress
        or StunAttributeType.Data or StunAttributeType.XorRelayedAddress or StunAttributeType.RequestedAddressFamily
        or StunAttributeType.EvenPort or StunAttributeType.RequestedTransport or StunAttributeType.ReservationToken
        || type == StunAttributeType.DontFragment && dontFragment;

    private static List<TransportAddress> ReadAll(in StunReading reading, StunAttributeType type)
    {
        var found = new List<TransportAddress>();
        var end = int.MaxValue; // RFC 8489 section 9: what comes after the integrity attribute is not seen
        if (reading.TryFind(StunAttributeType.MessageIntegrity, out var integrity)
            || reading.TryFind(StunAttributeType.MessageIntegritySha256, out integrity)) end = integrity.Offset;
        foreach (var attribute in reading.Message.Attributes)
        {
            if (attribute.Type == type && attribute.Offset < end && TryRead(attribute, out var address)) found.Add(address);
        }
        return found;
    }

    /// <summary>XOR-PEER-ADDRESS and XOR-RELAYED-ADDRESS, which differ in nothing but their type.</summary>
    private static bool TryRead(in StunAttribute.View attribute, out TransportAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[16];
        if (attribute.TryGet(out XorPeerAddress.View peer))
        {
            peer.Address.CopyTo(bytes);
            address = TransportAddress.From(bytes[..peer.Address.Length], peer.Port);
            return true;
        }
        if (!attribute.TryGet(out XorRelayedAddress.View relayed)) return false;
        relayed.Address.CopyTo(bytes);
        address = TransportAddress.From(bytes[..relayed.Address.Length], relayed.Port);
        return true;
    }
}
