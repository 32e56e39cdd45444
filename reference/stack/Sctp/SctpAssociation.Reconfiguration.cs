using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Stack.Sctp;

// RFC 6525 sections 5.1 and 5.2.7: requests of this side, one at a time, and the answers to them. The peer's requests are in .ReconfigurationOfPeer.
public sealed partial class SctpAssociation
{
    private enum ReconfigurationKind
    {
        ResetOutgoing,
        ResetIncoming,
        AddOutgoing,
        AddIncoming,
    }

    private sealed record ReconfigurationRequest(ReconfigurationKind Kind, ushort[] Streams, ushort Count = 0)
    {
        public uint SequenceNumber { get; set; }

        /// <summary>Section 5.1.2 A4: the peer's request that this one answers.</summary>
        public uint? InResponseTo { get; init; }

        public SctpParameter? Parameter { get; set; }
        public bool IsInProgress { get; set; }
    }

    private readonly List<ReconfigurationRequest> _requests = [];
    private ReconfigurationRequest? _request; // under way
    private bool _sendRequest;
    private uint _nextRequest;
    private TimeSpan _requestTimeout;

    /// <summary>
    /// Section 5.1.2: reset outgoing streams when all that waits on them has been sent. Messages that are handed over later wait until it is done.
    /// </summary>
    /// <returns>False when the peer cannot do that.</returns>
    public bool ResetStreams(Instant now, params ReadOnlySpan<ushort> streams)
    {
        Enter(now);
        if (!CanReconfigure || State == SctpState.Closed || streams.IsEmpty) return false;
        Request(ReconfigurationKind.ResetOutgoing, streams.ToArray());
        return true;
    }

    /// <summary>Section 5.1.3: ask the peer to reset its outgoing streams; none named: all.</summary>
    public bool RequestReset(Instant now, params ReadOnlySpan<ushort> streams)
    {
        Enter(now);
        if (!CanReconfigure || State == SctpState.Closed) return false;
        Request(ReconfigurationKind.ResetIncoming, streams.ToArray());
        return true;
    }

    /// <summary>Sections 5.1.5 and 5.1.6: more streams to send on, or more that the peer may send on.</summary>
    public bool AddStreams(Instant now, ushort outgoing, ushort incoming)
    {
        Enter(now);
        if (!CanReconfigure || State == SctpState.Closed || _outboundStreams + outgoing > ushort.MaxValue) return false;
        if (outgoing > 0) _requests.Add(new ReconfigurationRequest(ReconfigurationKind.AddOutgoing, [], outgoing));
        if (incoming > 0) _requests.Add(new ReconfigurationRequest(ReconfigurationKind.AddIncoming, [], incoming));
        return true;
    }

    private void Request(ReconfigurationKind kind, ushort[] streams, uint? inResponseTo = null)
    {
        if (kind == ReconfigurationKind.ResetOutgoing)
        {
            foreach (var id in streams)
            {
                var stream = _sendQueue.Stream(id);
                stream.HoldForReset();
                _sendQueue.Scheduler.Update(stream);
            }
        }
        _requests.Add(new ReconfigurationRequest(kind, streams) { InResponseTo = inResponseTo });
    }

    private void BeginReconfiguration(PeerParameters peer) => (_nextRequest, _nextPeerRequest) = (_localInitialTsn, peer.InitialTsn);

    private void ForgetReconfiguration()
    {
        _requests.Clear();
        _responses.Clear();
        _lastResponses.Clear();
        (_request, _sendRequest, _deferral) = (null, false, null);
        _deferred.Clear();
        _deferredBytes = 0;
    }

    private void AppendReconfiguration()
    {
        if (State is SctpState.CookieEchoed) return;
        AppendResponses();
        BeginRequest();
        if (!_sendRequest || _request is null) return;
        if (_writer.TryAppend(new ReConfigChunk { Parameters = [_request.Parameter!] }))
        {
            _sendRequest = false;
            _deadlines.Set(SctpTimer.Reconfiguration, _now + _requestTimeout);
        }
        else if (_writer.IsEmpty)
        {
            Fail(_request, "the request is larger than a packet");
        }
    }

    private void BeginRequest()
    {
        if (_request is not null || _requests.Count == 0) return;
        // The first that can go; a stream is reset when everything before that has been sent (RFC 8831 section 6.7).
        var at = _requests.FindIndex(r => r.Kind != ReconfigurationKind.ResetOutgoing || Array.TrueForAll(r.Streams, id => _sendQueue.Stream(id).IsReadyForReset));
        if (at < 0) return;
        var next = _request = _requests[at];
        _requests.RemoveAt(at);
        next.SequenceNumber = _nextRequest++;
        next.Parameter = next.Kind switch
        {
            ReconfigurationKind.ResetOutgoing => new OutgoingSsnResetRequestParameter
            {
                RequestSequenceNumber = next.SequenceNumber, ResponseSequenceNumber = next.InResponseTo ?? _nextPeerRequest - 1,
                LastAssignedTsn = (uint)(_outstanding.NextTsn - 1), StreamNumbers = [.. next.Streams],
            },
            ReconfigurationKind.ResetIncoming => new IncomingSsnResetRequestParameter { RequestSequenceNumber = next.SequenceNumber, StreamNumbers = [.. next.Streams] },
            ReconfigurationKind.AddOutgoing => new AddOutgoingStreamsRequestParameter { RequestSequenceNumber = next.SequenceNumber, NewStreams = next.Count },
            _ => new AddIncomingStreamsRequestParameter { RequestSequenceNumber = next.SequenceNumber, NewStreams = next.Count },
        };
        _requestTimeout = _rto.Value;
        _sendRequest = true;
    }

    /// <summary>Section 5.1.1.</summary>
    private void ReconfigurationExpired()
    {
        if (_request is null) return;
        if (!_request.IsInProgress && CountError("no answer to RE-CONFIG")) return;
        _requestTimeout = TimeSpan.FromTicks(Math.Min(_requestTimeout.Ticks * 2, _policy.RtoMax.Ticks));
        _sendRequest = true;
    }

    /// <summary>Section 5.2.7.</summary>
    private void ReceiveResponse(ReConfigurationResponseParameter response)
    {
        if (_request is not { } request || response.ResponseSequenceNumber != request.SequenceNumber)
        {
            Discard(DiscardReason.UnknownTransaction, "RFC6525:5.2.7", "a response to no request"); // H1
            return;
        }
        PathAnswered();
        if (response.Result == ReConfigResult.InProgress)
        {
            request.IsInProgress = true; // H2
            _requestTimeout = _rto.Value;
            _deadlines.Set(SctpTimer.Reconfiguration, _now + _requestTimeout);
            return;
        }
        if (response.Result is not (ReConfigResult.SuccessPerformed or ReConfigResult.SuccessNothingToDo))
        {
            Fail(request, $"the peer answers {response.Result}"); // H3
            return;
        }
        EndRequest(request);
        if (request.Kind == ReconfigurationKind.ResetOutgoing)
        {
            foreach (var id in request.Streams) _sendQueue.Stream(id).Reset(); // H4
            Release(request);
            Report(SctpOutput.OfStreams(SctpOutputKind.OutgoingStreamsReset, request.Streams));
        }
        else if (request.Kind == ReconfigurationKind.AddOutgoing)
        {
            _outboundStreams += request.Count; // H6
            Report(SctpOutputKind.StreamsAdded);
        }
    }

    private void EndRequest(ReconfigurationRequest request)
    {
        if (_request != request) return;
        (_request, _sendRequest) = (null, false);
        _deadlines.Stop(SctpTimer.Reconfiguration);
    }

    private void Fail(ReconfigurationRequest request, string note)
    {
        EndRequest(request);
        Release(request);
        Discard(DiscardReason.NoEffect, "RFC6525:5.2.7", note);
        if (request.Kind is ReconfigurationKind.ResetOutgoing or ReconfigurationKind.ResetIncoming)
            Report(SctpOutput.OfStreams(SctpOutputKind.StreamResetFailed, request.Streams));
    }

    private void Release(ReconfigurationRequest request)
    {
        if (request.Kind != ReconfigurationKind.ResetOutgoing) return;
        foreach (var id in request.Streams)
        {
            var stream = _sendQueue.Stream(id);
            stream.EndHold();
            _sendQueue.Scheduler.Update(stream);
        }
    }
}
