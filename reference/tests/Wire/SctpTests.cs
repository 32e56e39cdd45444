using WebRtcConformance.Wire.Asconf;
using WebRtcConformance.Wire.Auth;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Pad;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;
using WebRtcConformance.Wire.ZeroChecksum;

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
        Assert.IsType<ForwardTsnSupportedParameter>(init.Parameters[0]);
        Assert.Equal([0xC0, 0x80, 0x82], Assert.IsType<SupportedExtensionsParameter>(init.Parameters[1]).ChunkTypes.Select(t => (int)t));
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
            (data.Immediate, data.Unordered, data.Beginning, data.Ending, data.Tsn, (uint)data.PayloadProtocolIdentifier, data.UserData.ToString()));
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
            Chunks = [new OtherChunk { Type = (SctpChunkType)0x3F, Flags = 5, Value = "abc"u8 }, new CookieAckChunk()],
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

    private static T Chunk<T>(string hex) where T : SctpChunk
    {
        var bytes = Convert.FromHexString(("1388138811223344" + "00000000" + hex).Replace(" ", ""));
        Assert.True(SctpPacket.TryParse(bytes, keepTrivia: true, out var packet, out var error), error.ToString());
        return Assert.IsType<T>(packet.Chunks[^1]);
    }

    [Fact]
    public void Parameters_of_INIT_ACK()
    {
        var ack = Chunk<InitAckChunk>("02000022 11223344 00020000 0400 0800 000000c8 0007 0007 aabbcc00 0008 0006 8042 0000");
        Assert.Equal("aabbcc", Assert.IsType<StateCookieParameter>(ack.Parameters[0]).Cookie.ToString());
        Assert.Equal("8042", Assert.IsType<UnrecognizedParameterParameter>(ack.Parameters[1]).Value.ToString());
        Assert.Equal((1024, 2048, 200u), (ack.OutboundStreams, ack.InboundStreams, ack.InitialTsn));
    }

    [Fact]
    public void Causes_of_ERROR()
    {
        var error = Chunk<ErrorChunk>("09000032 0001 0008 0007 0000  0003 0008 000003e8  0004 0004  0007 0004  0009 0008 00000064  000a 0004  0002 000a 00000001 0007 0000");
        Assert.Equal(7, Assert.IsType<InvalidStreamIdentifierCause>(error.Causes[0]).StreamIdentifier);
        Assert.Equal(1000u, Assert.IsType<StaleCookieCause>(error.Causes[1]).MeasureOfStaleness);
        Assert.IsType<OutOfResourceCause>(error.Causes[2]);
        Assert.IsType<InvalidMandatoryParameterCause>(error.Causes[3]);
        Assert.Equal(100u, Assert.IsType<NoUserDataCause>(error.Causes[4]).Tsn);
        Assert.IsType<CookieReceivedWhileShuttingDownCause>(error.Causes[5]);
        Assert.Equal([SctpParameterType.StateCookie], Assert.IsType<MissingMandatoryParameterCause>(error.Causes[6]).MissingParamTypes);
    }

    [Fact]
    public void Reasons_and_reflected_tags()
    {
        var abort = Chunk<AbortChunk>("0601000c 000c 0008 676f6e65");
        Assert.True(abort.TagReflected);
        Assert.Equal("gone"u8.ToArray(), Assert.IsType<UserInitiatedAbortCause>(Assert.Single(abort.Causes)).Reason.ToArray());
        Assert.False(Chunk<ShutdownCompleteChunk>("0e000004").TagReflected);
    }

    [Fact]
    public void Streams_are_reset_and_skipped()
    {
        var request = Assert.IsType<OutgoingSsnResetRequestParameter>(Chunk<ReConfigChunk>("82000018 000d 0014 00000001 00000002 00000064 0001 0002").Parameters[0]);
        Assert.Equal((1u, 2u, 100u), (request.RequestSequenceNumber, request.ResponseSequenceNumber, request.LastAssignedTsn));
        Assert.Equal([1, 2], request.StreamNumbers.Select(n => (int)n));
        var response = Assert.IsType<ReConfigurationResponseParameter>(Chunk<ReConfigChunk>("82000018 0010 0014 00000001 00000005 00000065 000000c9").Parameters[0]);
        Assert.Equal((ReConfigResult.ErrorBadSequenceNumber, 101u, 201u), (response.Result, response.NextTsns!.Sender, response.NextTsns.Receiver));
        Assert.Null(Assert.IsType<ReConfigurationResponseParameter>(Chunk<ReConfigChunk>("82000010 0010 000c 00000001 00000001").Parameters[0]).NextTsns);
        Assert.Equal([(1, 7), (2, 0xFFFF)], Chunk<ForwardTsnChunk>("c0000010 00000064 0001 0007 0002 ffff").Streams.Select(s => ((int)s.Stream, (int)s.StreamSequence)));
        Assert.Equal([(1, false, 5u), (2, true, 6u)],
            Chunk<IForwardTsnChunk>("c2000018 00000064 0001 0000 00000005 0002 0001 00000006").Streams.Select(s => ((int)s.StreamIdentifier, s.Unordered, s.MessageIdentifier)));
        var data = Chunk<IDataChunk>("40020019 00000064 0001 0000 00000005 00000033 68656c6c6f 000000");
        Assert.Equal((true, false, 1, 5u, 51u), (data.Beginning, data.Ending, data.StreamIdentifier, data.MessageIdentifier, data.ProtocolIdentifierOrFragmentNumber));
    }

    [Fact]
    public void Protocol_identifiers_of_data_channels() =>
        Assert.Equal(SctpPayloadProtocolIdentifier.WebRtcString, Chunk<DataChunk>("00030015 00000064 0001 0000 00000033 68656c6c6f 000000").PayloadProtocolIdentifier);

    [Fact]
    public void What_the_other_extensions_offer()
    {
        var init = Chunk<InitChunk>(
            "01000054 0a0b0c0d 00020000 0400 0800 00000064 8001 0008 00000001 8002 0024 " + new string('5', 64) + " 8004 0008 0003 0001 8003 0007 c1800f 00 8005 0004");
        Assert.Equal(ErrorDetectionMethod.SctpOverDtls, Assert.IsType<ZeroChecksumAcceptableParameter>(init.Parameters[0]).Method);
        Assert.Equal(32, Assert.IsType<RandomParameter>(init.Parameters[1]).RandomNumber.Length);
        Assert.Equal([SctpHmacIdentifier.Sha256, SctpHmacIdentifier.Sha1], Assert.IsType<RequestedHmacAlgorithmParameter>(init.Parameters[2]).HmacIdentifiers);
        Assert.Equal([SctpChunkType.Asconf, SctpChunkType.AsconfAck, SctpChunkType.Auth], Assert.IsType<ChunkListParameter>(init.Parameters[3]).ChunkTypes);
        Assert.Equal(0, Assert.IsType<PadParameter>(init.Parameters[4]).PaddingData.Length);
    }
}
