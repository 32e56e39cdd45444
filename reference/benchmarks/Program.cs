using BenchmarkDotNet.Running;
using WebRtcConformance.Benchmarks;

// --quick prints the ratios and fails when one is beyond its bound; anything else is for BenchmarkDotNet.
if (args is ["--quick"]) return QuickRatios.Run();
BenchmarkSwitcher.FromAssembly(typeof(StunBenchmarks).Assembly).Run(args);
return 0;
