using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 sections 5 and 6.1.2, and RFC 8838: candidates of both sides, and the pairs that are made of them.</summary>
public sealed partial class IceAgent
{
    private readonly List<IceCandidate> _early = [];
    private bool _hasBegun;
    private int _expectedRelays, _queuedRelays;

    // ---- local candidates (section 5.1) ----

    /// <summary>
    /// A local address to use (section 5.1.1.1). Those given before <see cref="Gather"/> are put in order as RFC 8421 says; a later one, of an interface that
    /// has appeared, comes after them.
    /// </summary>
    public void AddBase(Instant now, TransportAddress address)
    {
        if (BaseAt(address) is not null) return;
        var @base = new IceBase(address, IceCandidateType.Host, NextPreference);
        _bases.Add(@base);
        if (!_hasBegun) return;
        GatherFrom(now, @base);
        AfterEvent(now);
    }

    /// <summary>An allocation will be asked for: gathering is not over before <see cref="RelayAnswered"/>.</summary>
    public void ExpectRelay() => _expectedRelays++;

    /// <summary>One more TURN transaction is to begin; <see cref="IceOutput.RelayTurn"/> says when, after <see cref="Gather"/> (sections 5.1.1.2 and 14.1).</summary>
    public void QueueRelay(Instant now)
    {
        _queuedRelays++;
        AfterEvent(now);
    }

    /// <summary>The TURN server has answered, or not; its relayed addresses were given to <see cref="AddRelayedBase"/> before.</summary>
    public void RelayAnswered(Instant now)
    {
        if (_expectedRelays > 0) _expectedRelays--;
        if (_hasBegun) FinishGathering(now);
        AfterEvent(now);
    }

    /// <summary>A base is gone. Its candidates are not told in later sessions; pairs of this one fail by themselves.</summary>
    public void RemoveBase(TransportAddress address) => _bases.RemoveAll(b => b.Address == address);

    /// <summary>A TURN allocation (sections 5.1.1.2 and 7.3.1.4): its relayed address is a candidate and its own base; the mapped address is a server-reflexive one.</summary>
    /// <param name="now">The time.</param>
    /// <param name="relayed">XOR-RELAYED-ADDRESS.</param>
    /// <param name="mapped">XOR-MAPPED-ADDRESS.</param>
    /// <param name="hostBase">Where the Allocate request was sent from.</param>
    /// <param name="server">The TURN server.</param>
    public void AddRelayedBase(Instant now, TransportAddress relayed, TransportAddress mapped, TransportAddress hostBase, TransportAddress server)
    {
        // A relayed candidate identical to a host candidate MUST be discarded.
        if (BaseAt(relayed) is not null) return;
        var @base = new IceBase(relayed, IceCandidateType.Relayed, NextPreference) { Related = mapped, Server = server, HostBase = hostBase };
        _bases.Add(@base);
        if (!_hasBegun) return;
        GatherFrom(now, @base);
        AfterEvent(now);
    }

    /// <summary>Begin: host candidates come at once, server-reflexive ones as the servers answer.</summary>
    public void Gather(Instant now)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        var order = IcePriorities.Intermingle([.. _bases.Select(b => b.Address)]);
        for (var i = 0; i < _bases.Count; i++) _bases[i] = _bases[i] with { Preference = (ushort)(ushort.MaxValue - IndexIn(order, _bases[i].Address)) };
        _bases.Sort((a, b) => b.Preference.CompareTo(a.Preference));
        BeginGathering(now);
        AfterEvent(now);
    }

    private static int IndexIn(IReadOnlyList<TransportAddress> order, TransportAddress address)
    {
        var index = 0;
        while (order[index] != address) index++;
        return index;
    }

    private ushort NextPreference => _bases.Count == 0 ? ushort.MaxValue : (ushort)(_bases.Min(b => b.Preference) - 1);

    private void BeginGathering(Instant now)
    {
        foreach (var @base in _bases.ToArray()) GatherFrom(now, @base);
        FinishGathering(now);
    }

    private void GatherFrom(Instant now, IceBase @base)
    {
        AddLocal(now, CandidateOf(@base));
        if (Policy.Lite) return; // section 5.2: lite implementations only utilize host candidates
        if (@base.Type == IceCandidateType.Host) _gatherer.Ask(@base);
        else if (@base.HostBase is { } hostBase && BaseAt(hostBase) is { } host)
            AddServerReflexive(now, host, @base.Related!.Value, @base.Server!.Value, host.ReflexivePreference(Policy.StunServers.Count, Policy.StunServers.Count));
    }

    private IceBase? BaseAt(TransportAddress address)
    {
        foreach (var @base in _bases)
        {
            if (@base.Address == address) return @base;
        }
        return null;
    }

    private IceCandidate CandidateOf(IceBase @base) =>
        new(FoundationOf(@base), Policy.Component, PriorityOf(IcePriorities.TypePreference(@base.Type), @base.Preference), @base.Address, @base.Type) { Related = @base.Related };

    private string FoundationOf(IceBase @base) => _foundations.Of(@base.Type, @base.Address, @base.Server);

    private void AddServerReflexive(Instant now, IceBase @base, TransportAddress mapped, TransportAddress server, ushort preference) =>
        AddLocal(now, new IceCandidate(
            _foundations.Of(IceCandidateType.ServerReflexive, @base.Address, server), Policy.Component,
            PriorityOf(IcePriorities.ServerReflexive, preference), mapped, IceCandidateType.ServerReflexive) { Related = @base.Address, Base = @base.Address });

    private void AddLocal(Instant now, IceCandidate candidate)
    {
        // Section 5.1.3: redundant if address and base equal those of another one; here the earlier ones have the higher priority.
        bool IsKnown(IceCandidate c) => c.Address == candidate.Address && c.Base == candidate.Base;
        if ((_current.Conveyed.Any(IsKnown) || _current.Held.Any(IsKnown)) && !Quirked(IceAgentQuirk.KeepsRedundantCandidates)) return;
        // RFC 8838 section 13: nothing is trickled after the end of candidates, nor after nomination.
        if (_current.Selected is not null) return;
        candidate = candidate with { Fragment = _current.Keys.Local.Fragment };
        if (Policy.Trickle == IceTrickle.Half && !_current.IsGathered) _current.Held.Add(candidate);
        else Convey(now, candidate);
    }

    /// <summary>RFC 8838 section 10: a local candidate is paired once it has been conveyed.</summary>
    private void Convey(Instant now, IceCandidate candidate)
    {
        _current.Conveyed.Add(candidate);
        Emit(new IceOutput.CandidateGathered(candidate));
        if (candidate.Type == IceCandidateType.ServerReflexive) return; // section 6.1.2.4: its pairs are those of its base
        foreach (var remote in _current.Remotes.Values.ToArray())
        {
            if (!IsLearned(remote)) Pair(candidate, remote);
        }
    }

    private void FinishGathering(Instant now)
    {
        if (_current.IsGathered || !_gatherer.IsDone || _expectedRelays > 0) return;
        _current.IsGathered = true;
        foreach (var candidate in _current.Held.OrderByDescending(c => c.Priority).ToArray()) Convey(now, candidate);
        _current.Held.Clear();
        Emit(new IceOutput.GatheringDone(_current.Keys.Local.Fragment));
    }

    // ---- remote candidates ----

    /// <summary>The peer's description. Other credentials than before mean that the peer has restarted, and so does this agent (RFC 8839 section 4.4.2.1).</summary>
    public void SetRemoteParameters(Instant now, IceParameters parameters)
    {
        if (_previous is { } previous && previous.Keys.Remote == parameters.Credentials && _current.Keys.Remote is null)
        {
            Ignore(DiscardReason.NoEffect, "RFC8445:9", "a description of the session before the restart");
            return;
        }
        if (_current.Keys.Remote is { } known && known != parameters.Credentials) Restart(now);
        _current.Keys.SetRemote(parameters.Credentials);
        _current.RemoteIsLite = parameters.Lite;
        _current.RemoteTrickles = parameters.Trickles;
        _current.RemoteFollowsRfc8445 = parameters.FollowsRfc8445;
        // Section 6.1.1: a full agent whose peer is lite is controlling.
        if (parameters.Lite && !Policy.Lite) SwitchTo(now, IceRole.Controlling);
        if (!parameters.Lite && Policy.Lite) SwitchTo(now, IceRole.Controlled);
        // Section 14.2: the higher of both values.
        var theirs = parameters.Pacing ?? DefaultTa;
        if (theirs > Policy.MaxTa)
        {
            Ignore(DiscardReason.LimitReached, "RFC8839:5.5", $"a pace of {theirs.TotalMilliseconds} ms; {Policy.MaxTa.TotalMilliseconds} ms is used");
            theirs = Policy.MaxTa;
        }
        _ta = theirs > Policy.Ta && !Quirked(IceAgentQuirk.IgnoresPacingOfPeer) ? theirs : Policy.Ta;

        var mine = _early.Where(c => c.Fragment == parameters.Credentials.Fragment).ToList();
        _early.RemoveAll(c => c.Fragment == parameters.Credentials.Fragment);
        foreach (var candidate in mine) AddRemoteCandidate(now, candidate);
        AfterEvent(now);
    }

    /// <summary>A candidate of the peer as the signalling has it: "candidate:...". Any text; what is not used becomes <see cref="IceOutput.CandidateIgnored"/>.</summary>
    public void AddRemoteCandidate(Instant now, string line)
    {
        if (IceText.TryReadCandidate(line, out var candidate, out var ignored)) AddRemoteCandidate(now, candidate);
        else Emit(new IceOutput.CandidateIgnored(ignored));
    }

    /// <summary>A candidate of the peer (RFC 8838 section 11).</summary>
    public void AddRemoteCandidate(Instant now, IceCandidate candidate)
    {
        if (candidate.Component != Policy.Component)
        {
            Ignore(DiscardReason.Unsupported, "RFC8445:6.1.2.2", $"component {candidate.Component} is not used");
            return;
        }
        if (!IsOfThisSession(candidate)) return;
        if (_current.RemoteHasEnded && !Quirked(IceAgentQuirk.AcceptsCandidatesAfterEnd))
        {
            Ignore(DiscardReason.NoEffect, "RFC8838:14", "candidates have ended");
            return;
        }
        var isKnown = _current.Remotes.TryGetValue(candidate.Address, out var known);
        if (isKnown && !IsLearned(known!)) return; // told twice
        if (!isKnown && _current.Remotes.Count >= Policy.MaxRemoteCandidates && !TryForgetLearned())
        {
            Ignore(DiscardReason.NoEffect, "RFC8445:6.1.2.5", $"there are already {_current.Remotes.Count} remote candidates");
            return;
        }
        candidate = candidate with { Fragment = candidate.Fragment ?? "" }; // signalled, not learned
        _current.Remotes[candidate.Address] = candidate;
        foreach (var local in _current.Conveyed.ToArray())
        {
            if (local.Type != IceCandidateType.ServerReflexive) Pair(local, candidate);
        }
        AfterEvent(now);
    }

    /// <summary>RFC 8838 section 14.</summary>
    /// <param name="now">The time.</param>
    /// <param name="fragment">The peer's fragment of the session that it is about; null for the one in force.</param>
    public void EndOfRemoteCandidates(Instant now, string? fragment = null)
    {
        if (fragment is not null && fragment != _current.Keys.Remote?.Fragment)
        {
            Ignore(DiscardReason.NoEffect, "RFC8838:13", $"an end of candidates of another session, '{fragment}'");
            return;
        }
        _current.RemoteHasEnded = true;
        AfterEvent(now);
    }

    /// <summary>RFC 8838 section 9: candidates of an earlier session are ignored; those of a session whose description has not come yet are kept, up to a limit.</summary>
    private bool IsOfThisSession(IceCandidate candidate)
    {
        if (candidate.Fragment is not { Length: > 0 } fragment || fragment == _current.Keys.Remote?.Fragment) return true;
        if (Quirked(IceAgentQuirk.AcceptsStaleCandidates)) return true;
        if (_outdated.Contains(fragment)) Ignore(DiscardReason.NoEffect, "RFC8838:9", $"a candidate of the earlier session '{fragment}'");
        else if (_early.Count >= Policy.MaxEarlyCandidates) Ignore(DiscardReason.NoEffect, "RFC8838:9", $"there are already {_early.Count} candidates of unknown sessions");
        else _early.Add(candidate);
        return false;
    }

    /// <summary>Section 7.3.1.3: known from the peer's checks only; it is not paired with other local candidates.</summary>
    private static bool IsLearned(IceCandidate remote) => remote.Fragment is null;

    /// <summary>Make room for a remote candidate: one that was learned and of which no pair works goes, with its pairs.</summary>
    private bool TryForgetLearned()
    {
        foreach (var remote in _current.Remotes.Values)
        {
            if (!IsLearned(remote) || !_current.Checklist.TryRemoveFailed(remote.Address)) continue;
            _current.Remotes.Remove(remote.Address);
            return true;
        }
        return false;
    }

    private void Ignore(DiscardReason reason, string rule, string note) => Emit(new IceOutput.CandidateIgnored(new Discard(reason, rule, note)));

    // ---- pairs (section 6.1.2) ----

    private void Pair(IceCandidate local, IceCandidate remote)
    {
        var session = _current;
        if (Policy.Lite && !session.RemoteIsLite || !MayPair(local.Address, remote.Address)) return;
        if (session.Checklist.Find(local.Base, remote.Address) is { } known)
        {
            known.Signal(remote.Priority, local.Foundation, remote.Foundation);
            session.Checklist.Thaw(known, Role);
            return;
        }
        if (session.Selected is not null || AddPair(local, remote) is not { } pair) return;
        pair.Signal(remote.Priority, local.Foundation, remote.Foundation);
        session.Checklist.Thaw(pair, Role);
    }

    /// <summary>Section 6.1.2.2: the same family, and IPv6 link-local addresses among themselves only.</summary>
    private bool MayPair(TransportAddress local, TransportAddress remote) =>
        local.Family == remote.Family
        && (local.IsLinkLocal == remote.IsLinkLocal || local.Family != IpFamily.IPv6 || Quirked(IceAgentQuirk.PairsLinkLocalWithOthers));

    /// <summary>Insert, if there is room (section 6.1.2.5); null when not.</summary>
    private CandidatePair? AddPair(IceCandidate local, IceCandidate remote)
    {
        var priority = Role == IceRole.Controlling ? IcePriorities.Pair(local.Priority, remote.Priority) : IcePriorities.Pair(remote.Priority, local.Priority);
        if (_current.Checklist.TryMakeRoom(priority, Role)) return _current.Checklist.FindOrAdd(local.Base, remote.Address, local.Priority, remote.Priority);
        Ignore(DiscardReason.NoEffect, "RFC8445:6.1.2.5", $"there are already {_current.Checklist.Count} pairs of a higher priority or under way");
        return null;
    }
}
