using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>
/// A received message that is well formed, read as RFC 8489 says: attributes that must be ignored are not seen, and of
/// several attributes of one type the first counts. Lives as long as the datagram's bytes.
/// </summary>
public readonly ref struct StunReading
{
    private readonly QuirkSet _quirks;
    private readonly int _lastProtected; // offset of the integrity attribute after which attributes are ignored

    private StunReading(StunMessage.View message, ReadOnlySpan<byte> datagram, QuirkSet quirks)
    {
        Message = message;
        Datagram = datagram;
        _quirks = quirks;
        _lastProtected = int.MaxValue;
        // RFC 8489 section 9: the limit is MESSAGE-INTEGRITY or, only when that is absent, MESSAGE-INTEGRITY-SHA256.
        if (!quirks.Has(Quirk.StunHonoursAttributesAfterIntegrity))
        {
            _lastProtected = FirstOffset(StunAttributeType.MessageIntegrity);
            if (_lastProtected == int.MaxValue) _lastProtected = FirstOffset(StunAttributeType.MessageIntegritySha256);
        }
    }

    /// <summary>The message.</summary>
    public StunMessage.View Message { get; }

    /// <summary>The bytes as they came: what integrity and fingerprint cover.</summary>
    public ReadOnlySpan<byte> Datagram { get; }

    public TransactionId Id => TransactionId.Read(Message.TransactionId);

    /// <summary>
    /// RFC 8489 section 6.3, first checks: the message obeys the rules of section 5 (and its attributes those of
    /// section 14). Total: any bytes give a reading or the reason to discard them.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, QuirkSet quirks, out StunReading reading, out Discard discard)
    {
        reading = default;
        discard = default;
        var bytes = quirks.IsEmpty ? datagram : StunForm.Lenient(datagram, quirks);
        if (!StunMessage.View.TryParse(bytes, out var message, out var error))
        {
            discard = new Discard(DiscardReason.Malformed, error.Path, error.ToString());
            return false;
        }
        if (quirks.Has(Quirk.StunRejectsNonzeroPadding) && StunForm.HasNonzeroPadding(bytes))
        {
            discard = new Discard(DiscardReason.Malformed, "RFC8489:14", "padding is not zero");
            return false;
        }
        reading = new StunReading(message, datagram, quirks);
        return true;
    }

    /// <summary>Whether an attribute of this type is there to be seen.</summary>
    public bool Has(StunAttributeType type) => TryFind(type, out _);

    /// <summary>The attribute of this type that counts.</summary>
    public bool TryFind(StunAttributeType type, out StunAttribute.View found)
    {
        found = default;
        var any = false;
        foreach (var attribute in Message.Attributes)
        {
            if (attribute.Type != type || !Sees(attribute)) continue;
            found = attribute;
            any = true;
            // RFC 8489 section 14: only the first occurrence needs to be processed.
            if (!_quirks.Has(Quirk.StunTakesLastDuplicate)) break;
        }
        return any;
    }

    /// <summary>The types of all attributes that are seen, for which the predicate holds, each once, in order.</summary>
    public IReadOnlyList<StunAttributeType> TypesWhere(Func<StunAttributeType, bool> predicate)
    {
        List<StunAttributeType>? types = null;
        HashSet<StunAttributeType>? seen = null;
        foreach (var attribute in Message.Attributes)
        {
            if (Sees(attribute) && predicate(attribute.Type) && (seen ??= []).Add(attribute.Type)) (types ??= []).Add(attribute.Type);
        }
        return types ?? (IReadOnlyList<StunAttributeType>)[];
    }

    /// <summary>
    /// RFC 8489 section 9: attributes after MESSAGE-INTEGRITY are ignored, save MESSAGE-INTEGRITY-SHA256 and FINGERPRINT;
    /// after MESSAGE-INTEGRITY-SHA256 (without the other) save FINGERPRINT.
    /// </summary>
    private bool Sees(in StunAttribute.View attribute) =>
        attribute.Offset <= _lastProtected
        || attribute.Type is StunAttributeType.Fingerprint or StunAttributeType.MessageIntegritySha256;

    private int FirstOffset(StunAttributeType type)
    {
        foreach (var attribute in Message.Attributes)
        {
            if (attribute.Type == type) return attribute.Offset;
        }
        return int.MaxValue;
    }
}
