namespace WebRtcConformance.Api.Tests;

/// <summary>What a script sees of an implementation, and the implementation of the script, through the generated tables.</summary>
public class BindingTests
{
    private readonly Dictionary<string, object> _statics = StandIn.Statics();

    public BindingTests() => _statics["DOMException"] = new TinyDomException.Constructor();

    private JintRealm Realm(params (string Name, object Platform)[] globals)
    {
        var realm = new JintRealm(_statics, "Window");
        foreach (var (name, platform) in globals) realm.SetGlobal(name, JsValue.From(realm.Wrap(platform)));
        return realm;
    }

    private static string Caught(JintRealm realm, string script) =>
        realm.Run($"(function () {{ try {{ {script}; return 'no error'; }} catch (e) {{ return e.name + ': ' + e.message; }} }})()").String;

    [Theory]
    [InlineData("new RTCPeerConnection({ iceServers: [{ urls: 'stun:a' }, {}] })", "TypeError: RTCConfiguration.iceServers[1].urls: a required member is missing")]
    [InlineData("new RTCPeerConnection({ iceServers: [{ urls: ['a', Symbol()] }] })", "TypeError: RTCConfiguration.iceServers[0].urls[1]: a symbol is no string")]
    [InlineData("new RTCPeerConnection({ iceCandidatePoolSize: 256 })", "TypeError: RTCConfiguration.iceCandidatePoolSize: 256 is outside 0 to 255")]
    [InlineData("new RTCPeerConnection({ bundlePolicy: 'max' })", "TypeError: RTCConfiguration.bundlePolicy: 'max' is no RTCBundlePolicy")]
    [InlineData("new RTCPeerConnection({ certificates: [new Event('x')] })", "TypeError: RTCConfiguration.certificates[0]: an object is no RTCCertificate")]
    [InlineData("new RTCPeerConnection({ iceServers: 5 })", "TypeError: RTCConfiguration.iceServers: 5 is no sequence")]
    [InlineData("new RTCPeerConnection(5)", "TypeError: RTCConfiguration: 5 is no RTCConfiguration")]
    [InlineData("new RTCPeerConnection({ get bundlePolicy() { throw new Error('mine'); } })", "Error: mine")]
    [InlineData("new RTCSessionDescription()", "TypeError: RTCSessionDescription needs 1 argument, got 0")]
    [InlineData("new RTCSessionDescription({})", "TypeError: RTCSessionDescriptionInit.type: a required member is missing")]
    [InlineData("new RTCRtpSender()", "TypeError: RTCRtpSender has no constructor")]
    [InlineData("RTCRtpSender.getCapabilities()", "TypeError: getCapabilities needs 1 argument, got 0")]
    [InlineData("new EventTarget().dispatchEvent({})", "TypeError: event: an object is no Event")]
    [InlineData("new MediaStream(5)", "TypeError: 5 fits none of the types")]
    [InlineData("new MediaStream([new EventTarget()])", "TypeError: tracks[0]: an object is no MediaStreamTrack")]
    [InlineData("new RTCPeerConnection(undefined)", "no error"), InlineData("new RTCPeerConnection(null)", "no error"), InlineData("new MediaStream([])", "no error")]
    public void Errors_say_where_they_are(string script, string expected) => Assert.Equal(expected, Caught(Realm(), script));

    [Fact]
    public void A_configuration_arrives_as_a_record_with_its_defaults()
    {
        var given = new List<RTCConfiguration>();
        _statics["RTCPeerConnection"] = StandIn.Of(typeof(IRTCPeerConnectionConstructor), ("New", a =>
        {
            given.Add((RTCConfiguration)a[0]!);
            return StandIn.Of(typeof(IRTCPeerConnection));
        }));
        var realm = Realm();
        realm.Run("new RTCPeerConnection()");
        realm.Run("new RTCPeerConnection({ iceServers: [{ urls: 'stun:a' }, { urls: new Set(['turn:b', 'turn:\\ud800']), username: 7 }], iceCandidatePoolSize: '4.9', peerIdentity: null })");
        Assert.Equal(new RTCConfiguration(), given[0]);
        Assert.Equal((RTCIceTransportPolicy.All, RTCBundlePolicy.Balanced, (byte)0, null), (given[0].IceTransportPolicy, given[0].BundlePolicy, given[0].IceCandidatePoolSize, given[0].PeerIdentity));
        var expected = new RTCConfiguration
        {
            IceServers = [new() { Urls = "stun:a" }, new() { Urls = new IdlSequence<string>(["turn:b", "turn:\ufffd"]), Username = "7" }], IceCandidatePoolSize = 4, PeerIdentity = "null",
        };
        Assert.Equal(expected, given[1]);
        Assert.NotEqual(expected with { IceCandidatePoolSize = 5 }, given[1]);
    }

    [Fact]
    public void A_dictionary_goes_back_as_an_object_without_what_is_missing()
    {
        var connection = StandIn.Of<IRTCPeerConnection>(("GetConfiguration", _ => new RTCConfiguration { IceServers = [new() { Urls = "stun:a" }] }));
        Assert.Equal("""{"bundlePolicy":"balanced","certificates":[],"iceCandidatePoolSize":0,"iceServers":[{"urls":"stun:a"}],"iceTransportPolicy":"all","rtcpMuxPolicy":"require","rtpHeaderEncryptionPolicy":"negotiate"}""",
            Realm(("pc", connection)).Run("JSON.stringify(pc.getConfiguration())").String);
    }

    [Theory]
    [InlineData("pc.createOffer()", "options")]
    [InlineData("pc.createOffer(undefined)", "options")]
    [InlineData("pc.createOffer(function () {})", "options")]
    [InlineData("pc.createOffer(function () {}, function () {})", "callbacks")]
    [InlineData("pc.createOffer(function () {}, function () {}, { iceRestart: true })", "callbacks")]
    [InlineData("pc.createOffer({}, {}, {})", "TypeError: successCallback: an object is no function, as RTCSessionDescriptionCallback must be")]
    [InlineData("pc.setLocalDescription({}, function () {})", "TypeError: no overload takes this number of arguments")]
    [InlineData("RTCPeerConnection.prototype.createOffer.call({})", "TypeError: 'createOffer' was asked of what is no RTCPeerConnection")]
    [InlineData("pc.createAnswer()", "InvalidStateError: closed")]
    [InlineData("pc.setRemoteDescription({ get type() { throw { name: 'Mine', message: 'own' }; } })", "Mine: own")]
    public void Operations_with_promises_reject_and_never_throw(string script, string expected)
    {
        var called = "";
        var connection = StandIn.Of<IRTCPeerConnection>(
            ("CreateOffer", a =>
            {
                called = a.Length == 1 ? "options" : "callbacks";
                return a.Length == 1 ? IdlPromise<RTCSessionDescriptionInit>.Resolved(new() { Type = RTCSdpType.Offer }) : IdlPromise<IdlUndefined>.Resolved(default);
            }),
            ("CreateAnswer", _ => throw new IdlException(new IdlDomError("InvalidStateError", "closed"))));
        var realm = Realm(("pc", connection));
        realm.Run($"var seen = 'nothing'; ({script}).then(() => seen = 'resolved', e => seen = e.name + ': ' + e.message); 0");
        var seen = realm.Run("seen").String;
        Assert.Equal(expected, seen == "resolved" ? called : seen);
    }

    [Fact]
    public void A_pending_promise_is_settled_later()
    {
        var promise = new IdlPromise<RTCSessionDescriptionInit>();
        var realm = Realm(("pc", StandIn.Of<IRTCPeerConnection>(("CreateOffer", _ => promise))));
        realm.Run("var seen = []; pc.createOffer().then(d => seen.push(d.type, d.sdp)); 0");
        Assert.Equal(0, realm.Run("seen.length").Number);
        promise.Resolve(new() { Type = RTCSdpType.Pranswer, Sdp = "v=0" });
        realm.Run("0");
        Assert.Equal("pranswer,v=0", realm.Run("seen.join()").String);
        promise.Reject(new IdlTypeError("", "too late"));
        Assert.True(promise.IsFulfilled);
    }

    [Theory]
    [InlineData("'text'", "Send1 text")]
    [InlineData("'\\ud800'", "Send1 \ufffd")]
    [InlineData("5", "Send1 5")]
    [InlineData("{}", "Send1 [object Object]")]
    [InlineData("null", "Send1 null")]
    [InlineData("new Uint8Array([7, 8, 9]).buffer", "Send3 070809")]
    [InlineData("new Uint16Array([1, 2]).subarray(1)", "Send4 0200")]
    [InlineData("new DataView(new ArrayBuffer(2))", "Send4 0000")]
    [InlineData("blob", "Send2 a Blob")]
    public void Overloads_are_told_apart_by_the_value(string value, string expected)
    {
        var called = "";
        var channel = StandIn.Of<IRTCDataChannel>(("Send", a =>
        {
            called = a[0] switch
            {
                string text => "Send1 " + text,
                IBlob => "Send2 a Blob",
                IJsArrayBuffer buffer => "Send3 " + Convert.ToHexString(buffer.Bytes.Span),
                IJsArrayBufferView view => "Send4 " + Convert.ToHexString(view.Bytes.Span),
                _ => "?",
            };
            return null;
        }));
        Realm(("channel", channel), ("blob", StandIn.Of(typeof(IBlob)))).Run($"channel.send({value})");
        Assert.Equal(expected, called);
    }

    [Fact]
    public void Telling_overloads_apart_asks_for_the_iterator_once() => Assert.Equal(1, Realm().Run(
        "var asked = 0; new MediaStream({ get [Symbol.iterator]() { asked++; return function () { return [][Symbol.iterator](); }; } }); asked").Number);

    [Fact]
    public void An_attribute_of_an_enumeration_ignores_what_is_none_of_its_strings()
    {
        var transceiver = StandIn.Of<IRTCRtpTransceiver>();
        var realm = Realm(("transceiver", transceiver));
        realm.Run("transceiver.direction = 'recvonly'; transceiver.direction = 'sideways';");
        Assert.Equal(RTCRtpTransceiverDirection.Recvonly, transceiver.Direction);
        Assert.Equal("recvonly", realm.Run("transceiver.direction").String);
        Assert.StartsWith("TypeError", Caught(realm, "(function () { 'use strict'; transceiver.mid = 5; })()"));
    }

    [Fact]
    public void An_event_handler_keeps_the_scripts_own_function()
    {
        var connection = StandIn.Of<IRTCPeerConnection>();
        var realm = Realm(("pc", connection), ("event", StandIn.Of<IEvent>(("get_Type", _ => "track"))));
        Assert.True(realm.Run("var f = e => e.type + '!'; pc.ontrack = f; pc.ontrack === f").Boolean);
        Assert.Equal(JsValue.From("track!"), connection.Ontrack!(StandIn.Of<IEvent>(("get_Type", _ => "track"))));
        Assert.True(realm.Run("var o = {}; pc.ontrack = o; pc.ontrack === o").Boolean);
        Assert.Equal(default, connection.Ontrack!(StandIn.Of<IEvent>()));
        Assert.True(realm.Run("pc.ontrack = 5; pc.ontrack === null").Boolean);
        Assert.Null(connection.Ontrack);
        realm.Run("pc.ontrack = () => { throw 'mine'; }");
        Assert.Equal(new IdlThrown(JsValue.From("mine")), Assert.Throws<IdlException>(() => connection.Ontrack!(StandIn.Of<IEvent>())).Error);
    }

    [Fact]
    public void A_delegate_from_CSharp_is_a_function_to_the_script()
    {
        var connection = StandIn.Of<IRTCPeerConnection>();
        connection.Ontrack = e => JsValue.From("seen " + e.Type);
        var realm = Realm(("pc", connection));
        Assert.Equal("seen x", realm.Run("pc.ontrack(new Event('x')) === 'seen ' ? 'seen x' : pc.ontrack(new Event('x'))").String);
        Assert.Equal("1 TypeError", realm.Run("(() => { try { pc.ontrack({}); } catch (e) { return pc.ontrack.length + ' ' + e.name; } })()").String);
    }

    [Fact]
    public void A_listener_is_a_function_or_an_object_with_handleEvent()
    {
        IEventListener? listener = null;
        var target = StandIn.Of<IEventTarget>(("AddEventListener", a =>
        {
            listener = (IEventListener?)a[1];
            return null;
        }));
        var realm = Realm(("target", target));
        realm.Run("var calls = []; target.addEventListener('x', e => calls.push('function'))");
        listener!.HandleEvent(StandIn.Of<IEvent>());
        realm.Run("target.addEventListener('x', { handleEvent() { calls.push(typeof this); } }, { once: true })");
        listener!.HandleEvent(StandIn.Of<IEvent>());
        Assert.Equal("function,object", realm.Run("calls.join()").String);
        realm.Run("target.addEventListener('x', {})");
        Assert.IsType<IdlTypeError>(Assert.Throws<IdlException>(() => listener!.HandleEvent(StandIn.Of<IEvent>())).Error);
        realm.Run("target.addEventListener('x', null)");
        Assert.Null(listener);
    }

    [Fact]
    public void A_statistics_report_is_a_map_that_cannot_be_changed()
    {
        var realm = Realm();
        var entries = new[] { "b", "a" }.Select(k => KeyValuePair.Create(k, realm.Run($"({{ id: '{k}' }})").Object)).ToArray();
        var report = StandIn.Of<IRTCStatsReport>(("get_Size", _ => 2), ("get_Entries", _ => entries), ("TryGet", a =>
        {
            var found = entries.Where(e => e.Key == (string)a[0]!).ToArray();
            if (found.Length > 0) a[1] = found[0].Value;
            return found.Length > 0;
        }));
        realm.SetGlobal("report", JsValue.From(realm.Wrap(report)));
        Assert.Equal("2 b,a b=b,a=a [b:true,a:true] true false undefined undefined", realm.Run("""
            (() => {
              var each = [];
              report.forEach(function (value, key, map) { each.push(key + ':' + (map === report && value.id === key)); }, null);
              return [report.size, [...report.keys()].join(), [...report].map(([k, v]) => k + '=' + v.id).join(), '[' + each + ']',
                report.has('a'), report.has('c'), typeof report.get('c'), typeof report.set].join(' ');
            })()
            """).String);
    }

    [Fact]
    public void The_default_toJSON_gives_the_attributes()
    {
        var description = StandIn.Of<IRTCSessionDescription>(("get_Type", _ => RTCSdpType.Answer), ("get_Sdp", _ => "v=0"));
        var realm = Realm(("description", description));
        Assert.Equal("""{"type":"answer","sdp":"v=0"}""", realm.Run("JSON.stringify(description)").String);
    }

    [Fact]
    public void Objects_keep_their_identity_and_their_class()
    {
        var realm = Realm();
        var track = StandIn.Of<IMediaStreamTrack>();
        var sender = StandIn.Of<IRTCRtpSender>(("get_Track", _ => track));
        realm.SetGlobal("sender", JsValue.From(realm.Wrap(sender)));
        Assert.Equal("true,true,true,[object MediaStreamTrack]", realm.Run(
            "[sender.track === sender.track, sender.track instanceof MediaStreamTrack, sender.track instanceof EventTarget, String(sender.track)].join()").String);
        Assert.Equal("true,true", realm.Run("class Mine extends Event { more() { return true; } } [new Mine('x') instanceof Mine, new Mine('x').more()].join()").String);
        Assert.Equal("false,true", realm.Run("var e = new Event('x'); [delete_(e), e.hasOwnProperty('isTrusted')].join(); function delete_(o) { return delete o.isTrusted; }").String);
    }
}
