using System.Diagnostics;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>Tests that measure the whole process and so run with nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class HugeLineTests
{
    [Fact]
    public void HugeLineTakesNoMemory()
    {
        using var sut = BadAdapterTests.Start("huge-line");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var session = sut.Begin("a/case", BadAdapterTests.Budget);
        var reply = session.Call("echo");
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(SutReplyKind.Garbage, reply.Kind);
        Assert.Contains("longer than", reply.Detail);
        Assert.True(allocated < 40_000_000, $"{allocated} bytes were allocated");
        BadAdapterTests.NextCaseWorks(sut, starts: 2);
    }
}
