using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

public class AllQuirksTests
{
    [Fact]
    public void Every_quirk_has_a_name_of_its_own_and_fifteen_a_protocol_are_registered()
    {
        Assert.Equal(AllQuirks.List.Count, AllQuirks.List.Select(q => q.Name).Distinct().Count());
        Assert.Equal(AllQuirks.List.Count, QuirkRegistry<Quirk>.All.Count + QuirkRegistry<IceAgentQuirk>.All.Count + QuirkRegistry<TurnQuirk>.All.Count
            + QuirkRegistry<DtlsQuirk>.All.Count + QuirkRegistry<SctpQuirk>.All.Count);
        foreach (string[] prefixes in new string[][] { ["Stun"], ["Ice"], ["Turn"], ["Dtls"], ["Sctp"], ["Data", "Dcep"] })
            Assert.True(AllQuirks.List.Count(q => prefixes.Any(p => q.Name.StartsWith(p, StringComparison.Ordinal))) >= 15, prefixes[0]);
    }

    [Fact]
    public void A_name_adds_its_quirk_and_nothing_else()
    {
        foreach (var quirk in AllQuirks.List)
        {
            var set = quirk.AddTo(QuirkSet.None);
            Assert.Equal(quirk.Name, set.ToString());
            Assert.Equal([quirk], AllQuirks.List.Where(q => q.IsIn(set)));
            Assert.Same(quirk, AllQuirks.Find(quirk.Name));
        }
        Assert.Null(AllQuirks.Find("NoSuchQuirk"));
        Assert.Equal("none", QuirkSet.None.ToString());
    }
}
