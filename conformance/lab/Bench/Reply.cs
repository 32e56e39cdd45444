using System.Globalization;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Lab.Bench;

/// <summary>A STUN message that the system under test sent. Class and transaction id are read from the header bytes, so that a malformed
/// reply still counts as a reply.</summary>
public sealed class Reply
{
    public Reply(byte[] bytes, TransportAddress from, TransportAddress to, Instant at)
    {
        Bytes = bytes;
        From = from;
        To = to;
        At = at;
        if (StunMessage.TryParse(bytes, out var message, out var error)) Message = message;
        else ParseError = error;
    }

    public byte[] Bytes { get; }

    public TransportAddress From { get; }

    /// <summary>Our own address that it came to.</summary>
    public TransportAddress To { get; }

    public Instant At { get; }

    /// <summary>The message, or null when it breaks the STUN format (<see cref="ParseError"/>).</summary>
    public StunMessage? Message { get; }

    public WireError ParseError { get; }

    /// <summary>0 request, 1 indication, 2 success response, 3 error response (RFC 8489 section 5).</summary>
    public int Class => (Bytes[0] & 1) << 1 | Bytes[1] >> 4 & 1;

    public bool IsRequest => Class == 0;

    public bool IsSuccess => Class == 2;

    public bool IsError => Class == 3;

    /// <summary>The code of an error response; null when there is no readable ERROR-CODE.</summary>
    public int? ErrorCode => Attribute<ErrorCode>()?.Code();

    public bool Has<T>() where T : StunAttribute => Attribute<T>() is not null;

    /// <summary>The first attribute of that type.</summary>
    public T? Attribute<T>() where T : StunAttribute => Message?.Attributes.OfType<T>().FirstOrDefault();

    /// <summary>Whether every integrity attribute and FINGERPRINT that the message has is right under this password.</summary>
    public bool Verifies(string password) =>
        StunMessage.View.TryParse(Bytes, out var view, out _) && view.Verify(StunText.Key(password), out _);

    /// <summary>MESSAGE-INTEGRITY is there, and right under this password.</summary>
    public bool IsAuthentic(string password) => (Has<MessageIntegrity>() || Has<MessageIntegritySha256>()) && Verifies(password);

    /// <summary>The address in XOR-MAPPED-ADDRESS; none when absent or of an unknown family.</summary>
    public TransportAddress MappedAddress => Attribute<XorMappedAddress>() is { } mapped ? StunText.Address(mapped) : default;

    public string Describe()
    {
        var kind = Class switch { 0 => "request", 1 => "indication", 2 => "success response", _ => "error response" };
        var code = IsError ? " " + (ErrorCode?.ToString(CultureInfo.InvariantCulture) ?? "without ERROR-CODE") : "";
        var broken = Message is null ? $" (malformed: {ParseError})" : "";
        return $"{kind}{code}{broken}";
    }
}
