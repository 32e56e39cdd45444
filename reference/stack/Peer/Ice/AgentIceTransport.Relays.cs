using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Stack.Peer.Ice;

// TURN clients behind relayed bases (RFC 8445 section 5.1.1.2): one for each local address and each server of its family.
public sealed partial class AgentIceTransport
{
    private readonly QuirkSet<TurnQuirk> _turnQuirks;
    private readonly List<Relay> _relays = [];
    private readonly PacketArena _arena = new();

    private sealed class Relay(TurnClient client, TransportAddress @base)
    {
        public TurnClient Client => client;

        /// <summary>Where requests leave from.</summary>
        public TransportAddress Base => @base;

        /// <summary>What the agent knows as bases.</summary>
        public List<TransportAddress> Relayed { get; } = [];

        /// <summary>The agent waits for the answer.</summary>
        public bool IsAwaited { get; set; } = true;
    }

    private Instant RelayDeadline
    {
        get
        {
            var next = Instant.Never;
            foreach (var relay in _relays) next = Instant.Min(next, relay.Client.NextDeadline);
            return next;
        }
    }

    private void AddRelays(Instant now, TransportAddress address)
    {
        foreach (var server in _policy.IceServers.Where(s => s.IsTurn && s.Address.Family == address.Family))
        {
            // Without an attribute a server gives an address of IPv4 (RFC 8656 section 7.2).
            var turn = _policy.Turn with { TakesTurns = true };
            if (address.Family == IpFamily.IPv6 && turn.Families == TurnFamilies.Default) turn = turn with { Families = TurnFamilies.IPv6 };
            var entropy = _entropy.Fork($"turn/{_relays.Count}");
            var client = new TurnClient(turn, entropy, [address], server.Address, server.Username!, server.Credential ?? "", _turnQuirks);
            var relay = new Relay(client, address);
            _relays.Add(relay);
            _agent.ExpectRelay();
            client.Allocate(now);
        }
    }

    /// <summary>RFC 8445 section 14.1: the pace of the agent allows a transaction. None waits any more when its allocation has ended.</summary>
    private void TakeRelayTurn(Instant now)
    {
        foreach (var relay in _relays)
        {
            if (!relay.Client.WaitsForTurn) continue;
            relay.Client.TakeTurn(now);
            return;
        }
    }

    private Relay? RelayOf(TransportAddress relayed)
    {
        foreach (var relay in _relays)
        {
            if (relay.Relayed.Contains(relayed)) return relay;
        }
        return null;
    }

    /// <summary>What comes from a TURN server is its client's, except Binding responses: the server may be asked as a STUN server, too.</summary>
    private Relay? RelayFor(TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (_relays.Count == 0) return null;
        if (PacketKinds.Of(datagram) == PacketKind.Stun && datagram.Length >= 2 && (BinaryPrimitives.ReadUInt16BigEndian(datagram) & 0x3EEF) == 1) return null;
        foreach (var relay in _relays)
        {
            if (relay.Base == local && relay.Client.Server == remote) return relay;
        }
        return null;
    }

    private void AdvanceRelays(Instant now)
    {
        foreach (var relay in _relays)
        {
            if (relay.Client.NextDeadline <= now) relay.Client.Advance(now);
        }
    }

    /// <summary>A client may be called again before its datagram is taken from here.</summary>
    private Datagram Copy(in Datagram lent)
    {
        var copy = _arena.Take(lent.Bytes.Length);
        lent.Bytes.CopyTo(copy);
        return lent with { Bytes = copy };
    }

    /// <returns>Whether there was anything: the agent may have something to say about it.</returns>
    private bool TakeFromRelays(Instant now)
    {
        var any = false;
        foreach (var relay in _relays)
        {
            while (relay.Client.TryTake(out var output))
            {
                any = true;
                switch (output.Kind)
                {
                    case TurnOutputKind.Transmit: _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Transmit, Copy(output.Datagram))); break;
                    case TurnOutputKind.Received: Relayed(now, relay, output); break;
                    default: Process(now, relay, output.Event!); break;
                }
            }
        }
        return any;
    }

    private void Process(Instant now, Relay relay, TurnEvent happened)
    {
        switch (happened)
        {
            case TurnEvent.WaitsForTurn: _agent.QueueRelay(now); break;
            case TurnEvent.Allocated allocated: Allocated(now, relay, allocated); break;
            case TurnEvent.Failed { Request: TurnRequest.Allocate } failed:
                Discard(new Discard(DiscardReason.NoEffect, "RFC8656:7.4", $"no allocation at {relay.Client.Server}: {failed.Reason} {failed.ErrorCode}"));
                Answered(now, relay);
                break;
            case TurnEvent.Ended ended:
                foreach (var relayed in relay.Relayed) _agent.RemoveBase(relayed);
                relay.Relayed.Clear();
                if (ended.Reason == TurnEnd.Deleted && relay.IsAwaited)
                {
                    relay.Client.Allocate(now); // a restart wants it again
                    break;
                }
                if (ended.Reason != TurnEnd.Deleted)
                    Discard(new Discard(DiscardReason.NoEffect, "RFC8656:6", $"the allocation at {relay.Client.Server} has ended: {ended.Reason}"));
                Answered(now, relay);
                break;
            case TurnEvent.Discarded discarded: Discard(discarded.Discard); break;
        }
    }

    private void Allocated(Instant now, Relay relay, TurnEvent.Allocated allocated)
    {
        if (_agent.Selected is not null)
        {
            // Nobody needs it any more (RFC 8445 section 8.3.1).
            relay.Client.Close(now);
        }
        else
        {
            foreach (var relayed in allocated.Relayed)
            {
                relay.Relayed.Add(relayed);
                // RFC 8829 section 3.5.3: raddr and rport tell nobody either.
                var mapped = _relaysOnly ? TransportAddress.From(new byte[relayed.AddressLength], 9) : allocated.Mapped == default ? relay.Base : allocated.Mapped;
                _agent.AddRelayedBase(now, relayed, mapped, relay.Base, relay.Client.Server);
            }
        }
        Answered(now, relay);
    }

    private void Answered(Instant now, Relay relay)
    {
        if (!relay.IsAwaited) return;
        relay.IsAwaited = false;
        _agent.RelayAnswered(now);
    }

    private void Relayed(Instant now, Relay relay, in TurnOutput received)
    {
        if (relay.Client.RelayedOf(received.Peer.Family) is not { Port: > 0 } local) return;
        if (PacketKinds.Of(received.Data.Span) == PacketKind.Stun) _agent.Receive(now, local, received.Peer, received.Data.Span);
        else _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Received, Copy(new Datagram(local, received.Peer, received.Data))));
    }

    /// <summary>RFC 8656 section 12: a channel costs less than indications; worth it for the pair that data goes over.</summary>
    private void BindChannel(Instant now, IcePath path) => RelayOf(path.Local)?.Client.Bind(now, path.Remote);

    /// <summary>RFC 8445 section 8.3.1: what was not selected is given back.</summary>
    private void Release(Instant now, TransportAddress address)
    {
        if (RelayOf(address) is not { } relay) return;
        relay.Client.Close(now);
        foreach (var relayed in relay.Relayed) _agent.RemoveBase(relayed);
        relay.Relayed.Clear();
    }

    /// <summary>A restart gathers anew: allocations that were given back are asked for again.</summary>
    private void ReviveRelays(Instant now)
    {
        foreach (var relay in _relays.Where(r => r.Client.State is TurnClientState.Idle or TurnClientState.Deleting && !r.IsAwaited))
        {
            relay.IsAwaited = true;
            _agent.ExpectRelay();
            if (relay.Client.State == TurnClientState.Idle) relay.Client.Allocate(now);
        }
    }

    private void CloseRelays(Instant now)
    {
        foreach (var relay in _relays)
        {
            relay.IsAwaited = false; // nor wanted again
            relay.Client.Close(now);
        }
    }
}
