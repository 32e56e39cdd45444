using BenchmarkDotNet.Attributes;

namespace WebRtcConformance.Benchmarks;

/// <summary>Generated code against the hand-written twin. Read the ratios; the nanoseconds are the machine's.</summary>
[MemoryDiagnoser]
public class StunBenchmarks
{
    [Benchmark(Baseline = true)]
    public bool HandValidate() => StunWork.HandValidate();

    [Benchmark]
    public bool Validate() => StunWork.Validate();

    [Benchmark]
    public long HandValidateAndVisit() => StunWork.HandVisit();

    [Benchmark]
    public long ValidateAndVisit() => StunWork.Visit();

    [Benchmark]
    public bool HandReject() => StunWork.HandReject();

    [Benchmark]
    public bool Reject() => StunWork.Reject();
}
