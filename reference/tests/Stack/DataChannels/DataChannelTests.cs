using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Dcep;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.DataChannels;

/// <summary>RFC 8831 and RFC 8832, between two hubs.</summary>
public class DataChannelTests
{
    [Fact]
    public void A_channel_opens_carries_both_ways_and_closes()
    {
        var pair = new HubPair().Connect();
        var channel = pair.Open(new DataChannelOptions { Label = "chat", Protocol = "p" });
        Assert.Equal(["Opened 0"], pair.A.Said);
        Assert.Equal(["Announced 0 'chat'"], pair.B.Said);
        Assert.Equal("p", pair.B.Announced[0].Options.Protocol);
        pair.Text(pair.A, channel, "hello");
        pair.Binary(pair.B, pair.B.Announced[0], [1, 2, 3]);
        pair.Run(1);
        pair.A.Hub.Close(pair.Now, channel);
        pair.Run(3);
        Assert.Equal(["Opened 0", "Binary 0 3 bytes", "Closed 0"], pair.A.Said);
        Assert.Equal(["Announced 0 'chat'", "Text 0 hello", "Closed 0"], pair.B.Said);
        Assert.Empty(pair.A.Hub.Channels.Concat(pair.B.Hub.Channels));
        Assert.All(pair.A.Discards.Concat(pair.B.Discards), d => Assert.Equal("RFC9260:5.2.5", d.Rule)); // both begin, so there is a COOKIE ACK too many
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_opened_before_the_association_wait_for_it(bool interleaving)
    {
        var pair = new HubPair(sctp: new SctpPolicy { Interleaving = interleaving });
        var early = pair.A.Hub.Open(pair.Now, new DataChannelOptions { Label = "early" })!;
        var late = pair.B.Hub.Open(pair.Now, new DataChannelOptions { Label = "of b" })!;
        Assert.Null(early.Id);
        pair.Connect();
        Assert.Equal((0, 1), ((int)early.Id!, (int)late.Id!));
        Assert.Equal(["Opened 0", "Announced 1 'of b'"], pair.A.Said.OrderByDescending(s => s));
        Assert.Equal(DataChannelState.Open, early.State);
    }

    /// <summary>RFC 8832 section 6: data before DATA_CHANNEL_ACK goes ordered, after it as the channel is.</summary>
    [Fact]
    public void Early_data_is_ordered_and_later_data_is_not()
    {
        var pair = new HubPair(sctp: new SctpPolicy()).Connect();
        var channel = pair.A.Hub.Open(pair.Now, new DataChannelOptions { Ordered = false })!;
        pair.Text(pair.A, channel, "early");
        pair.Run(1);
        pair.Text(pair.A, channel, "later");
        pair.Run(1);
        Assert.Equal(["Announced 0 ''", "Text 0 early", "Text 0 later"], pair.B.Said);
        Assert.Equal([false, true], Data(pair, 'a').Where(d => d.PayloadProtocolIdentifier == SctpPayloadProtocolIdentifier.WebRtcString).Select(d => d.Unordered));
    }

    [Fact]
    public void Empty_messages_are_a_zero_byte_with_a_PPID_of_their_own()
    {
        var pair = new HubPair(sctp: new SctpPolicy()).Connect();
        var channel = pair.Open();
        pair.Text(pair.A, channel, "");
        pair.Binary(pair.A, channel, []);
        pair.Run(1);
        Assert.Equal(["Announced 0 'l'", "Text 0 ", "Binary 0 0 bytes"], pair.B.Said);
        Assert.Equal([(56u, "00"), (57u, "00")], Data(pair, 'a').TakeLast(2).Select(d => ((uint)d.PayloadProtocolIdentifier, d.UserData.ToString())));
    }

    public static TheoryData<DataChannelOptions, DataChannelType, uint> Types => new()
    {
        { new DataChannelOptions(), DataChannelType.Reliable, 0 },
        { new DataChannelOptions { Ordered = false }, DataChannelType.ReliableUnordered, 0 },
        { new DataChannelOptions { MaxRetransmits = 3 }, DataChannelType.PartialReliableRexmit, 3 },
        { new DataChannelOptions { MaxRetransmits = 0, Ordered = false }, DataChannelType.PartialReliableRexmitUnordered, 0 },
        { new DataChannelOptions { MaxPacketLifeTime = 500 }, DataChannelType.PartialReliableTimed, 500 },
        { new DataChannelOptions { MaxPacketLifeTime = 65535, Ordered = false, Priority = 1024 }, DataChannelType.PartialReliableTimedUnordered, 65535 },
    };

    [Theory, MemberData(nameof(Types))]
    public void Every_type_of_channel_is_announced_as_what_it_is(DataChannelOptions options, DataChannelType type, uint parameter)
    {
        var pair = new HubPair(sctp: new SctpPolicy()).Connect();
        pair.Open(options);
        var open = Assert.IsType<DcepOpen>(DcepOpen.TryParse(Data(pair, 'a')[0].UserData.Span, out var parsed, out _) ? parsed : null);
        Assert.Equal((type, parameter, options.Priority), (open.ChannelType, open.ReliabilityParameter, open.Priority));
        Assert.Equal(options with { Id = 0 }, pair.B.Announced.Single().Options);
    }

    [Fact]
    public void Negotiated_channels_open_without_a_word()
    {
        var pair = new HubPair(sctp: new SctpPolicy()).Connect();
        var options = new DataChannelOptions { Negotiated = true, Id = 7, Ordered = false };
        var (a, b) = (pair.A.Hub.Open(pair.Now, options)!, pair.B.Hub.Open(pair.Now, options)!);
        Assert.Null(pair.A.Hub.Open(pair.Now, options)); // in use
        pair.Text(pair.A, a, "x");
        pair.Text(pair.B, b, "y");
        pair.Run(1);
        Assert.Equal(["Opened 7", "Text 7 y"], pair.A.Said);
        Assert.Equal(["Opened 7", "Text 7 x"], pair.B.Said);
        Assert.All(Data(pair, 'a').Concat(Data(pair, 'b')), d => Assert.True(d.Unordered));
    }

    [Fact]
    public void Identifiers_follow_the_DTLS_role_and_are_used_again()
    {
        var pair = new HubPair().Connect();
        var first = pair.Open();
        var second = pair.Open();
        Assert.Equal((0, 2), ((int)first.Id!, (int)second.Id!));
        Assert.Equal(1, (int)pair.B.Hub.Open(pair.Now, new DataChannelOptions())!.Id!);
        pair.A.Hub.Close(pair.Now, first);
        pair.Run(3);
        var again = pair.Open(new DataChannelOptions { Label = "again" });
        Assert.Equal(0, (int)again.Id!);
        pair.Text(pair.A, again, "ordered from 0");
        pair.Run(1);
        Assert.Contains("Announced 0 'again'", pair.B.Said);
        Assert.Equal("Text 0 ordered from 0", pair.B.Said[^1]);
    }

    [Fact]
    public void Messages_are_as_large_as_the_peer_accepts()
    {
        var pair = new HubPair(policy: new DataChannelPolicy { RemoteMaxMessageSize = 200_000, LocalMaxMessageSize = 150_000 }).Connect();
        var channel = pair.Open();
        Assert.Equal(DataChannelSendResult.TooLarge, pair.Binary(pair.A, channel, new byte[200_001]));
        Assert.Equal(DataChannelSendResult.Accepted, pair.Binary(pair.A, channel, new byte[150_000]));
        pair.Run(10);
        Assert.Equal("Binary 0 150000 bytes", pair.B.Said[^1]);
        Assert.Equal(DataChannelSendResult.Accepted, pair.Binary(pair.A, channel, new byte[200_000]));
        pair.Run(10);
        Assert.Equal("Closed 0", pair.B.Said[^1]);
        Assert.Contains(pair.B.Discards, d => d.Rule == "RFC8841:6.1");
        Assert.Equal(DataChannelState.Closed, channel.State);
    }

    [Fact]
    public void A_side_that_takes_any_size_does()
    {
        var pair = new HubPair(policy: new DataChannelPolicy { RemoteMaxMessageSize = 0, LocalMaxMessageSize = 0 }).Connect();
        pair.Binary(pair.A, pair.Open(), new byte[400_000]);
        pair.Run(10);
        Assert.Equal("Binary 0 400000 bytes", pair.B.Said[^1]);
    }

    /// <summary>
    /// Each message is as large as this side has said it accepts, and all of them begin before one ends: together they are twice the receive buffer.
    /// </summary>
    [Fact]
    public void Messages_of_the_largest_size_come_at_once_on_many_channels()
    {
        var sctp = new SctpPolicy { Interleaving = true, UnfinishedShare = double.PositiveInfinity, SendBufferBytes = 8_000_000 };
        var pair = new HubPair(policy: new DataChannelPolicy { RemoteMaxMessageSize = 262_144 }, sctp: sctp).Connect();
        List<DataChannel> channels = [.. Enumerable.Range(0, 16).Select(_ => pair.A.Hub.Open(pair.Now, new DataChannelOptions())!)];
        pair.Run(1);
        foreach (var channel in channels) Assert.Equal(DataChannelSendResult.Accepted, pair.Binary(pair.A, channel, new byte[262_144]));
        pair.Run(60);
        Assert.Equal(16, pair.B.Messages.Count(m => m.Length == 262_144));
        Assert.DoesNotContain(pair.B.Said, s => s.StartsWith("Closed", StringComparison.Ordinal) || s.StartsWith("Disconnected", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_description_promises_to_take_the_association_takes()
    {
        var sctp = new SctpPolicy { MaxSendMessageBytes = 3_000_000, MaxReceiveMessageBytes = 1000, MaxUnfinishedBytes = 0 };
        var pair = new HubPair(policy: new DataChannelPolicy { RemoteMaxMessageSize = 0, LocalMaxMessageSize = 3_000_000 }, sctp: sctp).Connect();
        pair.Binary(pair.A, pair.Open(), new byte[3_000_000]);
        pair.Run(120);
        Assert.Equal("Binary 0 3000000 bytes", pair.B.Said[^1]);
    }

    [Fact]
    public void Parts_of_the_deprecated_PPIDs_are_bounded_on_all_channels_together()
    {
        var pair = new HubPair(policy: new DataChannelPolicy { LocalMaxMessageSize = 50_000, MaxPartBytes = 90_000 }).Connect();
        List<DataChannel> channels = [.. Enumerable.Range(0, 4).Select(_ => pair.A.Hub.Open(pair.Now, new DataChannelOptions())!)];
        pair.Run(1);
        void Raw(int channel, SctpPayloadProtocolIdentifier protocol, int bytes) =>
            pair.A.Hub.Association.Send(pair.Now, channels[channel].Id!.Value, protocol, new byte[bytes]);
        for (var i = 0; i < 3; i++) Raw(i, SctpPayloadProtocolIdentifier.WebRtcBinaryPartial, 40_000);
        pair.Run(5);
        Assert.Equal("Closed 4", pair.B.Said[^1]);
        Assert.Contains(pair.B.Discards, d => d is { Reason: WebRtcConformance.Stack.Foundation.DiscardReason.LimitReached, Rule: "policy" });
        Raw(0, SctpPayloadProtocolIdentifier.WebRtcBinary, 5_000); // sets the first part free
        pair.Run(5);
        Raw(3, SctpPayloadProtocolIdentifier.WebRtcBinaryPartial, 40_000);
        Raw(3, SctpPayloadProtocolIdentifier.WebRtcBinary, 1);
        pair.Run(5);
        Assert.Equal(["Binary 0 45000 bytes", "Binary 6 40001 bytes"], pair.B.Said.TakeLast(2));
    }

    /// <summary>The deprecated PPIDs 52 and 54: parts of a message, ended by 53 or 51.</summary>
    [Fact]
    public void Messages_in_parts_of_the_deprecated_PPIDs_are_put_together()
    {
        var pair = new HubPair().Connect();
        pair.Open();
        void Raw(SctpPayloadProtocolIdentifier protocol, string text) => pair.A.Hub.Association.Send(pair.Now, 0, protocol, System.Text.Encoding.UTF8.GetBytes(text));
        Raw(SctpPayloadProtocolIdentifier.WebRtcStringPartial, "hel");
        Raw(SctpPayloadProtocolIdentifier.WebRtcStringPartial, "lo ");
        Raw(SctpPayloadProtocolIdentifier.WebRtcString, "you");
        Raw(SctpPayloadProtocolIdentifier.WebRtcBinaryPartial, "12");
        Raw(SctpPayloadProtocolIdentifier.WebRtcBinary, "3");
        pair.Run(1);
        Assert.Equal(["Text 0 hello you", "Binary 0 3 bytes"], pair.B.Said.TakeLast(2));
    }

    [Fact]
    public void The_buffered_amount_sinks_to_its_threshold_once()
    {
        var pair = new HubPair(policy: new DataChannelPolicy { RemoteMaxMessageSize = 0 }).Connect();
        var channel = pair.Open();
        pair.A.Hub.SetBufferedAmountLowThreshold(channel, 50_000);
        for (var i = 0; i < 10; i++) pair.Binary(pair.A, channel, new byte[20_000]);
        Assert.Equal(200_000, pair.A.Hub.BufferedAmount(channel));
        pair.Run(10);
        Assert.Equal(0, pair.A.Hub.BufferedAmount(channel));
        Assert.Single(pair.A.Said, "BufferedAmountLow 0");
        Assert.Equal(10, pair.B.Messages.Count);
    }

    /// <summary>RFC 8831 section 6.7: all that was sent before a channel is closed arrives, under loss too; and many may be closed at once.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public void Closing_delivers_what_was_sent(double loss)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var pair = new HubPair(seed, new LinkPolicy { Loss = loss, Delay = TimeSpan.FromMilliseconds(10), Reorder = loss }).Connect();
            var channels = Enumerable.Range(0, 20).Select(i => pair.A.Hub.Open(pair.Now, new DataChannelOptions { Ordered = i % 2 == 0 })!).ToList();
            foreach (var channel in channels) pair.Binary(pair.A, channel, new byte[10_000]);
            foreach (var channel in channels) pair.A.Hub.Close(pair.Now, channel);
            Assert.True(pair.World.RunUntil(() => channels.All(c => c.State == DataChannelState.Closed) && pair.B.Hub.Channels.Count == 0, TimeSpan.FromMinutes(20)), $"seed {seed}: not closed");
            Assert.Equal(20, pair.B.Messages.Count(m => m.Length == 10_000));
            var again = pair.A.Hub.Open(pair.Now, new DataChannelOptions { Label = "again" })!;
            Assert.True(pair.World.RunUntil(() => again.State == DataChannelState.Open, TimeSpan.FromMinutes(10)), $"seed {seed}: not open again");
        }
    }

    [Fact]
    public void Both_may_close_at_the_same_time()
    {
        var pair = new HubPair().Connect();
        var channel = pair.Open();
        pair.A.Hub.Close(pair.Now, channel);
        pair.B.Hub.Close(pair.Now, pair.B.Announced[0]);
        pair.Run(5);
        Assert.Equal("Closed 0", pair.A.Said[^1]);
        Assert.Equal("Closed 0", pair.B.Said[^1]);
        Assert.Single(pair.A.Said, "Closed 0");
    }

    [Fact]
    public void The_end_of_the_association_closes_every_channel()
    {
        var pair = new HubPair().Connect();
        pair.Open();
        pair.Open();
        pair.A.Hub.Association.Abort(pair.Now, "enough");
        pair.Run(1);
        Assert.Equal(["Closed 0", "Closed 2", "Disconnected PeerAbort"], pair.B.Said.TakeLast(3));
        Assert.Equal(["Closed 0", "Closed 2", "Disconnected LocalAbort"], pair.A.Said.TakeLast(3));
        Assert.True(pair.A.Hub.Association.IsEmpty && pair.B.Hub.Association.IsEmpty);
    }

    [Fact]
    public void A_channel_beyond_the_peers_streams_is_closed()
    {
        var pair = new HubPair(sctpB: new SctpPolicy { InboundStreams = 4 });
        var channel = pair.A.Hub.Open(pair.Now, new DataChannelOptions { Id = 10 })!;
        pair.Connect();
        Assert.Equal(DataChannelState.Closed, channel.State);
        Assert.Null(pair.A.Hub.Open(pair.Now, new DataChannelOptions { Id = 4 }));
        Assert.NotNull(pair.A.Hub.Open(pair.Now, new DataChannelOptions { Id = 2 }));
    }

    /// <summary>RFC 8831 section 6.4: priorities are weights.</summary>
    [Fact]
    public void Priorities_are_weights()
    {
        var pair = new HubPair(link: new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), BitsPerSecond = 2_000_000 }, policy: new DataChannelPolicy { RemoteMaxMessageSize = 0 }).Connect();
        var low = pair.Open(new DataChannelOptions { Priority = 128 });
        var high = pair.Open(new DataChannelOptions { Priority = 512 });
        for (var i = 0; i < 40; i++)
        {
            pair.Binary(pair.A, low, new byte[16_000]);
            pair.Binary(pair.A, high, new byte[16_000]);
        }
        Assert.True(pair.World.RunUntil(() => pair.B.Said.Count(s => s.StartsWith($"Binary {high.Id}")) == 32, TimeSpan.FromMinutes(1)));
        Assert.InRange(pair.B.Said.Count(s => s.StartsWith($"Binary {low.Id}")), 7, 9); // a quarter
    }

    private static List<DataChunk> Data(HubPair pair, char from) => [.. pair.Sent.Where(s => s.From == from).SelectMany(s => s.Packet.Chunks).OfType<DataChunk>()];
}
