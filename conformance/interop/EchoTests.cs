using System.Text;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Peer;

namespace WebRtcConformance.Interop.Tests;

/// <summary>
/// The reference and every other implementation, each as offerer and as answerer, over real UDP on loopback: channels open, messages of all sizes come back as they were,
/// channels close. An implementation that is not installed is skipped, with what to do about it.
/// </summary>
public class EchoTests
{
    private const string Ordered = "ordered", Unordered = "unordered";

    public static TheoryData<string, bool> Encounters
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var implementation in Implementations.All)
            {
                data.Add(implementation.Name, false);
                data.Add(implementation.Name, true);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Encounters))]
    public void Messages_come_back_as_they_were(string name, bool theyOffer)
    {
        using var sut = Implementations.Start(name);
        Echo(name, new Encounter(sut.Begin($"echo-{(theyOffer ? "they" : "we")}-offer", TimeSpan.FromMinutes(5)), theyOffer, new PeerPolicy(), Channels));
    }

    /// <summary>RFC 8842 section 5.3: the answerer may leave it to the offerer to begin. Then they are the DTLS client of their own offer.</summary>
    [Theory]
    [InlineData("reference"), InlineData("wrtc"), InlineData("werift"), InlineData("libdatachannel"), InlineData("pion"), InlineData("aiortc"),
     InlineData("chromium"), InlineData("firefox"), InlineData("gstreamer")]
    public void An_answerer_may_be_passive(string name)
    {
        using var sut = Implementations.Start(name);
        var encounter = new Encounter(sut.Begin("echo-passive", TimeSpan.FromMinutes(5)), theyOffer: true, new PeerPolicy { RoleInAnswer = DtlsRole.Server }, Channels);
        if (Implementations.Of(name).TakesStreamsByIceRole is null)
        {
            Echo(name, encounter);
            return;
        }
        using (encounter) encounter.Await("both channels are refused", () => encounter.ClosedThere.Count == 2 && encounter.OpenHere.Count == 0);
    }

    private static DataChannelOptions[] Channels => [new() { Label = Ordered }, new() { Label = Unordered, Ordered = false }];

    private static void Echo(string name, Encounter started)
    {
        using var encounter = started;
        var known = Implementations.Of(name);
        encounter.Await("both channels open", () => encounter.OpenHere.Count == 2 && encounter.OpenThere.Count == 2);
        Assert.False(encounter.Channels[Unordered].Options.Ordered);

        var limit = encounter.TheirMaxMessageSize == 0 ? int.MaxValue : encounter.TheirMaxMessageSize;
        foreach (var label in new[] { Ordered, Unordered })
        {
            foreach (var message in MessagesOn(label))
            {
                if (message.Bytes.Length > limit)
                {
                    // RFC 8841 section 6.1.
                    Assert.Equal(DataChannelSendResult.TooLarge, encounter.Host.Peer.Send(encounter.Host.Now, encounter.Channels[label], message.IsText, message.Bytes));
                    continue;
                }
                var (there, here) = (encounter.ReceivedThere.Count, encounter.ReceivedHere.Count);
                encounter.SendHere(message);
                encounter.Await($"the {message} reaches them", () => encounter.ReceivedThere.Count > there);
                var taken = known.SwapsEmptyMessages is not null && message.Bytes.Length == 0 ? message with { IsText = !message.IsText } : message;
                Assert.Equal(taken, encounter.ReceivedThere[there]);
                if ((known.LosesEmptyMessages ?? known.ClosesOnEmptyMessage) is not null && message.Bytes.Length == 0) continue; // below
                encounter.SendThere(message);
                encounter.Await($"the {message} comes back", () => encounter.ReceivedHere.Count > here);
                Assert.Equal(message, encounter.ReceivedHere[here]);
            }
        }

        if (known.LosesEmptyMessages is not null) ShowLoss(encounter);

        encounter.CloseHere(Ordered);
        encounter.Await("our closed channel is closed here", () => !encounter.OpenHere.Contains(Ordered));
        encounter.Await("and there", () => !encounter.OpenThere.Contains(Ordered));
        if (known.ClosesOnEmptyMessage is null) encounter.CloseThere(Unordered);
        else encounter.SendThere(new Message(Unordered, true, []));
        encounter.Await("their closed channel is closed here", () => !encounter.OpenHere.Contains(Unordered));
    }

    /// <summary>The empty message does not come, and the next one does: on a channel that is not ordered, because there nothing waits for it.</summary>
    private static void ShowLoss(Encounter encounter)
    {
        var here = encounter.ReceivedHere.Count;
        var next = new Message(Unordered, true, "after nothing"u8.ToArray());
        encounter.SendThere(new Message(Unordered, true, []));
        encounter.SendThere(next);
        encounter.Await("the next one comes", () => encounter.ReceivedHere.Count > here);
        Assert.Equal(next, encounter.ReceivedHere[here]);
    }

    private static IEnumerable<Message> MessagesOn(string label)
    {
        yield return new Message(label, true, Encoding.UTF8.GetBytes("grüß dich, 👋"));
        yield return new Message(label, true, []);
        yield return new Message(label, false, []);
        foreach (var size in new[] { 1, 3_000, 60_000, 256 * 1024 })
            yield return new Message(label, false, [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31 + size))]);
    }
}
