using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>All addresses whose first <paramref name="Bits"/> bits are those of <paramref name="Address"/> (RFC 4632 section 3.1, RFC 4291 section 2.3).</summary>
/// <param name="Address">An address of the prefix; its port does not count.</param>
/// <param name="Bits">0 to 32, or to 128.</param>
public readonly record struct IpPrefix(TransportAddress Address, int Bits)
{
    public bool Contains(TransportAddress address)
    {
        if (address.Family != Address.Family) return false;
        Span<byte> own = stackalloc byte[16], other = stackalloc byte[16];
        var length = Address.CopyAddressTo(own);
        address.CopyAddressTo(other);
        var bits = Math.Clamp(Bits, 0, length * 8);
        for (var i = 0; i < bits / 8; i++)
        {
            if (own[i] != other[i]) return false;
        }
        return bits % 8 == 0 || (own[bits / 8] ^ other[bits / 8]) >> 8 - bits % 8 == 0;
    }
}
