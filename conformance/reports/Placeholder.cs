namespace WebRtcConformance.Reports;
