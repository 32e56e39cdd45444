using WebRtcConformance.Generator.WebIdl;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.Api;

/// <summary>What files of Web IDL mean together.</summary>
public class LinkingTests
{
    private static ApiInterface Interface(string name) => ApiFiles.Specs.SelectMany(s => s.Interfaces).Single(i => i.Name == name);
    private static ApiDictionary Dictionary(string name) => ApiFiles.Specs.SelectMany(s => s.Dictionaries).Single(d => d.Name == name);

    [Fact]
    public void The_projects_own_files_hold_no_mistake()
    {
        Assert.Equal([], ApiFiles.Diagnostics);
        Assert.Equal(ApiFiles.All.Count, ApiFiles.Specs.Count);
        Assert.All(ApiFiles.Specs, s => Assert.StartsWith("https://", s.Url));
        Assert.Equal("Identifiers for WebRTC's Statistics API", ApiFiles.Specs.Single(s => s.Name == "webrtc-stats").Title);
    }

    [Fact]
    public void Partial_definitions_are_merged_and_each_member_says_where_it_is_from()
    {
        var channel = Interface("RTCDataChannel");
        Assert.Equal("webrtc", channel.Origin);
        Assert.Equal("webrtc-priority", channel.Attributes.Single(a => a.Name == "priority").Origin);
        var origins = Dictionary("RTCRtpEncodingParameters").Members.GroupBy(m => m.Origin).ToDictionary(g => g.Key, g => g.Select(m => m.Name).ToArray());
        Assert.Equal(["scalabilityMode"], origins["webrtc-svc"]);
        Assert.Equal(["networkPriority", "priority"], origins["webrtc-priority"]);
        Assert.Equal(["adaptivePtime", "ptime"], origins["webrtc-extensions"]);
    }

    [Fact]
    public void Mixins_are_applied()
    {
        var stream = Interface("SFrameDecryptorStream");
        Assert.Equal(["readable", "writable", "onerror"], stream.Attributes.Select(a => a.Name));
        Assert.Equal(["dom-subset", "dom-subset", "webrtc-encoded-transform"], stream.Attributes.Select(a => a.Origin));
        Assert.Equal(["addDecryptionKey", "removeDecryptionKey"], stream.Operations.Select(o => o.Name));
    }

    [Fact]
    public void Overloads_stand_together_and_lengths_are_the_shortest()
    {
        var connection = Interface("RTCPeerConnection");
        var offer = connection.Operations.Single(o => o.Name == "createOffer");
        Assert.Equal((2, 0), (offer.Overloads.Count, offer.Length));
        Assert.Equal(1, connection.Operations.Single(o => o.Name == "addTrack").Length);
        Assert.True(connection.Operations.Single(o => o.Name == "generateCertificate").Static);
        Assert.Equal(0, connection.ConstructorLength);
        Assert.Null(Interface("RTCRtpSender").ConstructorLength);
    }

    [Fact]
    public void Dictionary_members_are_in_the_order_of_conversion()
    {
        Assert.Equal(["bundlePolicy", "certificates", "iceCandidatePoolSize", "iceServers", "iceTransportPolicy", "peerIdentity", "rtcpMuxPolicy", "rtpHeaderEncryptionPolicy"],
            Dictionary("RTCConfiguration").Members.Select(m => m.Name));
        var codec = Dictionary("RTCInboundRtpStreamStats");
        Assert.Equal(["id", "timestamp", "type", "codecId", "kind", "ssrc", "transportId"], codec.Inherited.Take(7).Select(m => m.Name));
    }

    [Fact]
    public void Typedefs_are_followed_and_extended_attributes_applied()
    {
        var key = (ApiUnion)Interface("RTCRtpSFrameEncryptor").Operations.Single().Overloads[0].Arguments[1].Type;
        Assert.Equal("CryptoKeyID", key.Name);
        Assert.Equal(["UnsignedLongLongEnforceRange", "BigInt"], key.Members.Select(m => m.Key));
        Assert.Equal("NullableEventHandlerNonNull", Interface("RTCPeerConnection").Attributes.Single(a => a.Name == "ontrack").Type.Key);
        Assert.Equal("ConstrainULong", Dictionary("MediaTrackConstraintSet").Members.Single(m => m.Name == "width").Type.Key);
        Assert.Equal("UnsignedLongClamp", Dictionary("ULongRange").Members[0].Type.Key);
    }

    [Fact]
    public void Unions_are_flattened_and_a_nullable_member_makes_the_whole_nullable()
    {
        var spec = ApiFiles.Link("typedef (DOMString or long?) Inner; dictionary D { (Inner or boolean) a; };");
        var type = Assert.IsType<ApiNullable>(spec.Dictionaries[0].Members[0].Type);
        Assert.Equal(["DOMString", "Long", "Boolean"], Assert.IsType<ApiUnion>(type.Inner).Members.Select(m => m.Key));
    }

    [Fact]
    public void Historic_definitions_say_what_replaced_them()
    {
        Assert.Contains("RTCTrackEvent", Interface("MediaStreamEvent").Historic);
        Assert.Equal(("webrtc-identity", true), (Interface("RTCIdentityAssertion").Origin, Interface("RTCIdentityAssertion").Historic is not null));
        Assert.NotNull(Interface("RTCIdentityProviderRegistrar").Historic);
        Assert.NotNull(Dictionary("RTCIdentityProvider").Historic);
        Assert.NotNull(ApiFiles.Specs.SelectMany(s => s.Callbacks).Single(c => c.Name == "RTCSessionDescriptionCallback").Historic);
        Assert.Null(Interface("RTCPeerConnection").Historic);
    }

    [Theory]
    [InlineData("// @historic A\ninterface mixin A {};", "WB002 2:17")]
    [InlineData("// @historic B replaced-by C\ninterface mixin A {};", "WB003 2:17")]
    [InlineData("// @historc A replaced-by B\ninterface mixin A {};", "WB004 2:17")]
    [InlineData("// @document Title https://x.example\ninterface mixin A {};", "WB005 2:17")]
    [InlineData("[Exposed=*] interface A { getter DOMString (DOMString name); };", "WB001 1:27")]
    [InlineData("[Exposed=*] interface A { attribute ObservableArray<long> x; };", "WB001 1:37")]
    [InlineData("[Exposed=*] namespace A { };", "WB001 1:23")]
    public void What_no_CSharp_is_made_for_is_reported_at_its_place(string text, string expected) =>
        Assert.Equal(expected, string.Join(" ", ApiLibrary.Load([("t.webidl", text)]).Diagnostics.Select(d => $"{d.Rule.Id} {d.Position}")));

    [Fact]
    public void The_result_does_not_depend_on_the_order_of_the_files()
    {
        var again = ApiLibrary.Load(ApiFiles.All.Reverse()).Specs;
        Assert.Equal(ApiFiles.Specs, again);
    }
}
