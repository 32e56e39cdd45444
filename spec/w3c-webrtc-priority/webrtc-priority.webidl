// @document "WebRTC Priority Control API" https://w3c.github.io/webrtc-priority/
// The interface definitions as the standard prints them, as extracted in @webref/idl 3.85.0.

enum RTCPriorityType {
  "very-low",
  "low",
  "medium",
  "high"
};

partial dictionary RTCRtpEncodingParameters {
  RTCPriorityType priority = "low";
  RTCPriorityType networkPriority;
};

partial interface RTCDataChannel {
  readonly attribute RTCPriorityType priority;
};

partial dictionary RTCDataChannelInit {
  RTCPriorityType priority = "low";
};
