using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Dtls13;
using WebRtcConformance.Wire.Dtls13Record;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Wire.Tests;

/// <summary>Everything that eleven implementations sent in the clear decodes to its last field, and is written back byte for byte.</summary>
public class DtlsPacketTests
{
    public static TheoryData<string> Files => new(DtlsPackets.All.Select(p => p.File).Distinct());

    [Theory]
    [MemberData(nameof(Files))]
    public void Datagrams_are_read_to_their_records_and_written_back(string file)
    {
        foreach (var packet in DtlsPackets.All.Where(p => p.File == file))
        {
            Assert.True(Dtls13Datagram.TryParse(packet.Bytes, keepTrivia: true, out var datagram, out var error), error.ToString());
            Assert.Equal(packet.Bytes, datagram.ToArray());
            Assert.NotEmpty(datagram.Records);
            foreach (var record in datagram.Records)
                Assert.DoesNotContain("Unknown", (record.Content is DtlsRecord r ? r.Content : record.Content).GetType().Name);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Handshake_messages_are_read_to_the_last_field_and_written_back(string file)
    {
        var messages = DtlsPackets.Messages.Where(m => m.File == file).ToArray();
        Assert.NotEmpty(messages);
        foreach (var message in messages)
        {
            var codec = message.Is13 ? "dtls13.handshake13" : "dtls12.handshake";
            Assert.True(WireCodecs.Find(codec)!.TryParse(message.Bytes, keepTrivia: true, out var read, out var error), $"{codec}: {error}");
            Assert.Equal(Convert.ToHexString(message.Bytes), Convert.ToHexString(read.ToArray()));
            // Every choice was decided: no type of message and no extension was left as raw bytes.
            Assert.DoesNotContain("Unknown", read.ToString());
        }
    }

    [Fact]
    public void A_ClientHello_of_DTLS_1_3_is_one_of_DTLS_1_2_too()
    {
        foreach (var message in DtlsPackets.Messages.Where(m => m.Is13 && m.Bytes[0] == 1))
        {
            Assert.True(Handshake.TryParse(message.Bytes, out var read, out var error), error.ToString());
            Assert.Contains(Assert.IsType<ClientHello>(read).Extensions!.Value, e => e is ClientHelloKeyShare);
        }
    }

    [Fact]
    public void All_kinds_of_message_that_a_handshake_in_the_clear_has_are_in_the_recordings()
    {
        Assert.Equal([1, 2, 3, 4, 11, 12, 13, 14, 15, 16], DtlsPackets.Messages.Where(m => !m.Is13).Select(m => (int)m.Bytes[0]).Distinct().Order());
        Assert.Equal([1, 2], DtlsPackets.Messages.Where(m => m.Is13).Select(m => (int)m.Bytes[0]).Distinct().Order());
    }
}
