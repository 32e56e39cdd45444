using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>From descriptions to an open channel over bad paths, and long silence.</summary>
public class PeerLossTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WRC_LONG") == "1";

    /// <summary>
    /// Under heavy loss ICE, DTLS and SCTP would give up where their RFCs allow it; this is about what arrives, not about when to stop. DTLS asks again only each
    /// minute in the end (RFC 6347 section 4.2.4.1): with four datagrams of ten lost its last flight may take longer than a hundred INIT chunks do.
    /// </summary>
    internal static PeerPolicy Patient { get; } = Make();

    private static PeerPolicy Make()
    {
        var policy = new PeerPolicy();
        return policy with
        {
            Ice = policy.Ice with { Retransmission = policy.Ice.Retransmission with { Rc = 30 }, ConsentExpiry = TimeSpan.FromMinutes(10) },
            Sctp = policy.Sctp with { AssociationMaxRetrans = 1000, PathMaxRetrans = 1000, MaxInitRetransmits = 1000, RtoMax = TimeSpan.FromSeconds(4) },
        };
    }

    private static PeerPair Opened(ulong seed, int percent)
    {
        var link = new LinkPolicy
        {
            Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(10), Loss = percent / 100.0, Duplicate = 0.05, Reorder = 0.1,
            ReorderDelay = TimeSpan.FromMilliseconds(60),
        };
        var policy = percent == 0 ? new PeerPolicy() : Patient;
        var pair = new PeerPair(seed, link, policy, policy);
        (seed % 2 == 0 ? pair.Offerer : pair.Answerer).Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        var opens = pair.Negotiate().RunUntil(() => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null, TimeSpan.FromDays(4000));
        Assert.True(opens, $"{percent} %: {pair}");
        return pair;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(40)]
    public void A_channel_opens(int percent)
    {
        for (ulong seed = 1; seed <= (IsLong ? 10_000UL : 75); seed++)
        {
            var trace = Opened(seed, percent).World.TraceHash;
            if (seed % 25 == 1) Assert.Equal(trace, Opened(seed, percent).World.TraceHash);
        }
        Assert.NotEqual(Opened(1, percent).World.TraceHash, Opened(2, percent).World.TraceHash);
    }

    /// <summary>Consent checks and heartbeats keep a session for three days, also while one datagram in twenty is lost.</summary>
    [Fact]
    public void Seventy_two_hours_of_silence_are_survived()
    {
        var pair = Opened(1, 5);
        pair.World.RunFor(TimeSpan.FromHours(72));
        Assert.Equal((PeerConnectionState.Connected, PeerConnectionState.Connected), (pair.Offerer.Peer.State.Connection, pair.Answerer.Peer.State.Connection));
        Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, pair.Offerer.Open("x")!, true, "still here"u8));
        pair.Await("the message arrives", () => pair.Answerer.Messages.Count == 1);
    }

    /// <summary>The <paramref name="drops"/> are numbers of datagrams, from 1, of the offerer (positive) and of the answerer (negative).</summary>
    private static PeerPair Without(params int[] drops)
    {
        var pair = new PeerPair();
        var (offered, answered) = (0, 0);
        pair.World.Datagrams.Add((Instant _, ref Datagram d) =>
            drops.Contains(d.Local == PeerPair.OffererAddress ? ++offered : --answered) ? Disposition.Drop : Disposition.Pass);
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        return pair.Negotiate();
    }

    /// <summary>Each datagram of the set-up in turn, and two of them, in any directions, are lost: nothing is indispensable.</summary>
    [Fact]
    public void Any_two_datagrams_of_the_set_up_may_be_lost()
    {
        var whole = Without();
        var (offered, answered) = (0, 0);
        whole.World.Datagrams.Add((Instant _, ref Datagram d) => 
        {
            if (d.Local == PeerPair.OffererAddress) offered++;
            else answered++;
            return Disposition.Pass;
        });
        bool IsOpen(PeerPair pair) => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null;
        whole.Await("the channel opens", () => IsOpen(whole));
        Assert.InRange(offered, 8, 40);
        Assert.InRange(answered, 8, 40);

        int[] all = [.. Enumerable.Range(1, offered), .. Enumerable.Range(1, answered).Select(n => -n)];
        void Check(params int[] drops)
        {
            var pair = Without(drops);
            Assert.True(pair.RunUntil(() => IsOpen(pair), TimeSpan.FromSeconds(60)), $"without {string.Join(" and ", drops)}:\n{pair}");
        }
        foreach (var one in all) Check(one);
        var number = 0;
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = i + 1; j < all.Length; j++)
            {
                if (IsLong || number++ % 5 == 0) Check(all[i], all[j]);
            }
        }
    }
}
