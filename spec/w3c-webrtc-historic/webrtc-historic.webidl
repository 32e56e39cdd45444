// @document "Historic definitions of the WebRTC standards" https://www.w3.org/TR/webrtc/
// What earlier drafts of the standards had, or what today's only keep for old programs. Definitions that a standard still prints are declared
// in that standard's own file and merely marked here.
//
// @historic RTCSessionDescriptionCallback replaced-by RTCPeerConnection.createOffer and createAnswer that return promises (still in webrtc)
// @historic RTCIdentityProvider replaced-by identity above the connection, as in end-to-end key agreement (still in webrtc-identity)
// @historic RTCIdentityProviderRegistrar replaced-by identity above the connection, as in end-to-end key agreement (still in webrtc-identity)
// @historic RTCIdentityAssertion replaced-by identity above the connection, as in end-to-end key agreement (still in webrtc-identity)
// @historic MediaStreamEvent replaced-by RTCTrackEvent, as tracks and not streams are added and removed
// @historic MediaStreamEventInit replaced-by RTCTrackEventInit

// WebRTC 1.0, drafts before 2016; written in today's syntax.
[Exposed=Window]
interface MediaStreamEvent : Event {
  constructor(DOMString type, optional MediaStreamEventInit eventInitDict = {});
  readonly attribute MediaStream? stream;
};

dictionary MediaStreamEventInit : EventInit {
  MediaStream? stream = null;
};
