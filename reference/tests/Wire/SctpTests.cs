using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Wire.Tests;

/// <summary>SCTP packets as bytes that were put together elsewhere, checksums included.</summary>
public class SctpTests
{
    private const string Init = "13881388000000003010e5780100001faabbccdd000200000400080011223344c000000480080007c0808200";
    private const string SackAndData = "1388138801020304f469a302030000180000000a000012340001000100020003000000090003001100000007000100020000003378000000";

    private static SctpPacket Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(SctpPacket.TryParse(bytes, out var packet, out var error), error.ToString());
        Assert.True(SctpPacket.Verify(bytes, default, out error), error.ToString());
        return packet;
    }

    [Fact]
    public void Init_and_its_parameters()
    {
        var packet = Parse(Init);
        var init = Assert.IsType<InitChunk>(Assert.Single(packet.Chunks));
        Assert.Equal((0xAABBCCDDu, 131072u, 1024, 2048, 0x11223344u),
            (init.InitiateTag, init.AdvertisedReceiverWindowCredit, init.OutboundStreams, init.InboundStreams, init.InitialTsn));
        Assert.Equal([0xC000, 0x8008], init.Parameters.Select(p => (int)((OtherParameter)p).Type));
        Assert.Equal("c08082", ((OtherParameter)init.Parameters[1]).Value.ToString());
        Assert.Equal(Init, Convert.ToHexStringLower(packet.ToArray()));
    }

    [Fact]
    public void Sack_and_data_in_one_packet()
    {
        var packet = Parse(SackAndData);
        var sack = Assert.IsType<SackChunk>(packet.Chunks[0]);
        Assert.Equal([(2, 3)], sack.GapAckBlocks.Select(b => ((int)b.Start, (int)b.End)));
        Assert.Equal([9u], sack.DuplicateTsns);
        var data = Assert.IsType<DataChunk>(packet.Chunks[1]);
        Assert.Equal((false, false, true, true, 7u, 51u, "78"),
            (data.Immediate, data.Unordered, data.Beginning, data.Ending, data.Tsn, data.PayloadProtocolIdentifier, data.UserData.ToString()));
        Assert.Equal(SackAndData, Convert.ToHexStringLower(packet.ToArray()));
    }

    [Fact]
    public void A_view_finds_chunks_by_type_without_allocation()
    {
        var bytes = Convert.FromHexString(SackAndData);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(SctpPacket.View.TryParse(bytes, out var packet, out _));
        var found = packet.Chunks.TryFind(SctpChunkType.Data, out var chunk);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(found && chunk.TryGet(out DataChunk.View data) && data.UserData.SequenceEqual("x"u8));
        Assert.False(packet.Chunks.TryFind(SctpChunkType.Init, out _));
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(40)]
    public void One_wrong_bit_anywhere_shows_in_the_checksum(int at)
    {
        var bytes = Convert.FromHexString(SackAndData);
        bytes[at] ^= 1;
        Assert.True(SctpPacket.Accepts(bytes, out _));
        Assert.False(SctpPacket.Verify(bytes, default, out var error));
        Assert.Equal((WireErrorKind.Checksum, 8), (error.Kind, error.Offset));
    }

    [Fact]
    public void The_last_parameter_has_no_padding_and_may_come_with_it()
    {
        // Chunk length 0x1f leaves the padding out; 0x20 counts it.
        var counted = Convert.FromHexString(Init);
        counted[15] = 0x20;
        Assert.True(SctpPacket.TryParse(counted, out var packet, out var error), error.ToString());
        var init = (InitChunk)packet.Chunks[0];
        Assert.Equal("00", init.FinalPadding.ToString());
        Assert.Equal(2, init.Parameters.Count);
        Assert.Equal(Init, Convert.ToHexStringLower((packet with { Chunks = [init with { FinalPadding = default }] }).ToArray()));
    }

    [Fact]
    public void A_length_below_the_header_and_one_beyond_the_packet()
    {
        var bytes = Convert.FromHexString(SackAndData);
        (bytes[14], bytes[15]) = (0, 3);
        Assert.False(SctpPacket.Accepts(bytes, out var error));
        Assert.Equal((WireErrorKind.BadLength, "sctp/SackChunk.This", 16), (error.Kind, error.Path, error.Offset));
        (bytes[14], bytes[15]) = (1, 0);
        Assert.False(SctpPacket.Accepts(bytes, out error));
        Assert.Equal((WireErrorKind.Truncated, "sctp/SackChunk.This", 16), (error.Kind, error.Path, error.Offset));
    }

    [Fact]
    public void An_unknown_chunk_keeps_its_header()
    {
        var packet = new SctpPacket
        {
            SourcePort = 1, DestinationPort = 2, VerificationTag = 3,
            Chunks = [new OtherChunk { Type = (SctpChunkType)0xC1, Flags = 5, Value = "abc"u8 }, new CookieAckChunk { Flags = 0 }],
        };
        var bytes = packet.ToArray();
        Assert.Equal(12 + 8 + 4, bytes.Length);
        Assert.True(SctpPacket.TryParse(bytes, out var again, out var error), error.ToString());
        Assert.Equal(packet, again);
    }

    [Fact]
    public void A_forged_length_stands_under_a_right_checksum()
    {
        var bytes = Parse(SackAndData).ToForge().Chunks[1].AsDataChunk().Length.Off(1).Tree.Encode();
        Assert.Equal(0x12, bytes[39]);
        Assert.Equal(Crc32c.Compute([.. bytes[..8], 0, 0, 0, 0, .. bytes[12..]]), BitConverter.ToUInt32(bytes, 8));
    }
}
