namespace WebRtcConformance.Lab;
