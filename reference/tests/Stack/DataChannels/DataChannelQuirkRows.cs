using System.Text;
using WebRtcConformance.Reference.Tests.Stack.Sctp;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Dcep;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.DataChannels;

/// <summary>The dialogues of the quirks of DCEP and data channels, between two hubs: the quirk at A unless said otherwise.</summary>
internal static class DataChannelQuirkRows
{
    private static readonly SctpPolicy Plain = new();

    public static IEnumerable<SctpQuirkTests.Row> All() => [.. Opening(), .. Messages(), .. Closing()];

    private static HubPair At(char end, QuirkSet quirks) => new HubPair(sctp: Plain, quirks: end == 'a' ? quirks : default, quirksB: end == 'b' ? quirks : default).Connect();

    /// <summary>What A says last when B, whose association is driven by hand, sends that.</summary>
    private static string Reaction(QuirkSet quirks, ushort stream, SctpPayloadProtocolIdentifier protocol, byte[] bytes, Func<HubPair, string>? look = null)
    {
        var pair = At('a', quirks);
        pair.B.Hub.Association.Send(pair.Now, stream, protocol, bytes);
        pair.Run(2);
        return look?.Invoke(pair) ?? string.Join(", ", pair.A.Said);
    }

    private static byte[] OpenMessage(DataChannelType type = DataChannelType.Reliable, uint reliability = 0) =>
        new DcepOpen { ChannelType = type, Priority = 256, ReliabilityParameter = reliability, Label = "l", Protocol = "" }.ToArray();

    private static string Resets(HubPair pair) => $"{pair.Sent.Count(s => s.From == 'a' && s.Packet.Chunks.OfType<WebRtcConformance.Wire.ReConfig.ReConfigChunk>().Any())} resets";

    private static IEnumerable<SctpQuirkTests.Row> Opening()
    {
        const SctpPayloadProtocolIdentifier dcep = SctpPayloadProtocolIdentifier.WebRtcDcep;
        yield return new(SctpQuirk.DcepOmitsAck, q =>
        {
            var pair = At('b', q);
            return pair.Open().State.ToString();
        }, "Open", "Connecting");
        yield return new(SctpQuirk.DcepSendsUnorderedBeforeAck, q =>
        {
            var pair = At('a', q);
            var channel = pair.A.Hub.Open(pair.Now, new DataChannelOptions { Ordered = false })!;
            pair.Text(pair.A, channel, "early");
            pair.Run(1);
            return string.Join(" ", pair.Sent.SelectMany(s => s.Packet.Chunks).OfType<DataChunk>().Where(d => d.PayloadProtocolIdentifier == SctpPayloadProtocolIdentifier.WebRtcString).Select(d => d.Unordered));
        }, "False", "True");
        yield return new(SctpQuirk.DcepChoosesWrongParity, q => { var pair = At('a', q); return $"{pair.Open().Id}: {string.Join(" ", pair.B.Said)}"; }, "0: Announced 0 'l'", "1: ");
        yield return new(SctpQuirk.DcepAcceptsWrongParity, q => Reaction(q, 2, dcep, OpenMessage()), "", "Announced 2 'l'");
        yield return new(SctpQuirk.DcepAcceptsUsedStream, q =>
        {
            var pair = At('a', q);
            for (var i = 0; i < 2; i++) pair.B.Hub.Association.Send(pair.Now, 1, dcep, OpenMessage());
            pair.Run(2);
            return string.Join(", ", pair.A.Said);
        }, "Announced 1 'l'", "Announced 1 'l', Announced 1 'l'");
        yield return new(SctpQuirk.DcepIgnoresMalformedMessage, q => Reaction(q, 1, dcep, [3, 0, 0], Resets), "1 resets", "0 resets");
        yield return new(SctpQuirk.DcepSendsOpenUnordered, q => { var pair = At('a', q); pair.Open(); return string.Join(" ", pair.B.Said); }, "Announced 0 'l'", "");
        yield return new(SctpQuirk.DcepUsesWrongProtocolIdentifier, q => { var pair = At('a', q); pair.Open(); return string.Join(" ", pair.B.Said); }, "Announced 0 'l'", "");
        yield return new(SctpQuirk.DcepIgnoresDataOnUnusedStream, q => Reaction(q, 1, SctpPayloadProtocolIdentifier.WebRtcString, [65], Resets), "1 resets", "0 resets");
        yield return new(SctpQuirk.DcepSendsReliabilityOfReliable, q =>
        {
            var pair = At('a', q);
            pair.Open();
            var data = pair.Sent.SelectMany(s => s.Packet.Chunks).OfType<DataChunk>().First();
            return DcepOpen.TryParse(data.UserData.Span, out var open, out _) ? $"{open.ReliabilityParameter}" : "malformed";
        }, "0", "1");
        yield return new(SctpQuirk.DcepRefusesReliabilityOfReliable, q => Reaction(q, 1, dcep, OpenMessage(reliability: 7)), "Announced 1 'l'", "");
        yield return new(SctpQuirk.DcepAcceptsUnknownChannelType, q => Reaction(q, 1, dcep, OpenMessage((DataChannelType)0x55)), "", "Announced 1 'l'");
    }

    private static IEnumerable<SctpQuirkTests.Row> Messages()
    {
        static string Sent(QuirkSet quirks, char end, bool text, byte[] bytes)
        {
            var pair = At(end, quirks);
            var channel = pair.Open();
            pair.A.Hub.Send(pair.Now, channel, text, bytes);
            pair.Run(1);
            return string.Join(" ", pair.B.Said.Skip(1));
        }

        yield return new(SctpQuirk.DataChannelSendsEmptyAsByte, q => Sent(q, 'a', false, []), "Binary 0 0 bytes", "Binary 0 1 bytes");
        yield return new(SctpQuirk.DataChannelDeliversEmptyAsByte, q => Sent(q, 'b', false, []), "Binary 0 0 bytes", "Binary 0 1 bytes");
        yield return new(SctpQuirk.DataChannelSwapsProtocolIdentifiers, q => Sent(q, 'a', true, "hi"u8.ToArray()), "Text 0 hi", "Binary 0 2 bytes");
        yield return new(SctpQuirk.DataChannelDeliversUnknownProtocolIdentifier, q =>
        {
            var pair = At('b', q);
            pair.Open();
            pair.A.Hub.Association.Send(pair.Now, 0, (SctpPayloadProtocolIdentifier)99, Encoding.ASCII.GetBytes("what"));
            pair.Run(2);
            return pair.B.Said[^1];
        }, "Closed 0", "Binary 0 4 bytes");
        yield return new(SctpQuirk.DataChannelIgnoresMaxMessageSize, q =>
        {
            var pair = At('a', q);
            var channel = pair.Open();
            return pair.Binary(pair.A, channel, new byte[65_537]).ToString();
        }, "TooLarge", "Accepted");
    }

    private static IEnumerable<SctpQuirkTests.Row> Closing()
    {
        yield return new(SctpQuirk.DataChannelDoesNotResetBack, q =>
        {
            var pair = At('b', q);
            var channel = pair.Open();
            pair.A.Hub.Close(pair.Now, channel);
            pair.Run(5);
            return channel.State.ToString();
        }, "Closed", "Closing");
    }
}
