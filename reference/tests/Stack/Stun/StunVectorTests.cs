using System.Text;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Stun;

/// <summary>The published vectors of RFC 5769, through the stack's reading, authentication and sealing.</summary>
public class StunVectorTests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private const string Request = """
        00010058 2112a442 b7e7a701bc34d686fa87dfae
        80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff
        80290008 932ff9b151263b36
        00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
        80280004 e57a3bcf
        """;

    private const string IPv4Response = """
        0101003c 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200008 0001a147e112a643
        00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
        80280004 c07d4c96
        """;

    private const string IPv6Response = """
        01010048 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
        80280004 c8fb0b4c
        """;

    private const string LongTermRequest = """
        00010060 2112a442 78ad3433c6ad72c029da412e
        00060012 e3839ee38388e383aae38383e382afe382b90000
        0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341
        0014000b 6578616d706c652e6f726700
        00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666
        """;

    private static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));

    [Fact]
    public void The_sample_request_authenticates()
    {
        Assert.True(StunReading.TryRead(Bytes(Request), QuirkSet.None, out var reading, out _));
        var authenticator = new StunAuthenticator(default);
        Assert.True(authenticator.HasRightFingerprint(reading));
        Assert.Equal(RequestAuthenticity.Authentic,
            authenticator.CheckRequest(reading, u => u.SequenceEqual("evtj:h6vY"u8), StunCredentials.ShortTermKey(Password)));
    }

    [Theory]
    [InlineData(IPv4Response, "192.0.2.1:32853")]
    [InlineData(IPv6Response, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void The_sample_responses_authenticate_and_hold_the_mapped_address(string hex, string mapped)
    {
        Assert.True(StunReading.TryRead(Bytes(hex), QuirkSet.None, out var reading, out _));
        var authenticator = new StunAuthenticator(default);
        Assert.True(authenticator.HasRightFingerprint(reading));
        Assert.Equal(ResponseAuthenticity.Authentic,
            authenticator.CheckResponse(reading, StunIntegrityAlgorithms.Sha1, StunCredentials.ShortTermKey(Password)));
        Assert.True(StunAddresses.TryReadXorMapped(reading, out var address));
        Assert.Equal(mapped, address.ToString());
    }

    [Fact]
    public void The_sample_request_with_long_term_credentials_authenticates()
    {
        Assert.True(StunReading.TryRead(Bytes(LongTermRequest), QuirkSet.None, out var reading, out _));
        var key = StunCredentials.LongTermKey("マトリックス", "example.org", "TheMatrIX");
        Assert.Equal(RequestAuthenticity.Authentic, new StunAuthenticator(default).CheckRequest(reading, _ => true, key));
    }

    /// <summary>Every byte of every vector is protected: flip any bit, and it is no longer what it was.</summary>
    [Theory]
    [InlineData(Request)]
    [InlineData(IPv4Response)]
    [InlineData(IPv6Response)]
    public void No_bit_of_a_vector_can_be_changed(string hex)
    {
        var authenticator = new StunAuthenticator(default);
        for (var bit = 0; bit < Bytes(hex).Length * 8; bit++)
        {
            var damaged = Bytes(hex);
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(StunReading.TryRead(damaged, QuirkSet.None, out var reading, out _) && authenticator.HasRightFingerprint(reading), $"bit {bit}");
        }
    }

    /// <summary>Strip integrity and fingerprint off and put them on again.</summary>
    [Theory]
    [InlineData(Request)]
    [InlineData(IPv4Response)]
    [InlineData(IPv6Response)]
    public void Sealing_gives_the_vectors_byte_for_byte(string hex)
    {
        var vector = Bytes(hex);
        var encoded = vector[..^32];
        encoded[3] -= 32;
        Assert.Equal(vector, StunSealer.Protect(encoded, new StunSeal(StunIntegrityAlgorithms.Sha1, StunCredentials.ShortTermKey(Password), Fingerprint: true)));
    }

    [Fact]
    public void Sealing_gives_the_long_term_vector_byte_for_byte()
    {
        var vector = Bytes(LongTermRequest);
        var encoded = vector[..^24];
        encoded[3] -= 24;
        var key = StunCredentials.LongTermKey("マトリックス", "example.org", "TheMatrIX");
        Assert.Equal(vector, StunSealer.Protect(encoded, new StunSeal(StunIntegrityAlgorithms.Sha1, key, Fingerprint: false)));
    }

    /// <summary>RFC 8489 section 9.2.2's example, the SHA-256 form of section 18.5.1.2, and the USERHASH of appendix B.1.</summary>
    [Fact]
    public void Credentials_become_the_published_keys()
    {
        Assert.Equal("8493fbc53ba582fb4c044c456bdc40eb", Convert.ToHexStringLower(StunCredentials.LongTermKey("user", "realm", "pass")));
        Assert.Equal(Convert.ToHexStringLower(StunCredentials.LongTermKey("user", "realm", "pass")),
            Convert.ToHexStringLower(StunCredentials.LongTermKey("\"user\"\0", "\"realm\"", "pass\0\0")));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData("user:realm:pass"u8), StunCredentials.LongTermKey("user", "realm", "pass", StunPasswordAlgorithm.Sha256));
        Assert.Equal("4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704",
            Convert.ToHexStringLower(StunCredentials.UserHash("マトリックス", "example.org")));
        Assert.Equal(Encoding.UTF8.GetBytes(Password), StunCredentials.ShortTermKey(Password));
    }
}
