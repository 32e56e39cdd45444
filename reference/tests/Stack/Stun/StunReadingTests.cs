using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Stun;

/// <summary>RFC 8489 sections 5, 9 and 14: what of a message is seen.</summary>
public class StunReadingTests
{
    /// <summary>A Binding request of attributes given as "type:hex value".</summary>
    private static byte[] Message(params string[] attributes)
    {
        var body = new List<byte>();
        foreach (var attribute in attributes)
        {
            var value = Convert.FromHexString(attribute[5..]);
            body.AddRange(Convert.FromHexString(attribute[..4]));
            body.AddRange([0, (byte)value.Length, .. value, .. new byte[-value.Length & 3]]);
        }
        return [0, 1, (byte)(body.Count >> 8), (byte)body.Count, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], .. body];
    }

    private static string Seen(byte[] message, QuirkSet quirks = default)
    {
        Assert.True(StunReading.TryRead(message, quirks, out var reading, out var discard), discard.ToString());
        return string.Join(" ", reading.TypesWhere(_ => true).Select(t => ((ushort)t).ToString("x4")));
    }

    private static readonly string Sha1 = "0008:" + new string('0', 40);
    private static readonly string Sha256 = "001c:" + new string('0', 64);

    [Fact]
    public void After_MESSAGE_INTEGRITY_only_SHA256_and_FINGERPRINT_are_seen() =>
        Assert.Equal("0024 0008 001c 8028", Seen(Message("0024:00000001", Sha1, "0025:", Sha256, "8022:61", "8028:00000000")));

    [Fact]
    public void After_SHA256_alone_only_FINGERPRINT_is_seen() =>
        Assert.Equal("0024 001c 8028", Seen(Message("0024:00000001", Sha256, "0025:", "8028:00000000")));

    /// <summary>The limit is MESSAGE-INTEGRITY when it is there, wherever SHA-256 stands.</summary>
    [Fact]
    public void Between_SHA256_and_a_later_MESSAGE_INTEGRITY_attributes_are_seen() =>
        Assert.Equal("001c 0025 0008", Seen(Message(Sha256, "0025:", Sha1, "8022:61")));

    [Fact]
    public void Without_integrity_everything_is_seen() => Assert.Equal("0025 8022", Seen(Message("0025:", "8022:61")));

    [Fact]
    public void The_first_of_several_attributes_counts()
    {
        Assert.True(StunReading.TryRead(Message("8022:61", "8022:62"), QuirkSet.None, out var reading, out _));
        Assert.True(reading.TryFind(StunAttributeType.Software, out var software));
        Assert.Equal("a"u8, software.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000100002112a442")]
    public void Less_than_a_header_is_discarded_even_with_every_quirk(string hex)
    {
        foreach (var quirks in new[] { QuirkSet.None, QuirkSet.Of(Enum.GetValues<Quirk>()) })
        {
            Assert.False(StunReading.TryRead(Convert.FromHexString(hex), quirks, out _, out var discard));
            Assert.Equal(DiscardReason.Malformed, discard.Reason);
            Assert.NotEmpty(discard.Note);
        }
    }

    /// <summary>Each quirk of form lets pass what it is named for, and nothing else.</summary>
    [Theory]
    [InlineData(Quirk.StunAcceptsTopBits)]
    [InlineData(Quirk.StunAcceptsWrongCookie)]
    [InlineData(Quirk.StunAcceptsUnalignedLength)]
    [InlineData(Quirk.StunAcceptsTrailingBytes)]
    [InlineData(Quirk.StunAcceptsOverrunningAttribute)]
    public void A_quirk_of_form_relaxes_its_own_rule_only(Quirk quirk)
    {
        var broken = new Dictionary<Quirk, byte[]>
        {
            [Quirk.StunAcceptsTopBits] = Edit(Message("8022:61"), m => m[0] |= 0xC0),
            [Quirk.StunAcceptsWrongCookie] = Edit(Message("8022:61"), m => m[7] ^= 0xFF),
            [Quirk.StunAcceptsUnalignedLength] = [.. Edit(Message("8022:61"), m => m[3] += 2), 0, 0],
            [Quirk.StunAcceptsTrailingBytes] = [.. Message("8022:61"), 1, 2, 3, 4],
            [Quirk.StunAcceptsOverrunningAttribute] = Edit(Message("8022:61"), m => m[23] = 200),
        };
        foreach (var (breaks, message) in broken)
            Assert.Equal(breaks == quirk, StunReading.TryRead(message, QuirkSet.Of(quirk), out _, out _));

        static byte[] Edit(byte[] message, Action<byte[]> edit)
        {
            edit(message);
            return message;
        }
    }

    /// <summary>Sixteen thousand attributes in one datagram are read in linear time.</summary>
    [Fact]
    public void A_flood_of_unknown_attributes_is_listed_once_each()
    {
        var many = Message([.. Enumerable.Range(0, 16_000).Select(i => $"{0x1000 + i % 8000:x4}:")]);
        Assert.True(StunReading.TryRead(many, QuirkSet.None, out var reading, out _));
        Assert.Equal(8000, reading.TypesWhere(t => !StunServer.Understands(t)).Count);
    }
}
