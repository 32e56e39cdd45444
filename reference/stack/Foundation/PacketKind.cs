namespace WebRtcConformance.Stack.Foundation;

/// <summary>What arrives at one port, by its first byte (RFC 7983 section 7).</summary>
public enum PacketKind
{
    /// <summary>No bytes, or a first byte that belongs to nobody: dropped, and logged if one likes.</summary>
    Unknown,
    Stun,
    Zrtp,
    Dtls,
    TurnChannel,
    Rtp,
}

public static class PacketKinds
{
    /// <summary>RFC 7983 section 7, figure 3. DTLS 1.3's unified header begins with 32 to 63 (RFC 9147 section 4): it is DTLS here, too.</summary>
    public static PacketKind Of(ReadOnlySpan<byte> packet) => packet.IsEmpty ? PacketKind.Unknown : packet[0] switch
    {
        <= 3 => PacketKind.Stun,
        >= 16 and <= 19 => PacketKind.Zrtp,
        >= 20 and <= 63 => PacketKind.Dtls,
        >= 64 and <= 79 => PacketKind.TurnChannel,
        >= 128 and <= 191 => PacketKind.Rtp,
        _ => PacketKind.Unknown,
    };
}
