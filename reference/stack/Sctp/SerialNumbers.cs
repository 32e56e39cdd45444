namespace WebRtcConformance.Stack.Sctp;

/// <summary>
/// RFC 9260 section 1.6: serial number arithmetic, done once at the edge. Inside the stack a TSN, SSN or MID is a long that never wraps, and comparisons are plain.
/// </summary>
internal static class SerialNumbers
{
    /// <summary>Where the first number of a sequence lies, so that smaller ones have room.</summary>
    private const long Origin = 1L << 40;

    public static long First(uint onTheWire) => Origin + onTheWire;

    /// <summary>The number that is <paramref name="onTheWire"/> modulo 2^32 and nearest to <paramref name="near"/>.</summary>
    public static long Unwrap(uint onTheWire, long near) => near + (int)(onTheWire - (uint)near);

    /// <summary>The same modulo 2^16.</summary>
    public static long Unwrap(ushort onTheWire, long near) => near + (short)(onTheWire - (ushort)near);
}
