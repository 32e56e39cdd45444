return WebRtcConformance.Fuzz.Harness.HarnessProgram.Run(args);
