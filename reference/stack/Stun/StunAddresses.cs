using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>Between <see cref="TransportAddress"/> and the address attributes (RFC 8489 sections 14.1 and 14.2).</summary>
public static class StunAddresses
{
    public static XorMappedAddress XorMapped(TransportAddress address) => new()
    {
        Port = address.Port,
        Address = address.AddressBytes(),
    };

    public static MappedAddress Mapped(TransportAddress address) => new()
    {
        Port = address.Port,
        Address = address.AddressBytes(),
    };

    /// <summary>The transport address of an XOR-MAPPED-ADDRESS; false when there is none to be seen.</summary>
    public static bool TryReadXorMapped(in StunReading reading, out TransportAddress address)
    {
        address = default;
        if (!reading.TryFind(StunAttributeType.XorMappedAddress, out var attribute) || !attribute.TryGet(out XorMappedAddress.View mapped)) return false;
        Span<byte> bytes = stackalloc byte[16];
        mapped.Address.CopyTo(bytes);
        address = TransportAddress.From(bytes[..mapped.Address.Length], mapped.Port);
        return true;
    }
}
