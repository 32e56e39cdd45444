using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Lab.Bench;

/// <summary>Short forms for the STUN values that cases write and read all the time.</summary>
public static class StunText
{
    public static WireKey Key(string password) => StunCredentials.ShortTermKey(password);

    public static Username Username(string text) => new() { Value = text };

    public static TransportAddress Address(XorMappedAddress mapped) =>
        mapped.Address.Span.Length is 4 or 16 ? TransportAddress.From(mapped.Address.Span, mapped.Port) : default;

    /// <summary>An error code from its hundreds digit and its number (RFC 8489 section 14.8).</summary>
    public static int Code(this ErrorCode error) => error.Class * 100 + error.Number;
}
