using WebRtcConformance.Wire.Rtcp;

namespace WebRtcConformance.Wire.Tests;

/// <summary>RTCP compound packets.</summary>
public class RtcpTests
{
    // SR with one report block (7 lost fewer than nothing: -7), SDES with CNAME "ab", BYE with a reason.
    private const string Compound =
        "81c8000c" + "11111111" + "0102030405060708" + "0000000a" + "00000005" + "00000190"
        + "22222222" + "05fffff9" + "00010203" + "00000004" + "00000000" + "00000000"
        + "81ca0003" + "11111111" + "0102" + "6162" + "00" + "000000"
        + "81cb0002" + "11111111" + "03627965";

    [Fact]
    public void Sender_report_source_description_goodbye()
    {
        Assert.True(RtcpCompound.TryParse(Convert.FromHexString(Compound), out var compound, out var error), error.ToString());
        var report = Assert.IsType<SenderReport>(compound.Packets[0]);
        var block = Assert.Single(report.ReportBlocks);
        Assert.Equal((0x11111111u, 0x0102030405060708ul, -7, (byte)5), (report.Ssrc, report.NtpTimestamp, block.CumulativeLost, block.FractionLost));
        var chunk = Assert.Single(Assert.IsType<SourceDescription>(compound.Packets[1]).Chunks);
        Assert.Equal("ab", Assert.IsType<SdesCname>(Assert.Single(chunk.Items)).Text);
        Assert.Equal("bye", Assert.IsType<Goodbye>(compound.Packets[2]).Reason?.Text);
        Assert.Equal(Compound, Convert.ToHexStringLower(compound.ToArray()));
    }

    [Fact]
    public void A_signed_count_has_to_fit_its_bits()
    {
        Assert.True(RtcpCompound.TryParse(Convert.FromHexString(Compound), out var compound, out _));
        var report = (SenderReport)compound.Packets[0];
        RtcpCompound With(int lost) => compound with { Packets = [report with { ReportBlocks = [report.ReportBlocks[0] with { CumulativeLost = lost }] }, .. compound.Packets.Skip(1)] };
        Assert.Equal(compound.ToArray().Length, With(-0x800000).ToArray().Length);
        Assert.Throws<WireValueException>(() => With(0x800000).ToArray());
    }

    [Fact]
    public void Text_of_every_length_is_UTF8_at_every_place()
    {
        for (var length = 0; length <= 40; length++)
            for (var at = 0; at < length; at++)
            {
                var name = new string('a', length).ToCharArray();
                name[at] = 'é';
                var good = SourceDescriptionOf(System.Text.Encoding.UTF8.GetBytes(name));
                Assert.True(RtcpCompound.Accepts(good, out var error), $"{length} letters, é at {at}: {error}");
                // One octet of the two alone is no character.
                var bad = SourceDescriptionOf([.. name.Select(letter => (byte)(letter == 'é' ? 0xC3 : letter))]);
                Assert.False(RtcpCompound.Accepts(bad, out error));
                Assert.Equal((WireErrorKind.BadText, 18), (error.Kind, error.Offset));
            }
    }

    /// <summary>A receiver report, and a CNAME.</summary>
    private static byte[] SourceDescriptionOf(byte[] name)
    {
        var chunk = new byte[(4 + 2 + name.Length + 1 + 3) & ~3];
        chunk[4] = 1;
        chunk[5] = (byte)name.Length;
        name.CopyTo(chunk, 6);
        return [0x80, 201, 0, 1, 0, 0, 0, 1, 0x81, 202, 0, (byte)(chunk.Length / 4), .. chunk];
    }

    [Fact]
    public void Padding_is_part_of_the_packet_that_says_so()
    {
        var padded = Convert.FromHexString("a1cb0002" + "11111111" + "00000004");
        Assert.False(RtcpCompound.Accepts(padded, out var error));
        Assert.Equal((WireErrorKind.Order, "rtcp/RtcpCompound/first-is-a-report"), (error.Kind, error.Path));
        var compound = Convert.FromHexString("80c90001" + "11111111" + "81ca0002" + "11111111" + "00000000").Concat(padded).ToArray();
        Assert.True(RtcpCompound.TryParse(compound, out var read, out error), error.ToString());
        Assert.Equal("000000", Assert.IsType<Goodbye>(read.Packets[2]).Padding?.Octets.ToString());
        Assert.Null(((Goodbye)read.Packets[2]).Reason);
        Assert.Equal(compound, read.ToArray());
    }

    [Theory]
    [InlineData("80c90001" + "11111111" + "a1cb0004" + "11111111" + "01610000" + "00000000" + "00060006", WireErrorKind.BadValue, "rtcp/RtcpPadding/padding-in-words")]
    [InlineData("80c90001" + "11111111" + "a1cb0002" + "11111111" + "00000000", WireErrorKind.BadLength, "rtcp/RtcpPadding.Octets")]
    [InlineData("80c90001" + "11111111" + "a1cb0002" + "11111111" + "0000000c", WireErrorKind.Truncated, "rtcp/Goodbye.Padding")]
    [InlineData("a0c90002" + "11111111" + "00000004" + "80c90001" + "11111111", WireErrorKind.Order, "rtcp/RtcpCompound/only-the-last-is-padded")]
    [InlineData("81ca0002" + "11111111" + "00000000" + "80c90001" + "11111111", WireErrorKind.Order, "rtcp/RtcpCompound/first-is-a-report")]
    [InlineData("80c90000", WireErrorKind.Truncated, "rtcp/ReceiverReport.Ssrc")]
    [InlineData("80c90002" + "11111111", WireErrorKind.Truncated, "rtcp/ReceiverReport.This")]
    [InlineData("80c90001" + "11111111" + "81ca0002" + "11111111" + "01020000", WireErrorKind.Truncated, "rtcp/SdesChunk.End")]
    public void What_is_wrong_is_named(string hex, WireErrorKind kind, string path)
    {
        Assert.False(RtcpCompound.Accepts(Convert.FromHexString(hex), out var error));
        Assert.Equal((kind, path), (error.Kind, error.Path));
    }
}
