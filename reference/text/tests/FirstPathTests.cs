using System.Text;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.Sdp;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>The texts on which a first-match reading of the RFCs' grammars fails.</summary>
public class FirstPathTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static IceSdp.Candidate Candidate(string text)
    {
        Assert.True(IceSdp.Candidate.TryParse(Bytes(text), keepTrivia: false, out var candidate, out var error), error.ToString());
        return candidate;
    }

    [Theory]
    [InlineData("192.168.1.2", ConnectionAddress.Ip4)]
    [InlineData("2001:db8::1", ConnectionAddress.Ip6)]
    [InlineData("::", ConnectionAddress.Ip6)]
    [InlineData("::ffff:1.2.3.4", ConnectionAddress.Ip6)]
    [InlineData("hostx", ConnectionAddress.Fqdn)]
    [InlineData("b3f1.local", ConnectionAddress.Fqdn)]
    public void An_address_is_what_it_looks_like(string address, ConnectionAddress form)
    {
        var candidate = Candidate($"candidate:1 1 UDP 2130706431 {address} 8998 typ host");
        Assert.Equal((address, form), (candidate.ConnectionAddress.ToString(), candidate.ConnectionAddressForm));
    }

    [Theory]
    [InlineData("host", CandidateTypes.Host)]
    [InlineData("hostx", CandidateTypes.Other)]
    [InlineData("SRFLX", CandidateTypes.Srflx)]
    public void A_type_is_a_known_one_only_as_a_whole(string type, CandidateTypes form) =>
        Assert.Equal(form, Candidate($"candidate:1 1 UDP 2130706431 10.0.0.1 8998 typ {type}").TypeForm);

    [Fact]
    public void Captures_have_their_types()
    {
        var text = Bytes("candidate:842163049 1 udp 1677729535 203.0.113.141 54609 typ srflx raddr 10.0.1.1 rport 8998 generation 0 network-cost 999");
        Assert.True(IceSdp.Candidate.View.TryParse(text, out var view, out var error), error.ToString());
        Assert.Equal("842163049", Encoding.UTF8.GetString(view.Foundation));
        Assert.Equal((1, 1677729535u, 54609), (view.ComponentId, view.Priority, view.Port));
        Assert.Equal("10.0.1.1", Encoding.UTF8.GetString(view.RelatedAddress));
        Assert.Equal(8998, view.RelatedPort);
        var extensions = new List<string>();
        foreach (var extension in view.Extensions) extensions.Add($"{Encoding.UTF8.GetString(extension.Name)}={Encoding.UTF8.GetString(extension.Value)}");
        Assert.Equal(["generation=0", "network-cost=999"], extensions);
    }

    [Theory]
    [InlineData("candidate:1 1 UDP 0 10.0.0.1 9 typ host", "BadValue 18 ice-sdp/Candidate.Priority")]
    [InlineData("candidate:1 257 UDP 1 10.0.0.1 9 typ host", "BadValue 12 ice-sdp/Candidate.ComponentId")]
    [InlineData("candidate:1 1 UDP 1 10.0.0.1 65536 typ host", "BadValue 29 ice-sdp/Candidate.Port")]
    [InlineData("candidate:1 1 UDP x 10.0.0.1 9 typ host", "Syntax 18 ice-sdp/priority")]
    [InlineData("candidate:1 1 UDP 1 10.0.0.1 9 typ", "Truncated 34 ice-sdp/cand-type")]
    [InlineData("candidate:1 1 UDP 1 10.0.0.1 9 typ host x", "Truncated 41 ice-sdp/cand-extension")]
    [InlineData("candidat", "Truncated 8 ice-sdp/candidate-attribute")]
    public void Errors_name_the_furthest_place_and_the_rule(string text, string expected)
    {
        Assert.False(IceSdp.Candidate.TryParse(Bytes(text), keepTrivia: false, out _, out var error));
        Assert.Equal(expected, $"{error.Kind} {error.Offset} {error.Path}");
    }
}
