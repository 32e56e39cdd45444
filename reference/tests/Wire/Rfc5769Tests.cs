using System.Security.Cryptography;
using System.Text;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Wire.Tests;

/// <summary>The test vectors of RFC 5769: each is read, verified, and written again to the same bytes with its checksums computed anew.</summary>
public class Rfc5769Tests
{
    private static readonly WireKey ShortTerm = new(Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt"));
    private static readonly WireKey LongTerm = new(MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX")));

    private const string Request = """
        000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36
        000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf
        """;

    private const string Ipv4Response = """
        0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c3
        8c7489f92af9ba53f06be7d780280004c07d4c96
        """;

    private const string Ipv6Response = """
        010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c
        """;

    private const string LongTermRequest = """
        000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b3935346436
        4f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666
        """;

    [Fact]
    public void Sample_request()
    {
        var message = RoundTrip(Request, ShortTerm);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(WireBytes.FromHex("b7e7a701bc34d686fa87dfae"), message.TransactionId);
        Assert.Equal("STUN test client", message.Attributes.OfType<Software>().Single().Value);
        Assert.Equal("evtj:h6vY", message.Attributes.OfType<Username>().Single().Value);
        Assert.Equal(
            [StunAttributeType.Software, (StunAttributeType)0x0024, (StunAttributeType)0x8029, StunAttributeType.Username,
                StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint],
            message.Attributes.Select(a => a.Type));
    }

    [Fact]
    public void Sample_ipv4_response()
    {
        var message = RoundTrip(Ipv4Response, ShortTerm);
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.Equal("test vector", message.Attributes.OfType<Software>().Single().Value);
        Assert.Equal(
            new XorMappedAddress { Port = 32853, Address = new byte[] { 192, 0, 2, 1 } },
            message.Attributes.OfType<XorMappedAddress>().Single());
    }

    [Fact]
    public void Sample_ipv6_response()
    {
        var address = RoundTrip(Ipv6Response, ShortTerm).Attributes.OfType<XorMappedAddress>().Single();
        Assert.Equal(32853, address.Port);
        Assert.Equal(System.Net.IPAddress.Parse("2001:db8:1234:5678:11:2233:4455:6677").GetAddressBytes(), address.Address.ToArray());
    }

    [Fact]
    public void Sample_request_with_long_term_authentication()
    {
        var message = RoundTrip(LongTermRequest, LongTerm);
        Assert.Equal("マトリックス", message.Attributes.OfType<Username>().Single().Value);
        Assert.Equal("f//499k954d6OL34oL9FSTvy64sA", message.Attributes.OfType<Nonce>().Single().Value);
        Assert.Equal("example.org", message.Attributes.OfType<Realm>().Single().Value);
    }

    [Theory]
    [InlineData(Request)]
    [InlineData(Ipv4Response)]
    [InlineData(Ipv6Response)]
    public void Another_key_or_another_byte_fails(string hex)
    {
        var bytes = WireBytes.FromHex(hex).ToArray();
        Assert.False(StunMessage.Verify(bytes, LongTerm, out var error));
        Assert.Equal((WireErrorKind.Checksum, "stun/MessageIntegrity.Hmac", bytes.Length - 8 - 20), (error.Kind, error.Path, error.Offset));
        Assert.True(StunMessage.Verify(bytes, WireKey.None, out _));
        bytes[8] ^= 1;
        Assert.False(StunMessage.Verify(bytes, WireKey.None, out error));
        Assert.Equal((WireErrorKind.Checksum, "stun/Fingerprint.Crc"), (error.Kind, error.Path));
    }

    private static StunMessage RoundTrip(string hex, WireKey key)
    {
        var bytes = WireBytes.FromHex(hex).ToArray();
        Assert.True(StunMessage.TryParse(bytes, keepTrivia: true, out var message, out var error), error.ToString());
        Assert.True(StunMessage.Verify(bytes, key, out error), error.ToString());
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(message.ToArray(key)));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(message.ToArray()));
        return message;
    }
}
