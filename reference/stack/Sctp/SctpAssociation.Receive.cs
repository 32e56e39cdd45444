using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

// What comes in: RFC 9260 sections 3.2 (unknown chunks), 6.8 (checksum), 8.4 (out of the blue) and 8.5 (verification tag).
public sealed partial class SctpAssociation
{
    private readonly Queue<byte[]> _packets = new(); // replies in packets of their own
    private readonly Queue<SctpChunk> _replies = new(); // replies to be bundled

    /// <summary>Any bytes; what has no effect becomes <see cref="SctpOutputKind.Discarded"/>.</summary>
    public void Receive(Instant now, ReadOnlySpan<byte> bytes)
    {
        Enter(now);
        if (!HasRightChecksum(bytes)) return;
        if (!SctpPacket.View.TryParse(bytes, out var packet, out var error))
        {
            ReceiveMalformed(bytes, error);
            return;
        }
        if (packet.SourcePort != RemotePort || packet.DestinationPort != _policy.LocalPort)
        {
            Discard(DiscardReason.WrongAddress, "RFC8261:6.1", $"ports {packet.SourcePort} to {packet.DestinationPort} are of another association");
            return;
        }
        if (packet.Chunks.IsEmpty)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:6.10", "no chunks");
            return;
        }
        if (IsForThisAssociation(packet)) ReceiveChunks(packet);
    }

    /// <summary>Section 6.8, and RFC 9653 section 5.3: zero is right too where this side has offered to do without.</summary>
    private bool HasRightChecksum(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PacketWriter.HeaderSize)
        {
            Discard(DiscardReason.Malformed, "RFC9260:3.1", $"{bytes.Length} bytes are no packet");
            return false;
        }
        if (WireChecksum.MatchesWhole(bytes, PacketWriter.ChecksumAt) || _quirks.Has(SctpQuirk.SctpAcceptsBadChecksum)) return true;
        if (_policy.ZeroChecksumAcceptable is not null && BinaryPrimitives.ReadUInt32BigEndian(bytes[PacketWriter.ChecksumAt..]) == 0) return true;
        Discard(DiscardReason.BadChecksum, "RFC9260:6.8", "the checksum is wrong");
        return false;
    }

    /// <summary>A packet that is not well formed is dropped as a whole, and with INIT that cannot be, its sender is told (sections 3.3.2 and 5.1).</summary>
    private void ReceiveMalformed(ReadOnlySpan<byte> bytes, WireError error)
    {
        // The codec says which field is wrong, but gives no view of a message that is not right as a whole: tag and code are read where they always stand.
        const int chunkAt = PacketWriter.HeaderSize, initiateTagAt = chunkAt + 4;
        var isInit = bytes.Length >= initiateTagAt + 4 && bytes[chunkAt] == (byte)SctpChunkType.Init && BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(bytes) == RemotePort && BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) == _policy.LocalPort;
        if (isInit && BinaryPrimitives.ReadUInt32BigEndian(bytes[initiateTagAt..]) is not 0 and var tag)
            Reply(tag, new AbortChunk { Causes = [new InvalidMandatoryParameterCause()] });
        Discard(DiscardReason.Malformed, error.Clause is { } clause ? $"{clause.Document}:{clause.Section}" : "RFC9260:3.2", error.ToString());
    }

    /// <summary>Section 8.5, with its exceptions in 8.5.1, and section 8.4 for what belongs to no association.</summary>
    private bool IsForThisAssociation(in SctpPacket.View packet)
    {
        var tag = packet.VerificationTag;
        var (first, kinds) = Survey(packet);
        if (Has(kinds, SctpChunkType.Init))
        {
            // Section 8.5.1 A, and section 5.1: INIT is alone.
            if (tag != 0 || packet.Chunks.Count != 1)
                Discard(DiscardReason.Malformed, "RFC9260:8.5.1", "INIT is alone in its packet, and the packet has no tag");
            else if (packet.Chunks.TryFind(SctpChunkType.Init, out var init) && init.TryGet(out InitChunk.View view))
                ReceiveInit(view.ToRecord());
            return false;
        }
        if (first == SctpChunkType.CookieEcho && First(packet).TryGet(out CookieEchoChunk.View echo)) return ReceiveCookieEcho(echo.ToRecord(), tag);

        if (Has(kinds, SctpChunkType.Abort) && packet.Chunks.TryFind(SctpChunkType.Abort, out var abort) && abort.TryGet(out AbortChunk.View abortView))
            return IsRightOrReflected(tag, abortView.TagReflected, "ABORT");
        if (Has(kinds, SctpChunkType.ShutdownComplete) && packet.Chunks.TryFind(SctpChunkType.ShutdownComplete, out var complete)
            && complete.TryGet(out ShutdownCompleteChunk.View completeView))
            return IsRightOrReflected(tag, completeView.TagReflected, "SHUTDOWN COMPLETE");

        var hasShutdownAck = Has(kinds, SctpChunkType.ShutdownAck);
        if (State == SctpState.Closed || hasShutdownAck && State is (SctpState.CookieWait or SctpState.CookieEchoed))
        {
            ReceiveOutOfTheBlue(packet, hasShutdownAck);
            return false;
        }
        if (tag == _localTag || _quirks.Has(SctpQuirk.SctpIgnoresVerificationTag)) return true;
        Discard(DiscardReason.Unauthenticated, "RFC9260:8.5", $"verification tag {tag:x8} is wrong");
        return false;
    }

    /// <summary>The type of the first chunk, and which of the types below 64 there are.</summary>
    private static (SctpChunkType First, ulong Kinds) Survey(in SctpPacket.View packet)
    {
        var (first, kinds) = (First(packet).ChunkCode, 0UL);
        foreach (var chunk in packet.Chunks)
            if ((byte)chunk.ChunkCode < 64) kinds |= 1UL << (byte)chunk.ChunkCode;
        return (first, kinds);
    }

    private static bool Has(ulong kinds, SctpChunkType type) => (kinds >> (byte)type & 1) != 0;

    private static SctpChunk.View First(in SctpPacket.View packet)
    {
        var chunks = packet.Chunks.GetEnumerator();
        chunks.MoveNext();
        return chunks.Current;
    }

    /// <summary>Section 8.5.1 B and C.</summary>
    private bool IsRightOrReflected(uint tag, bool reflected, string name)
    {
        if (State == SctpState.Closed)
        {
            if (_quirks.Has(SctpQuirk.SctpAnswersAbort)) Reply(tag, new AbortChunk { TagReflected = true });
            Discard(DiscardReason.NoEffect, "RFC9260:8.4", $"{name} out of the blue");
            return false;
        }
        if (reflected ? _peer is not null && tag == _peer.Tag : tag == _localTag) return true;
        if (_quirks.Has(SctpQuirk.SctpIgnoresVerificationTag)) return true;
        Discard(DiscardReason.Unauthenticated, "RFC9260:8.5.1", $"{name} with verification tag {tag:x8}, which is wrong");
        return false;
    }

    /// <summary>Section 8.4, from step 5 on.</summary>
    private void ReceiveOutOfTheBlue(in SctpPacket.View packet, bool hasShutdownAck)
    {
        Discard(DiscardReason.UnknownTransaction, "RFC9260:8.4", "out of the blue");
        if (hasShutdownAck)
        {
            Reply(packet.VerificationTag, new ShutdownCompleteChunk { TagReflected = true });
            return;
        }
        if (packet.Chunks.TryFind(SctpChunkType.CookieAck, out _)) return;
        foreach (var chunk in packet.Chunks)
            if (chunk.TryGet(out ErrorChunk.View error) && error.ToRecord().Causes.Any(c => c is StaleCookieCause)) return;
        if (_quirks.Has(SctpQuirk.SctpSilentOnOutOfTheBlue)) return;
        Reply(packet.VerificationTag, new AbortChunk { TagReflected = true });
    }

    private void ReceiveChunks(in SctpPacket.View packet)
    {
        BeginPacketOfData();
        foreach (var chunk in packet.Chunks)
        {
            if (!ReceiveChunk(chunk)) break;
            if (State == SctpState.Closed) return;
        }
        EndPacketOfData();
        ProceedWithShutdown();
    }

    /// <returns>False when the rest of the packet is not to be processed.</returns>
    private bool ReceiveChunk(in SctpChunk.View chunk)
    {
        switch (chunk.ChunkCode)
        {
            case SctpChunkType.Data when chunk.TryGet(out DataChunk.View data): ReceiveData(data); break;
            case SctpChunkType.IData when _policy.Interleaving && chunk.TryGet(out IDataChunk.View data): ReceiveIData(data); break;
            case SctpChunkType.Sack when chunk.TryGet(out SackChunk.View sack): ReceiveSack(sack); break;
            case SctpChunkType.InitAck when chunk.TryGet(out InitAckChunk.View ack): ReceiveInitAck(ack.ToRecord()); break;
            case SctpChunkType.CookieEcho: break; // the first chunk of the packet; processed with its tag
            case SctpChunkType.CookieAck: ReceiveCookieAck(); break;
            case SctpChunkType.Heartbeat when chunk.TryGet(out HeartbeatChunk.View heartbeat): ReceiveHeartbeat(heartbeat.ToRecord()); break;
            case SctpChunkType.HeartbeatAck when chunk.TryGet(out HeartbeatAckChunk.View ack): ReceiveHeartbeatAck(ack.ToRecord()); break;
            case SctpChunkType.Abort when chunk.TryGet(out AbortChunk.View abort): ReceiveAbort(abort.ToRecord()); return false;
            case SctpChunkType.Error when chunk.TryGet(out ErrorChunk.View error): ReceiveError(error.ToRecord()); break;
            case SctpChunkType.Shutdown when chunk.TryGet(out ShutdownChunk.View shutdown): ReceiveShutdown(shutdown.CumulativeTsnAck); break;
            case SctpChunkType.ShutdownAck: ReceiveShutdownAck(); break;
            case SctpChunkType.ShutdownComplete: ReceiveShutdownComplete(); break;
            case SctpChunkType.ForwardTsn when _policy.PartialReliability && chunk.TryGet(out ForwardTsnChunk.View forward): ReceiveForwardTsn(forward); break;
            case SctpChunkType.IForwardTsn when _policy is { Interleaving: true, PartialReliability: true } && chunk.TryGet(out IForwardTsnChunk.View forward):
                ReceiveIForwardTsn(forward);
                break;
            case SctpChunkType.ReConfig when _policy.StreamReconfiguration && chunk.TryGet(out ReConfigChunk.View reConfig): ReceiveReConfig(reConfig.ToRecord()); break;
            case SctpChunkType.Pad: break; // RFC 4820 section 3
            default: return ReceiveUnknownChunk(chunk);
        }
        return true;
    }

    /// <summary>Section 3.2: the two topmost bits of the type say what to do.</summary>
    private bool ReceiveUnknownChunk(in SctpChunk.View chunk)
    {
        var type = chunk.ChunkCode;
        Discard(DiscardReason.NotUnderstood, "RFC9260:3.2", $"chunk type {(byte)type} is unknown");
        if (((byte)type & 0x40) != 0 && !_quirks.Has(SctpQuirk.SctpDoesNotReportUnknownChunk))
            Bundle(new ErrorChunk { Causes = [new UnrecognizedChunkTypeCause { UnrecognizedChunk = chunk.Chunk }] });
        return ((byte)type & 0x80) != 0 || _quirks.Has(SctpQuirk.SctpGoesOnAfterUnknownChunk);
    }

    private void ReceiveError(ErrorChunk error)
    {
        foreach (var cause in error.Causes)
        {
            if (cause is StaleCookieCause stale) ReceiveStaleCookie(stale);
            else Discard(DiscardReason.NoEffect, "RFC9260:3.3.10", $"the peer reports {cause.GetType().Name}");
        }
    }

    // ---- replies ----

    /// <summary>A packet of its own, to that tag, with a chunk that depends on no association.</summary>
    private void Reply(uint tag, SctpChunk chunk)
    {
        if (_packets.Count >= _policy.MaxPendingReplies)
        {
            Discard(DiscardReason.LimitReached, "policy", "too many replies wait");
            return;
        }
        var packet = new SctpPacket { SourcePort = _policy.LocalPort, DestinationPort = RemotePort, VerificationTag = tag, Chunks = [chunk] };
        _packets.Enqueue(packet.ToArray());
    }

    /// <summary>A chunk for the next packet of the association.</summary>
    private void Bundle(SctpChunk chunk)
    {
        if (_replies.Count >= _policy.MaxPendingReplies) Discard(DiscardReason.LimitReached, "policy", "too many replies wait");
        else _replies.Enqueue(chunk);
    }
}
