namespace WebRtcConformance.Stack;
