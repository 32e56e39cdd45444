using System.Diagnostics.CodeAnalysis;
using System.Text;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Text;
using WebRtcConformance.Text.Sdp;
using WebRtcConformance.Text.TcpSdp;

namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>
/// Reads a description of the peer as far as data channels need it (RFC 8829 section 5.8 as a data peer sees it). Tolerant where real peers need it: lines may end
/// with LF alone (RFC 8866 section 5), "s=" may be empty, attributes that do not follow their grammar count as absent.
/// </summary>
public static class DescriptionReader
{
    /// <summary>Total: any text. Transport attributes that the data section does not have are those of the session, or of its bundle's tagged section.</summary>
    public static bool TryRead(string sdp, PeerPolicy policy, [NotNullWhen(true)] out DataDescription? description, [NotNullWhen(false)] out NegotiationProblem? problem)
    {
        (description, problem) = (null, null);
        if (sdp.Length > policy.MaxDescriptionBytes || Encoding.UTF8.GetByteCount(sdp) > policy.MaxDescriptionBytes)
            return Refuse(NegotiationProblemKind.Unsupported, "RFC8866:5", $"a description of more than {policy.MaxDescriptionBytes} bytes", out problem);
        if (!SessionDescription.View.TryParseLazily(Encoding.UTF8.GetBytes(Normalise(sdp)), new TextTable(), out var view, out var error))
            return Refuse(NegotiationProblemKind.Syntax, "RFC8866:9", error.ToString(), out problem);

        var session = SectionFacts.Of(view.Attributes, policy.MaxRemoteCandidates);
        var sections = new List<(MediaLine Line, SectionFacts Facts)>();
        foreach (var media in view.MediaDescriptions)
        {
            var facts = SectionFacts.Of(media.Attributes, policy.MaxRemoteCandidates);
            sections.Add((LineOf(media.Media, facts), facts));
        }
        var lines = sections.ConvertAll(s => s.Line);
        var index = lines.FindIndex(l => l is { IsData: true, IsRejected: false });
        if (index < 0)
        {
            description = new DataDescription { Sections = lines, DataSection = -1, Bundle = session.Bundle };
            return true;
        }
        var (line, own) = sections[index];
        // RFC 9143 section 9: the transport of a bundle is described in its tagged section.
        var tagged = own.Mid is { } mid && session.Bundle.Contains(mid) ? sections.Find(s => s.Facts.Mid == session.Bundle[0]).Facts : null;
        SectionFacts[] levels = tagged is null ? [own, session] : [own, session, tagged];
        return TryAssemble(line, index, lines, levels, out description, out problem);
    }

    /// <param name="levels">The data section, the session, and perhaps the bundle's tagged section: the later ones speak where the earlier ones are silent.</param>
    private static bool TryAssemble(MediaLine line, int index, IReadOnlyList<MediaLine> lines, SectionFacts[] levels,
        [NotNullWhen(true)] out DataDescription? description, [NotNullWhen(false)] out NegotiationProblem? problem)
    {
        (description, problem) = (null, null);
        var (own, session) = (levels[0], levels[1]);
        if (line.Protocol == "TCP/DTLS/SCTP") return Refuse(NegotiationProblemKind.Unsupported, "RFC8841:4.2", "data over TCP", out problem);
        // RFC 8839 section 5.4.
        if (levels.FirstOrDefault(l => l.Fragment is not null && l.Password is not null) is not { } ice)
            return Refuse(NegotiationProblemKind.Invalid, "RFC8839:5.4", "the data section has no ice-ufrag and ice-pwd", out problem);
        // RFC 8842 section 5.1.
        if (levels.FirstOrDefault(l => l.Fingerprints.Count > 0) is not { } identity)
            return Refuse(NegotiationProblemKind.Invalid, "RFC8122:5", "the data section has no fingerprint", out problem);

        var legacy = line.Protocol == "DTLS/SCTP";
        ushort port;
        if (legacy)
        {
            if (own.Sctpmap is not { } map || map.Protocol != "webrtc-datachannel")
                return Refuse(NegotiationProblemKind.Invalid, "draft-ietf-mmusic-sctp-sdp-05:5", "DTLS/SCTP without an sctpmap of webrtc-datachannel", out problem);
            port = map.Port;
        }
        else
        {
            // RFC 8841 section 5.1: there is no default.
            if (own.SctpPort is not { } given) return Refuse(NegotiationProblemKind.Invalid, "RFC8841:5.1", "the data section has no sctp-port", out problem);
            port = given;
        }
        description = new DataDescription
        {
            Sections = lines, DataSection = index, Bundle = session.Bundle, Form = legacy ? DataSectionForm.Sctpmap : DataSectionForm.SctpPort,
            Ice = new IceCredentials(ice.Fragment!, ice.Password!), IceLite = session.IceLite, IcePacing = session.Pacing, IceOptions = [.. levels.SelectMany(l => l.IceOptions).Distinct()],
            Fingerprints = identity.Fingerprints, Setup = levels.FirstOrDefault(l => l.Setup is not null)?.Setup ?? SetupRole.Active,
            TlsId = levels.FirstOrDefault(l => l.TlsId is not null)?.TlsId, SctpPort = port, MaxMessageSize = own.MaxMessageSize ?? 65_536,
            Candidates = levels.FirstOrDefault(l => l.Candidates.Count > 0)?.Candidates ?? [], EndOfCandidates = levels.Any(l => l.EndOfCandidates),
            Ignored = own.Ignored,
        };
        return true;
    }

    private static MediaLine LineOf(in MediaField.View media, SectionFacts facts)
    {
        var formats = new List<string>();
        foreach (var format in media.Formats) formats.Add(Encoding.UTF8.GetString(format.Bytes));
        return new MediaLine(Encoding.UTF8.GetString(media.Type), media.Port, Encoding.UTF8.GetString(media.Protocol), formats, facts.Mid, facts.BundleOnly);
    }

    private static string Normalise(string sdp)
    {
        var text = new StringBuilder(sdp.Length + 64);
        foreach (var range in sdp.AsSpan().Split('\n'))
        {
            var line = sdp.AsSpan()[range].TrimEnd('\r');
            if (line.IsEmpty) continue;
            text.Append(line is "s=" ? "s=-" : line).Append("\r\n");
        }
        return text.ToString();
    }

    private static bool Refuse(NegotiationProblemKind kind, string rule, string note, out NegotiationProblem problem)
    {
        problem = new NegotiationProblem(kind, rule, note);
        return false;
    }
}
