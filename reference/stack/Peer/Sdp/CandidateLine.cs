using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Text;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.Sdp;

namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>A candidate of the peer that can be used: UDP, component 1, an IP address.</summary>
/// <param name="Fragment">The username fragment that it belongs to, when the line says so (RFC 8838 section 4.4, "ufrag").</param>
public sealed record RemoteCandidate(TransportAddress Address, uint Priority, CandidateTypes Type, string Foundation, string? Fragment = null);

/// <summary>Candidate lines (RFC 8839 section 5.1).</summary>
public static class CandidateLine
{
    /// <summary>A host candidate of component 1. RFC 8445 section 5.1.2.1: of several addresses the first is preferred; section 5.1.1.3: each its foundation.</summary>
    public static string Host(TransportAddress address, int index) => new Candidate
    {
        Foundation = $"{index + 1}", ComponentId = 1, Transport = "udp", Priority = 126u << 24 | (uint)(65_535 - Math.Min(index, 65_535)) << 8 | 255,
        ConnectionAddress = new IPAddress(address.AddressBytes()).ToString(), Port = address.Port, Type = "host",
    }.ToText();

    /// <summary>Reads "candidate:...", with or without "a=" before it.</summary>
    /// <param name="candidate">The candidate, when it is of use.</param>
    /// <param name="ignored">Why it is of none; default when it is.</param>
    /// <returns>False when it is no candidate line.</returns>
    public static bool TryRead(string line, out RemoteCandidate? candidate, out Discard ignored)
    {
        (candidate, ignored) = (null, default);
        var text = line.AsSpan().Trim();
        if (text.StartsWith("a=", StringComparison.Ordinal)) text = text[2..];
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (!Candidate.View.TryParse(bytes, out var view, out var error))
        {
            ignored = new Discard(DiscardReason.Malformed, "RFC8839:5.1", error.ToString());
            return false;
        }
        TryUse(view, out candidate, out ignored);
        return true;
    }

    internal static bool TryUse(in Candidate.View view, [NotNullWhen(true)] out RemoteCandidate? candidate, out Discard ignored)
    {
        (candidate, ignored) = (null, default);
        var host = Encoding.UTF8.GetString(view.ConnectionAddress);
        if (view.TransportForm != Transport.Udp) return Ignore("RFC8839:5.1", $"the transport {Encoding.UTF8.GetString(view.Transport)}", out ignored);
        if (view.ComponentId != 1) return Ignore("RFC8829:3.5.1", $"component {view.ComponentId}: there is one only", out ignored);
        if (view.ConnectionAddressForm is not (ConnectionAddress.Ip4 or ConnectionAddress.Ip6) || !IPAddress.TryParse(host, out var address))
            return Ignore("RFC8839:5.1", $"{host} is no IP address: names are not looked up", out ignored);
        if (view.Port == 0) return Ignore("RFC8839:5.1", "port 0", out ignored);
        string? fragment = null;
        foreach (var extension in view.Extensions)
            if (extension.Name.SequenceEqual("ufrag"u8)) fragment = Encoding.UTF8.GetString(extension.Value);
        candidate = new RemoteCandidate(TransportAddress.From(address.GetAddressBytes(), view.Port), view.Priority, view.TypeForm, Encoding.UTF8.GetString(view.Foundation), fragment);
        return true;
    }

    private static bool Ignore(string rule, string note, out Discard ignored)
    {
        ignored = new Discard(DiscardReason.Unsupported, rule, note);
        return false;
    }
}
