using System.Text.RegularExpressions;

namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>Our decoding against tshark's, field by field: of what real implementations sent, and of messages that we draw.</summary>
public partial class TsharkTests
{
    private const int DrawnMessages = 300, DrawnAtMost = 20_000, ChoiceBytes = 400, MaxLength = 60_000, DifferencesShown = 25;

    /// <summary>What is compared: our message, tshark's protocol, its table, and more arguments.</summary>
    private sealed record Protocol(string Codec, string Name, string Map, IpProtocol Ip, params string[] Options)
    {
        /// <summary>What stands before a message in its datagram, and is not compared.</summary>
        public Func<byte[], byte[]> Before { get; init; } = _ => [];
    }

    private static readonly Protocol Stun = new("stun.message", "stun", "stun", IpProtocol.Udp),
        ChannelData = new("turn.channel-data", "turnchannel", "turn-channel-data", IpProtocol.Udp),
        Rtp = new("rtp.packet", "rtp", "rtp", IpProtocol.Udp),
        Rtcp = new("rtcp.compound", "rtcp", "rtcp", IpProtocol.Udp),
        Sctp = new("sctp.packet", "sctp", "sctp", IpProtocol.Sctp, "-o", "sctp.checksum:CRC 32c",
            // What user data may be, by its payload protocol identifier, is not compared.
            "--disable-protocol", "iua", "--disable-protocol", "m2ua", "--disable-protocol", "m3ua", "--disable-protocol", "sua", "--disable-protocol", "m2pa"),
        DtlsRecord = new("dtls12.dtls-plaintext", "dtls", "dtls-record", IpProtocol.Udp);

    [Fact]
    public void Recorded_Stun() => Compare(Stun, RecordedPackets.FromTo(0, 3));

    [Fact]
    public void Drawn_Stun() => CompareDrawn(Stun,
        ("tshark takes no methods from 0x80 on for STUN", tree => tree.Find("StunMessageType")!.Number >= 0x200),
        ("tshark compares the length of an algorithm's parameters with the rest the wrong way round",
            tree => Any(tree.Root, item => item.Field?.CsName == "ParametersLength" && item.Number > 0)));

    [Fact]
    public void Drawn_ChannelData() => CompareDrawn(ChannelData, ("tshark knows no padding over UDP", tree => tree.Find("Padding") is { Length: > 0 }));

    [Fact]
    public void Drawn_Rtp() => CompareDrawn(Rtp,
        ("the static payload types have dissectors of their own, which judge the payload, and 99 is taken for redundant audio (RFC 2198)",
            tree => tree.Find("PayloadType")!.Number is < 96 or 99),
        ("tshark does not look at what follows an element with ID 15", tree => Any(tree.Root, item => item is { Kind: WireItemKind.Number, Number: 15, Field.CsName: "Id" })));

    [Fact]
    public void Drawn_Rtcp() => CompareDrawn(Rtcp,
        ("tshark takes the chunks of a run length encoded block for 8 bytes more than they are, and refuses a block that nothing follows (RFC 3611 sections 4.1, 4.2)",
            tree => Any(tree.Root, item => item.Pdu?.CsName is "LossRleBlock" or "DuplicateRleBlock" && item.Offset + item.Length + 8 > tree.Root.Length)),
        ("tshark refuses the reserved symbol of transport-wide feedback", tree => Any(tree.Root, HasReservedSymbol)),
        ("tshark refuses runs, and symbols of packets that arrived, beyond the packets that the feedback is about", tree => Any(tree.Root, GoesBeyondThePackets)));

    private static bool HasReservedSymbol(WireItem item) => item.Pdu?.CsName is "PacketRunLengthChunk" or "TwoBitStatusVectorChunk"
        && Any(item, inner => inner is { Kind: WireItemKind.Number, Number: 3, Field.CsName: "Symbol" or "SymbolList" });

    /// <summary>The last packet chunk of transport-wide feedback is a run that goes beyond the packet status count, or a vector that beyond it has symbols
    /// of packets that arrived.</summary>
    private static bool GoesBeyondThePackets(WireItem item)
    {
        if (item.Pdu?.CsName != "TransportWideFeedback") return false;
        int Number(WireItem of, string field) => (int)of.Children.First(child => child.Field?.CsName == field).Number;
        var chunks = item.Children.First(child => child.Field?.CsName == "PacketChunks").Children.Select(chunk => chunk.Children[0].Children[0]).ToList();
        if (chunks.Count == 0) return false;
        bool IsRun(WireItem chunk) => chunk.Pdu?.CsName == "PacketRunLengthChunk";
        var spare = chunks.Sum(chunk => IsRun(chunk) ? Number(chunk, "RunLength") : chunk.Children[^1].Children.Count) - Number(item, "PacketStatusCount");
        return IsRun(chunks[^1]) ? spare > 0 : chunks[^1].Children[^1].Children.TakeLast(spare).Any(symbol => symbol.Number != 0);
    }

    [Fact]
    public void Drawn_Sctp() => CompareDrawn(Sctp,
        ("tshark takes a heartbeat to hold one parameter, its information (RFC 9260 section 3.3.5), where the spec file has a list", tree => Any(tree.Root, item =>
            item is { Field.CsName: "Information", Kind: WireItemKind.List } && !(item.Children.Count == 1 && Any(item, inner => inner.Pdu?.CsName == "HeartbeatInfoParameter")))));

    /// <summary>Every record that was sent in clear (epoch 0), each in a datagram of its own.</summary>
    [Fact]
    public void Recorded_Dtls_records() => Compare(DtlsRecord, [.. RecordedPackets.FromTo(20, 31).SelectMany(packet => Records(packet.Bytes).Where(record => record[3] == 0 && record[4] == 0)
        .Select(record => (packet.Source, record)))]);

    /// <summary>The records of a datagram (RFC 6347 section 4.1), up to the first one of DTLS 1.3's other form.</summary>
    private static IEnumerable<byte[]> Records(byte[] datagram)
    {
        for (var at = 0; at + 13 <= datagram.Length && datagram[at] < 32;)
        {
            var end = at + 13 + (datagram[at + 11] << 8 | datagram[at + 12]);
            yield return datagram[at..end];
            at = end;
        }
    }

    /// <param name="unwanted">What is not compared, besides what the map says, and why.</param>
    private static void CompareDrawn(Protocol protocol, params (string Why, Func<WireTree, bool> Is)[] unwanted)
    {
        var plan = WirePlans.Default.Of(WireCodecs.Find(protocol.Codec)!.Pdu);
        var random = new Random(20);
        var messages = new List<(string, byte[])>();
        var map = DissectionMap.Load(protocol.Map);
        var left = map.Undrawn.Select(undrawn => undrawn.What).Concat(unwanted.Select(kind => kind.Why)).ToDictionary(what => what, _ => 0);
        var compared = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < DrawnAtMost; i++)
        {
            var choices = new byte[ChoiceBytes];
            random.NextBytes(choices);
            var source = new Choices(choices.AsSpan(0, random.Next(ChoiceBytes)));
            var tree = WireDraw.Draw(plan, ref source);
            var bytes = tree.Encode();
            if (bytes.Length is 0 or > MaxLength) continue;
            var forbidden = NotDrawn(tree.Root, null, map).Concat(unwanted.Where(kind => kind.Is(tree)).Select(kind => kind.Why)).ToHashSet();
            foreach (var what in forbidden) left[what]++;
            if (forbidden.Count > 0) continue;
            var before = compared.Count;
            AddPdus(tree.Root, compared);
            // What is rare is compared too.
            if (messages.Count < DrawnMessages || compared.Count > before) messages.Add(($"drawn {i}", bytes));
        }
        var output = TestContext.Current.TestOutputHelper;
        foreach (var (what, why) in map.Undrawn) output?.WriteLine($"Not compared: {what}, {left[what]} messages left out: {why}");
        foreach (var (what, why) in map.Skipped) output?.WriteLine($"Not looked into: {what}: {why}");
        foreach (var (why, _) in unwanted) output?.WriteLine($"Not compared: {left[why]} messages left out: {why}");
        output?.WriteLine($"Compared: {messages.Count} messages, of {string.Join(", ", compared.Where(name => !map.Skips(name)))}");
        Assert.All(left, pair => Assert.True(pair.Value > 0, $"{protocol.Map}.map: no message is left out for {pair.Key}"));
        Compare(protocol, messages);
    }

    /// <summary>The lines of the map that forbid something in this item.</summary>
    private static IEnumerable<string> NotDrawn(WireItem item, WireItem? pdu, DissectionMap map)
    {
        if (item.Kind == WireItemKind.Pdu) pdu = item;
        var path = item.Kind == WireItemKind.Pdu ? item.Pdu!.CsName : $"{pdu!.Pdu!.CsName}.{item.Field?.CsName}";
        IEnumerable<string> own = item.Length > 0 || item.Kind is WireItemKind.Pdu or WireItemKind.Number
            ? map.NotDrawn(path, item.Kind == WireItemKind.Number ? item.Number : null) : [];
        return own.Concat(item.Children.SelectMany(child => NotDrawn(child, pdu, map)));
    }

    private static void AddPdus(WireItem item, ISet<string> names)
    {
        if (item.Kind == WireItemKind.Pdu) names.Add(item.Pdu!.CsName);
        foreach (var child in item.Children) AddPdus(child, names);
    }

    private static bool Any(WireItem item, Func<WireItem, bool> wanted) => wanted(item) || item.Children.Any(child => Any(child, wanted));

    private static void Compare(Protocol protocol, IReadOnlyList<(string Source, byte[] Bytes)> messages)
    {
        Assert.SkipUnless(TsharkProgram.IsInstalled, TsharkProgram.Missing);
        Assert.NotEmpty(messages);
        var plan = WirePlans.Default.Of(WireCodecs.Find(protocol.Codec)!.Pdu);
        var map = DissectionMap.Load(protocol.Map);
        var before = messages.Select(message => protocol.Before(message.Bytes)).ToList();
        var dissections = TsharkProgram.Dissect(protocol.Name, [.. messages.Zip(before, (message, prefix) => (byte[])[.. prefix, .. message.Bytes])], protocol.Ip, protocol.Options)
            .Zip(before, (fields, prefix) => fields.Where(field => field.Offset >= prefix.Length || field.Name == TsharkProgram.Malformed)
                .Select(field => field with { Offset = field.Offset - prefix.Length }).ToList());
        var differences = messages.Zip(dissections).SelectMany(pair =>
            DissectionComparison.Differences(plan, pair.First.Bytes, pair.Second, map).Select(text => (Text: text, pair.First.Source, pair.First.Bytes))).ToList();
        // One of each kind, so that many messages with one difference do not hide another.
        var kinds = differences.GroupBy(difference => Kind(difference.Text))
            .Select(group => $"{group.First().Text}\n    {group.First().Source}, {group.Count()} times: {Convert.ToHexStringLower(group.First().Bytes)}").ToList();
        Assert.True(kinds.Count == 0, $"{kinds.Count} kinds of difference in {messages.Count} messages\n{string.Join('\n', kinds.Take(DifferencesShown))}");
    }

    /// <summary>The text without numbers, bytes and shown values.</summary>
    private static string Kind(string difference) => Regex.Replace(difference, "'.*'|0x[0-9a-f]+|[0-9]+|[0-9a-f]{4,}", "");

    /// <summary>The comparison notices each way in which two dissections can differ.</summary>
    [Fact]
    public void A_difference_is_noticed()
    {
        var map = new DissectionMap(["h.length = StunMessage.MessageLength", "h.id = StunMessage.TransactionId", "h.good : 1", "h.time - a clock",
            "! StunMessage* - not in this test"], "test");
        var plan = WirePlans.Default.Of(WireCodecs.Find("stun.message")!.Pdu);
        byte[] bytes = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. "0123456789ab"u8];
        var id = Convert.ToHexStringLower(bytes[8..]);
        TsharkField[] good = [new("h.length", 2, 2, "0", "0000"), new("h.id", 8, 12, "", id), new("h.good", 0, 0, "1", ""), new("h.time", 0, 0, "5", "")];
        Assert.Empty(DissectionComparison.Differences(plan, bytes, good, map));
        Assert.All(new (TsharkField Field, string About)[]
        {
            (new("h.length", 2, 2, "4", "0004"), "our StunMessage.MessageLength is 0x0"),
            (new("h.length", 3, 2, "0", "0000"), "we have no StunMessage.MessageLength there"),
            (new("h.length", 2, 4, "0", "0000"), "we have no StunMessage.MessageLength there"),
            (new("h.id", 8, 12, "", "ff" + id[2..]), "our StunMessage.TransactionId is"),
            (new("h.good", 0, 0, "0", ""), "where 1 is right"),
            (new("h.new", 0, 1, "0", "00"), "is not in the map"),
        }, wrong => Assert.Contains(wrong.About, Assert.Single(DissectionComparison.Differences(plan, bytes, [wrong.Field], map))));
        var strict = new DissectionMap(["h.id = StunMessage.TransactionId", "! StunMessage - the whole", "! StunMessage.Z* - constant", "! StunMessage.S* - its type"], "test");
        Assert.Equal(["StunMessage.MessageLength at byte 2 (2 bytes) is not shown by tshark", "StunMessage.MagicCookie at byte 4 (4 bytes) is not shown by tshark"],
            DissectionComparison.Differences(plan, bytes, [good[1]], strict));
        Assert.Contains("refuses", Assert.Single(DissectionComparison.Differences(plan, bytes[..19], good, map)));
        Assert.Contains("does not take", Assert.Single(DissectionComparison.Differences(plan, bytes, [], map)));
    }
}
