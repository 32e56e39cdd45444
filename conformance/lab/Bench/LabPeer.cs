using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Lab.Bench;

/// <summary>An answer to a check of the system under test.</summary>
/// <param name="FromOther">Sent from our second address instead of the one the check came to.</param>
public sealed record Answer(byte[] Bytes, string Step, bool FromOther = false);

/// <summary>What to answer to a check of the system under test.</summary>
public delegate IReadOnlyList<Answer> AnswerPolicy(Connection connection, Reply check);

/// <summary>Our end of a connection: sends probes, good ones and bad ones, keeps what comes back, and answers the checks of the system
/// under test, properly unless a case says otherwise. Runs in a world as well as over UDP.</summary>
public sealed class LabPeer : IWorldNode
{
    private const int MaximumRequests = 1_000;

    private readonly Connection _connection;
    private readonly Queue<Datagram> _outbox = new();
    private readonly Dictionary<string, Probe> _probes = [];
    private readonly List<Reply> _requests = [];
    private readonly List<Reply> _strays = [];
    private IReadOnlyList<TransportAddress> _addresses = [];
    private Entropy _transactions;

    public LabPeer(Connection connection, Recorder recorder)
    {
        _connection = connection;
        Recorder = recorder;
        _transactions = connection.Entropy.Fork("transactions");
        TieBreaker = connection.Entropy.Fork("tie-breaker").UInt64() >> 1 | 1;
    }

    public Recorder Recorder { get; private set; }

    /// <summary>The address in our candidate.</summary>
    public TransportAddress Address => _addresses[0];

    /// <summary>A second address on the same host that the system under test was not told of.</summary>
    public TransportAddress OtherAddress => _addresses[1];

    public ulong TieBreaker { get; set; }

    /// <summary>Requests of the system under test, oldest first.</summary>
    public IReadOnlyList<Reply> Requests => _requests;

    /// <summary>STUN messages that belong to no probe: responses to nothing, indications.</summary>
    public IReadOnlyList<Reply> Strays => _strays;

    /// <summary>Whether DTLS came in (first byte 20 to 63, RFC 7983 section 7): an agent sends it only over a pair that it believes in.</summary>
    public bool SawDtls { get; private set; }

    /// <summary>What to answer to a check; null = a good answer.</summary>
    public AnswerPolicy? AnswerWith { get; set; }

    internal void Open(string ip) => _addresses = _connection.Platform.Attach("peer", this, ip, ports: 2);

    internal void Close() => _connection.Platform.Detach(this);

    internal void Adopt(Recorder recorder)
    {
        Recorder = recorder;
        _transactions = _connection.Entropy.Fork("transactions");
        _probes.Clear();
        _requests.Clear();
        _strays.Clear();
        AnswerWith = null;
    }

    /// <summary>A request that every agent has to answer with success (RFC 8445 section 7.1): credentials, PRIORITY, our role, and the two
    /// checksums last.</summary>
    public StunMessage GoodCheck(params ReadOnlySpan<StunAttribute> extra)
    {
        List<StunAttribute> attributes =
        [
            StunText.Username($"{_connection.Remote.Ufrag}:{_connection.Local.Ufrag}"),
            _connection.SutControls ? new IceControlled { Tiebreaker = TieBreaker } : new IceControlling { Tiebreaker = TieBreaker },
            new Priority { Value = 110u << 24 | 65535u << 8 | 255 },
            .. extra,
            new MessageIntegrity(),
            new Fingerprint(),
        ];
        return Request([.. attributes]);
    }

    /// <summary>A Binding request of exactly these attributes with a fresh transaction id.</summary>
    public StunMessage Request(params ReadOnlySpan<StunAttribute> attributes)
    {
        var id = new byte[12];
        _transactions.Fill(id);
        return new StunMessage { Method = StunMethod.Binding, Class = StunClass.Request, TransactionId = id, Attributes = new(attributes.ToArray()) };
    }

    /// <summary>Sends a message, integrity computed with the password of the system under test unless another is given.</summary>
    /// <param name="damage">Makes single elements wrong; what is derived from them follows.</param>
    /// <param name="append">Zero bytes behind the message.</param>
    public Probe Send(string step, StunMessage message, Action<StunMessage.Forge>? damage = null, string? password = null, bool fromOther = false, int append = 0)
    {
        var key = StunText.Key(password ?? _connection.Remote.Password);
        byte[] bytes;
        if (damage is null)
        {
            bytes = message.ToArray(key);
        }
        else
        {
            var forge = message.ToForge();
            damage(forge);
            bytes = forge.ToArray(key);
        }
        return SendBytes(step, [.. bytes, .. new byte[append]], fromOther);
    }

    /// <summary>Sends bytes as they are. Replies are matched by bytes 8 to 19, where they have any.</summary>
    public Probe SendBytes(string step, byte[] bytes, bool fromOther = false)
    {
        var probe = new Probe(step, bytes, _connection.Platform.Now);
        if (bytes.Length >= 20) _probes[Id(bytes)] = probe;
        Transmit(bytes, fromOther ? OtherAddress : Address, _connection.SutAddress, step);
        return probe;
    }

    /// <summary>Sends, and then a good check: when that is answered, the system under test has dealt with the first message too. Silence is
    /// proved, not waited for.</summary>
    public Probe Ask(string step, StunMessage message, Action<StunMessage.Forge>? damage = null, string? password = null, bool fromOther = false, int append = 0)
    {
        var probe = Send(step, message, damage, password, fromOther, append);
        Fence(step);
        Linger(probe);
        return probe;
    }

    /// <inheritdoc cref="Ask"/>
    public Probe AskBytes(string step, byte[] bytes, bool fromOther = false)
    {
        var probe = SendBytes(step, bytes, fromOther);
        Fence(step);
        Linger(probe);
        return probe;
    }

    /// <summary>An implementation may form its error responses more slowly than its success responses; over UDP a silent one gets a moment more.</summary>
    private void Linger(Probe probe)
    {
        if (probe.Silent && !_connection.Platform.IsVirtual) _connection.Platform.RunUntil(() => !probe.Silent, TimeSpan.FromMilliseconds(20));
    }

    /// <summary>A good check must be answered; three tries, because a busy implementation may drop a datagram.</summary>
    public void Fence(string afterWhat)
    {
        if (!IsAnswered()) _connection.FailAsSilent(afterWhat);
    }

    /// <summary>Whether good checks are answered.</summary>
    public bool IsAnswered()
    {
        var rounds = _connection.IsOrdered ? 1 : 2;
        for (var round = 0; round < rounds; round++)
        {
            Probe? fence = null;
            for (var attempt = 0; attempt < 3 && fence is not { Silent: false }; attempt++)
            {
                fence = Send("fence: a good check", GoodCheck());
                _connection.Platform.RunUntil(() => !fence.Silent, TimeSpan.FromMilliseconds(1_000));
            }
            if (fence!.Silent) return false;
        }
        if (!_connection.IsOrdered) _connection.Platform.RunUntil(() => false, TimeSpan.FromMilliseconds(50));
        return true;
    }

    /// <summary>Waits for the next request of the system under test that satisfies the condition.</summary>
    public Reply? AwaitRequest(Func<Reply, bool> condition, TimeSpan within)
    {
        _connection.Platform.RunUntil(() => _requests.Any(condition), within);
        return _requests.FirstOrDefault(condition);
    }

    /// <summary>The answer that RFC 8445 section 7.3 asks for.</summary>
    public byte[] GoodAnswer(Reply request, string? password = null) => SuccessTo(request).ToArray(StunText.Key(password ?? _connection.Local.Password));

    /// <summary>A success response with XOR-MAPPED-ADDRESS, integrity and fingerprint.</summary>
    public static StunMessage SuccessTo(Reply request) => ResponseTo(request, StunClass.SuccessResponse,
        StunAddresses.XorMapped(request.From), new MessageIntegrity(), new Fingerprint());

    /// <summary>A response with the request's transaction id.</summary>
    public static StunMessage ResponseTo(Reply request, StunClass @class, params ReadOnlySpan<StunAttribute> attributes) => new()
    {
        Method = StunMethod.Binding,
        Class = @class,
        TransactionId = request.Bytes[8..20],
        Attributes = new(attributes.ToArray()),
    };

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        var bytes = datagram.ToArray();
        var isStun = bytes.Length >= 20 && bytes[0] < 64 && bytes[4] == 0x21 && bytes[5] == 0x12 && bytes[6] == 0xA4 && bytes[7] == 0x42;
        var message = isStun || bytes.Length >= 20 && bytes[0] < 4 ? new Reply(bytes, remote, local, now) : null;
        _probes.TryGetValue(message is null ? "" : Id(bytes), out var probe);
        var comment = message is null ? bytes.Length > 0 && bytes[0] is >= 20 and <= 63 ? "DTLS" : "not STUN" : probe is null || message.IsRequest ? message.Describe() : $"{message.Describe()} to \"{probe.Step}\"";
        Recorder.Packet(new RecordedPacket(now, false, remote, local, bytes, comment));
        if (message is null)
        {
            SawDtls |= bytes.Length > 0 && bytes[0] is >= 20 and <= 63;
            return;
        }
        if (!message.IsRequest)
        {
            if (probe is not null) probe.Add(message);
            else if (_strays.Count < MaximumRequests) _strays.Add(message);
            return;
        }
        if (_requests.Count < MaximumRequests) _requests.Add(message);
        if (AnswerWith is { } answer)
        {
            foreach (var a in answer(_connection, message)) Transmit(a.Bytes, a.FromOther ? OtherAddress : local, remote, a.Step);
        }
        else if (message.Message is not null)
        {
            Transmit(GoodAnswer(message), local, remote, "answer to a check");
        }
    }

    public void Advance(Instant now)
    {
    }

    public Instant NextDeadline => Instant.Never;

    public bool TryTake(out Datagram datagram) => _outbox.TryDequeue(out datagram);

    private void Transmit(byte[] bytes, TransportAddress from, TransportAddress to, string step)
    {
        Recorder.Packet(new RecordedPacket(_connection.Platform.Now, true, from, to, bytes, step));
        _outbox.Enqueue(new Datagram(from, to, bytes));
    }

    private static string Id(byte[] bytes) => Convert.ToHexString(bytes, 8, 12);
}
