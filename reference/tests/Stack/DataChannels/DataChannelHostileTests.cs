using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dcep;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.DataChannels;

/// <summary>A peer that sends anything on any stream with any PPID.</summary>
public class DataChannelHostileTests
{
    [Fact]
    public void Any_message_on_any_stream()
    {
        var all = QuirkSet.None;
        foreach (var quirk in Enum.GetValues<SctpQuirk>().Where(q => q.ToString().StartsWith('D'))) all = all.With(quirk);
        WireFormat[] formats = [.. WireFormat.All.Where(f => f.Name.StartsWith("dcep.", StringComparison.Ordinal))];
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var pair = new HubPair((ulong)seed, new LinkPolicy { Loss = seed % 3 * 0.1 }, new DataChannelPolicy { MaxChannels = 12, LocalMaxMessageSize = 5000 }, quirks: seed % 4 == 3 ? all : default).Connect();
            pair.A.Hub.Open(pair.Now, new DataChannelOptions());
            for (var i = 0; i < 120; i++)
            {
                var draw = new byte[random.Next(1, 60)];
                random.NextBytes(draw);
                var choices = new Choices(draw);
                var bytes = random.Next(3) switch
                {
                    0 => draw,
                    1 => new DcepOpen { ChannelType = (DataChannelType)random.Next(256), Priority = (ushort)random.Next(), ReliabilityParameter = (uint)random.Next(), Label = "l", Protocol = "" }.ToArray(),
                    _ => formats[random.Next(formats.Length)].Draw(ref choices),
                };
                if (bytes.Length == 0) bytes = [3];
                if (random.Next(10) == 0) bytes = new byte[random.Next(1, 8000)];
                pair.B.Hub.Association.Send(pair.Now, (ushort)random.Next(30), (SctpPayloadProtocolIdentifier)random.Next(48, 60), bytes, new SctpSendOptions { Unordered = random.Next(3) == 0 });
                if (random.Next(5) == 0) pair.B.Hub.Association.ResetStreams(pair.Now, (ushort)random.Next(30));
                if (random.Next(3) == 0) pair.Run(random.Next(100) / 100.0);
                Assert.InRange(pair.A.Hub.Channels.Count, 0, 12);
            }
            pair.Run(20);
            pair.A.Hub.Association.Abort(pair.Now);
            pair.Run(1);
            Assert.Empty(pair.A.Hub.Channels);
            Assert.True(pair.A.Hub.Association.IsEmpty);
        }
    }

    [Fact]
    public void The_longest_label_and_protocol_come_through()
    {
        var pair = new HubPair().Connect();
        var channel = pair.Open(new DataChannelOptions { Label = new string('l', 65_535), Protocol = new string('p', 65_535) });
        pair.Run(10);
        Assert.Equal(DataChannelState.Open, channel.State);
        Assert.Equal((65_535, 65_535), (pair.B.Announced.Single().Options.Label.Length, pair.B.Announced.Single().Options.Protocol.Length));
    }

    [Fact]
    public void The_peer_may_open_as_many_channels_as_the_policy_says()
    {
        var pair = new HubPair(policy: new DataChannelPolicy { MaxChannels = 5 }).Connect();
        var open = new DcepOpen { ChannelType = DataChannelType.Reliable, Priority = 256, ReliabilityParameter = 0, Label = "", Protocol = "" }.ToArray();
        for (var i = 0; i < 20; i++) pair.B.Hub.Association.Send(pair.Now, (ushort)(2 * i + 1), SctpPayloadProtocolIdentifier.WebRtcDcep, open);
        pair.Run(5);
        Assert.Equal(5, pair.A.Said.Count(s => s.StartsWith("Announced")));
        Assert.Equal(5, pair.A.Hub.Channels.Count);
    }
}
