namespace WebRtcConformance.Api.Tests;

/// <summary>Each probe sees what it is about: one thing broken, exactly its probes fail.</summary>
public class BrokenShapeTests
{
    [Theory]
    [InlineData("webrtc", "Object.defineProperty(RTCPeerConnection.prototype.createOffer, 'length', { value: 1 })", "RTCPeerConnection/createOffer/length")]
    [InlineData("webrtc", "Object.defineProperty(RTCPeerConnection.prototype.createOffer, 'name', { value: 'offer' })", "RTCPeerConnection/createOffer/name")]
    [InlineData("webrtc", "Object.defineProperty(RTCPeerConnection.prototype, 'createOffer', { enumerable: false })", "RTCPeerConnection/createOffer")]
    [InlineData("webrtc", "var old = RTCPeerConnection.prototype.close; RTCPeerConnection.prototype.close = { close() { return this instanceof RTCPeerConnection ? old.call(this) : 1; } }.close", "RTCPeerConnection/close/brand")]
    [InlineData("webrtc", "delete RTCPeerConnection.prototype.close", "RTCPeerConnection/close", "RTCPeerConnection/close/brand", "RTCPeerConnection/close/length", "RTCPeerConnection/close/name")]
    [InlineData("webrtc", "Object.defineProperty(RTCRtpTransceiver.prototype, 'direction', { set: undefined })", "RTCRtpTransceiver/direction/set")]
    [InlineData("webrtc", "Object.defineProperty(RTCRtpTransceiver.prototype, 'mid', { set(value) {} })", "RTCRtpTransceiver/mid/set")]
    [InlineData("webrtc", "Object.defineProperty(RTCRtpTransceiver.prototype, 'mid', { get: { get mid() { return null; } }.__lookupGetter__('mid') })", "RTCRtpTransceiver/mid/brand")]
    [InlineData("webrtc", "delete RTCRtpSender.getCapabilities", "RTCRtpSender/getCapabilities", "RTCRtpSender/getCapabilities/arguments", "RTCRtpSender/getCapabilities/length", "RTCRtpSender/getCapabilities/name")]
    [InlineData("webrtc", "Object.setPrototypeOf(RTCDataChannel.prototype, Object.prototype)", "RTCDataChannel/@chain")]
    [InlineData("webrtc", "Object.setPrototypeOf(RTCDataChannel, Function.prototype)", "RTCDataChannel/@parent")]
    [InlineData("webrtc", "Object.defineProperty(RTCDataChannel.prototype, Symbol.toStringTag, { value: 'Channel' })", "RTCDataChannel/@tag")]
    [InlineData("webrtc", "delete RTCDataChannel.prototype.constructor", "RTCDataChannel/@constructor")]
    [InlineData("webrtc", "Object.defineProperty(this, 'RTCTrackEvent', { enumerable: true })", "RTCTrackEvent")]
    [InlineData("webrtc", "Object.defineProperty(RTCTrackEvent, 'length', { value: 1 })", "RTCTrackEvent/@length")]
    [InlineData("webrtc", "Object.defineProperty(RTCStatsReport.prototype, Symbol.iterator, { value: RTCStatsReport.prototype.values })", "RTCStatsReport/@@iterator")]
    [InlineData("webrtc", "RTCStatsReport.prototype.get = { get(key) { throw new TypeError('x'); } }.get; delete RTCStatsReport.prototype.has", "RTCStatsReport/has", "RTCStatsReport/has/brand", "RTCStatsReport/has/length", "RTCStatsReport/has/name")]
    [InlineData("webrtc-priority", "delete RTCDataChannel.prototype.priority", "RTCDataChannel/priority", "RTCDataChannel/priority/brand", "RTCDataChannel/priority/get", "RTCDataChannel/priority/set")]
    [InlineData("dom-subset", "Object.defineProperty(Event, 'NONE', { value: 7 })")]
    public void One_thing_broken_fails_its_probes_and_no_others(string spec, string breaking, params string[] failing)
    {
        var realm = new JintRealm(StandIn.Statics(), "Window");
        // What a standard has made unchangeable cannot be broken; the attempt throws.
        if (failing.Length == 0) Assert.ThrowsAny<Exception>(() => realm.Run(breaking));
        else realm.Run(breaking);
        var failed = IdlProbes.Read(realm.Run(IdlProbes.Script(spec)).String).Where(r => !r.Ok).Select(r => r.Id["idl/".Length..]);
        Assert.Equal(failing.Order(StringComparer.Ordinal), failed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("RTCConfiguration/bundlePolicy/enum/max-compat", "c.bundlePolicy === 'max-compat'")]
    [InlineData("RTCConfiguration/iceTransportPolicy/enum/relay", "c.iceTransportPolicy === 'relay'")]
    public void A_value_that_is_refused_fails_its_probe(string id, string refused)
    {
        var realm = new JintRealm(StandIn.Statics(), "Window");
        realm.Run($"var Old = RTCPeerConnection; RTCPeerConnection = class RTCPeerConnection extends Old {{ constructor(c) {{ if (c && {refused}) throw new TypeError('no'); super(c); }} }}; 0");
        var failed = IdlProbes.Read(realm.Run(IdlProbes.Script("webrtc")).String).Where(r => !r.Ok).Select(r => r.Id);
        Assert.Contains("idl/" + id, failed);
        Assert.DoesNotContain("idl/RTCConfiguration/bundlePolicy/enum", failed);
        Assert.DoesNotContain("idl/RTCConfiguration/bundlePolicy/enum/balanced", failed);
    }

    [Fact]
    public void Members_read_twice_never_or_out_of_order_fail_their_probes()
    {
        var realm = new JintRealm(StandIn.Statics(), "Window");
        realm.Run("""
            RTCPeerConnection = class { constructor(c) { if (c) { c.iceServers; c.bundlePolicy; c.certificates; c.certificates; } } }; 0
            """);
        var failed = IdlProbes.Read(realm.Run(IdlProbes.Script("webrtc")).String).Where(r => !r.Ok).ToDictionary(r => r.Id, r => r.Observed);
        Assert.Equal("read 2 times", failed["idl/RTCConfiguration/certificates/read"]);
        Assert.Equal("read 0 times", failed["idl/RTCConfiguration/rtcpMuxPolicy/read"]);
        Assert.Contains("iceServers,bundlePolicy", failed["idl/RTCConfiguration/@order"]);
        Assert.DoesNotContain("idl/RTCConfiguration/iceServers/read", failed.Keys);
    }

    [Fact]
    public void Elsewhere_other_interfaces_are_asked_for()
    {
        var realm = new JintRealm(StandIn.Statics(), "Worker", "DedicatedWorker");
        var inWindow = IdlProbes.Read(realm.Run(IdlProbes.Script("webrtc-encoded-transform")).String);
        Assert.Contains(inWindow, r => r is { Id: "idl/RTCRtpScriptTransform", Ok: false, Observed: "missing" });
        realm.Run("var idlExposure = ['Worker', 'DedicatedWorker']; 0");
        var results = IdlProbes.Read(realm.Run(IdlProbes.Script("webrtc-encoded-transform")).String);
        Assert.Equal([], results.Where(r => !r.Ok));
        Assert.Contains(results, r => r.Id == "idl/RTCRtpScriptTransformer/generateKeyFrame/length");
        Assert.DoesNotContain(results, r => r.Id == "idl/RTCRtpScriptTransform");
    }
}
