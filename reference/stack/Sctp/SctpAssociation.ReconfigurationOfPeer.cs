using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Receiving;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Stack.Sctp;

// RFC 6525 section 5.2: the peer's requests.
public sealed partial class SctpAssociation
{
    /// <summary>Section 5.2.2 E2: a reset that waits for data sent before it.</summary>
    private sealed record Deferral(uint SequenceNumber, long LastAssignedTsn, ushort[] Streams);

    private sealed record DeferredChunk(long Tsn, ushort Stream, bool Unordered, bool Beginning, bool Ending, uint Message, long Number, SctpPayloadProtocolIdentifier Protocol, byte[] Data);

    private const int ResponsesKept = 2; // a RE-CONFIG chunk holds two requests at most

    private readonly Queue<(uint SequenceNumber, ReConfigResult Result)> _lastResponses = new();
    private readonly Queue<(uint SequenceNumber, ReConfigResult Result)> _responses = new(); // to be sent
    private readonly List<DeferredChunk> _deferred = [];
    private int _deferredBytes;
    private Deferral? _deferral;
    private uint _nextPeerRequest;

    private void ReceiveReConfig(ReConfigChunk chunk)
    {
        if (State is not (SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived))
        {
            Discard(DiscardReason.NoEffect, "RFC6525:5.2.1", $"RE-CONFIG in {State}");
            return;
        }
        foreach (var parameter in chunk.Parameters)
        {
            switch (parameter)
            {
                case ReConfigurationResponseParameter response: ReceiveResponse(response); break;
                case OutgoingSsnResetRequestParameter reset: Answer(reset.RequestSequenceNumber, () => ResetIncoming(reset)); break;
                case IncomingSsnResetRequestParameter reset: Answer(reset.RequestSequenceNumber, () => ResetOutgoing(reset)); break;
                case SsnTsnResetRequestParameter reset: Answer(reset.RequestSequenceNumber, () => ReConfigResult.Denied); break;
                case AddOutgoingStreamsRequestParameter add: Answer(add.RequestSequenceNumber, () => AddInbound(add.NewStreams)); break;
                case AddIncomingStreamsRequestParameter add: Answer(add.RequestSequenceNumber, () => AddOutbound(add.NewStreams)); break;
                default: Discard(DiscardReason.NotUnderstood, "RFC6525:4", "a parameter that is no part of RE-CONFIG"); break;
            }
        }
    }

    /// <summary>Section 5.2.1: a request is processed once; when it comes again the same answer goes back.</summary>
    private void Answer(uint sequenceNumber, Func<ReConfigResult> process)
    {
        // Section 5.2.1: an acknowledgement goes with the answer.
        _ackNow |= _firstDataSeen;
        foreach (var (known, result) in _lastResponses)
        {
            if (known != sequenceNumber) continue;
            Respond(sequenceNumber, result);
            return;
        }
        if (sequenceNumber != _nextPeerRequest)
        {
            Respond(sequenceNumber, ReConfigResult.ErrorBadSequenceNumber);
            return;
        }
        _nextPeerRequest++;
        var answer = process();
        Remember(sequenceNumber, answer);
        Respond(sequenceNumber, answer);
    }

    private void Remember(uint sequenceNumber, ReConfigResult result)
    {
        _lastResponses.Enqueue((sequenceNumber, result));
        if (_lastResponses.Count > ResponsesKept) _lastResponses.Dequeue();
    }

    private void Respond(uint sequenceNumber, ReConfigResult result)
    {
        if (_responses.Count < _policy.MaxPendingReplies) _responses.Enqueue((sequenceNumber, result));
        else Discard(DiscardReason.LimitReached, "policy", "too many replies wait");
    }

    private void AppendResponses()
    {
        while (_responses.TryPeek(out var response))
        {
            var parameter = new ReConfigurationResponseParameter { ResponseSequenceNumber = response.SequenceNumber, Result = response.Result };
            if (!_writer.TryAppend(new ReConfigChunk { Parameters = [parameter] })) return;
            _responses.Dequeue();
        }
    }

    /// <summary>Section 5.2.2.</summary>
    private ReConfigResult ResetIncoming(OutgoingSsnResetRequestParameter reset)
    {
        // E1: it answers our request to reset.
        if (_request is { Kind: ReconfigurationKind.ResetIncoming } request && request.SequenceNumber == reset.ResponseSequenceNumber) EndRequest(request);
        if (reset.StreamNumbers.Any(stream => stream >= _inboundStreams)) return ReConfigResult.ErrorWrongSsn;
        if (_quirks.Has(SctpQuirk.SctpOnlyClaimsReset)) return ReConfigResult.SuccessPerformed;
        if (_deferral is not null) return ReConfigResult.ErrorRequestAlreadyInProgress;
        var deferral = new Deferral(reset.RequestSequenceNumber, SerialNumbers.Unwrap(reset.LastAssignedTsn, _received.CumulativeTsn), [.. reset.StreamNumbers]);
        if (deferral.LastAssignedTsn > _received.CumulativeTsn)
        {
            _deferral = deferral; // E2
            return ReConfigResult.InProgress;
        }
        Perform(deferral);
        return ReConfigResult.SuccessPerformed; // E5
    }

    /// <summary>E3.</summary>
    private void Perform(Deferral deferral)
    {
        _reassembly.Reset(deferral.Streams);
        Report(SctpOutput.OfStreams(SctpOutputKind.IncomingStreamsReset, deferral.Streams));
    }

    /// <summary>E2: the chunk was sent after the reset that waits.</summary>
    private bool IsDeferred(in IncomingChunk chunk) =>
        _deferral is { } deferral && chunk.Tsn > deferral.LastAssignedTsn && (deferral.Streams.Length == 0 || deferral.Streams.AsSpan().Contains(chunk.Stream));

    private void Defer(in IncomingChunk chunk)
    {
        _deferredBytes += chunk.Data.Length;
        _deferred.Add(new DeferredChunk(chunk.Tsn, chunk.Stream, chunk.Unordered, chunk.Beginning, chunk.Ending, (uint)chunk.Message, chunk.Number, chunk.Protocol, chunk.Data.ToArray()));
    }

    /// <summary>E4: whether the data before the reset is complete now; then what was held is released.</summary>
    private void EndDeferral()
    {
        if (_deferral is not { } deferral || _received.CumulativeTsn < deferral.LastAssignedTsn) return;
        _deferral = null;
        Perform(deferral);
        foreach (var held in _deferred)
        {
            // Its number was unwrapped near the old ones.
            var near = _reassembly.NextOrdered(held.Stream);
            var message = held.Unordered && !IsInterleaving ? 0
                : IsInterleaving ? SerialNumbers.Unwrap(held.Message, held.Unordered ? 0 : near) : SerialNumbers.Unwrap((ushort)held.Message, near);
            _reassembly.Add(new IncomingChunk
            {
                Tsn = held.Tsn, Stream = held.Stream, Unordered = held.Unordered, Beginning = held.Beginning, Ending = held.Ending,
                Message = message, Number = held.Number, Protocol = held.Protocol, Data = held.Data,
            });
        }
        _deferred.Clear();
        _deferredBytes = 0;
        // The peer asks again later; it need not wait for that.
        var results = _lastResponses.ToArray();
        _lastResponses.Clear();
        foreach (var (sequenceNumber, result) in results) Remember(sequenceNumber, sequenceNumber == deferral.SequenceNumber ? ReConfigResult.SuccessPerformed : result);
        Respond(deferral.SequenceNumber, ReConfigResult.SuccessPerformed);
    }

    /// <summary>Section 5.2.3.</summary>
    private ReConfigResult ResetOutgoing(IncomingSsnResetRequestParameter reset)
    {
        ushort[] streams = reset.StreamNumbers.Count > 0 ? [.. reset.StreamNumbers] : [.. _sendQueue.Streams.Select(s => s.Id)];
        if (streams.Any(stream => stream >= _outboundStreams)) return ReConfigResult.ErrorWrongSsn;
        if (streams.Length == 0 || _request is { Kind: ReconfigurationKind.ResetOutgoing } request && streams.All(request.Streams.Contains))
            return ReConfigResult.SuccessNothingToDo;
        if (_requests.Count >= _policy.MaxPendingReplies) return ReConfigResult.Denied;
        Request(ReconfigurationKind.ResetOutgoing, streams, reset.RequestSequenceNumber);
        return ReConfigResult.SuccessPerformed;
    }

    /// <summary>Section 5.2.5.</summary>
    private ReConfigResult AddInbound(ushort count)
    {
        if (_inboundStreams + count > _policy.InboundStreams) return ReConfigResult.Denied;
        _inboundStreams += count;
        Report(SctpOutputKind.StreamsAdded);
        return ReConfigResult.SuccessPerformed;
    }

    /// <summary>Section 5.2.6: granted by asking for the same from this side.</summary>
    private ReConfigResult AddOutbound(ushort count)
    {
        if (_outboundStreams + count > _policy.OutboundStreams || _requests.Count >= _policy.MaxPendingReplies) return ReConfigResult.Denied;
        _requests.Add(new ReconfigurationRequest(ReconfigurationKind.AddOutgoing, [], count));
        return ReConfigResult.SuccessPerformed;
    }
}
