namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>Why a description, a candidate or a step of the negotiation is refused; the kinds are those of the exceptions of RFC 8829 and the W3C's API.</summary>
public enum NegotiationProblemKind
{
    /// <summary>It cannot be read.</summary>
    Syntax,

    /// <summary>It can be read, and contradicts a rule.</summary>
    Invalid,

    /// <summary>Not in this signalling state (RFC 8829 section 3.2).</summary>
    State,

    /// <summary>It asks for what this peer cannot do.</summary>
    Unsupported,
}

/// <param name="Rule">Document and section.</param>
/// <param name="Note">One line for a reader.</param>
public sealed record NegotiationProblem(NegotiationProblemKind Kind, string Rule, string Note)
{
    public override string ToString() => $"{Kind} ({Rule}): {Note}";
}
