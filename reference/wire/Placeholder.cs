namespace WebRtcConformance.Wire;
