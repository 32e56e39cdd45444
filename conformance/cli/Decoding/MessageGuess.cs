using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>Which message some bytes are most likely to be. What arrives on a WebRTC port is told apart by its first byte (RFC 7983 section 7, RTCP from
/// RTP by RFC 5761 section 4); what is in a data channel or a file has no such mark, and the first format that accepts it is taken.</summary>
internal static class MessageGuess
{
    /// <summary>The formats of the first byte's protocol that accept the bytes come first; then any other that does; then the protocol's first one.</summary>
    public static IMessageFormat Of(ReadOnlySpan<byte> bytes, IReadOnlyList<IMessageFormat> formats)
    {
        string protocol = Protocol(bytes);
        IMessageFormat? first = null, other = null;
        foreach (IMessageFormat format in formats)
        {
            bool likely = protocol.Length > 0 && format.Name.StartsWith(protocol, StringComparison.Ordinal);
            bool accepts = format.Accepts(bytes, out _);
            if (likely && accepts)
            {
                return format;
            }

            first ??= likely ? format : null;
            other ??= accepts ? format : null;
        }

        // Who shows the cookie means STUN, however wrong the rest is.
        return (IsStun(bytes) ? first : null) ?? other ?? first ?? formats[0];
    }

    /// <summary>How the names of the protocol's formats begin; "" when the first byte says nothing.</summary>
    private static string Protocol(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)'v', (byte)'=', ..] => "sdp",
        [] or [<= 3, ..] => "stun.message",
        [>= 20 and <= 63, ..] => "dtls",
        [>= 64 and <= 79, ..] => "turn.channel-data",
        [>= 128 and <= 191, >= 192 and <= 223, ..] => "rtcp",
        [>= 128 and <= 191, ..] => "rtp.packet",
        _ => "",
    };

    private static bool IsStun(ReadOnlySpan<byte> bytes) => bytes is [<= 3, _, _, _, 0x21, 0x12, 0xA4, 0x42, ..];
}
