using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Wire.Tests;

public class ForgeTests
{
    private static readonly WireKey Key = new("key"u8.ToArray());

    private static readonly StunMessage Good = new()
    {
        Method = StunMethod.Binding,
        Class = StunClass.SuccessResponse,
        TransactionId = "0123456789ab"u8,
        Attributes =
        [
            new XorMappedAddress { Port = 5000, Address = new byte[] { 127, 0, 0, 1 } },
            new Software { Value = "abc" }, new MessageIntegrity(), new Fingerprint(),
        ],
    };

    [Fact]
    public void Without_a_change_a_forge_writes_what_the_record_writes() => Assert.Equal(Good.ToArray(Key), Good.ToForge().ToArray(Key));

    [Fact]
    public void A_wrong_length_stands_under_a_right_fingerprint()
    {
        var bytes = Good.ToForge().MessageLength.Off(4).ToArray(Key);
        Assert.Equal(Good.ToArray(Key).Length, bytes.Length);
        Assert.False(StunMessage.Accepts(bytes, out var error));
        Assert.Equal(WireErrorKind.Truncated, error.Kind);
        var crc = Crc32.Compute(bytes.AsSpan()[..^8]) ^ 0x5354554E;
        Assert.Equal(crc, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan()[^4..]));
    }

    [Fact]
    public void A_spoilt_integrity_stands_under_a_right_fingerprint()
    {
        var forge = Good.ToForge();
        forge.Attributes.Of(StunAttributeType.MessageIntegrity).AsMessageIntegrity().Hmac.Flip(1);
        var bytes = forge.ToArray(Key);
        Assert.True(StunMessage.Verify(bytes, WireKey.None, out _));
        Assert.False(StunMessage.Verify(bytes, Key, out var error));
        Assert.Equal("stun/MessageIntegrity.Hmac", error.Path);
    }

    [Fact]
    public void Elements_are_added_removed_doubled_and_swapped()
    {
        var bytes = Good.ToForge()
            .Attributes.Insert(0, Good.Attributes[0])
            .Attributes.Swap(0, 2)
            .Attributes.Duplicate(2)
            .Attributes.Remove(4).ToArray(Key);
        Assert.True(StunMessage.TryParse(bytes, out var message, out var error), error.ToString());
        Assert.Equal([Good.Attributes[1], Good.Attributes[0], Good.Attributes[0], Good.Attributes[0], new Fingerprint()], message.Attributes);
        Assert.True(StunMessage.Verify(bytes, Key, out _));
    }

    [Fact]
    public void A_fingerprint_that_is_not_last_is_out_of_order()
    {
        var bytes = Good.ToForge().Attributes.Swap(2, 3).ToArray(Key);
        Assert.False(StunMessage.Accepts(bytes, out var error));
        Assert.Equal(WireErrorKind.Order, error.Kind);
        Assert.EndsWith("fingerprint-last", error.Path);
    }

    [Fact]
    public void Parts_constants_and_raw_bytes_can_be_set()
    {
        var forge = Good.ToForge().Class.Is(StunClass.Request).MagicCookie.Flip(1).TransactionId.Is([1, 2, 3]);
        var bytes = forge.ToArray(Key);
        Assert.Equal("0001", Convert.ToHexString(bytes[..2]));
        Assert.Equal("2112A443010203", Convert.ToHexString(bytes[4..11]));
    }

    [Fact]
    public void Edits_that_cannot_be_say_why()
    {
        var forge = Good.ToForge();
        Assert.Contains("MessageLength", Assert.Throws<ArgumentException>(() => forge.MessageLength.Is(65536)).Message);
        Assert.Throws<ArgumentException>(() => forge.Attributes.Of(StunAttributeType.Realm));
        Assert.Throws<ArgumentException>(() => forge.Attributes[0].AsSoftware());
        Assert.Throws<ArgumentOutOfRangeException>(() => forge.Attributes[9]);
    }
}
