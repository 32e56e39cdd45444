using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Receiving an Allocate request (RFC 8656 section 7.2): the checks in the order given there.</summary>
public sealed partial class TurnServer
{
    private void Allocate(in Request request)
    {
        // Check 2, and the section's last note: a retransmission gets the same response again.
        if (TryFindAllocation(request.Local, request.Client, out var existing))
        {
            if (existing.CreatedBy == request.Reading.Id && existing.Username == request.Username && !_quirks.Has(TurnQuirk.ForgetsAllocateTransaction))
            {
                AcceptAllocation(request, existing);
                return;
            }
            if (!_quirks.Has(TurnQuirk.ReplacesAllocation))
            {
                Reject(request, 437);
                return;
            }
            foreach (var relay in existing.Relays.ToArray()) End(relay, TurnEnd.Replaced);
        }
        if (CheckAllocate(request, out var families, out var even) is var code and not 0)
        {
            if (code == 300) Reject(request, 300, Alternate(_policy.Alternate!.Value));
            else Reject(request, code);
            return;
        }

        var allocation = new TurnAllocation(request.Client, request.Local, request.Username, request.Reading.Id, _policy.BytesPerSecond);
        var expiresAt = request.Now + GrantedLifetime(TurnAttributes.ReadLifetime(request.Reading));
        List<StunAttribute> refused = [];
        foreach (var family in families)
        {
            if (TryChooseRelay(family, even, out var address))
            {
                allocation.Relays.Add(new TurnRelay(allocation, address, _quirks) { ExpiresAt = expiresAt });
                continue;
            }
            // Check 9: a dual allocation may be granted in part.
            refused.Add(Refused(family, _policy.Relays.Any(r => r.First.Family == family) ? 508 : 440));
        }
        if (allocation.Relays.Count == 0)
        {
            Reject(request, 508);
            return;
        }
        _allocations.Add(new FiveTuple(request.Client, request.Local), allocation);
        foreach (var relay in allocation.Relays) _relays.Add(relay.Address, relay);
        FindNextExpiry();
        _outbox.Add(new TurnEvent.AllocationCreated(request.Client, request.Username, [.. allocation.Relays.Select(r => r.Address)]));
        AcceptAllocation(request, allocation, refused);
    }

    /// <summary>Checks 3 to 11: 0, or the code to reject the request with.</summary>
    private int CheckAllocate(in Request request, out IpFamily[] families, out bool even)
    {
        var reading = request.Reading;
        families = [IpFamily.IPv4];
        var hasEvenPort = reading.TryFind(StunAttributeType.EvenPort, out var evenPort);
        even = hasEvenPort && !_quirks.Has(TurnQuirk.IgnoresEvenPort);

        // Check 3.
        var protocol = reading.TryFind(StunAttributeType.RequestedTransport, out var transport) && transport.TryGet(out RequestedTransport.View wanted)
            ? wanted.Protocol : (ProtocolNumber?)null;
        if (protocol is null && !_quirks.Has(TurnQuirk.AllocatesWithoutTransport)) return 400;
        if (protocol is not null and not ProtocolNumber.Udp && !_quirks.Has(TurnQuirk.AllocatesAnyTransport)) return 442;

        // Check 5; there are no reservations, so no token is valid.
        var one = reading.TryFind(StunAttributeType.RequestedAddressFamily, out var requested);
        var both = reading.TryFind(StunAttributeType.AdditionalAddressFamily, out var additional);
        if (reading.Has(StunAttributeType.ReservationToken)) return one || both || reading.Has(StunAttributeType.EvenPort) ? 400 : 508;

        // Checks 6 and 7.
        if (one && both) return 400;
        if (one && requested.TryGet(out RequestedAddressFamily.View family)) families = [TurnAttributes.FamilyOf(family.Family)];
        var only = families[0];
        if (!both && !_policy.Relays.Any(r => r.First.Family == only)) return 440;

        // Check 8; there are no reservations.
        if (hasEvenPort && evenPort.TryGet(out EvenPort.View port) && port.ReserveNextHigherPort) return both ? 400 : 508;

        // Check 9.
        if (both)
        {
            if (additional.TryGet(out AdditionalAddressFamily.View second) && second.Family != AddressFamily.IPv6) return 400;
            families = [IpFamily.IPv4, IpFamily.IPv6];
        }

        // Checks 10 and 11.
        var username = request.Username;
        if (_allocations.Values.Count(a => a.Username == username) >= _policy.MaxAllocationsPerUser) return 486;
        if (_allocations.Count >= _policy.MaxAllocations) return 508;
        return _policy.Alternate is null ? 0 : 300;
    }

    private void AcceptAllocation(in Request request, TurnAllocation allocation, IReadOnlyList<StunAttribute>? refused = null)
    {
        var left = allocation.Relays.Max(r => r.ExpiresAt) - request.Now;
        List<StunAttribute> attributes = [];
        if (!_quirks.Has(TurnQuirk.OmitsRelayedAddress)) attributes.AddRange(allocation.Relays.Select(r => TurnAttributes.Relayed(r.Address)));
        attributes.Add(TurnAttributes.Lifetime(left));
        if (!_quirks.Has(TurnQuirk.OmitsMappedAddress)) attributes.Add(StunAddresses.XorMapped(request.Client));
        if (refused is not null) attributes.AddRange(refused);
        Accept(request, attributes.ToArray());
    }

    /// <summary>Sections 7.2 and 8.2: the requested lifetime, within the default and the maximum.</summary>
    private TimeSpan GrantedLifetime(uint? requested)
    {
        if (requested is null) return _policy.DefaultLifetime;
        var wanted = TimeSpan.FromSeconds(requested.Value);
        if (wanted > _policy.MaxLifetime && !_quirks.Has(TurnQuirk.GrantsAnyLifetime)) wanted = _policy.MaxLifetime;
        return wanted > _policy.DefaultLifetime ? wanted : _policy.DefaultLifetime;
    }

    /// <summary>Section 7.2, second note: a random port that is free (RFC 6056 section 3.3.1), even if that was asked for.</summary>
    private bool TryChooseRelay(IpFamily family, bool even, out TransportAddress address)
    {
        address = default;
        var ranges = _policy.Relays.Where(r => r.First.Family == family && r.Count > 0).ToArray();
        var count = ranges.Sum(r => r.Count);
        if (count == 0) return false;
        var start = (int)_ports.UniformBelow((ulong)count);
        for (var i = 0; i < count; i++)
        {
            var index = (start + i) % count;
            var range = 0;
            while (index >= ranges[range].Count) index -= ranges[range++].Count;
            var port = ranges[range].First.Port + index;
            if (port > ushort.MaxValue || even && port % 2 != 0) continue;
            address = ranges[range].First.WithPort((ushort)port);
            if (!_relays.ContainsKey(address) && !_listening.Contains(address)) return true;
        }
        return false;
    }

    private static AddressErrorCode Refused(IpFamily family, int code) => new()
    {
        Family = TurnAttributes.FamilyOf(family),
        Class = (byte)(code / 100),
        Number = (byte)(code % 100),
        ReasonPhrase = TurnAttributes.Error(code).ReasonPhrase,
    };

    private static AlternateServer Alternate(TransportAddress address) => new() { Port = address.Port, Address = address.AddressBytes() };
}
