using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Requests other than Allocate (RFC 8656 sections 5, 8.2, 10.2 and 12.2; RFC 8489 sections 9.2.4 and 12).</summary>
public sealed partial class TurnServer
{
    /// <summary>A request that has passed authentication, and how its responses are protected.</summary>
    private readonly ref struct Request(Instant now, TransportAddress local, TransportAddress client, StunReading reading, string username, StunSeal seal)
    {
        public readonly Instant Now = now;
        public readonly TransportAddress Local = local, Client = client;
        public readonly StunReading Reading = reading;
        public readonly string Username = username;
        public readonly StunSeal Seal = seal;
    }

    private void ReceiveRequest(Instant now, TransportAddress local, TransportAddress remote, in StunReading reading)
    {
        var method = reading.Message.Method;
        if (method is not (StunMethod.Binding or StunMethod.Allocate or StunMethod.Refresh or StunMethod.CreatePermission or StunMethod.ChannelBind))
        {
            Discard(local, remote, DiscardReason.Unsupported, "RFC8489:6.3", $"method {(ushort)method:x3} has no requests here");
            return;
        }
        var username = "";
        var seal = new StunSeal(StunIntegrityAlgorithms.None, default, reading.Has(StunAttributeType.Fingerprint));
        // RFC 8656 section 5: long-term credentials for all requests of TURN; RFC 8489 section 12: none for Binding.
        if (method != StunMethod.Binding && _longTerm is not null)
        {
            var verdict = _longTerm.Judge(now, reading, remote);
            if (!verdict.IsGood && !_quirks.Has(TurnQuirk.ServesAnybody))
            {
                _outbox.Add(new TurnEvent.Rejected(remote, (ushort)method, verdict.ErrorCode));
                _sending.Stun(now, local, remote, _sending.Seal(now, _longTerm.Error(now, reading, verdict, remote), verdict.Seal));
                return;
            }
            if (verdict.IsGood) (username, seal) = (verdict.Username!, verdict.Seal);
        }
        var request = new Request(now, local, remote, reading, username, seal);

        // RFC 8489 section 6.3.1.
        var unknown = reading.TypesWhere(type => type.IsComprehensionRequired() && !TurnAttributes.Understands(type, _policy.SupportsDontFragment));
        if (unknown.Count > 0)
        {
            Reject(request, 420, new UnknownAttributes { AttributeTypes = [.. unknown] });
            return;
        }
        switch (method)
        {
            case StunMethod.Binding:
                Accept(request, StunAddresses.XorMapped(remote));
                break;
            case StunMethod.Allocate:
                Allocate(request);
                break;
            default:
                ReceiveAboutAllocation(request);
                break;
        }
    }

    /// <summary>RFC 8656 section 5: the 5-tuple must have an allocation, made by the same user.</summary>
    private void ReceiveAboutAllocation(in Request request)
    {
        if (!TryFindAllocation(request.Local, request.Client, out var allocation))
        {
            if (_quirks.Has(TurnQuirk.IgnoresMissingAllocation)) Accept(request);
            else Reject(request, 437);
            return;
        }
        if (allocation.Username != request.Username && !_quirks.Has(TurnQuirk.AcceptsOtherUsers))
        {
            Reject(request, 441);
            return;
        }
        switch (request.Reading.Message.Method)
        {
            case StunMethod.Refresh:
                Refresh(request, allocation);
                break;
            case StunMethod.CreatePermission:
                CreatePermission(request, allocation);
                break;
            default:
                BindChannel(request, allocation);
                break;
        }
    }

    /// <summary>RFC 8656 section 8.2.</summary>
    private void Refresh(in Request request, TurnAllocation allocation)
    {
        IReadOnlyList<TurnRelay> concerned = [.. allocation.Relays];
        if (request.Reading.TryFind(StunAttributeType.RequestedAddressFamily, out var attribute) && attribute.TryGet(out RequestedAddressFamily.View family))
        {
            var wanted = TurnAttributes.FamilyOf(family.Family);
            concerned = [.. allocation.Relays.Where(r => r.Address.Family == wanted)];
            if (concerned.Count == 0)
            {
                Reject(request, 443);
                return;
            }
        }
        var requested = TurnAttributes.ReadLifetime(request.Reading);
        var lifetime = requested == 0 ? TimeSpan.Zero : GrantedLifetime(requested);
        foreach (var relay in concerned)
        {
            if (lifetime > TimeSpan.Zero) relay.ExpiresAt = request.Now + lifetime;
            else if (!_quirks.Has(TurnQuirk.KeepsDeletedAllocation)) End(relay, TurnEnd.Deleted);
        }
        FindNextExpiry();
        Accept(request, TurnAttributes.Lifetime(lifetime));
    }

    /// <summary>RFC 8656 section 10.2: all peers, or none.</summary>
    private void CreatePermission(in Request request, TurnAllocation allocation)
    {
        var now = request.Now;
        var peers = TurnAttributes.ReadPeers(request.Reading);
        if (peers.Count == 0)
        {
            Reject(request, 400);
            return;
        }
        if (peers.Exists(p => allocation.RelayFor(p) is null) && !_quirks.Has(TurnQuirk.IgnoresPeerFamily))
        {
            Reject(request, 443);
            return;
        }
        if (peers.Exists(IsForbidden))
        {
            Reject(request, 403);
            return;
        }
        if (allocation.Relays.Exists(r => r.PermissionsWith(peers.Where(p => p.Family == r.Address.Family), now) > _policy.MaxPermissions))
        {
            Reject(request, 508);
            return;
        }
        foreach (var peer in peers) allocation.RelayFor(peer)?.Permit(peer, now);
        Accept(request);
    }

    /// <summary>RFC 8656 section 12.2.</summary>
    private void BindChannel(in Request request, TurnAllocation allocation)
    {
        var now = request.Now;
        if (TurnAttributes.ReadChannel(request.Reading) is not { } number || !TurnAttributes.TryReadPeer(request.Reading, out var peer)
            || number is < TurnNumbers.FirstChannel or > TurnNumbers.LastChannel && !_quirks.Has(TurnQuirk.BindsReservedNumbers))
        {
            Reject(request, 400);
            return;
        }
        if (allocation.RelayFor(peer) is not { } relay)
        {
            Reject(request, 443);
            return;
        }
        var bound = relay.TryPeer(number, now, out var boundTo);
        var otherwise = bound && boundTo != peer || relay.TryChannel(peer, now, out var other) && other != number;
        if (otherwise && !_quirks.Has(TurnQuirk.RebindsChannels))
        {
            Reject(request, 400);
            return;
        }
        if (IsForbidden(peer))
        {
            Reject(request, 403);
            return;
        }
        if (!bound && relay.ChannelCount(now) >= _policy.MaxChannels || relay.PermissionsWith([peer], now) > _policy.MaxPermissions)
        {
            Reject(request, 508);
            return;
        }
        relay.Bind(number, peer, now);
        relay.Permit(peer, now);
        Accept(request);
    }

    private void Accept(in Request request, params ReadOnlySpan<StunAttribute> attributes) => Respond(request, StunClass.SuccessResponse, attributes);

    private void Reject(in Request request, int code, params ReadOnlySpan<StunAttribute> more)
    {
        _outbox.Add(new TurnEvent.Rejected(request.Client, (ushort)request.Reading.Message.Method, code));
        Respond(request, StunClass.ErrorResponse, [TurnAttributes.Error(code), .. more]);
    }

    private void Respond(in Request request, StunClass @class, ReadOnlySpan<StunAttribute> attributes)
    {
        var method = request.Reading.Message.Method;
        var named = _policy.Software is not null && method is StunMethod.Allocate or StunMethod.Refresh;
        var message = new StunMessage
        {
            Method = method,
            Class = @class,
            TransactionId = request.Reading.Message.TransactionId.ToArray(),
            Attributes = named ? [.. attributes, new Software { Value = _policy.Software! }] : [.. attributes],
        };
        _sending.Stun(request.Now, request.Local, request.Client, _sending.Seal(request.Now, message, request.Seal));
    }
}
