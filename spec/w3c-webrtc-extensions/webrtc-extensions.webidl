// @document "WebRTC Extensions" https://w3c.github.io/webrtc-extensions/
// The interface definitions as the standard prints them, at commit 677b5848756b8eb72af6ea564f6cd2b66596e518 of w3c/webrtc-extensions; the
// standard is not in @webref/idl. Three definitions of that commit are left out, because the standards have moved on:
// - RTCRtpReceiver.playoutDelay: webrtc now has it, as jitterBufferTarget;
// - RTCRtpSender.setParameters with a second argument, and its dictionary RTCEncodeOptions: webrtc now has an argument of its own there,
//   RTCSetParameterOptions, from which this overload could not be told;
// - RTCDataChannel exposed to workers and transferable: webrtc now says so itself.

// rtp-header-extension-control-transceiver-interface
partial dictionary RTCRtpHeaderExtensionCapability {
  required RTCRtpTransceiverDirection direction;
};

partial interface RTCRtpTransceiver {
  sequence<RTCRtpHeaderExtensionCapability> getHeaderExtensionsToNegotiate();
  undefined setHeaderExtensionsToNegotiate(
      sequence<RTCRtpHeaderExtensionCapability> extensions);
  sequence<RTCRtpHeaderExtensionCapability> getNegotiatedHeaderExtensions();
};

// rtcrtpencodingparameters
partial dictionary RTCRtpEncodingParameters {
  unsigned long ptime;
  boolean adaptivePtime = false;
};

// rtcrtpcontributingsource-extensions
partial dictionary RTCRtpContributingSource {
  DOMHighResTimeStamp captureTimestamp;
  DOMHighResTimeStamp senderCaptureTimeOffset;
};

// rtp-header-extension-encryption-policy
enum RTCRtpHeaderEncryptionPolicy {
  "negotiate",
  "require"
};

// rtp-header-extension-encryption-transceiver-interface
partial interface RTCRtpTransceiver {
  readonly attribute boolean rtpHeaderEncryptionNegotiated;
};

// configuration
partial dictionary RTCConfiguration {
  RTCRtpHeaderEncryptionPolicy rtpHeaderEncryptionPolicy = "negotiate";
};

// disable-hardware-decoding
partial interface RTCRtpReceiver {
  static undefined disableHardwareDecoding();
};

// disable-hardware-encoding
partial interface RTCRtpSender {
  static undefined disableHardwareEncoding();
};
