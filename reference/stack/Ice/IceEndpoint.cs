using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// A small ICE agent (RFC 8445): one component of one data stream, between addresses that it is given. It answers the peer's connectivity
/// checks, sends its own, repairs role conflicts and nominates (sections 7 and 8), and ends there: gathering, consent, restarts and data are those of
/// <see cref="IceAgent"/>. What is common stands in <see cref="IceMachine"/>.
/// </summary>
public sealed class IceEndpoint : IceMachine
{
    private enum IceTimer
    {
        /// <summary>Ta: the next check may go out (section 14.2).</summary>
        Pacing,
    }

    private readonly Checklist _checklist;
    private readonly Deadlines<IceTimer> _deadlines = new();
    private readonly List<TransportAddress> _locals = [];
    private readonly List<RemoteCandidate> _remotes = [];
    private readonly IceKeys _keys;
    private Instant _nextCheckAt = Instant.Start;
    private CandidatePair? _selected;
    private bool _nominating;

    private readonly record struct RemoteCandidate(TransportAddress Address, uint Priority);

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This agent's own substream.</param>
    /// <param name="credentials">The local fragment and password.</param>
    /// <param name="role">The role to begin with.</param>
    /// <param name="quirks">Rules to break.</param>
    /// <param name="tieBreaker">The tiebreaker; drawn when null (section 16.1).</param>
    public IceEndpoint(IcePolicy policy, Entropy entropy, IceCredentials credentials, IceRole role,
        QuirkSet quirks = default, ulong? tieBreaker = null) : base(policy, entropy, role, quirks, tieBreaker)
    {
        _keys = new IceKeys(credentials);
        _checklist = new Checklist(policy.MaxPairs);
    }

    public IceCredentials LocalCredentials => _keys.Local;

    /// <summary>The nominated pair (section 8.1.1); of several, that of the highest priority.</summary>
    public (TransportAddress Local, TransportAddress Remote)? Selected => _selected is { } pair ? (pair.Local, pair.Remote) : null;

    // ---- commands ----

    /// <summary>Use a local address (a host candidate, section 5.1.1.1).</summary>
    public void AddLocalCandidate(Instant now, TransportAddress address)
    {
        if (_locals.Contains(address)) return;
        _locals.Add(address);
        foreach (var remote in _remotes) Pair(address, remote);
        AfterEvent(now);
    }

    /// <summary>The peer's fragment and password have become known. A second call changes them (a restart of the peer is a new endpoint).</summary>
    public void SetRemoteCredentials(Instant now, IceCredentials credentials)
    {
        _keys.SetRemote(credentials);
        AfterEvent(now);
    }

    /// <summary>A candidate of the peer; paired with every local candidate of its family (section 6.1.2.2).</summary>
    public void AddRemoteCandidate(Instant now, TransportAddress address, uint priority)
    {
        if (_remotes.Any(r => r.Address == address)) return;
        var remote = new RemoteCandidate(address, priority);
        _remotes.Add(remote);
        foreach (var local in _locals) Pair(local, remote);
        AfterEvent(now);
    }

    /// <summary>Send a check at once, whatever the checklist says.</summary>
    /// <param name="now">The time.</param>
    /// <param name="local">From where.</param>
    /// <param name="remote">To where.</param>
    /// <param name="useCandidate">With USE-CANDIDATE; a controlled agent does not send it (section 7.1.2).</param>
    /// <exception cref="InvalidOperationException">The peer's credentials are not known yet, or there are too many pairs.</exception>
    public void Check(Instant now, TransportAddress local, TransportAddress remote, bool useCandidate = false)
    {
        if (_keys.Remote is null) throw new InvalidOperationException("a check needs the peer's credentials: call SetRemoteCredentials first");
        var pair = _checklist.FindOrAdd(local, remote, HostPriority, PeerReflexivePriority)
            ?? throw new InvalidOperationException($"there are already {_checklist.Count} pairs");
        SendCheck(now, pair, useCandidate);
        AfterEvent(now);
    }

    // ---- pacing ----

    private protected override Instant NextTimer => _deadlines.Next;

    /// <summary>Section 6.1.4.2: whenever Ta fires, one check.</summary>
    private protected override void FireTimers(Instant now)
    {
        while (_deadlines.TryTakeExpired(now, out _))
        {
            if (NextPair(remove: true) is { } pair) SendCheck(now, pair, useCandidate: Role == IceRole.Controlling && pair.NominateOnSuccess);
            AfterEvent(now);
        }
    }

    /// <summary>Run the pacing timer exactly while there is a pair to check.</summary>
    private protected override void AfterEvent(Instant now)
    {
        if (NextPair(remove: false) is null) _deadlines.Stop(IceTimer.Pacing);
        else _deadlines.Set(IceTimer.Pacing, Instant.Max(now, _nextCheckAt));
    }

    private CandidatePair? NextPair(bool remove) =>
        Policy.ChecksByItself && _keys.Remote is { } remote ? _checklist.NextFor(remote.Fragment, Role, remove) : null;

    private void SendCheck(Instant now, CandidatePair pair, bool useCandidate)
    {
        _nextCheckAt = now + Policy.Ta;
        pair.State = CandidatePairState.InProgress;
        StartCheck(now, pair, _keys, useCandidate, PeerReflexivePriority, CheckRto(Policy.Ta, _checklist.Unfinished));
    }

    private void Pair(TransportAddress local, RemoteCandidate remote)
    {
        if (!Policy.ChecksByItself || Policy.Lite || local.Family != remote.Address.Family) return;
        _checklist.FindOrAdd(local, remote.Address, HostPriority, remote.Priority)?.Signal();
    }

    private uint HostPriority => PriorityOf(IcePriorities.Host, Policy.LocalPreference);

    /// <summary>RFC 8445 section 7.1.1: what PRIORITY says, with the type preference of peer-reflexive candidates.</summary>
    private uint PeerReflexivePriority => PriorityOf(IcePriorities.PeerReflexive, Policy.LocalPreference);

    // ---- what comes of checks ----

    private protected override IceKeys KeysOf(in StunReading request) => _keys;

    /// <summary>RFC 8445 sections 7.3.1.3 to 7.3.1.5, and 7.3.2 for a lite agent.</summary>
    private protected override void Accepted(Instant now, IceKeys keys, TransportAddress local, in AcceptedCheck check)
    {
        // Section 7.3.1.3: an unknown source is a new peer-reflexive remote candidate, not paired with anything else.
        var source = check.Source;
        if (_remotes.Count < Policy.MaxPairs && _remotes.All(r => r.Address != source)) _remotes.Add(new RemoteCandidate(source, check.Priority));
        if (_checklist.FindOrAdd(local, source, HostPriority, check.Priority) is not { } pair) return;
        if (!pair.IsSignalled && check.Fragment is not null) pair.RemoteFragment = check.Fragment;

        if (Policy.Lite) (pair.State, pair.IsValid) = (CandidatePairState.Succeeded, true);
        else if (Policy.ChecksByItself) _checklist.Trigger(pair, Checks, Quirks);

        // Section 7.3.1.5, for the controlled agent only.
        if (!check.UseCandidate || Role != IceRole.Controlled) return;
        if (pair.State == CandidatePairState.Succeeded || Quirks.Has(Quirk.IceNominatesUnverifiedPair)) Nominate(pair);
        else pair.NominateOnSuccess = true;
    }

    /// <summary>Section 7.2.5.3.</summary>
    private protected override void Succeeded(Instant now, Check check, TransportAddress mapped)
    {
        var pair = check.Pair;
        // Section 7.2.5.3.1: an unknown mapped address is a peer-reflexive local candidate. Its base is the pair's local
        // candidate, so checks and data go from there; the valid pair differs from this one by name only.
        pair.State = CandidatePairState.Succeeded;
        pair.IsValid = true;
        Emit(new IceOutput.CheckSucceeded(pair.Local, pair.Remote, mapped, check.UseCandidate));

        // Section 7.2.5.3.4.
        if (check.Role == IceRole.Controlling ? check.UseCandidate : pair.NominateOnSuccess)
        {
            Nominate(pair);
            return;
        }
        PickNomination();
    }

    /// <summary>Section 7.2.5.2: the pair has failed; when it was to be nominated, another one may be (section 7.2.5.3.4).</summary>
    private protected override void Failed(Instant now, StunTransaction<Check> transaction, IceFailure reason, int code)
    {
        var pair = transaction.Tag.Pair;
        Emit(new IceOutput.CheckFailed(pair.Local, pair.Remote, reason, code));
        if (pair.Transaction != transaction) return; // a newer check of the pair is what counts
        pair.State = CandidatePairState.Failed;
        pair.IsValid = false;
        if (pair.NominateOnSuccess && Role == IceRole.Controlling) _nominating = false;
        pair.NominateOnSuccess = false;
    }

    private protected override void Repeat(CandidatePair pair)
    {
        if (Policy.ChecksByItself) _checklist.Enqueue(pair);
        else pair.State = CandidatePairState.Waiting;
    }

    /// <summary>Section 7.2.5.1, second note: the switch changes who nominates.</summary>
    private protected override void RoleChanged(Instant now)
    {
        _checklist.ForgetNominations();
        _nominating = false;
        PickNomination();
    }

    /// <summary>Section 8.1.1: the controlling agent picks a valid pair, one only, and repeats its check with USE-CANDIDATE.</summary>
    private void PickNomination()
    {
        if (Role != IceRole.Controlling || !Policy.Nominates || !Policy.ChecksByItself || _nominating || _selected is not null) return;
        if (_checklist.BestValid(Role) is not { } valid) return;
        _nominating = true;
        valid.NominateOnSuccess = true;
        _checklist.Enqueue(valid);
    }

    private void Nominate(CandidatePair pair)
    {
        if (pair.IsNominated) return;
        pair.IsNominated = true;
        // Section 8.1.1: of several nominated pairs, the one with the highest priority.
        if (_selected is null || pair.Priority(Role) > _selected.Priority(Role)) _selected = pair;
        Emit(new IceOutput.Nominated(pair.Local, pair.Remote));
        _checklist.Conclude(pair, Checks);
    }
}
