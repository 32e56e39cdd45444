using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Text;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.Sdp;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8839 section 5: between the agent's values and the attributes of SDP, by the generated text types.</summary>
public static class IceText
{
    /// <summary>Read "candidate:...", the value of an a= line. Total: any text gives a candidate or the reason to ignore it.</summary>
    public static bool TryReadCandidate(string text, out IceCandidate candidate, out Discard ignored)
    {
        candidate = null!;
        ignored = default;
        if (!Candidate.TryParse(Encoding.UTF8.GetBytes(text), keepTrivia: false, out var read, out var error))
            return Ignore(DiscardReason.Malformed, error.Path, error.ToString(), out ignored);
        // RFC 6544 section 4.5.
        if (read.TransportForm == Transport.Tcp) return Ignore(DiscardReason.Unsupported, "RFC6544:4.5", "a TCP candidate; this agent has UDP only", out ignored);
        if (read.TransportForm != Transport.Udp) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"transport '{read.Transport}' is not supported", out ignored);
        if (TypeOf(read.TypeForm) is not { } type) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"type '{read.Type}' is not known", out ignored);
        if (read.ConnectionAddressForm == ConnectionAddress.Fqdn)
        {
            return read.ConnectionAddress.ToString().EndsWith(".local", StringComparison.OrdinalIgnoreCase)
                ? Ignore(DiscardReason.Unsupported, "RFC8839:5.1", "an mDNS name; this agent resolves none", out ignored)
                : Ignore(DiscardReason.Unsupported, "RFC8839:5.1", "a domain name; this agent resolves none", out ignored);
        }
        if (read.ComponentId > byte.MaxValue) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"component {read.ComponentId}", out ignored);
        if (!TryAddress(read.ConnectionAddress, (ushort)read.Port, out var address) || address.Port == 0)
            return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"no datagram can be sent to {read.ConnectionAddress} port {read.Port}", out ignored);

        candidate = new IceCandidate(read.Foundation.ToString(), (byte)read.ComponentId, (uint)read.Priority, address, type)
        {
            Related = read.RelatedAddress is { } related && TryAddress(related, (ushort)(read.RelatedPort ?? 0), out var relatedAddress) ? relatedAddress : null,
            Fragment = FragmentOf(read),
        };
        return true;
    }

    /// <summary>Write "candidate:...".</summary>
    public static string Write(IceCandidate candidate)
    {
        var extensions = candidate.Fragment is { } fragment ? new[] { new CandidateExtension { Name = "ufrag", Value = fragment } } : [];
        return new Candidate
        {
            Foundation = candidate.Foundation,
            ComponentId = candidate.Component,
            Transport = "UDP",
            Priority = candidate.Priority,
            ConnectionAddress = HostOf(candidate.Address),
            Port = candidate.Address.Port,
            Type = candidate.Type switch
            {
                IceCandidateType.Host => "host",
                IceCandidateType.ServerReflexive => "srflx",
                IceCandidateType.PeerReflexive => "prflx",
                _ => "relay",
            },
            RelatedAddress = candidate.Related is { } related ? (ByteText?)HostOf(related) : null,
            RelatedPort = candidate.Related?.Port,
            Extensions = [.. extensions],
        }.ToText();
    }

    /// <summary>Section 5.4: "ice-ufrag:..." and "ice-pwd:...".</summary>
    public static bool TryReadCredentials(string fragmentLine, string passwordLine, out IceCredentials credentials, out Discard ignored)
    {
        credentials = null!;
        ignored = default;
        if (!IceUfrag.TryParse(Encoding.UTF8.GetBytes(fragmentLine), keepTrivia: false, out var fragment, out var error))
            return Ignore(DiscardReason.Malformed, error.Path, error.ToString(), out ignored);
        if (!IcePwd.TryParse(Encoding.UTF8.GetBytes(passwordLine), keepTrivia: false, out var password, out error))
            return Ignore(DiscardReason.Malformed, error.Path, error.ToString(), out ignored);
        credentials = new IceCredentials(fragment.Ufrag.ToString(), password.Password.ToString());
        return true;
    }

    /// <summary>Section 5.4.</summary>
    public static (string FragmentLine, string PasswordLine) Write(IceCredentials credentials) =>
        (new IceUfrag { Ufrag = credentials.Fragment }.ToText(), new IcePwd { Password = credentials.Password }.ToText());

    /// <summary>Section 5.6: "ice-options:...".</summary>
    public static bool TryReadOptions(string line, out IReadOnlyList<string> options, out Discard ignored)
    {
        options = [];
        ignored = default;
        if (!IceOptions.TryParse(Encoding.UTF8.GetBytes(line), keepTrivia: false, out var read, out var error))
            return Ignore(DiscardReason.Malformed, error.Path, error.ToString(), out ignored);
        options = [.. read.Tags.Select(t => t.ToString())];
        return true;
    }

    /// <summary>Section 5.6.</summary>
    public static string Write(IReadOnlyList<string> options) => new IceOptions { Tags = [.. options.Select(o => (ByteText)o)] }.ToText();

    /// <summary>Section 5.2: "remote-candidates:...", which the controlling agent sends with its selected pair.</summary>
    public static string WriteRemoteCandidates(byte component, TransportAddress remote) => new RemoteCandidates
    {
        Candidates = [new RemoteCandidate { ComponentId = component, ConnectionAddress = HostOf(remote), Port = remote.Port }],
    }.ToText();

    /// <summary>Section 5.2: the address of one component; false when it is not there.</summary>
    public static bool TryReadRemoteCandidate(string line, byte component, out TransportAddress remote)
    {
        remote = default;
        if (!RemoteCandidates.TryParse(Encoding.UTF8.GetBytes(line), keepTrivia: false, out var read, out _)) return false;
        foreach (var candidate in read.Candidates)
        {
            if (candidate.ComponentId == component) return TryAddress(candidate.ConnectionAddress, (ushort)candidate.Port, out remote);
        }
        return false;
    }

    private static string? FragmentOf(Candidate candidate)
    {
        foreach (var extension in candidate.Extensions)
        {
            if (extension.Name.ToString() == "ufrag") return extension.Value.ToString();
        }
        return null;
    }

    private static IceCandidateType? TypeOf(CandidateTypes type) => type switch
    {
        CandidateTypes.Host => IceCandidateType.Host,
        CandidateTypes.Srflx => IceCandidateType.ServerReflexive,
        CandidateTypes.Prflx => IceCandidateType.PeerReflexive,
        CandidateTypes.Relay => IceCandidateType.Relayed,
        _ => null,
    };

    private static bool TryAddress(ByteText host, ushort port, out TransportAddress address)
    {
        var text = host.ToString();
        return TransportAddress.TryParse(text.Contains(':') ? $"[{text}]:{port}" : $"{text}:{port}", out address);
    }

    private static string HostOf(TransportAddress address)
    {
        var text = address.ToString();
        return text[..text.LastIndexOf(':')].Trim('[', ']');
    }

    private static bool Ignore(DiscardReason reason, string rule, string note, out Discard ignored)
    {
        ignored = new Discard(reason, rule, note);
        return false;
    }
}
