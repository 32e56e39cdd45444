using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Receiving;
using WebRtcConformance.Stack.Sctp.Sending;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>RFC 9260 section 4.</summary>
public enum SctpState
{
    Closed,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
}

/// <summary>
/// One SCTP association over DTLS (RFC 9260 as RFC 8261 restricts it: one path, no addresses), with partial reliability (RFC 3758), stream reconfiguration
/// (RFC 6525), interleaving (RFC 8260) and zero checksum (RFC 9653). Below it is a seam of datagrams: it takes packets and gives packets.
/// <para>
/// Where to look: set-up (section 5) in .Establishment and .Cookies, what comes in (sections 3.2, 8.4, 8.5) in .Receive, received data and delayed acknowledgement
/// (section 6.2) in .ReceivingData, sending (section 6.1) in .Transmit, retransmission (sections 6.2.1, 6.3, 7.2.4) in .Acknowledgements, heartbeats (section 8.3)
/// in .Heartbeats, termination (section 9) in .Shutdown, giving up (RFC 3758) in .PartialReliability, RFC 6525 in .Reconfiguration.
/// </para>
/// <para>
/// The shape of every machine of this stack: <see cref="Receive"/>, <see cref="Advance"/>, <see cref="NextDeadline"/>, <see cref="TryTake"/>, and commands beside
/// them. After any call take until nothing is left: packets are made when they are taken.
/// </para>
/// </summary>
public sealed partial class SctpAssociation : IPacketMachine<SctpOutput>
{
    private enum SctpTimer
    {
        T1Init,
        T1Cookie,
        T2Shutdown,
        T3Rtx,
        T5ShutdownGuard,
        DelayedAck,
        Heartbeat,
        HeartbeatTimeout,
        Reconfiguration,
        ZeroWindowProbe,
    }

    private readonly record struct Event(SctpOutput Output, Fragment? Message);

    private readonly SctpPolicy _policy;
    private readonly QuirkSet _quirks;
    private readonly Entropy _entropy;
    private readonly byte[] _cookieKey = new byte[32];
    private readonly Deadlines<SctpTimer> _deadlines = new();
    private readonly Queue<Event> _events = new();
    private readonly PacketWriter _writer;
    private readonly PriorityQueue<byte[], (Instant, long)> _delayed = new(); // held back by a tap
    private readonly Queue<byte[]> _ready = new(); // copies, and what was held back long enough
    private readonly int _pmdcs;

    // The transmission control block (TCB): what there is of an association.
    private readonly SendQueue _sendQueue;
    private readonly OutstandingData _outstanding;
    private readonly TsnTracker _received;
    private readonly Reassembly _reassembly;
    private RetransmissionTimeout _rto;
    private CongestionControl _congestion;
    private PeerParameters? _peer;
    private uint _localTag, _localTieTag, _peerTieTag, _localInitialTsn;
    private ushort _outboundStreams, _inboundStreams;
    private int _errorCount;

    private Fragment? _lent;
    private long _delayedSequence;
    private int _unreadBytes, _unreadMessages;
    private bool _readingPaused;
    private Instant _now = Instant.Start;

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">Where tags, initial TSNs and the cookie key are drawn from: a substream of this one.</param>
    /// <param name="quirks">Rules to break.</param>
    public SctpAssociation(SctpPolicy policy, Entropy entropy, QuirkSet quirks = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(policy.MaxPacketSize, 128, nameof(policy));
        _policy = policy;
        _quirks = quirks;
        _entropy = entropy.Fork("sctp");
        _entropy.Fork("cookie-key").Fill(_cookieKey);
        _writer = new PacketWriter(policy.MaxPacketSize & ~3);
        _pmdcs = (policy.MaxPacketSize & ~3) - PacketWriter.HeaderSize;
        _sendQueue = new SendQueue(policy);
        _outstanding = new OutstandingData(_sendQueue);
        _received = new TsnTracker(policy);
        _reassembly = new Reassembly(policy, quirks, Deliver);
        _rto = new RetransmissionTimeout(policy, quirks);
        _congestion = new CongestionControl(_pmdcs);
        _outboundStreams = policy.OutboundStreams;
        _listens = policy.Listens;
        RemotePort = policy.RemotePort;
        ForgetAssociation();
    }

    /// <summary>Where outgoing packets may be tampered with.</summary>
    public SctpFunnels Funnels { get; } = new();

    public SctpState State { get; private set; }

    /// <summary>RFC 8841 section 5: what the peer's description says; <see cref="SctpPolicy.RemotePort"/> until it is set. Not to be changed once the association has begun.</summary>
    public ushort RemotePort { get; set; }

    /// <summary>RFC 8260 section 2.2.1: both sides want it.</summary>
    public bool IsInterleaving => _policy.Interleaving && _peer is { Interleaving: true };

    /// <summary>RFC 3758 section 3.3, and RFC 8260 section 2.3.1 when interleaving.</summary>
    public bool HasPartialReliability => _policy.PartialReliability && (IsInterleaving ? _peer!.IForwardTsn : _peer is { ForwardTsn: true });

    /// <summary>RFC 6525 section 5.1.1.</summary>
    public bool CanReconfigure => _policy.StreamReconfiguration && _peer is { ReConfig: true };

    /// <summary>Streams to send on: identifiers below this (section 5.1.1).</summary>
    public int OutboundStreams => _outboundStreams;

    /// <summary>Streams that the peer may send on.</summary>
    public int InboundStreams => _inboundStreams;

    /// <summary>The congestion window in bytes.</summary>
    public int CongestionWindow => _congestion.Window;

    /// <summary>Bytes of chunks in flight.</summary>
    public int FlightSize => _outstanding.Flight;

    /// <summary>The retransmission timeout as it is.</summary>
    public TimeSpan RetransmissionTimeout => _rto.Value;

    /// <summary>Bytes of user data that wait for reassembly or to be taken.</summary>
    public int ReceiveBufferBytes => _reassembly.Bytes + _unreadBytes + _deferredBytes;

    /// <summary>Bytes of memory that messages which come take, together with what is kept for those that will come.</summary>
    public long ReceiveBufferCapacity => _reassembly.Capacity + _deferredBytes;

    /// <summary>The latest time that the association has been told, commands included.</summary>
    public Instant Now => _now;

    /// <summary>Bytes of messages that wait to be sent or to be acknowledged.</summary>
    public int SendBufferBytes => _sendQueue.Bytes;

    /// <summary>Nothing is kept of any association: what a closed one has to look like.</summary>
    public bool IsEmpty => State == SctpState.Closed && _peer is null && _deadlines.Next == Instant.Never && _delayed.Count == 0 && _ready.Count == 0 && _sendQueue.Messages == 0
        && _outstanding.Count == 0 && ReceiveBufferBytes == 0 && !_received.HasGaps && _replies.Count == 0 && _packets.Count == 0 && _deferred.Count == 0;

    /// <summary>The earliest of the timers and of packets that a tap holds back.</summary>
    public Instant NextDeadline => Instant.Min(_deadlines.Next, _delayed.TryPeek(out _, out var held) ? held.Item1 : Instant.Never);

    // ---- commands ----

    /// <summary>RFC 9260 section 11.1, SEND. Before the association is up messages wait.</summary>
    public SctpSendResult Send(Instant now, ushort stream, SctpPayloadProtocolIdentifier protocol, ReadOnlySpan<byte> data, in SctpSendOptions options = default)
    {
        Enter(now);
        if (State is SctpState.ShutdownPending or SctpState.ShutdownSent or SctpState.ShutdownReceived or SctpState.ShutdownAckSent || _ended)
            return SctpSendResult.Closed;
        if (data.IsEmpty) return SctpSendResult.Empty;
        if (data.Length > _policy.MaxSendMessageBytes) return SctpSendResult.TooLarge;
        if (stream >= _outboundStreams) return SctpSendResult.NoSuchStream;
        if (!_sendQueue.HasRoom(data.Length)) return SctpSendResult.BufferFull;
        _sendQueue.Add(now, stream, protocol, data, options);
        return SctpSendResult.Accepted;
    }

    /// <summary>RFC 8260 sections 3.4 and 3.6: the stream's priority and weight.</summary>
    public void SetPriority(ushort stream, ushort priority) => _sendQueue.Stream(stream).Priority = priority;

    /// <summary>Bytes of the stream of which no chunks have been made.</summary>
    public int BufferedAmount(ushort stream) => _sendQueue.TryFind(stream, out var found) ? found.BufferedAmount : 0;

    /// <summary>When the stream's <see cref="BufferedAmount"/> sinks to this, <see cref="SctpOutputKind.BufferedAmountLow"/> says so; never before this was set.</summary>
    public void SetBufferedAmountLowThreshold(ushort stream, int bytes) => _sendQueue.Stream(stream).BufferedAmountLowThreshold = bytes;

    /// <summary>
    /// Section 11.1, RECEIVE: while reading is paused, messages stay in the receive buffer and the advertised window closes.
    /// </summary>
    public void SetReading(Instant now, bool paused)
    {
        Enter(now);
        _readingPaused = paused;
    }

    /// <summary>RFC 8261 section 6.1, RFC 9260 section 7.2.5.2: the lower layer has taken another path; nothing is known of it.</summary>
    public void PathChanged(Instant now)
    {
        Enter(now);
        _congestion = new CongestionControl(_pmdcs);
        _rto = new RetransmissionTimeout(_policy, _quirks);
    }

    // ---- the machine ----

    /// <summary>Fire every timer that is due.</summary>
    public void Advance(Instant now)
    {
        Enter(now);
        while (_deadlines.TryTakeExpired(now, out var timer))
        {
            switch (timer)
            {
                case SctpTimer.T1Init: T1InitExpired(); break;
                case SctpTimer.T1Cookie: T1CookieExpired(); break;
                case SctpTimer.T2Shutdown: T2ShutdownExpired(); break;
                case SctpTimer.T3Rtx: T3RtxExpired(); break;
                case SctpTimer.T5ShutdownGuard: T5ShutdownGuardExpired(); break;
                case SctpTimer.DelayedAck: _ackNow = true; break;
                case SctpTimer.Heartbeat: HeartbeatDue(); break;
                case SctpTimer.HeartbeatTimeout: HeartbeatTimedOut(); break;
                case SctpTimer.Reconfiguration: ReconfigurationExpired(); break;
                case SctpTimer.ZeroWindowProbe: _probeWindow = true; break;
            }
        }
    }

    /// <summary>Take the next output: packets that were held back, events, then packets, made now.</summary>
    public bool TryTake(out SctpOutput output)
    {
        ReturnLent();
        if (_ready.TryDequeue(out var ready))
        {
            output = SctpOutput.Transmit(ready);
            return true;
        }
        if (_events.TryPeek(out var next) && !(_readingPaused && next.Message is not null))
        {
            _events.Dequeue();
            output = next.Output;
            if (next.Message is { } message)
            {
                _lent = message;
                _unreadBytes -= message.Length;
                _unreadMessages--;
                WindowOpened();
            }
            return true;
        }
        return TryMakePacket(out output);
    }

    private void Enter(Instant now)
    {
        _now = Instant.Max(_now, now);
        ReturnLent();
        while (_delayed.TryPeek(out var held, out var due) && due.Item1 <= _now)
        {
            _delayed.Dequeue();
            _ready.Enqueue(held);
        }
        _burst = _policy.MaxBurst;
    }

    private void ReturnLent()
    {
        if (_lent is null) return;
        _reassembly.Return(_lent);
        _lent = null;
    }

    private void Deliver(Fragment message, ushort stream, SctpPayloadProtocolIdentifier protocol, bool unordered)
    {
        _unreadBytes += message.Length;
        _unreadMessages++;
        _events.Enqueue(new Event(SctpOutput.Received(message.Bytes, stream, protocol, unordered), message));
    }

    private void Report(SctpOutput output) => _events.Enqueue(new Event(output, null));

    private void Report(SctpOutputKind kind, ushort stream = 0) => Report(SctpOutput.Plain(kind, stream));

    private void Discard(DiscardReason reason, string rule, string note) => Report(SctpOutput.Discarded(new Discard(reason, rule, note)));

    // ---- the TCB ----

    /// <summary>Section 5.1: a tag from 1 to 2^32 - 1.</summary>
    private uint DrawTag() => (uint)_entropy.UniformBelow(uint.MaxValue) + 1;

    /// <summary>The peer's parameters are known: begin to receive, and know what may be sent.</summary>
    private void Adopt(PeerParameters peer)
    {
        _peer = peer;
        _received.Begin(SerialNumbers.First(peer.InitialTsn));
        _reassembly.Clear();
        _peerWindow = peer.Window;
        // Section 5.1.1.
        _outboundStreams = Math.Min(_policy.OutboundStreams, peer.InboundStreams);
        _inboundStreams = Math.Min(_policy.InboundStreams, peer.OutboundStreams);
        _sendQueue.Scheduler.UnfinishedLimit = peer.Window * _policy.UnfinishedShare;
        foreach (var stream in _sendQueue.Streams.Where(s => s.Id >= _outboundStreams).ToArray())
            while (!stream.IsEmpty) DropHead(stream);
        BeginReconfiguration(peer);
    }

    /// <summary>Begin to send, with that TSN.</summary>
    private void BeginSending(uint initialTsn)
    {
        _localInitialTsn = initialTsn;
        _outstanding.Begin(SerialNumbers.First(initialTsn));
        _advancedPeerAckPoint = _outstanding.CumulativeAck;
    }

    private void Close(SctpCloseReason reason, string note, IReadOnlyList<SctpErrorCause>? causes = null)
    {
        ForgetAssociation();
        _ended = true;
        _listens = false;
        State = SctpState.Closed;
        Report(SctpOutput.Closed(new SctpClose(reason, note, causes ?? [])));
    }

    /// <summary>Sections 9.1 and 5.2.4 action A: remove all record of the association.</summary>
    private void ForgetAssociation()
    {
        for (var timer = SctpTimer.T1Init; timer <= SctpTimer.ZeroWindowProbe; timer++) _deadlines.Stop(timer);
        _outstanding.Begin(SerialNumbers.First(0));
        _sendQueue.Clear();
        _received.Begin(SerialNumbers.First(0));
        _reassembly.Clear();
        _replies.Clear();
        _peer = null;
        (_outboundStreams, _inboundStreams) = (_policy.OutboundStreams, 0);
        (_localTag, _localTieTag, _peerTieTag, _errorCount) = (0, 0, 0, 0);
        (_sendInit, _sendCookieEcho, _sendCookieAck, _sendShutdown, _sendShutdownAck, _sendForwardTsn) = (false, false, false, false, false, false);
        (_ackNow, _ackPending, _packetsUnacked, _firstDataSeen, _probeWindow) = (false, false, 0, false, false);
        (_cookie, _shutdownWanted, _pathInactive, _heartbeatNonce) = (null, false, false, 0);
        _rto = new RetransmissionTimeout(_policy, _quirks);
        _congestion = new CongestionControl(_pmdcs);
        ForgetReconfiguration();
    }
}
