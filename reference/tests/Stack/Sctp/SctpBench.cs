using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>One association, and a peer that is this test: it writes packets itself and looks at what comes back.</summary>
public sealed class SctpBench
{
    /// <summary>What the peer has said of itself.</summary>
    public const uint PeerTag = 0xB0B0B0B0, PeerTsn = 1000;

    private readonly byte[] _scratch = new byte[70_000];

    public SctpBench(QuirkSet quirks = default, SctpPolicy? policy = null, ulong seed = 5)
    {
        Policy = policy ?? new SctpPolicy();
        Association = new SctpAssociation(Policy, new Entropy(seed), quirks);
    }

    public SctpPolicy Policy { get; }
    public SctpAssociation Association { get; }
    public Instant Now { get; private set; } = Instant.Start + TimeSpan.FromSeconds(1);

    /// <summary>The association's tag and first TSN, as its INIT or INIT ACK had them.</summary>
    public uint Tag { get; private set; }

    public uint Tsn { get; private set; }

    public List<SctpPacket> Sent { get; } = [];
    public List<byte[]> SentBytes { get; } = [];
    public List<Discard> Discards { get; } = [];
    public List<string> Events { get; } = [];
    public List<(ushort Stream, string Text)> Messages { get; } = [];

    // ---- packets of the peer ----

    public SctpPacket Packet(uint tag, params SctpChunk[] chunks) => new() { SourcePort = Policy.RemotePort, DestinationPort = Policy.LocalPort, VerificationTag = tag, Chunks = [.. chunks] };

    /// <summary>Give the association a packet of these chunks, rightly addressed.</summary>
    public IReadOnlyList<SctpPacket> Give(params SctpChunk[] chunks) => Give(Packet(Tag, chunks));

    public IReadOnlyList<SctpPacket> Give(SctpPacket packet) => Give(packet.ToArray());

    /// <returns>What it answered at once.</returns>
    public IReadOnlyList<SctpPacket> Give(byte[] bytes)
    {
        var before = Sent.Count;
        Association.Receive(Now, bytes);
        Drain();
        return Sent.Skip(before).ToList();
    }

    public IReadOnlyList<SctpPacket> Wait(double seconds)
    {
        var before = Sent.Count;
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (Association.NextDeadline <= end)
        {
            Now = Instant.Max(Now, Association.NextDeadline);
            Association.Advance(Now);
            Drain();
        }
        Now = end;
        return Sent.Skip(before).ToList();
    }

    public void Drain()
    {
        while (Association.TryTake(out var output))
        {
            switch (output.Kind)
            {
                case SctpOutputKind.Transmit:
                    SentBytes.Add(output.Bytes.ToArray());
                    if (SctpPacket.TryParse(output.Bytes.Span, out var packet, out _)) Sent.Add(packet);
                    break;
                case SctpOutputKind.Received: Messages.Add((output.Stream, System.Text.Encoding.Latin1.GetString(output.Bytes.Span))); break;
                case SctpOutputKind.Discarded: Discards.Add(output.Discard); break;
                default: Events.Add(output.ToString()); break;
            }
        }
    }

    public InitChunk Init(params SctpParameter[] parameters) => new()
    {
        InitiateTag = PeerTag, AdvertisedReceiverWindowCredit = 100_000, OutboundStreams = 100, InboundStreams = 100, InitialTsn = PeerTsn, Parameters = [.. parameters],
    };

    /// <summary>Open the association, the peer as client.</summary>
    public SctpBench Open(params SctpParameter[] parameters)
    {
        if (parameters.Length == 0) parameters = Usual;
        var ack = (InitAckChunk)Give(Packet(0, Init(parameters))).Single().Chunks.Single();
        (Tag, Tsn) = (ack.InitiateTag, ack.InitialTsn);
        Give(new CookieEchoChunk { Cookie = ack.Parameters.OfType<StateCookieParameter>().Single().Cookie });
        Assert.Equal(SctpState.Established, Association.State);
        return this;
    }

    public static SctpParameter[] Usual => [new ForwardTsnSupportedParameter(), new WebRtcConformance.Wire.Asconf.SupportedExtensionsParameter { ChunkTypes = [SctpChunkType.ReConfig, SctpChunkType.ForwardTsn] }];

    /// <summary>DATA of the peer, the n-th (0 first).</summary>
    public static DataChunk Data(int n, string text, ushort stream = 0, ushort ssn = 0, bool unordered = false, bool beginning = true, bool ending = true) => new()
    {
        Tsn = PeerTsn + (uint)n, StreamIdentifier = stream, StreamSequenceNumber = ssn, Unordered = unordered, Beginning = beginning, Ending = ending,
        PayloadProtocolIdentifier = SctpPayloadProtocolIdentifier.WebRtcBinary, UserData = System.Text.Encoding.Latin1.GetBytes(text),
    };

    /// <summary>SACK of the peer for the association's first n chunks.</summary>
    public SackChunk Sack(int n, uint window = 100_000, params (int Start, int End)[] gaps) => new()
    {
        CumulativeTsnAck = (uint)(Tsn - 1 + n), AdvertisedReceiverWindowCredit = window,
        GapAckBlocks = [.. gaps.Select(g => new GapAckBlock { Start = (ushort)g.Start, End = (ushort)g.End })],
    };

    public void Send(string text, ushort stream = 0, SctpSendOptions options = default)
    {
        Assert.Equal(SctpSendResult.Accepted, Association.Send(Now, stream, SctpPayloadProtocolIdentifier.WebRtcBinary, System.Text.Encoding.Latin1.GetBytes(text), options));
        Drain();
    }

    /// <summary>"Sack", "CookieAck Sack", ...: what a list of packets holds; "-" for none.</summary>
    public static string Names(IEnumerable<SctpPacket> packets)
    {
        var names = string.Join(" | ", packets.Select(p => string.Join(" ", p.Chunks.Select(SctpPair.Name))));
        return names.Length == 0 ? "-" : names;
    }

    /// <summary>DATA chunks of some packets, as offsets to the first TSN.</summary>
    public IEnumerable<int> Tsns(IEnumerable<SctpPacket> packets) => packets.SelectMany(p => p.Chunks).OfType<DataChunk>().Select(d => (int)(d.Tsn - Tsn));

    public static IEnumerable<SctpErrorCause> Causes(IEnumerable<SctpPacket> packets) =>
        packets.SelectMany(p => p.Chunks).SelectMany(c => c switch { AbortChunk abort => abort.Causes, ErrorChunk error => error.Causes, _ => default });

    /// <summary>Bytes of the largest size that the test may give.</summary>
    public Span<byte> Scratch => _scratch;
}
