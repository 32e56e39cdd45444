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
        if (!Candidate.View.TryParse(Encoding.UTF8.GetBytes(text), out var read, out var error))
            return Ignore(DiscardReason.Malformed, "RFC8839:5.1", error.ToString(), out ignored);
        return TryReadCandidate(read, out candidate, out ignored);
    }

    /// <summary>The same of an attribute that has been read.</summary>
    public static bool TryReadCandidate(in Candidate.View read, out IceCandidate candidate, out Discard ignored)
    {
        candidate = null!;
        ignored = default;
        // RFC 6544 section 4.5.
        if (read.TransportForm == Transport.Tcp) return Ignore(DiscardReason.Unsupported, "RFC6544:4.5", "a TCP candidate; this agent has UDP only", out ignored);
        if (read.TransportForm != Transport.Udp) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"transport '{Utf8(read.Transport)}' is not supported", out ignored);
        if (TypeOf(read.TypeForm) is not { } type) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"type '{Utf8(read.Type)}' is not known", out ignored);
        var host = Utf8(read.ConnectionAddress);
        if (read.ConnectionAddressForm == ConnectionAddress.Fqdn)
        {
            var kind = host.EndsWith(".local", StringComparison.OrdinalIgnoreCase) ? "an mDNS name" : "a domain name";
            return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"{host} is {kind}; this agent resolves none", out ignored);
        }
        if (read.ComponentId > byte.MaxValue) return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"component {read.ComponentId}", out ignored);
        if (!TryAddress(host, read.Port, out var address) || address.Port == 0)
            return Ignore(DiscardReason.Unsupported, "RFC8839:5.1", $"no datagram can be sent to {host} port {read.Port}", out ignored);

        candidate = new IceCandidate(Utf8(read.Foundation), (byte)read.ComponentId, read.Priority, address, type)
        {
            Related = read.HasRelatedAddress && TryAddress(Utf8(read.RelatedAddress), read.HasRelatedPort ? read.RelatedPort : (ushort)0, out var related) ? related : null,
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
            Transport = "udp", // as most write it, though case does not matter
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
            if (candidate.ComponentId == component) return TryAddress(candidate.ConnectionAddress.ToString(), (ushort)candidate.Port, out remote);
        }
        return false;
    }

    private static string? FragmentOf(in Candidate.View candidate)
    {
        foreach (var extension in candidate.Extensions)
        {
            if (extension.Name.SequenceEqual("ufrag"u8)) return Utf8(extension.Value);
        }
        return null;
    }

    private static string Utf8(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private static IceCandidateType? TypeOf(CandidateTypes type) => type switch
    {
        CandidateTypes.Host => IceCandidateType.Host,
        CandidateTypes.Srflx => IceCandidateType.ServerReflexive,
        CandidateTypes.Prflx => IceCandidateType.PeerReflexive,
        CandidateTypes.Relay => IceCandidateType.Relayed,
        _ => null,
    };

    private static bool TryAddress(string host, ushort port, out TransportAddress address) =>
        TransportAddress.TryParse(host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}", out address);

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
