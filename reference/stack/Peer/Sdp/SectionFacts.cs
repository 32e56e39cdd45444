using System.Text;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Text;
using WebRtcConformance.Text.Grouping;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.SctpmapSdp;
using WebRtcConformance.Text.SctpSdp;
using WebRtcConformance.Text.Sdp;
using WebRtcConformance.Text.TcpSdp;

namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>
/// What the attributes of one level of a description say, as far as a data peer cares. Each is looked into on its own: an attribute that is not as its grammar
/// wants it is as good as absent, and only what is needed is missed later.
/// </summary>
internal sealed class SectionFacts
{
    private const int MaxIceOptions = 16;

    public string? Fragment { get; private set; }
    public string? Password { get; private set; }
    public bool IceLite { get; private set; }
    public List<string> IceOptions { get; } = [];
    public TimeSpan? Pacing { get; private set; }
    public bool BundleOnly { get; private set; }
    public bool EndOfCandidates { get; private set; }
    public string? Mid { get; private set; }
    public string? TlsId { get; private set; }
    public SetupRole? Setup { get; private set; }
    public ushort? SctpPort { get; private set; }
    public (ushort Port, string Protocol)? Sctpmap { get; private set; }
    public ulong? MaxMessageSize { get; private set; }
    public List<CertificateFingerprint> Fingerprints { get; } = [];
    public List<string> Bundle { get; } = [];
    public List<IceCandidate> Candidates { get; } = [];
    public List<Discard> Ignored { get; } = [];

    /// <param name="attributes">Of one level.</param>
    /// <param name="maxCandidates">How many candidates are kept.</param>
    public static SectionFacts Of(TextList<SdpAttribute.View> attributes, int maxCandidates)
    {
        var facts = new SectionFacts();
        foreach (var attribute in attributes) facts.Add(attribute, maxCandidates);
        return facts;
    }

    private void Add(in SdpAttribute.View attribute, int maxCandidates)
    {
        switch (attribute.Kind)
        {
            case SdpAttributeKind.IceUfrag when attribute.TryGet(out IceUfrag.View fragment): Fragment ??= Utf8(fragment.Ufrag); break;
            case SdpAttributeKind.IcePwd when attribute.TryGet(out IcePwd.View password): Password ??= Utf8(password.Password); break;
            case SdpAttributeKind.IcePacing when attribute.TryGet(out IcePacing.View pacing): Pacing ??= TimeSpan.FromMilliseconds((double)pacing.Milliseconds); break;
            case SdpAttributeKind.IceLite: IceLite = true; break;
            // RFC 8839 section 5.6; libdatachannel separates options by commas, which no grammar allows, so the text is looked at instead.
            case SdpAttributeKind.IceOptions: ReadIceOptions(Utf8(attribute.Value)); break;
            case SdpAttributeKind.BundleOnly: BundleOnly = true; break;
            case SdpAttributeKind.EndOfCandidates: EndOfCandidates = true; break;
            case SdpAttributeKind.Mid when attribute.TryGet(out Mid.View mid): Mid ??= Utf8(mid.Tag); break;
            case SdpAttributeKind.TlsId when attribute.Check(out _): TlsId ??= Utf8(attribute.Value); break;
            case SdpAttributeKind.Setup when attribute.TryGet(out Setup.View setup): Setup ??= setup.RoleForm; break;
            case SdpAttributeKind.SctpPort when attribute.TryGet(out SctpPort.View port): SctpPort ??= port.Port; break;
            case SdpAttributeKind.Sctpmap when attribute.TryGet(out Sctpmap.View map): Sctpmap ??= (map.Port, Utf8(map.Protocol)); break;
            case SdpAttributeKind.MaxMessageSize when attribute.TryGet(out MaxMessageSize.View size): MaxMessageSize ??= size.Bytes; break;
            // RFC 8122 section 5 wants upper-case digits; its older form does not (RFC 4572), so the value is read with either.
            case SdpAttributeKind.Fingerprint when CertificateFingerprint.TryParse(Utf8(attribute.Value), out var fingerprint) && Fingerprints.Count < 16:
                Fingerprints.Add(fingerprint);
                break;
            case SdpAttributeKind.Group when attribute.TryGet(out Group.View group) && group.SemanticsForm == GroupSemantics.Bundle && Bundle.Count == 0:
                foreach (var tag in group.Mids) Bundle.Add(Utf8(tag.Bytes));
                break;
            case SdpAttributeKind.Candidate: AddCandidate(attribute, maxCandidates); break;
        }
    }

    private void AddCandidate(in SdpAttribute.View attribute, int maxCandidates)
    {
        if (Candidates.Count + Ignored.Count >= maxCandidates) return;
        // RFC 8839 section 5.1: a candidate that is not understood is ignored.
        if (!attribute.TryGet(out Candidate.View view)) Ignored.Add(new Discard(DiscardReason.Malformed, "RFC8839:5.1", "a candidate that does not follow the grammar"));
        else if (!IceText.TryReadCandidate(view, out var candidate, out var ignored)) Ignored.Add(ignored);
        // RFC 8829 section 3.5.1: with RTP and RTCP on one port, and with data, there is one component.
        else if (candidate.Component != 1) Ignored.Add(new Discard(DiscardReason.Unsupported, "RFC8829:3.5.1", $"component {candidate.Component}: there is one only"));
        else Candidates.Add(candidate);
    }

    /// <summary>
    /// RFC 8839 section 5.6: tags with a space between them. libdatachannel writes "ice2,trickle", which is another tag; it does trickle, and that much is read
    /// out of it.
    /// </summary>
    private void ReadIceOptions(string tags)
    {
        foreach (var tag in tags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IceOptions.Count == MaxIceOptions) return;
            IceOptions.Add(tag.Split(',').Contains("trickle") ? "trickle" : tag);
        }
    }

    private static string Utf8(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
