namespace WebRtcConformance.Fuzz;
