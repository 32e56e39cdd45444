using BenchmarkDotNet.Running;
using WebRtcConformance.Benchmarks;

// --quick, --sdp, --dtls, --sctp and --peer print the ratios and fail when one is beyond its bound; --generate [FOLDER] times the generators; anything else is for BenchmarkDotNet.
switch (args)
{
    case ["--quick"]: return QuickRatios.Run();
    case ["--sdp"]: return SdpRatios.Run();
    case ["--dtls"]: return DtlsRatios.Run();
    case ["--sctp"]: return SctpThroughput.Run();
    case ["--peer"]: return PeerRatios.Run();
    case ["--generate"]: return ColdGeneration.Run("spec");
    case ["--generate", var folder]: return ColdGeneration.Run(folder);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StunBenchmarks).Assembly).Run(args);
        return 0;
}
