using BenchmarkDotNet.Running;
using WebRtcConformance.Benchmarks;

// --quick and --sdp print the ratios and fail when one is beyond its bound; anything else is for BenchmarkDotNet.
if (args is ["--sdp"]) return SdpRatios.Run();
if (args is ["--quick"]) return QuickRatios.Run();
BenchmarkSwitcher.FromAssembly(typeof(StunBenchmarks).Assembly).Run(args);
return 0;
