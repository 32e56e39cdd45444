// @document "IceTransport Extensions for WebRTC" https://w3c.github.io/webrtc-ice/
// The interface definitions as the standard prints them, as extracted in @webref/idl 3.85.0.

partial dictionary RTCIceParameters {
             boolean   iceLite;
};

dictionary RTCIceGatherOptions {
             RTCIceTransportPolicy     gatherPolicy = "all";
             sequence<RTCIceServer> iceServers;
};

[Exposed=Window]
partial interface RTCIceTransport {
    constructor();
    undefined                      gather (optional RTCIceGatherOptions options = {});
    undefined                      start (optional RTCIceParameters remoteParameters = {}, optional RTCIceRole role = "controlled");
    undefined                      stop ();
    undefined                      addRemoteCandidate (optional RTCIceCandidateInit remoteCandidate = {});
                    attribute EventHandler        onerror;
                    attribute EventHandler        onicecandidate;
};
