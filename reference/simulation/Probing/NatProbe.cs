using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.NatBehaviorDiscovery;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Simulation.Probing;

/// <summary>What a <see cref="NatProbe"/> has found out; null where nothing has been found.</summary>
/// <param name="Mapped">Where the first request was seen to come from.</param>
/// <param name="Mapping">RFC 5780 section 4.3.</param>
/// <param name="Filtering">RFC 5780 section 4.4.</param>
/// <param name="Hairpins">RFC 5780 section 3.4: what one socket sends to the mapped address of another arrives.</param>
public sealed record NatFindings(TransportAddress? Mapped, NatBehavior? Mapping, NatBehavior? Filtering, bool? Hairpins);

/// <summary>
/// Finds out from inside how a NAT behaves, in the manner of RFC 5780 section 4: mapping with one local port, filtering with another that has sent to nobody else,
/// hairpinning with a third. Each test waits for its answer as long as its STUN transaction lasts.
/// </summary>
public sealed class NatProbe : IWorldNode
{
    private enum Test
    {
        Mapping1,
        Mapping2,
        Mapping3,
        Filtering1,
        Filtering2,
        Filtering3,
        Hairpin,
        Done,
    }

    private readonly TransportAddress _local, _server;
    private readonly StunTransactions<Test> _transactions;
    private readonly StunSealer _sealer = new(new StunFunnels(), QuirkSet.None);
    private readonly Outbox<Datagram> _outbox = new();
    private TransportAddress _other, _first, _second;
    private Test _test = Test.Mapping1;
    private TransactionId _hairpin;

    /// <param name="entropy">This probe's own substream.</param>
    /// <param name="local">The first of three ports that it uses.</param>
    /// <param name="server">The primary address of a server as of section 6.</param>
    public NatProbe(Entropy entropy, TransportAddress local, TransportAddress server)
    {
        (_local, _server) = (local, server);
        _transactions = new StunTransactions<Test>(new StunRetransmission { Rc = 3, Rm = 4 }, entropy.Fork("probe"), QuirkSet.None);
    }

    /// <summary>The three local addresses.</summary>
    public TransportAddress[] Addresses => [_local, _local.WithPort((ushort)(_local.Port + 1)), _local.WithPort((ushort)(_local.Port + 2))];

    public NatFindings Findings { get; private set; } = new(null, null, null, null);

    public bool IsDone => _test == Test.Done;

    public Instant NextDeadline => _transactions.NextDeadline;

    /// <summary>Begin.</summary>
    public void Start(Instant now) => Ask(now, Test.Mapping1, 0, _server, false, false);

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!StunReading.TryRead(datagram, QuirkSet.None, out var reading, out _)) return;
        if (!_transactions.TryFind(reading.Id, remote, out var transaction)) return;
        if (_test == Test.Hairpin)
        {
            // The own request, come back.
            if (reading.Message.Class != StunClass.Request || reading.Id != _hairpin) return;
            _transactions.Finish(transaction);
            Finish(hairpins: true);
            return;
        }
        if (reading.Message.Class != StunClass.SuccessResponse || local != transaction.Local || !StunAddresses.TryReadXorMapped(reading, out var mapped)) return;
        // Each response names the alternate of where its request went; the tests want that of the primary address.
        if (transaction.Tag == Test.Mapping1 && reading.TryFind(StunAttributeType.OtherAddress, out var attribute) && attribute.TryGet(out OtherAddress.View other))
            _other = TransportAddress.From(other.Address, other.Port);
        _transactions.Finish(transaction);
        Answered(now, transaction.Tag, mapped);
    }

    public void Advance(Instant now)
    {
        _transactions.Advance(now);
        Pump(now);
    }

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);

    private void Answered(Instant now, Test test, TransportAddress mapped)
    {
        switch (test)
        {
            case Test.Mapping1:
                _first = mapped;
                Findings = Findings with { Mapped = mapped };
                Ask(now, Test.Mapping2, 0, _other.WithPort(_server.Port), false, false);
                break;
            case Test.Mapping2 when mapped == _first:
                FoundMapping(now, NatBehavior.EndpointIndependent);
                break;
            case Test.Mapping2:
                _second = mapped;
                Ask(now, Test.Mapping3, 0, _other, false, false);
                break;
            case Test.Mapping3:
                FoundMapping(now, mapped == _second ? NatBehavior.AddressDependent : NatBehavior.AddressAndPortDependent);
                break;
            case Test.Filtering1:
                Ask(now, Test.Filtering2, 1, _server, true, true);
                break;
            case Test.Filtering2:
                FoundFiltering(now, NatBehavior.EndpointIndependent);
                break;
            case Test.Filtering3:
                FoundFiltering(now, NatBehavior.AddressDependent);
                break;
        }
    }

    /// <summary>No answer: what that means.</summary>
    private void Unanswered(Instant now, Test test)
    {
        switch (test)
        {
            case Test.Filtering2:
                Ask(now, Test.Filtering3, 1, _server, false, true);
                break;
            case Test.Filtering3:
                FoundFiltering(now, NatBehavior.AddressAndPortDependent);
                break;
            case Test.Hairpin:
                Finish(hairpins: false);
                break;
            default:
                _test = Test.Done; // no UDP, or no server of this kind
                break;
        }
    }

    private void FoundMapping(Instant now, NatBehavior mapping)
    {
        Findings = Findings with { Mapping = mapping };
        Ask(now, Test.Filtering1, 1, _server, false, false);
    }

    private void FoundFiltering(Instant now, NatBehavior filtering)
    {
        Findings = Findings with { Filtering = filtering };
        Ask(now, Test.Hairpin, 2, _first, false, false);
    }

    private void Finish(bool hairpins)
    {
        Findings = Findings with { Hairpins = hairpins };
        _test = Test.Done;
    }

    private void Ask(Instant now, Test test, int port, TransportAddress to, bool changeIp, bool changePort)
    {
        _test = test;
        _transactions.Start(now, Addresses[port], to, id =>
        {
            _hairpin = id;
            return _sealer.Seal(now, new StunMessage
            {
                Method = StunMethod.Binding,
                Class = StunClass.Request,
                TransactionId = id.ToArray(),
                Attributes = changeIp || changePort ? [new ChangeRequest { ChangeIp = changeIp, ChangePort = changePort }] : [],
            }, new StunSeal(StunIntegrityAlgorithms.None, default, Fingerprint: true));
        }, test);
        Pump(now);
    }

    private void Pump(Instant now)
    {
        while (_transactions.TryTake(out var output))
        {
            var transaction = output.Transaction;
            if (output.Ended) Unanswered(now, transaction.Tag);
            else _outbox.Add(new Datagram(transaction.Local, transaction.Remote, transaction.Request.Bytes));
        }
    }
}
