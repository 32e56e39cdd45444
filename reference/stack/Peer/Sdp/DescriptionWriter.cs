using System.Globalization;
using System.Net;
using System.Text;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Text;
using WebRtcConformance.Text.Grouping;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.SctpmapSdp;
using WebRtcConformance.Text.SctpSdp;
using WebRtcConformance.Text.Sdp;
using WebRtcConformance.Text.TcpSdp;
using WebRtcConformance.Text.TlsSdp;

namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>What a local description says.</summary>
internal sealed record LocalData
{
    public required ulong SessionId { get; init; }
    public required int SessionVersion { get; init; }

    /// <summary>The m= lines of the offer that is answered; in an offer the one of data.</summary>
    public required IReadOnlyList<MediaLine> Sections { get; init; }

    /// <summary>Which of them is for data; -1 when all are rejected.</summary>
    public required int DataSection { get; init; }

    /// <summary>The data section is in the offer's BUNDLE group, or this is an offer.</summary>
    public required bool Bundled { get; init; }

    public DataSectionForm Form { get; init; }
    public required IceCredentials Ice { get; init; }

    /// <summary>RFC 8839 section 5.3.</summary>
    public bool IceLite { get; init; }

    /// <summary>RFC 8839 section 5.5; null: not said, so 50 ms.</summary>
    public TimeSpan? IcePacing { get; init; }

    public required CertificateFingerprint Fingerprint { get; init; }
    public required SetupRole Setup { get; init; }
    public string? TlsId { get; init; }
    public required ushort SctpPort { get; init; }
    public required int MaxMessageSize { get; init; }

    /// <summary>RFC 8839 section 5.6.</summary>
    public IReadOnlyList<string> IceOptions { get; init; } = [];

    public IReadOnlyList<string> Candidates { get; init; } = [];
    public bool EndOfCandidates { get; init; }
}

/// <summary>Offers and answers as RFC 8829 sections 5.2.1 and 5.3.1 make them, for one data section; all others are rejected.</summary>
internal static class DescriptionWriter
{
    public static string Write(LocalData data)
    {
        var bundle = data.DataSection >= 0 && data.Bundled && data.Sections[data.DataSection].Mid is { } mid ? mid : null;
        var attributes = new List<SdpAttribute>();
        // RFC 9143 section 7.3: the group of an answer holds what is accepted of the offer's.
        if (bundle is not null) attributes.Add(new Group { Semantics = "BUNDLE", Mids = [bundle] });
        if (data.IceLite) attributes.Add(new SdpAttribute { Name = "ice-lite" });
        if (data.DataSection >= 0 && data.IcePacing is { } pacing) attributes.Add(new IcePacing { Milliseconds = (ulong)Math.Ceiling(pacing.TotalMilliseconds) });
        if (data.DataSection >= 0 && data.IceOptions.Count > 0) attributes.Add(new IceOptions { Tags = [.. data.IceOptions] });
        return new SessionDescription
        {
            Version = 0,
            Origin = new Origin
            {
                Username = "-", SessionId = data.SessionId.ToString(CultureInfo.InvariantCulture), SessionVersion = data.SessionVersion.ToString(CultureInfo.InvariantCulture),
                Nettype = "IN", Addrtype = "IP4", UnicastAddress = "0.0.0.0",
            },
            SessionName = "-", TimeDescriptions = [new TimeDescription { StartTime = "0", StopTime = "0" }],
            Attributes = [.. attributes],
            MediaDescriptions = [.. data.Sections.Select((line, i) => i == data.DataSection ? DataSection(line, data) : Rejected(line))],
        }.ToText();
    }

    /// <summary>RFC 3264 section 6: port 0, everything else of the line as it was.</summary>
    private static MediaDescription Rejected(MediaLine line) => new()
    {
        Media = FieldOf(line, 0), Connections = [Nowhere], Attributes = line.Mid is { } mid ? [new Mid { Tag = mid }] : [],
    };

    private static MediaDescription DataSection(MediaLine line, LocalData data)
    {
        var attributes = new List<SdpAttribute>();
        if (line.Mid is { } mid) attributes.Add(new Mid { Tag = mid });
        attributes.Add(new IceUfrag { Ufrag = data.Ice.Fragment });
        attributes.Add(new IcePwd { Password = data.Ice.Password });
        var fingerprint = data.Fingerprint.ToString().Split(' ');
        attributes.Add(new FingerprintAttribute { HashFunction = fingerprint[0], Fingerprint = fingerprint[1] });
        attributes.Add(new Setup { Role = WordOf(data.Setup) });
        if (data.TlsId is { } id) attributes.Add(new SdpAttribute { Name = "tls-id", Value = id });
        if (data.Form == DataSectionForm.Sctpmap) attributes.Add(new Sctpmap { Port = data.SctpPort, Protocol = "webrtc-datachannel", Streams = 65_535 });
        else attributes.Add(new SctpPort { Port = data.SctpPort });
        attributes.Add(new MaxMessageSize { Bytes = (ulong)data.MaxMessageSize });

        var (port, connection) = ((ushort)9, Nowhere); // RFC 8840 section 4.1.1: while there are no candidates
        foreach (var text in data.Candidates)
        {
            if (!Candidate.TryParse(Encoding.UTF8.GetBytes(text), true, out var candidate, out _)) continue;
            attributes.Add(candidate);
            if (port != 9) continue;
            // RFC 8839 section 4.2.1.2: the default candidate.
            port = candidate.Port;
            var isIPv6 = candidate.ConnectionAddressForm == ConnectionAddress.Ip6;
            connection = new Connection { Nettype = "IN", Addrtype = isIPv6 ? "IP6" : "IP4", ConnectionAddress = candidate.ConnectionAddress };
        }
        if (data.EndOfCandidates) attributes.Add(new SdpAttribute { Name = "end-of-candidates" });
        return new MediaDescription { Media = FieldOf(line, port), Connections = [connection], Attributes = [.. attributes] };
    }

    private static Connection Nowhere => new() { Nettype = "IN", Addrtype = "IP4", ConnectionAddress = IPAddress.Any.ToString() };

    private static MediaField FieldOf(MediaLine line, ushort port) => new()
    {
        Type = line.Media, Port = port, Protocol = line.Protocol, Formats = [.. line.Formats.Select(f => (ByteText)f)],
    };

    internal static string WordOf(SetupRole role) => role switch
    {
        SetupRole.Active => "active", SetupRole.Passive => "passive", SetupRole.Actpass => "actpass", _ => "holdconn",
    };
}
