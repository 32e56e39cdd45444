namespace WebRtcConformance.Stack.Foundation;

/// <summary>Why a datagram or message had no effect. A closed list; details are in <see cref="Discard"/>.</summary>
public enum DiscardReason
{
    /// <summary>Not a message of this protocol, or not well formed.</summary>
    Malformed,

    /// <summary>A checksum that tells this protocol from others is absent or wrong (STUN: FINGERPRINT).</summary>
    BadChecksum,

    /// <summary>A method, class or type that this machine does not serve.</summary>
    Unsupported,

    /// <summary>Answers nothing that is in progress.</summary>
    UnknownTransaction,

    /// <summary>Came from, or to, another address than the one it must have.</summary>
    WrongAddress,

    /// <summary>Authentication is absent or wrong, and the rule is to act as if nothing had come.</summary>
    Unauthenticated,

    /// <summary>Contains something that must be understood and is not.</summary>
    NotUnderstood,

    /// <summary>Well formed and authentic, but without what its meaning needs.</summary>
    Incomplete,

    /// <summary>Nothing to do: it needs no answer and changes no state (STUN: a Binding indication).</summary>
    NoEffect,

    /// <summary>A bound of the policy is reached.</summary>
    LimitReached,
}

/// <summary>
/// Something that came in and had no effect: seen by a case, invisible to the peer.
/// </summary>
/// <param name="Reason">The class of reason.</param>
/// <param name="Rule">The rule that says so: "RFC8489:6.3", or a wire node's path with its clause.</param>
/// <param name="Note">One line for a reader.</param>
public readonly record struct Discard(DiscardReason Reason, string Rule, string Note)
{
    public override string ToString() => $"{Reason} ({Rule}): {Note}";
}
