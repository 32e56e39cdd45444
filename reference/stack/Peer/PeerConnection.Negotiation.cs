using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer.Sdp;
using WebRtcConformance.Text.TcpSdp;

namespace WebRtcConformance.Stack.Peer;

// Offer and answer: RFC 8829 sections 4.1, 5.2 to 5.11, with RFC 8841 section 10, RFC 8842 section 5 and RFC 8839 section 4 for the data section.
public sealed partial class PeerConnection
{
    private readonly ulong _sessionId;
    private readonly string _tlsId;
    private DataDescription? _remote; // the latest one that was applied
    private LocalData? _local, _created;
    private DtlsRole? _role; // once both descriptions are there
    private int _sessionVersion;
    private readonly EarlyCandidates _earlyCandidates;
    private int _remoteCandidates;
    private IceCredentials? _nextIceCredentials; // of the description that has been created, when it restarts ICE
    private bool _offersRestart;
    private IceCredentials? _usedRemoteIce;      // the peer's, as the ICE transport has them

    /// <summary>The local description with the candidates that are known by now (RFC 8829 section 4.1.14); null before there is one.</summary>
    public string? LocalDescription => _local is null ? null
        : DescriptionWriter.Write(_local with { Candidates = _ice?.LocalCandidates ?? [], EndOfCandidates = _ice?.GatheringIsComplete ?? false });

    /// <summary>RFC 8829 section 4.1.8. Another call before it is set gives the same again.</summary>
    /// <param name="iceRestart">W3C WebRTC, RTCOfferOptions: with new ICE credentials, so that ICE begins anew (RFC 8839 section 4.4.1.1.1).</param>
    /// <exception cref="InvalidOperationException">An offer of the peer has not been answered, or the peer is closed.</exception>
    public string CreateOffer(bool iceRestart = false)
    {
        if (_state.Signaling is SignalingState.HaveRemoteOffer or SignalingState.Closed) throw new InvalidOperationException($"no offer in the state {_state.Signaling}");
        // RFC 8829 section 5.2.2: a later offer has the sections of the session, in their order.
        var (sections, index) = _local is { DataSection: >= 0 } ? (_local.Sections, _local.DataSection)
            : ([new MediaLine("application", 9, "UDP/DTLS/SCTP", ["webrtc-datachannel"], "0", BundleOnly: false)], 0);
        _nextIceCredentials = iceRestart && _role is not null ? DrawCredentials() : null;
        _created = Describe(sections, index, bundled: true, _local?.Form ?? DataSectionForm.SctpPort,
            // RFC 8842 section 5.2; section 5.5: the same in later offers.
            _policy.RoleInOffer switch { DtlsRole.Client => SetupRole.Active, DtlsRole.Server => SetupRole.Passive, _ => SetupRole.Actpass }, _policy.TlsId);
        return DescriptionWriter.Write(_created);
    }

    /// <summary>RFC 8829 section 4.1.9: the answer to the offer that was applied last.</summary>
    /// <exception cref="InvalidOperationException">There is no offer.</exception>
    public string CreateAnswer()
    {
        if (_state.Signaling != SignalingState.HaveRemoteOffer) throw new InvalidOperationException($"no answer in the state {_state.Signaling}");
        var offer = _remote!;
        var accepted = offer.DataSection;
        var mid = accepted < 0 ? null : offer.Sections[accepted].Mid;
        // RFC 8839 section 4.4.2.1: a restart is answered with a restart.
        _nextIceCredentials = _usedRemoteIce is not null && offer.Ice != _usedRemoteIce ? DrawCredentials() : null;
        _created = Describe(offer.Sections, accepted, mid is not null && offer.Bundle.Contains(mid), offer.Form,
            RoleAsAnswerer(offer) == DtlsRole.Client ? SetupRole.Active : SetupRole.Passive, _policy.TlsId && offer.TlsId is not null);
        return DescriptionWriter.Write(_created);
    }

    /// <summary>Apply what <see cref="CreateOffer"/> or <see cref="CreateAnswer"/> has made; candidates follow as outputs.</summary>
    /// <exception cref="InvalidOperationException">It has not been made.</exception>
    public void SetLocalDescription(Instant now, DescriptionType type)
    {
        _now = now;
        var fits = type == DescriptionType.Offer ? _state.Signaling is SignalingState.Stable or SignalingState.HaveLocalOffer : _state.Signaling == SignalingState.HaveRemoteOffer;
        if (_created is null || !fits) throw new InvalidOperationException($"no local {type} in the state {_state.Signaling}, or none has been created");
        (_local, _created) = (_created, null);
        _sessionVersion++;
        if (_ice is null && _local.DataSection >= 0) BeginIce(now, type);
        if (_nextIceCredentials is { } restarted)
        {
            (_iceCredentials, _nextIceCredentials, _offersRestart) = (restarted, null, type == DescriptionType.Offer);
            _ice?.Restart(now, restarted);
        }
        Change(_state with { Signaling = type == DescriptionType.Offer ? SignalingState.HaveLocalOffer : SignalingState.Stable }, $"the local {type} is set");
        if (type == DescriptionType.Answer) Negotiated(RoleAsAnswerer(_remote!));
    }

    /// <summary>Apply what the peer has sent.</summary>
    /// <returns>Null, or why it is refused; nothing has changed then.</returns>
    public NegotiationProblem? SetRemoteDescription(Instant now, DescriptionType type, string sdp)
    {
        _now = now;
        var fits = type == DescriptionType.Offer ? _state.Signaling is SignalingState.Stable or SignalingState.HaveRemoteOffer : _state.Signaling == SignalingState.HaveLocalOffer;
        if (!fits) return new NegotiationProblem(NegotiationProblemKind.State, "RFC8829:5.5", $"a remote {type} in the state {_state.Signaling}");
        if (!DescriptionReader.TryRead(sdp, _policy, out var remote, out var problem)) return problem;
        if ((Check(remote, type) ?? (type == DescriptionType.Answer ? CheckAnswer(remote) : null)) is { } wrong) return wrong;

        _remote = remote.DataSection < 0 ? remote
            : remote with { Candidates = [.. remote.Candidates, .. _earlyCandidates.Take(remote.Ice.Fragment, before: _remote?.Ice.Fragment)] };
        _remoteCandidates = 0;
        foreach (var ignored in remote.Ignored) _outbox.Add(PeerOutput.Discarded(ignored));
        Change(_state with { Signaling = type == DescriptionType.Offer ? SignalingState.HaveRemoteOffer : SignalingState.Stable }, $"the remote {type} is set");
        if (type == DescriptionType.Answer) Negotiated(remote.Setup == SetupRole.Active ? DtlsRole.Server : DtlsRole.Client);
        return null;
    }

    /// <summary>
    /// RFC 8838 section 11: a candidate that did not come in a description, or null for their end. One that names a session whose description has not come yet waits
    /// for it, up to <see cref="PeerPolicy.MaxEarlyCandidates"/>.
    /// </summary>
    /// <returns>Null, or why it is refused. A candidate that is of no use is no problem: it is reported as discarded.</returns>
    public NegotiationProblem? AddRemoteCandidate(Instant now, string? line)
    {
        _now = now;
        if (string.IsNullOrWhiteSpace(line))
        {
            if (_remote is null) return TooEarly("an end of candidates");
            _remote = _remote with { EndOfCandidates = true };
            if (IceKnowsRemote) _ice?.EndOfRemoteCandidates(now);
            return null;
        }
        var text = line.Trim();
        if (!IceText.TryReadCandidate(text.StartsWith("a=", StringComparison.Ordinal) ? text[2..] : text, out var candidate, out var ignored))
        {
            if (ignored.Reason == DiscardReason.Malformed) return new NegotiationProblem(NegotiationProblemKind.Syntax, ignored.Rule, ignored.Note);
            _outbox.Add(PeerOutput.Discarded(ignored));
        }
        else if (candidate.Fragment is { } fragment && fragment != _remote?.Ice.Fragment) KeepEarly(candidate, fragment);
        else if (_remote is null) return TooEarly("a candidate without a username fragment");
        // Until there is an answer nobody is there to check it.
        else if (IceKnowsRemote) Use(candidate);
        else if (_remote.Candidates.Count < _policy.MaxRemoteCandidates) _remote = _remote with { Candidates = [.. _remote.Candidates, candidate] };
        else Discard(DiscardReason.LimitReached, "RFC8445:6.1.2.5", "too many candidates");
        return null;
    }

    private static NegotiationProblem TooEarly(string what) => new(NegotiationProblemKind.State, "RFC8829:4.1.19", $"{what} before the description that it belongs to");

    private void KeepEarly(IceCandidate candidate, string fragment)
    {
        if (_earlyCandidates.IsPast(fragment)) Discard(DiscardReason.NoEffect, "RFC8838:9", "the candidate is of an earlier session");
        else if (!_earlyCandidates.TryKeep(candidate)) Discard(DiscardReason.LimitReached, "RFC8838:9", "too many candidates of sessions that are not described");
    }

    // ---- checks ----

    private NegotiationProblem? Check(DataDescription remote, DescriptionType type)
    {
        if (remote.DataSection < 0) return null;
        if (remote.Setup == SetupRole.Holdconn) return new NegotiationProblem(NegotiationProblemKind.Unsupported, "RFC8842:5.1", "setup:holdconn");
        if (remote.Setup == SetupRole.Actpass && type == DescriptionType.Answer)
            return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC4145:4.1", "setup:actpass in an answer");
        // RFC 8445 section 14.2 allows nothing faster than the peer wants.
        if (remote.IcePacing > _policy.Ice.MaxTa)
            return new NegotiationProblem(NegotiationProblemKind.Unsupported, "RFC8839:5.5",
                $"an ice-pacing of {remote.IcePacing.Value.TotalMilliseconds} ms, more than {_policy.Ice.MaxTa.TotalMilliseconds} ms");
        if (_remote is not { DataSection: >= 0 } before || _role is null) return null;
        // RFC 8839 sections 4.4.2 and 4.4.2.1: an answer has new credentials exactly when its offer has.
        if (type == DescriptionType.Answer && remote.Ice != _usedRemoteIce != _offersRestart)
            return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC8839:4.4.2.1",
                _offersRestart ? "the offer restarts ICE, the answer does not" : "the answer restarts ICE, the offer does not");
        // RFC 8842 section 5.5.
        if (before.TlsId != remote.TlsId || !before.Fingerprints.SequenceEqual(remote.Fingerprints))
            return new NegotiationProblem(NegotiationProblemKind.Unsupported, "RFC8842:5.5", "a new DTLS association in a running session");
        return null;
    }

    /// <summary>RFC 3264 section 6: the sections of the offer, in their order.</summary>
    private NegotiationProblem? CheckAnswer(DataDescription answer)
    {
        var offered = _local!.Sections;
        if (answer.Sections.Count != offered.Count)
            return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC3264:6", $"{answer.Sections.Count} sections answer {offered.Count}");
        for (var i = 0; i < offered.Count; i++)
        {
            if (answer.Sections[i].Media != offered[i].Media) return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC3264:6", $"section {i} is {answer.Sections[i].Media}");
            // RFC 9143 section 7.3: an answerer keeps the mids; one that leaves them out knows no bundles.
            if (answer.Sections[i].Mid is { } mid && mid != offered[i].Mid) return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC5888:9.1", $"section {i} has the mid {mid}");
        }
        // RFC 8842 section 5.3: what the offer has claimed for this side is not for the answerer.
        if (answer.DataSection >= 0 && (_local.Setup, answer.Setup) is (SetupRole.Active, SetupRole.Active) or (SetupRole.Passive, SetupRole.Passive))
            return new NegotiationProblem(NegotiationProblemKind.Invalid, "RFC4145:4.1", $"both sides are {DescriptionWriter.WordOf(answer.Setup)}");
        return null;
    }

    // ---- what follows ----

    /// <summary>The ICE transport has the description that <see cref="_remote"/> is: both descriptions of this exchange are there.</summary>
    private bool IceKnowsRemote => _usedRemoteIce is not null && _usedRemoteIce == _remote?.Ice;

    private LocalData Describe(IReadOnlyList<MediaLine> sections, int dataSection, bool bundled, DataSectionForm form, SetupRole setup, bool tlsId) => new()
    {
        SessionId = _sessionId, SessionVersion = _sessionVersion + 1, Sections = sections, DataSection = dataSection, Bundled = bundled, Form = form,
        Ice = _nextIceCredentials ?? _iceCredentials, IceLite = _policy.Ice.Lite,
        IcePacing = IceAgent.ProposedPacing(_policy.Ice, _quirks.IceAgent),
        Fingerprint = _certificate.Fingerprint, Setup = setup, TlsId = tlsId ? _tlsId : null,
        // RFC 8841 section 10.3: a port of 0 is answered with 0.
        SctpPort = form == DataSectionForm.SctpPort && _state.Signaling == SignalingState.HaveRemoteOffer && _remote!.SctpPort == 0 ? (ushort)0 : _policy.Sctp.LocalPort,
        MaxMessageSize = _policy.DataChannels.LocalMaxMessageSize, IceOptions = IceOptions(),
    };

    /// <summary>RFC 8842 section 5.3, RFC 4145 section 4.1; a role once taken stays (RFC 8842 section 5.5).</summary>
    private DtlsRole RoleAsAnswerer(DataDescription offer) => _role ?? offer.Setup switch
    {
        SetupRole.Active => DtlsRole.Server,
        SetupRole.Passive => DtlsRole.Client,
        _ => _policy.RoleInAnswer,
    };

    /// <summary>RFC 8445 section 6.1.1: the offerer controls, unless it is lite and this side is not.</summary>
    private void BeginIce(Instant now, DescriptionType type)
    {
        var controls = type == DescriptionType.Offer || _remote is { IceLite: true } && !_policy.Ice.Lite;
        _ice = _iceFactory(_iceCredentials, controls ? IceRole.Controlling : IceRole.Controlled);
        foreach (var address in _addresses) _ice.AddLocalAddress(now, address);
        _ice.Gather(now);
    }

    /// <summary>Both descriptions are there.</summary>
    private void Negotiated(DtlsRole role)
    {
        var remote = _remote!;
        if (remote.DataSection < 0 || _local!.DataSection < 0)
        {
            Change(_state with { Sctp = SctpTransportState.Closed }, "no data section was accepted");
            _hub.Abort(_now);
            return;
        }
        _role ??= role;
        if (_usedRemoteIce != remote.Ice)
        {
            _usedRemoteIce = remote.Ice;
            _ice!.SetRemote(_now, remote.IceParameters);
        }
        _offersRestart = false;
        foreach (var candidate in remote.Candidates) Use(candidate);
        if (remote.EndOfCandidates) _ice!.EndOfRemoteCandidates(_now);
        TryBeginDtls();
    }

    private void Use(IceCandidate candidate)
    {
        if (++_remoteCandidates <= _policy.MaxRemoteCandidates) _ice!.AddRemoteCandidate(_now, candidate);
        else Discard(DiscardReason.LimitReached, "RFC8445:6.1.2.5", "too many candidates");
    }

    /// <summary>RFC 8838 section 3; RFC 8445 section 10: 'ice2' promises not to nominate aggressively.</summary>
    private List<string> IceOptions()
    {
        List<string> options = [];
        if (_policy.Trickle) options.Add("trickle");
        if (_policy.Ice.Nomination == IceNomination.Regular) options.Add("ice2");
        return options;
    }
}
