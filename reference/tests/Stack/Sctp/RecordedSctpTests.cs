using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>Packets that another implementation sent: Corpus/sctp. The datagrams in Corpus/packets carry SCTP too, but encrypted.</summary>
public class RecordedSctpTests
{
    private static readonly List<(string Sender, byte[] Bytes)> Usrsctp =
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "sctp", "usrsctp.txt"))
           where !line.StartsWith('#')
           select line.Split(' ') into columns
           select (columns[2], Convert.FromHexString(columns[3])),
    ];

    [Fact]
    public void All_are_read_and_written_again_byte_by_byte()
    {
        Assert.Equal(31, Usrsctp.Count);
        Assert.All(Usrsctp, packet =>
        {
            Assert.True(SctpPacket.TryParse(packet.Bytes, keepTrivia: true, out var parsed, out var error), error.ToString());
            Assert.True(SctpPacket.Verify(packet.Bytes, default, out error), error.ToString());
            Assert.Equal(packet.Bytes, parsed.ToArray());
        });
    }

    /// <summary>What a stranger gets: INIT is answered, for the rest section 8.4 says what to do.</summary>
    [Fact]
    public void A_closed_association_answers_each_as_section_8_4_says() => Assert.All(Usrsctp, packet =>
    {
        var bench = new SctpBench();
        var answer = SctpBench.Names(bench.Give(packet.Bytes));
        Assert.Equal(SctpPair.Packet(packet.Bytes).Chunks[0] switch
        {
            InitChunk => "InitAck",
            CookieEchoChunk or CookieAckChunk or ShutdownCompleteChunk => "-",
            ShutdownAckChunk => "ShutdownComplete",
            _ => "Abort",
        }, answer);
    });

    /// <summary>The client's packets, with this association's tag and cookie in the place of the server's, are a whole conversation.</summary>
    [Fact]
    public void The_conversation_can_be_played_again()
    {
        var bench = new SctpBench(policy: new SctpPolicy { InboundStreams = 100 });
        var ack = default(InitAckChunk);
        var answers = new List<string>();
        foreach (var (sender, bytes) in Usrsctp)
        {
            if (sender != "client") continue;
            var packet = SctpPair.Packet(bytes);
            var chunk = packet.Chunks[0] switch
            {
                CookieEchoChunk => new CookieEchoChunk { Cookie = ack!.Parameters.OfType<StateCookieParameter>().Single().Cookie },
                ShutdownChunk => new ShutdownChunk { CumulativeTsnAck = ack!.InitialTsn - 1 },
                var other => other,
            };
            if (chunk is SackChunk) continue; // of the server's data
            if (chunk is DataChunk { StreamIdentifier: 3, StreamSequenceNumber: 0 }) continue; // the one that was lost
            var answer = bench.Give(packet with { VerificationTag = ack?.InitiateTag ?? 0, Chunks = [chunk] });
            if (answer.FirstOrDefault()?.Chunks[0] is InitAckChunk first) ack = first;
            answers.Add($"{SctpPair.Name(chunk)}: {SctpBench.Names(answer)}");
            bench.Wait(0.3);
        }
        Assert.Equal(["hello", "unordered", "after"], bench.Messages.Select(m => m.Text));
        Assert.Contains("IncomingStreamsReset 0", bench.Events);
        Assert.Contains(bench.Events, e => e.StartsWith("StreamsAdded"));
        Assert.Equal(["Init: InitAck", "CookieEcho: CookieAck", "Data: Sack"], answers.Take(3));
        Assert.Equal(["Shutdown: ShutdownAck", "ShutdownComplete: -"], answers.TakeLast(2));
        Assert.Contains(answers, a => a.StartsWith("ForwardTsn"));
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: Shutdown"));
    }
}
