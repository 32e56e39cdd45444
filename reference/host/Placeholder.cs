namespace WebRtcConformance.Host;
