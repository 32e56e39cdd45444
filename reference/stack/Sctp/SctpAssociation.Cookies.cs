using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 sections 5.1.5 (a COOKIE ECHO for a new association) and 5.2.4 (one for an association that exists).
public sealed partial class SctpAssociation
{
    private bool _sendCookieAck;

    /// <returns>Whether the rest of the packet belongs to the association.</returns>
    private bool ReceiveCookieEcho(CookieEchoChunk echo, uint verificationTag)
    {
        if (StateCookie.Open(echo.Cookie, _cookieKey, _quirks) is not { } cookie)
        {
            Discard(DiscardReason.Unauthenticated, "RFC9260:5.1.5", "the cookie is not one of this endpoint's");
            return false;
        }
        // Section 5.1.5 step 3.
        if (cookie.LocalPort != _policy.LocalPort || cookie.RemotePort != RemotePort || cookie.LocalTag != verificationTag)
        {
            Discard(DiscardReason.Unauthenticated, "RFC9260:5.1.5", "the cookie is of another association");
            return false;
        }
        var matchesBoth = _peer is not null && cookie.LocalTag == _localTag && cookie.Peer.Tag == _peer.Tag;
        var age = _now - cookie.CreatedAt;
        if (age > cookie.Life && !matchesBoth && !_quirks.Has(SctpQuirk.SctpAcceptsStaleCookie))
        {
            // Step 4: say by how much, in microseconds.
            var staleness = (uint)Math.Clamp((age - cookie.Life).TotalMicroseconds, 0, uint.MaxValue);
            Reply(cookie.Peer.Tag, new ErrorChunk { Causes = [new StaleCookieCause { MeasureOfStaleness = staleness }] });
            Discard(DiscardReason.Unauthenticated, "RFC9260:5.1.5", "the cookie is too old");
            return false;
        }
        if (State != SctpState.Closed) return ReceiveCookieEchoAgain(cookie, matchesBoth);
        if (!_listens)
        {
            Discard(DiscardReason.Unsupported, "RFC9260:8.4", "no association is wanted");
            return false;
        }
        // Step 5.
        SetUpFrom(cookie);
        Establish();
        _sendCookieAck = true;
        return true;
    }

    private void SetUpFrom(StateCookie cookie)
    {
        _localTag = cookie.LocalTag;
        BeginSending(cookie.LocalInitialTsn);
        Adopt(cookie.Peer);
    }

    /// <summary>Table 12 of section 5.2.4.</summary>
    private bool ReceiveCookieEchoAgain(StateCookie cookie, bool matchesBoth)
    {
        var localMatches = cookie.LocalTag == _localTag;
        var peerMatches = _peer is not null && cookie.Peer.Tag == _peer.Tag;
        var tieTagsMatch = _localTieTag != 0 && cookie.LocalTieTag == _localTieTag && cookie.PeerTieTag == _peerTieTag;

        if (!localMatches && !peerMatches && tieTagsMatch) return Restart(cookie); // action A
        if (localMatches && !peerMatches)
        {
            // Action B: both sides begin, and the peer has taken another tag since.
            if (State is SctpState.CookieWait or SctpState.CookieEchoed)
            {
                Adopt(cookie.Peer);
                Establish();
            }
            else
            {
                _peer = _peer! with { Tag = cookie.Peer.Tag };
            }
            _sendCookieAck = true;
            return true;
        }
        if (matchesBoth)
        {
            // Action D: the COOKIE ACK was lost, or both sides begin.
            if (State == SctpState.CookieEchoed) Establish();
            _sendCookieAck = true;
            return true;
        }
        // Action C (the peer's tag matches, no tie tags), and whatever the table does not show.
        Discard(DiscardReason.NoEffect, "RFC9260:5.2.4", "a cookie of an earlier attempt");
        return false;
    }

    private bool Restart(StateCookie cookie)
    {
        if (State == SctpState.ShutdownAckSent)
        {
            _sendShutdownAck = true;
            Reply(cookie.Peer.Tag, new ErrorChunk { Causes = [new CookieReceivedWhileShuttingDownCause()] });
            Discard(DiscardReason.NoEffect, "RFC9260:5.2.4", "the peer has restarted while this side shuts down");
            return false;
        }
        ForgetAssociation();
        SetUpFrom(cookie);
        Establish(restarted: true);
        _sendCookieAck = true;
        return true;
    }
}
