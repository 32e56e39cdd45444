using System.Globalization;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
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

    /// <summary>The first integrity attribute is right under this password, whatever FINGERPRINT says.</summary>
    public bool IntegrityIsRight(string password)
    {
        if (!StunMessage.View.TryParse(Bytes, out var view, out _)) return false;
        return view.Verify(StunText.Key(password), out var error) || !error.Path.Contains("Integrity", StringComparison.Ordinal);
    }

    /// <summary>FINGERPRINT is the CRC-32 of everything before it (RFC 8489 section 14.7), also in a message that breaks another rule.</summary>
    public bool FingerprintIsRight()
    {
        var at = 20;
        foreach (var (type, value) in RawAttributes())
        {
            if (type == StunAttributeType.Fingerprint)
                return value.Length == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value) == StunIntegrity.Fingerprint(Bytes, at);
            at += 4 + (value.Length + 3 & ~3);
        }
        return false;
    }

    /// <summary>MESSAGE-INTEGRITY is there, and right under this password.</summary>
    public bool IsAuthentic(string password) => (Has<MessageIntegrity>() || Has<MessageIntegritySha256>()) && Verifies(password);

    /// <summary>The address in XOR-MAPPED-ADDRESS; none when absent or of an unknown family.</summary>
    public TransportAddress MappedAddress => Attribute<XorMappedAddress>() is { } mapped ? StunText.Address(mapped) : default;

    /// <summary>The attributes in order, type and value, as far as they can be told apart; also of a message that breaks a rule.</summary>
    public IEnumerable<(StunAttributeType Type, byte[] Value)> RawAttributes()
    {
        for (var at = 20; at + 4 <= Bytes.Length;)
        {
            var length = Bytes[at + 2] << 8 | Bytes[at + 3];
            if (at + 4 + length > Bytes.Length) yield break;
            yield return ((StunAttributeType)(Bytes[at] << 8 | Bytes[at + 1]), Bytes[(at + 4)..(at + 4 + length)]);
            at += 4 + (length + 3 & ~3);
        }
    }

    /// <summary>Whether the message has an attribute of that type, also when it breaks a rule.</summary>
    public bool HasType(StunAttributeType type) => RawAttributes().Any(a => a.Type == type);

    /// <summary>The transaction id, hex.</summary>
    public string Id => Convert.ToHexString(Bytes, 8, 12);

    public string Describe()
    {
        var kind = Class switch { 0 => "request", 1 => "indication", 2 => "success response", _ => "error response" };
        var code = IsError ? " " + (ErrorCode?.ToString(CultureInfo.InvariantCulture) ?? "without ERROR-CODE") : "";
        var broken = Message is null ? $" (malformed: {ParseError})" : "";
        return $"{kind}{code}{broken}";
    }
}
