using System.Globalization;
using WebRtcConformance.Text.ContentSdp;
using WebRtcConformance.Text.ExtmapSdp;
using WebRtcConformance.Text.Grouping;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.ImageAttrSdp;
using WebRtcConformance.Text.MsidSdp;
using WebRtcConformance.Text.MsidSemanticSdp;
using WebRtcConformance.Text.RidSdp;
using WebRtcConformance.Text.RtcpAttribute;
using WebRtcConformance.Text.RtcpFbSdp;
using WebRtcConformance.Text.SctpmapSdp;
using WebRtcConformance.Text.SctpSdp;
using WebRtcConformance.Text.SimulcastSdp;
using WebRtcConformance.Text.SourceAttributes;
using WebRtcConformance.Text.TcpSdp;
using WebRtcConformance.Text.TlsSdp;

namespace WebRtcConformance.SdpTests;

/// <summary>Our typed tree in the shape that sdp-transform gives to a description: paths and texts. It is a map from the standards' names to that
/// package's; where the package reads something else than the grammar says, the test that compares them knows why.</summary>
internal sealed class SdpTransformShape
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new();
    private string _at = "";

    public static SortedDictionary<string, string> Of(SessionDescription description)
    {
        var shape = new SdpTransformShape();
        shape.Put("version", Text(description.Version));
        shape.Put("origin.username", description.Origin.Username);
        shape.Put("origin.sessionId", description.Origin.SessionId);
        shape.Put("origin.sessionVersion", description.Origin.SessionVersion);
        shape.Put("origin.netType", description.Origin.Nettype);
        shape.Put("origin.ipVer", IpVersion(description.Origin.Addrtype));
        shape.Put("origin.address", description.Origin.UnicastAddress);
        shape.Put("name", description.SessionName);
        shape.Put("description", description.Information);
        shape.Put("uri", description.Uri);
        shape.Put("email", Last(description.EmailAddresses));
        shape.Put("phone", Last(description.PhoneNumbers));
        shape.Put("timing.start", description.TimeDescriptions[^1].StartTime);
        shape.Put("timing.stop", description.TimeDescriptions[^1].StopTime);
        if (description.Connection is { } connection) shape.Connection(connection);
        shape.Bandwidths(description.Bandwidths);
        shape.Attributes(description.Attributes);
        for (var i = 0; i < description.MediaDescriptions.Count; i++)
        {
            var media = description.MediaDescriptions[i];
            shape._at = $"media[{i}].";
            shape._counts.Clear();
            shape.Put("type", media.Media.Type);
            shape.Put("port", Text(media.Media.Port));
            shape.Put("protocol", media.Media.Protocol);
            shape.Put("payloads", string.Join(' ', media.Media.Formats));
            shape.Put("description", media.Information);
            if (media.Connections.Count > 0) shape.Connection(media.Connections[^1]);
            shape.Bandwidths(media.Bandwidths);
            shape.Attributes(media.Attributes);
        }
        return shape._values;
    }

    private void Connection(Connection connection)
    {
        Put("connection.version", IpVersion(connection.Addrtype));
        Put("connection.ip", connection.ConnectionAddress);
    }

    private void Bandwidths(IEnumerable<BandwidthField> bandwidths)
    {
        foreach (var bandwidth in bandwidths) Push("bandwidth", ("type", bandwidth.Type), ("limit", Text(bandwidth.Value)));
    }

    private void Attributes(IEnumerable<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            switch (attribute.Content)
            {
                case Rtpmap map:
                    Push("rtp", ("payload", Text(map.PayloadType)), ("codec", map.EncodingName), ("rate", Text(map.ClockRate)), ("encoding", Optional(map.Channels)));
                    break;
                case Fmtp format: Push("fmtp", ("payload", format.Format), ("config", format.Parameters)); break;
                case Rtcp rtcp:
                    Put("rtcp.port", Text(rtcp.Port));
                    Put("rtcp.netType", rtcp.Nettype);
                    Put("rtcp.ipVer", rtcp.Addrtype is { } type ? IpVersion(type) : null);
                    Put("rtcp.address", rtcp.ConnectionAddress);
                    break;
                case RtcpFb { Feedback.TrrInt: { } interval } feedback:
                    Push("rtcpFbTrrInt", ("payload", feedback.PayloadType), ("value", Text(interval)));
                    break;
                case RtcpFb feedback:
                {
                    var words = feedback.Feedback.ToText().Split(' ');
                    Push("rtcpFb", ("payload", feedback.PayloadType), ("type", words[0]), ("subtype", words.ElementAtOrDefault(1)));
                    break;
                }
                case Extmap map: Push("ext", ("value", Text(map.Id)), ("direction", map.Direction), ("uri", map.Uri), ("config", map.Attributes)); break;
                case Setup setup: Put("setup", setup.Role); break;
                case Mid mid: Put("mid", mid.Tag); break;
                case Msid msid: Push("msid", ("id", msid.Identifier), ("appdata", msid.AppData)); break;
                case IceUfrag fragment: Put("iceUfrag", fragment.Ufrag); break;
                case IcePwd password: Put("icePwd", password.Password); break;
                case IceOptions options: Put("iceOptions", options.Tags[0]); break;
                case FingerprintAttribute print:
                    Put("fingerprint.type", print.HashFunction);
                    Put("fingerprint.hash", print.Fingerprint);
                    break;
                case Candidate candidate: Push("candidates", [.. Members(candidate)]); break;
                case Ssrc source:
                    Push("ssrcs", ("id", Text(source.Id)), ("attribute", source.Attribute.Name), ("value", Value(source.Attribute)));
                    break;
                case SsrcGroup group: Push("ssrcGroups", ("semantics", group.Semantics), ("ssrcs", string.Join(' ', group.Ids))); break;
                case MsidSemantic semantic:
                    Put("msidSemantic.semantic", semantic.Semantic);
                    Put("msidSemantic.token", semantic.Identifiers.Count > 0 ? semantic.Identifiers[0].ToString() : null);
                    break;
                case Group group: Push("groups", ("type", group.Semantics), ("mids", string.Join(' ', group.Mids))); break;
                case Sctpmap map:
                    Put("sctpmap.sctpmapNumber", Text(map.Port));
                    Put("sctpmap.app", map.Protocol);
                    Put("sctpmap.maxMessageSize", Optional(map.Streams));
                    break;
                case Rid rid:
                {
                    var words = rid.ToText().Split(' ', 3);
                    Push("rids", ("id", rid.Id), ("direction", rid.Direction), ("params", words.ElementAtOrDefault(2)));
                    break;
                }
                case Simulcast simulcast:
                {
                    var words = simulcast.ToText().Split(' ');
                    Put("simulcast.dir1", words[0]);
                    Put("simulcast.list1", words[0] == "send" ? simulcast.Send!.ToText() : simulcast.Recv!.ToText());
                    Put("simulcast.dir2", words.ElementAtOrDefault(2));
                    if (words.Length > 2) Put("simulcast.list2", words[2] == "send" ? simulcast.Send!.ToText() : simulcast.Recv!.ToText());
                    break;
                }
                case ImageAttr image:
                {
                    var directions = image.ToText().Split(' ').Where(w => w is "send" or "recv").ToArray();
                    Push("imageattrs", ("pt", image.PayloadType), ("dir1", directions[0]), ("attrs1", image.Lists[0]),
                        ("dir2", directions.ElementAtOrDefault(1)), ("attrs2", directions.Length > 1 ? image.Lists[1] : default(ByteText?)));
                    break;
                }
                case ContentAttribute content: Put("content", string.Join(',', content.Contents)); break;
                case SctpPort port: Put("sctpPort", Text(port.Port)); break;
                case MaxMessageSize size: Put("maxMessageSize", Text(size.Bytes)); break;
                default: Plain(attribute); break;
            }
        }
    }

    private void Plain(SdpAttribute attribute)
    {
        var name = attribute.Name.ToString();
        switch (name)
        {
            case "sendrecv" or "sendonly" or "recvonly" or "inactive": Put("direction", name); break;
            case "extmap-allow-mixed": Put("extmapAllowMixed", name); break;
            case "rtcp-mux": Put("rtcpMux", name); break;
            case "rtcp-rsize": Put("rtcpRsize", name); break;
            case "bundle-only": Put("bundleOnly", name); break;
            case "end-of-candidates": Put("endOfCandidates", name); break;
            case "ice-lite": Put("icelite", name); break;
            case "framerate" or "ptime" or "maxptime": Put(name, attribute.Value); break;
            default: Push("invalid", ("value", attribute.ToText())); break;
        }
    }

    /// <summary>The package knows some extensions by name, in this order, and no others.</summary>
    private static IEnumerable<(string, object?)> Members(Candidate candidate)
    {
        yield return ("foundation", candidate.Foundation);
        yield return ("component", Text(candidate.ComponentId));
        yield return ("transport", candidate.Transport);
        yield return ("priority", Text(candidate.Priority));
        yield return ("ip", candidate.ConnectionAddress);
        yield return ("port", Text(candidate.Port));
        yield return ("type", candidate.Type);
        yield return ("raddr", candidate.RelatedAddress);
        yield return ("rport", Optional(candidate.RelatedPort));
        foreach (var extension in candidate.Extensions)
            if (extension.Name.ToString() is "tcptype" or "generation" or "network-id" or "network-cost") yield return (extension.Name.ToString(), extension.Value);
    }

    private static string? Value(SourceAttribute attribute) =>
        attribute.ToText() is var text && text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? text[(colon + 1)..] : null;

    private void Put(string name, object? value)
    {
        if (value is not null) _values[_at + name] = value.ToString()!;
    }

    private void Push(string name, params (string Name, object? Value)[] members)
    {
        var index = _counts.GetValueOrDefault(name);
        _counts[name] = index + 1;
        foreach (var member in members) Put($"{name}[{index}].{member.Name}", member.Value);
    }

    private static ByteText? Last(IReadOnlyCollection<ByteText> texts) => texts.Count == 0 ? default(ByteText?) : texts.Last();
    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
    private static string? Optional(ulong? number) => number is { } value ? Text(value) : null;
    private static string IpVersion(ByteText addrtype) => addrtype.ToString()[2..];
}
