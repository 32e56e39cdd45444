using System.Text;
using WebRtcConformance.Text.IdentitySdp;
using WebRtcConformance.Text.Sdp;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Attributes whose grammars decide late: by a count, by what is left of the text, by a name among others of the same form.</summary>
public class AttributeTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    private static string Show(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    /// <summary>RFC 6236 section 3.1.1: after the first direction's sets a direction may follow or a set, after the second one's only a set.</summary>
    [Theory]
    [InlineData("imageattr:97 send [x=1,y=1] recv [x=1,y=1] ^send [x=1,y=1]")]
    [InlineData("imageattr:97 send [x=1,y=1] sen^t [x=1,y=1]")]
    [InlineData("imageattr:97 send * recv *^ send *")]
    [InlineData("imageattr:97 send [x=1,y=1] [x=2,y=2] recv [x=1,y=1]  ^")]
    public void An_image_attribute_is_wrong_where_the_second_direction_ends(string marked)
    {
        var at = marked.IndexOf('^');
        var text = Bytes(marked.Remove(at, 1));
        var format = MessageFormats.Find("imageattr")!;
        Assert.False(format.Accepts(text, out var error));
        Assert.False(format.Interpret(text, out var interpreted));
        Assert.Equal((interpreted, at), (error, error.Offset));
    }

    [Theory]
    [InlineData("AAAA", "AAAA")]
    [InlineData("AAAA x y=2", "AAAA", "x", "y=2")]
    [InlineData("AAAA y=2 x z=3", "AAAA", "y=2 x z=3")]
    [InlineData(" a", "", "a")]
    [InlineData(" a=1=2", "", "a=1=2")]
    public void An_identity_has_its_extensions_and_is_written_with_them(string text, string assertion, params string[] extensions)
    {
        Assert.True(Identity.TryParse(Bytes(text), keepTrivia: false, out var identity, out var error), error.ToString());
        Assert.Equal(assertion, identity.Assertion.ToString());
        Assert.Equal(extensions, identity.Extensions.Select(extension => extension.ToString()));
        Assert.Equal(text, identity.ToText());
        var description = Bytes($"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=identity:{text}\r\n");
        Assert.True(SessionDescription.TryParse(description, keepTrivia: false, out var session, out error), error.ToString());
        Assert.Equal(Show(description), session.ToText());
    }

    /// <summary>The value of an extension holds no semicolon.</summary>
    [Theory]
    [InlineData("AAAA y=2 x;", 10)]
    [InlineData("AAAA y=2 x=\r", 11)]
    [InlineData("AAAA y=", 7)]
    [InlineData("AAAA ", 5)]
    public void An_identity_is_wrong_where_its_extension_is(string text, int at)
    {
        var format = MessageFormats.Find("identity")!;
        Assert.False(format.Accepts(Bytes(text), out var error));
        Assert.False(format.Interpret(Bytes(text), out var interpreted));
        Assert.Equal((interpreted, at), (error, error.Offset));
    }

    [Theory]
    [InlineData("pause nowait config=3", "pause-config")]
    [InlineData("pause nowait config=3 other", "byte-string")]
    [InlineData("tmmbr smaxpr=120", "MaxPacketRateValue")]
    [InlineData("paused 1", "token")]
    public void A_command_of_codec_control_is_the_one_that_it_names(string command, string rule)
    {
        var format = (TextFormat)MessageFormats.Find("rtcp-fb")!;
        var rules = TextStep.Of(format.Rule, Bytes($"rtcp-fb:* ccm {command}"))!.All().Select(step => step.Element).OfType<Ir.TextReference>().Select(reference => reference.Rule).ToArray();
        Assert.Contains(rule, rules);
        Assert.Equal(rule == "token", rules.Contains("token"));
    }

    [Fact]
    public void A_view_of_nothing_holds_nothing()
    {
        var nothing = default(SdpAttribute.View);
        Assert.False(nothing.TryGet(out Identity.View identity));
        Assert.False(nothing.HasValue);
        Assert.True(identity.Assertion.IsEmpty);
        Assert.Equal(0, identity.Extensions.Count);
    }
}
