using System.Text;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Wire.Tests;

public class WireRuntimeTests
{
    private static readonly StunMessage Good = new()
    {
        Method = StunMethod.Binding,
        Class = StunClass.Request,
        TransactionId = "0123456789ab"u8,
        Attributes = [new Username { Value = "a:b" }, new MessageIntegrity(), new Fingerprint()],
    };

    [Fact]
    public void Crc32_has_the_published_check_value()
    {
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0u, Crc32.Compute([]));
    }

    [Theory]
    [InlineData("00", "StunMessage.StunMessageType at byte 0: truncated (RFC8489 section 5)")]
    [InlineData("C0010000", "StunMessage.ZeroBits at byte 0: bad value (RFC8489 section 5)")]
    [InlineData("000100022112a442000000000000000000000000", "length-multiple-of-4 at byte 2: bad value (RFC8489 section 5)")]
    [InlineData("000100002112a443000000000000000000000000", "StunMessage.MagicCookie at byte 4: bad value (RFC8489 section 5)")]
    [InlineData("000100002112a44200000000000000000000000000", " at byte 20: trailing bytes (RFC8489 section 5)")]
    [InlineData("000100042112a442000000000000000000000000" + "00060001", "StunAttribute.Value at byte 24: truncated (RFC8489 section 14)")]
    public void Errors_name_the_element_and_its_clause(string hex, string text)
    {
        Assert.False(StunMessage.View.TryParse(WireBytes.FromHex(hex).Span, out _, out var error));
        Assert.StartsWith("Stun", error.ToString());
        Assert.EndsWith(text, error.ToString());
    }

    [Fact]
    public void Views_allocate_nothing_on_accept_or_reject()
    {
        var good = Good.ToArray(new WireKey("key"u8.ToArray()));
        var bad = good.ToArray();
        bad[22] = 0xFF;
        Run(good, bad);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0;
        for (var i = 0; i < 1000; i++) sum += Run(good, bad);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000 * 3, sum);

        static int Run(ReadOnlySpan<byte> good, ReadOnlySpan<byte> bad)
        {
            var count = 0;
            if (StunMessage.View.TryParse(good, out var view, out _) && view.Verify(WireKey.None, out _))
                foreach (var attribute in view.Attributes) count += attribute.TryGet(out Username.View name) ? name.Value.Length - 1 : 1;
            return StunMessage.View.TryParse(bad, out _, out _) ? 0 : count - 1;
        }
    }

    [Fact]
    public void Every_clause_of_the_shape_is_refused_for_records_that_cannot_be_written()
    {
        Assert.Throws<WireValueException>(() => (Good with { TransactionId = "short"u8 }).ToArray());
        Assert.Throws<WireValueException>(() => (Good with { Method = (StunMethod)0x1000 }).ToArray());
        Assert.Throws<WireValueException>(() => (Good with { Attributes = [new Username { Value = "\ud800" }] }).ToArray());
        Assert.Throws<WireValueException>(() => (Good with { Attributes = [new UnknownStunAttribute((StunAttributeType)0x7F00, new byte[65536])] }).ToArray());
        Assert.Throws<WireValueException>(() => (Good with { Attributes = [new XorMappedAddress { Port = 1, Address = new byte[5] }] }).ToArray());
        Assert.Throws<ArgumentException>(() => Good.Write(new byte[19]));
    }

    [Fact]
    public void Keyed_checksums_without_a_key_are_zeros()
    {
        var bytes = Good.ToArray();
        Assert.True(StunMessage.View.TryParse(bytes, out var view, out _));
        Assert.True(view.Attributes.TryFind(StunAttributeType.MessageIntegrity, out var attribute));
        Assert.Equal(new byte[20], attribute.Value);
        Assert.True(view.Verify(WireKey.None, out _));
        Assert.False(view.Verify(new WireKey("key"u8.ToArray()), out _));
    }

    [Fact]
    public void Default_views_and_sequences_are_empty()
    {
        StunMessage.View view = default;
        Assert.True(view.Bytes.IsEmpty);
        StunAttribute.Sequence none = default;
        foreach (var _ in none) Assert.Fail("an element of nothing");
    }

    [Fact]
    public void A_view_of_nothing_holds_nothing()
    {
        Assert.True(StunMessage.View.TryParse(Good.ToArray(), out var view, out _));
        Assert.False(view.Attributes.TryFind(StunAttributeType.Realm, out var attribute));
        Assert.False(attribute.TryGet(out Realm.View realm));
        Assert.True(realm.Bytes.IsEmpty);
        Assert.False(default(Sctp.SctpChunk.View).TryGet(out Sctp.DataChunk.View _));
        Assert.False(default(Rtp.RtpPacket.View).TryGetHeaderExtension(out _));
    }

    [Fact]
    public void Registries_know_their_values_and_ranges()
    {
        Assert.True(StunAttributeType.Software.IsKnown());
        Assert.False(((StunAttributeType)0x7777).IsKnown());
        Assert.True(((StunAttributeType)0x7777).IsComprehensionRequired());
        Assert.True(StunAttributeType.Software.IsComprehensionOptional());
    }

    [Fact]
    public void Bytes_compare_by_content()
    {
        WireBytes one = [1, 2, 3];
        Assert.Equal(one, WireBytes.FromHex("01 02 03"));
        Assert.Equal(one.GetHashCode(), WireBytes.FromHex("010203").GetHashCode());
        Assert.NotEqual(one, WireBytes.Empty);
        Assert.Equal("010203", one.ToString());
    }

    [Fact]
    public void Keys_never_show() => Assert.DoesNotContain("secret", new WireKey(Encoding.ASCII.GetBytes("secret")).ToString());
}
