using WebRtcConformance.Stack.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 9260 section 5.1, and the happy path of section 6 behind it.</summary>
public class EstablishmentTests
{
    [Fact]
    public void Four_packets_open_an_association()
    {
        var pair = new SctpPair().Connect();
        Assert.Equal(["a Init", "b InitAck", "a CookieEcho", "b CookieAck"], pair.Dialogue);
        Assert.Contains(pair.A.Events, e => e.StartsWith("Opened"));
        Assert.Contains(pair.B.Events, e => e.StartsWith("Opened"));
        Assert.Empty(pair.A.Discards.Concat(pair.B.Discards));
    }

    [Fact]
    public void Both_may_begin()
    {
        var pair = new SctpPair().Connect(both: true);
        pair.Send(pair.A, 1, [1, 2, 3]);
        pair.Send(pair.B, 1, [4, 5]);
        pair.Run(5);
        Assert.Equal([4, 5], pair.A.Messages.Single().Bytes);
        Assert.Equal([1, 2, 3], pair.B.Messages.Single().Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Messages_of_any_size_come_through(int size)
    {
        var pair = new SctpPair().Connect();
        var message = SctpPair.Message(7, size);
        Assert.Equal(SctpSendResult.Accepted, pair.Send(pair.A, 3, message));
        pair.Run(30);
        Assert.Equal(message, pair.B.Messages.Single().Bytes);
        Assert.Equal(0, pair.A.Association.SendBufferBytes);
        Assert.All(pair.Sent, s => Assert.InRange(s.Bytes.Length, 12, 1112));
    }

    [Fact]
    public void What_is_sent_before_the_association_is_up_goes_with_COOKIE_ECHO()
    {
        var pair = new SctpPair();
        pair.Send(pair.A, 0, [1]);
        pair.Connect();
        pair.Run(1);
        Assert.Equal(["a Init", "b InitAck", "a CookieEcho Data", "b CookieAck Sack"], pair.Dialogue);
        Assert.Single(pair.B.Messages);
    }

    [Fact]
    public void Shutdown_ends_it_on_both_sides_and_leaves_nothing()
    {
        var pair = new SctpPair().Connect();
        for (var i = 0; i < 20; i++) pair.Send(pair.A, 0, SctpPair.Message(i, 5000));
        pair.A.Association.Shutdown(pair.Now);
        pair.Run(10);
        Assert.Equal(20, pair.B.Messages.Count);
        Assert.Equal(SctpCloseReason.Shutdown, pair.A.Close?.Reason);
        Assert.Equal(SctpCloseReason.Shutdown, pair.B.Close?.Reason);
        Assert.True(pair.A.Association.IsEmpty && pair.B.Association.IsEmpty);
        Assert.Equal(["a Shutdown", "b ShutdownAck", "a ShutdownComplete"], pair.Dialogue.TakeLast(3));
    }
}
