using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>Why a check failed (RFC 8445 section 7.2.5.2).</summary>
public enum IceFailure
{
    /// <summary>Section 7.2.5.2.3.</summary>
    Timeout,

    /// <summary>All responses were discarded because they were not authentic (RFC 8489 section 9.1.4).</summary>
    IntegrityViolated,

    /// <summary>Section 7.2.5.2.1: the response came from, or to, another address.</summary>
    NotSymmetric,

    /// <summary>Section 7.2.5.2.4: an error response.</summary>
    ErrorResponse,

    /// <summary>RFC 8489 sections 6.3.3 and 6.3.4: unknown required attributes, or a missing one.</summary>
    UnusableResponse,
}

/// <summary>RFC 8445 section 6.1.3.</summary>
public enum IceState
{
    Running,

    /// <summary>There is a selected pair.</summary>
    Completed,

    /// <summary>No pair is valid and none can become so; or the nomination failed; or consent is lost. A check of the peer may lead back to Running (section 7.3.1.4).</summary>
    Failed,
}

/// <summary>What an <see cref="IceEndpoint"/> or an <see cref="IceAgent"/> has to say.</summary>
public abstract record IceOutput : IMachineOutput<IceOutput>
{
    private IceOutput()
    {
    }

    public bool TryGetDatagram(out Datagram datagram)
    {
        datagram = (this as Transmit)?.Datagram ?? default;
        return this is Transmit;
    }

    public IceOutput Keep() => this;

    /// <summary>Send this.</summary>
    public sealed record Transmit(Datagram Datagram) : IceOutput;

    /// <summary>A check succeeded (section 7.2.5.3); <paramref name="Mapped"/> is the address that the peer saw, or the local one when it did not say.</summary>
    public sealed record CheckSucceeded(TransportAddress Local, TransportAddress Remote, TransportAddress Mapped, bool UseCandidate) : IceOutput;

    /// <summary>A check failed (section 7.2.5.2).</summary>
    public sealed record CheckFailed(TransportAddress Local, TransportAddress Remote, IceFailure Reason, int ErrorCode = 0) : IceOutput;

    /// <summary>A check of the peer was answered with success (section 7.3).</summary>
    public sealed record RequestAccepted(TransportAddress Local, TransportAddress From, uint Priority, bool UseCandidate) : IceOutput;

    /// <summary>A check of the peer was answered with an error.</summary>
    public sealed record RequestRejected(TransportAddress Local, TransportAddress From, int ErrorCode) : IceOutput;

    /// <summary>A valid pair got its nominated flag (sections 7.2.5.3.4 and 7.3.1.5).</summary>
    public sealed record Nominated(TransportAddress Local, TransportAddress Remote) : IceOutput;

    /// <summary>The agent has taken the other role (sections 7.2.5.1 and 7.3.1.1).</summary>
    public sealed record RoleSwitched(IceRole Role) : IceOutput;

    /// <summary>A datagram had no effect.</summary>
    public sealed record Discarded(TransportAddress Local, TransportAddress From, Discard Discard) : IceOutput;

    // ---- of the full agent only ----

    /// <summary>A local candidate for the peer (RFC 8838 section 9).</summary>
    public sealed record CandidateGathered(IceCandidate Candidate) : IceOutput;

    /// <summary>All local candidates have been told: the end-of-candidates indication of the session with that fragment (RFC 8838 section 13).</summary>
    public sealed record GatheringDone(string Fragment) : IceOutput;

    /// <summary>One of the TURN transactions that <see cref="IceAgent.QueueRelay"/> has announced may begin now.</summary>
    public sealed record RelayTurn : IceOutput;

    /// <summary>A peer-reflexive local candidate was discovered (section 7.2.5.3.1); it need not be told to the peer.</summary>
    public sealed record PeerReflexiveLearned(IceCandidate Candidate) : IceOutput;

    /// <summary>A candidate of the peer was not used.</summary>
    public sealed record CandidateIgnored(Discard Discard) : IceOutput;

    /// <summary>A local candidate is not used any more (section 8.3.1): its base may be closed unless another session needs it.</summary>
    public sealed record CandidateFreed(TransportAddress Base) : IceOutput;

    /// <summary>The state of the session has changed.</summary>
    public sealed record StateChanged(IceState State) : IceOutput;

    /// <summary>Data goes over this pair from now on; null: over none.</summary>
    public sealed record PathChanged(IcePath? Path) : IceOutput;

    /// <summary>RFC 7675 section 5: nothing may be sent over this pair any more.</summary>
    public sealed record ConsentLost(IcePath Path, bool Revoked) : IceOutput;

    /// <summary>Application data has come.</summary>
    public sealed record Data(TransportAddress Local, TransportAddress From, ReadOnlyMemory<byte> Bytes) : IceOutput;
}

/// <summary>Where data leaves from, and where it goes to.</summary>
public readonly record struct IcePath(TransportAddress Local, TransportAddress Remote);
