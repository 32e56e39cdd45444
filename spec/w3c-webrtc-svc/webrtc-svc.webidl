// @document "Scalable Video Coding (SVC) Extension for WebRTC" https://w3c.github.io/webrtc-svc/
// The interface definitions as the standard prints them, as extracted in @webref/idl 3.85.0.

partial dictionary RTCRtpEncodingParameters {
             DOMString scalabilityMode;
};
