using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Cli;
using WebRtcConformance.Conformance.Tests.Wcap;
using WebRtcConformance.Simulation.Capture;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Conformance.Tests.Cli;

public class DecodeCommandTests : CliTest
{
    private const string Request = "000100002112a442b7e7a701bc34d686fa87dfae", Rtp = "80600001000000020000000301020304";

    [Fact]
    public void Each_line_names_a_field_its_value_and_its_section()
    {
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", Request));
        Assert.StartsWith("stun.message, 20 bytes\n", Out);
        Assert.Contains("    2    Message Length = 0    RFC8489 section 5\n", Out);
        Assert.Contains("Class 0x0 request", Out);
    }

    [Fact]
    public void What_is_wrong_is_shown_and_named_with_node_byte_and_clause()
    {
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", Request.Replace("00010000", "00010003")));
        Assert.Contains("Message Length = 3", Out);
        Assert.Contains("stun/StunMessage/length-multiple-of-4 at byte 2: BadValue (RFC8489 section 5)", Out);
    }

    [Theory]
    [InlineData("stun.message", Request)]
    [InlineData("stun.message", "00010004" + "2112a442")] // refused, but the cookie says what it means to be
    [InlineData("turn.channel-data", "40000000")]
    [InlineData("rtp.packet", Rtp)]
    [InlineData("dcep.ack", "02")]
    [InlineData("dtls12.dtls-plaintext", "15fefd00000000000000010002" + "0100")]
    [InlineData("rtcp.compound", "80c90001" + "11111111")] // refused, but nothing else either
    [InlineData("sctp.packet", "1388138800000000802ff6390b000004")]
    [InlineData("dcep.open", "0300000000000000" + "00000000")]
    [InlineData("reduced-size-rtcp.reduced-size-rtcp-packet", "81ce0002" + "11111111" + "22222222")] // a picture loss indication alone: no report comes first
    [InlineData("reduced-size-rtcp.reduced-size-rtcp-packet", "81cd0003" + "11111111" + "22222222" + "00010000")] // a generic NACK
    [InlineData("reduced-size-rtcp.reduced-size-rtcp-packet", "81ce0009" + "11111111")] // refused, but no report comes first
    [InlineData("sdp.session-description", "v=1")]
    [InlineData("ice-sdp.candidate", "candidate:1 1 UDP 7 10.0.0.1 9 typ host")]
    [InlineData("turn-uri.turn-uri", "turns:example.org:443?transport=tcp")]
    public void The_type_is_told_by_the_first_byte_or_by_who_accepts(string type, string hex)
    {
        Wrc("decode", hex);
        Assert.StartsWith(type + ", ", Out);
    }

    [Fact]
    public void Each_record_of_a_datagram_is_shown()
    {
        const string alert = "15fefd00000000000000010002" + "0100", change = "14fefd00000000000000020001" + "01";
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", alert + change));
        Assert.Equal(2, Out.Split("dtls12.dtls-plaintext, ").Length - 1);
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "--type", "dtls12.dtls-plaintext", alert + change));
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", alert + change[..^2]));
    }

    [Fact]
    public void As_JSON_a_message_is_one_line()
    {
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--json", Rtp));
        var json = JsonDocument.Parse(Out).RootElement;
        Assert.Equal(("rtp.packet", 16, Rtp, true), (json.GetProperty("type").GetString(), json.GetProperty("length").GetInt32(), json.GetProperty("bytes").GetString(), json.GetProperty("accepted").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("error").ValueKind);
        Assert.Equal("01020304", json.GetProperty("value").GetProperty("payload").GetString());

        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "--json", "--type", "rtp.packet", "80"));
        var error = JsonDocument.Parse(Out).RootElement.GetProperty("error");
        Assert.Equal(("truncated", 1, "RFC3550", "5.1"), (error.GetProperty("kind").GetString(), error.GetProperty("offset").GetInt32(), error.GetProperty("document").GetString(), error.GetProperty("section").GetString()));
        Assert.StartsWith("rtp/RtpPacket", error.GetProperty("path").GetString());
    }

    [Fact]
    public void Checksums_are_compared_when_there_is_a_password()
    {
        const string vector = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1512"
            + "63b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--password", "VOkJxbRl1RmTxUk/WvJxBt", vector));
        Assert.EndsWith("every checksum verifies\n", Out);
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "--password", "another", vector));
        Assert.Contains("refused: MessageIntegrity.Hmac at byte 80: wrong checksum (RFC8489 section 14.5)", Out);
    }

    [Fact]
    public void Of_a_capture_every_datagram_is_shown()
    {
        using (var file = File.Create(At("call.pcapng")))
        {
            var writer = new PcapngWriter(file);
            var all = writer.AddInterface("all");
            writer.WriteDatagram(all, Instant.Start, TransportAddress.Parse("192.0.2.1:5000"), TransportAddress.Parse("192.0.2.2:6000"), Convert.FromHexString(Request));
            writer.WriteDatagram(all, Instant.Start, TransportAddress.Parse("[2001:db8::1]:5000"), TransportAddress.Parse("[2001:db8::2]:6000"), Convert.FromHexString(Rtp));
        }

        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "@" + At("call.pcapng")));
        Assert.Contains("packet 1, 192.0.2.1:5000 > 192.0.2.2:6000: stun.message, 20 bytes\n", Out);
        Assert.Contains("packet 2, [2001:db8::1]:5000 > [2001:db8::2]:6000: rtp.packet, 16 bytes\n", Out);

        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--json", "@" + At("call.pcapng")));
        Assert.Equal(["192.0.2.1:5000", "[2001:db8::1]:5000"], Out.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("source").GetString()!));
    }

    /// <summary>The classic format in both byte orders, and the headers before IP that captures have.</summary>
    [Theory]
    [InlineData(false, 101, "")]
    [InlineData(true, 101, "")]
    [InlineData(false, 1, "0102030405060a0b0c0d0e0f0800")]
    [InlineData(false, 1, "0102030405060a0b0c0d0e0f810000070800")]
    [InlineData(true, 113, "00000001000600000000000000000800")]
    [InlineData(false, 276, "0800000000000001000100060000000000000000")]
    [InlineData(false, 0, "02000000")]
    public void Captures_of_other_programs_are_read(bool bigEndian, int linkType, string header)
    {
        var packet = Convert.FromHexString(header + "450000300000000040110000c0000201c00002021388177000" + "1c0000" + Request);
        File.WriteAllBytes(At("call.pcap"), Pcap(bigEndian, linkType, packet));
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "@" + At("call.pcap")));
        Assert.StartsWith("packet 1, 192.0.2.1:5000 > 192.0.2.2:6000: stun.message, 20 bytes\n", Out);
    }

    private static byte[] Pcap(bool bigEndian, int linkType, byte[] packet)
    {
        byte[] U32(uint value) => bigEndian == BitConverter.IsLittleEndian ? [.. BitConverter.GetBytes(value).Reverse()] : BitConverter.GetBytes(value);
        byte[] U16(ushort value) => bigEndian == BitConverter.IsLittleEndian ? [.. BitConverter.GetBytes(value).Reverse()] : BitConverter.GetBytes(value);
        return [.. U32(0xA1B2C3D4), .. U16(2), .. U16(4), .. U32(0), .. U32(0), .. U32(65535), .. U32((uint)linkType),
            .. U32(1), .. U32(2), .. U32((uint)packet.Length), .. U32((uint)packet.Length), .. packet];
    }

    [Fact]
    public void A_damaged_capture_is_shown_as_far_as_it_goes()
    {
        var whole = Pcap(false, 101, Convert.FromHexString("450000300000000040110000c0000201c000020213881770001c0000" + Request));
        for (var length = 0; length < whole.Length + 20; length++)
        {
            File.WriteAllBytes(At("cut.pcap"), ((byte[])[.. whole, .. whole.AsSpan(24, 20)])[..length]);
            int code = Wrc("decode", "@" + At("cut.pcap"));
            // Up to the first byte that is missing nothing is there; "packet 1" needs all of the first one.
            Assert.Equal(length >= whole.Length, Out.StartsWith("packet 1", StringComparison.Ordinal));
            if (length >= 4) Assert.Equal(length >= whole.Length ? ExitCode.AsExpected : ExitCode.Usage, code);
            if (length > whole.Length) Assert.Contains($"the packet at byte {whole.Length} is cut off", Error);
        }
    }

    [Fact]
    public void Any_bytes_are_read_as_a_capture_without_an_exception()
    {
        var random = new Random(1);
        byte[][] starts = [[0x0A, 0x0D, 0x0D, 0x0A], [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1]];
        for (var round = 0; round < 2000; round++)
        {
            var rest = new byte[random.Next(80)];
            random.NextBytes(rest);
            for (var i = 0; i < rest.Length; i++) if (random.Next(3) > 0) rest[i] = (byte)random.Next(3);
            File.WriteAllBytes(At("any"), [.. starts[round % 3], .. rest]);
            Assert.Equal(ExitCode.Usage, Wrc("decode", "@" + At("any")));
        }
    }

    private const string Offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 96\r\na=rtcp-fb:96 nack pli\r\na=ice-options:ice2\r\n";

    [Fact]
    public void A_text_is_shown_part_by_part()
    {
        File.WriteAllText(At("offer.sdp"), Offer);
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "sdp", At("offer.sdp")));
        Assert.StartsWith("sdp.session-description, 106 bytes\n    0  SessionDescription    RFC8866 section 9\n", Out);
        Assert.Contains("Nack = \" pli\" Pli", Out);
        string whole = Out;
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "@" + At("offer.sdp")));
        Assert.Equal(whole, Out);
        Input = Offer;
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--type", "sdp", "-"));
        Assert.Equal(whole, Out);
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "sdp.session-description", Offer));
        Assert.Equal(whole, Out);
    }

    [Fact]
    public void The_name_of_an_attribute_is_the_type_of_its_text()
    {
        File.WriteAllText(At("line"), "candidate:1 1 UDP 7 10.0.0.1 9 typ host\n");
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "candidate", At("line"), "--json"));
        Assert.Equal(7, JsonDocument.Parse(Out).RootElement.GetProperty("value").GetProperty("priority").GetInt32());
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "candidate", "candidate:1 257 UDP 7 10.0.0.1 9 typ host"));
        Assert.Contains("   12    ComponentId = \"257\"", Out);
        Assert.EndsWith("a strict parser refuses: Candidate.ComponentId at byte 12: bad value (RFC8839 section 5.1)\n", Out);
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "candidate:1", "1", "UDP", "x"));
        Assert.Contains("    0  \"candidate:1 1 UDP \" then \"x\"\na strict parser refuses: priority at byte 18", Out);
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "rtcp-fb", "a=rtcp-fb:96 nack pli"));
        Complains(ExitCode.Usage, "there is no message type 'candidat'", "decode", "candidat", "x");
    }

    [Fact]
    public void A_tolerant_reading_says_what_it_overlooked()
    {
        File.WriteAllText(At("offer.sdp"), Offer.Replace("\r\n", "\n").Replace("ice2", "ice2,trickle"));
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "sdp", At("offer.sdp")));
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "sdp", At("offer.sdp"), "--tolerant"));
        Assert.Contains("read with the relaxation bare-lf (RFC8866 section 5)\n", Out);
        Assert.Contains("read with the relaxation ice-options-with-commas (RFC8839 section 5.6)\n", Out);
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "sdp", At("offer.sdp"), "--tolerant", "--json"));
        Assert.Equal(2, JsonDocument.Parse(Out).RootElement.GetProperty("relaxations").GetArrayLength());
        Assert.Equal(ExitCode.Unexpected, Wrc("decode", "sdp", "v=1", "--tolerant"));
    }

    [Fact]
    public void A_text_too_long_to_be_interpreted_is_no_input()
    {
        File.WriteAllText(At("long.sdp"), "v=0\r\n" + new string('a', 200_000));
        Complains(ExitCode.Usage, "more than 128 KiB", "decode", At("long.sdp"));
    }

    /// <summary>What --json writes of good and of damaged messages is as --schema says, for packets and for texts.</summary>
    [Theory]
    [InlineData("stun.message")]
    [InlineData("rtcp.compound")]
    [InlineData("sctp.packet")]
    [InlineData("sdp.session-description")]
    [InlineData("ice-sdp.candidate")]
    [InlineData("rtcp-fb.rtcp-fb")]
    [InlineData("uri.uri-reference")]
    [InlineData("trickle-ice.sdp-fragment")]
    [InlineData("simulcast.simulcast")]
    public void The_schema_describes_the_JSON(string name)
    {
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--schema", name));
        var schema = JsonNode.Parse(Out)!.AsObject();
        Assert.Equal(MessageFormats.Find(name)!.Title, (string)schema["title"]!);
        var validator = new SchemaValidator(schema);
        Assert.NotNull(validator.Fault(JsonNode.Parse("""{"no":"such thing"}""")));
        var random = new Random(4);
        for (var round = 0; round < 60; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var choices = new Choices(bytes);
            var format = MessageFormats.Find(name)!;
            var message = format.Draw(ref choices);
            if (round % 3 == 2) message = format.Mutate(message, default, ref choices);
            File.WriteAllBytes(At("message"), message);
            Wrc("decode", "--type", name, "--binary", "--json", "@" + At("message"));
            var value = JsonNode.Parse(Out)!["value"];
            Assert.True(validator.Fault(value) is null, $"{validator.Fault(value)}\n{Out}");
        }
    }

    [Fact]
    public void The_types_are_listed()
    {
        Assert.Equal(ExitCode.AsExpected, Wrc("decode", "--list"));
        Assert.Contains("stun.message\n", Out);
        Assert.Contains("sdp.session-description\n", Out);
        Assert.Contains("ice-sdp.candidate\n", Out);
        Complains(ExitCode.Usage, "nothing to decode", "decode");
    }
}
