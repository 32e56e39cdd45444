using BenchmarkDotNet.Running;
using WebRtcConformance.Benchmarks;

// --quick, --sdp, --dtls, --sctp, --peer and --silence print the ratios and fail when one is beyond its bound (--peer 0 to 3, --peer setup: one part alone); --generate [FOLDER] times the generators; anything else is for BenchmarkDotNet.
switch (args)
{
    case ["--quick"]: return QuickRatios.Run();
    case ["--sdp"]: return SdpRatios.Run();
    case ["--dtls"]: return DtlsRatios.Run();
    case ["--sctp"]: return SctpThroughput.Run();
    case ["--peer"]: return PeerRatios.Run();
    case ["--peer", "0" or "1" or "2" or "3"]: return PeerRatios.RunThroughput(args[1][0] - '0');
    case ["--peer", "setup"]:
        PeerRatios.RunSetup();
        return 0;
    case ["--silence"]: return PeerRatios.RunSilence();
    case ["--generate-at-once", var folder]: return ColdGeneration.RunAtOnce(folder);
    case ["--generate"]: return ColdGeneration.Run("spec");
    case ["--generate", var folder]: return ColdGeneration.Run(folder);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StunBenchmarks).Assembly).Run(args);
        return 0;
}
