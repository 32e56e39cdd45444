using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>Which message some bytes are most likely to be. What arrives on a WebRTC port is told apart by its first byte (RFC 7983 section 7, RTCP from
/// RTP by RFC 5761 section 4). What travels inside has no such mark: the first that accepts the bytes, checksums included, is taken. Payloads and header
/// extensions of RTP take almost any bytes; they have to be named.</summary>
internal static class MessageGuess
{
    /// <summary>How the names of the formats begin that are tried when the first byte says nothing, or something else.</summary>
    private static readonly string[] Spoken = ["stun.", "dcep.", "sctp.", "turn.", "dtls", "rtcp.", "reduced-size-rtcp.", "rtp.", "sdp.session-description"];

    /// <summary>The formats of the first byte's protocol that accept the bytes come first; then any other that does; then the protocol's first one.</summary>
    public static IMessageFormat Of(byte[] bytes, IReadOnlyList<IMessageFormat> formats)
    {
        string protocol = Protocol(bytes);
        IMessageFormat[] likely = protocol.Length == 0 ? [] : [.. Of(protocol, formats)];
        // Who shows the cookie means STUN, however wrong the rest is.
        bool certain = likely.Length > 0 && bytes is [<= 3, _, _, _, 0x21, 0x12, 0xA4, 0x42, ..];
        return likely.FirstOrDefault(format => format.Accepts(bytes, out _))
            ?? (certain ? likely[0] : null)
            ?? Spoken.SelectMany(name => Of(name, formats)).FirstOrDefault(format => format.Verify(bytes, WireKey.None, out _))
            ?? likely.FirstOrDefault() ?? formats.First(format => format.Name == "stun.message");
    }

    /// <summary>How texts begin that say themselves what they are.</summary>
    private static readonly (string Start, string Name)[] Texts =
    [
        ("v=", "sdp.session-description"), ("candidate:", "ice-sdp.candidate"), ("stun:", "stun-uri"), ("stuns:", "stun-uri"), ("turn:", "turn-uri"), ("turns:", "turn-uri"),
    ];

    /// <summary>The text format that the beginning tells; null when it tells none.</summary>
    public static IMessageFormat? OfText(string text)
    {
        foreach ((string start, string name) in Texts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return MessageFormats.Find(name);
            }
        }

        return null;
    }

    /// <summary>What a datagram consists of: the records of DTLS (RFC 6347 section 4.1) are messages each, as far as their lengths go; anything else is one.</summary>
    public static IEnumerable<byte[]> Split(byte[] datagram)
    {
        const int header = 13;
        int at = 0;
        while (datagram.Length - at > header && datagram[at] is >= 20 and <= 31 && datagram[at + 1] == 0xFE)
        {
            int end = at + header + (datagram[at + 11] << 8 | datagram[at + 12]);
            if (end >= datagram.Length)
            {
                break;
            }

            yield return datagram[at..end];
            at = end;
        }

        yield return datagram[at..];
    }

    /// <summary>Those of single messages before those of whole datagrams.</summary>
    private static IEnumerable<IMessageFormat> Of(string name, IReadOnlyList<IMessageFormat> formats) => formats
        .Where(format => format.Name.StartsWith(name, StringComparison.Ordinal)).OrderBy(format => format.Name.EndsWith("-datagram", StringComparison.Ordinal));

    /// <summary>How the names of the protocol's formats begin; "" when the first byte says nothing.</summary>
    private static string Protocol(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)'v', (byte)'=', ..] => "sdp.session-description",
        [] or [<= 3, ..] => "stun.message",
        [>= 20 and <= 63, ..] => "dtls",
        [>= 64 and <= 79, ..] => "turn.channel-data",
        // A compound packet begins with a report; what begins with another packet is of reduced size (RFC 5506 sections 3.4.2 and 4.1).
        [>= 128 and <= 191, 200 or 201, ..] => "rtcp.",
        [>= 128 and <= 191, >= 192 and <= 223, ..] => "reduced-size-rtcp.",
        [>= 128 and <= 191, ..] => "rtp.packet",
        _ => "",
    };
}
