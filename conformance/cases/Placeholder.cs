namespace WebRtcConformance.Cases;
