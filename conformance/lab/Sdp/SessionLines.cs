using System.Globalization;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Sdp;

/// <summary>The handful of SDP lines that a STUN conversation needs. A small reader on purpose: it looks at the first media section of a
/// data-channel description, ignores every line that it does not know, and never throws. The typed SDP tree (ABNF front end) replaces it.</summary>
/// <param name="Ufrag">RFC 8839 section 5.4.</param>
/// <param name="Candidates">UDP candidates of component 1 with an IP address (RFC 8839 section 5.1); names such as mDNS's are left out.</param>
/// <param name="Mid">RFC 5888 section 4: the media section's identification, "0" when absent.</param>
public sealed record SessionLines(
    string Ufrag, string Password, string? Fingerprint, string? Setup, string Mid, IReadOnlyList<TransportAddress> Candidates, bool IceLite)
{
    public const int MaximumLength = 1 << 20;

    /// <summary>Reads a description; false when it lacks credentials or is longer than <see cref="MaximumLength"/>.</summary>
    public static bool TryRead(string sdp, out SessionLines lines)
    {
        lines = new("", "", null, null, "0", [], false);
        if (sdp.Length > MaximumLength) return false;
        string? ufrag = null, password = null, fingerprint = null, setup = null, mid = null;
        var lite = false;
        var media = 0;
        var candidates = new List<TransportAddress>();
        foreach (var line in sdp.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("m=") && ++media > 1) break;
            if (!line.StartsWith("a=")) continue;
            var attribute = line[2..];
            if (Value(attribute, "ice-ufrag") is { } u) ufrag ??= u;
            else if (Value(attribute, "ice-pwd") is { } p) password ??= p;
            else if (Value(attribute, "fingerprint") is { } f) fingerprint ??= f;
            else if (Value(attribute, "setup") is { } s) setup ??= s;
            else if (Value(attribute, "mid") is { } m) mid ??= m;
            else if (attribute.SequenceEqual("ice-lite")) lite = true;
            else if (TryReadCandidate(attribute, out var address)) candidates.Add(address);
        }
        if (ufrag is null || password is null) return false;
        lines = new(ufrag, password, fingerprint, setup, mid ?? "0", candidates, lite);
        return true;
    }

    /// <summary>Reads "candidate:foundation component transport priority address port typ type ..." (RFC 8839 section 5.1);
    /// false for other transports, components, types of address, or anything else.</summary>
    public static bool TryReadCandidate(ReadOnlySpan<char> attribute, out TransportAddress address) => TryReadCandidate(attribute, out address, out _);

    /// <inheritdoc cref="TryReadCandidate(ReadOnlySpan{char}, out TransportAddress)"/>
    public static bool TryReadCandidate(ReadOnlySpan<char> attribute, out TransportAddress address, out uint priority)
    {
        (address, priority) = (default, 0);
        if (attribute.StartsWith("a=")) attribute = attribute[2..];
        if (!attribute.StartsWith("candidate:")) return false;
        Span<Range> parts = stackalloc Range[9];
        if (attribute.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) < 8) return false;
        if (!attribute[parts[1]].SequenceEqual("1") || !attribute[parts[2]].Equals("udp", StringComparison.OrdinalIgnoreCase)) return false;
        if (!uint.TryParse(attribute[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out priority)) return false;
        var host = attribute[parts[4]];
        var text = host.Contains(':') ? $"[{host}]:{attribute[parts[5]]}" : $"{host}:{attribute[parts[5]]}";
        return TransportAddress.TryParse(text, out address) && address.Port != 0;
    }

    /// <summary>Writes a data-channel description with one host candidate for each address.</summary>
    /// <param name="setup">"actpass" in offers, "active" or "passive" in answers (RFC 8842 section 5).</param>
    public static string Write(
        string ufrag, string password, string fingerprint, string setup, string mid, IReadOnlyList<TransportAddress> candidates, ulong sessionId, bool lite = false)
    {
        var first = candidates[0];
        var family = first.Family == IpFamily.IPv6 ? "IP6" : "IP4";
        var lines = new List<string>
        {
            "v=0", string.Create(CultureInfo.InvariantCulture, $"o=- {sessionId} 1 IN IP4 127.0.0.1"), "s=-", "t=0 0", $"a=group:BUNDLE {mid}",
        };
        if (lite) lines.Add("a=ice-lite");
        lines.AddRange(
        [
            string.Create(CultureInfo.InvariantCulture, $"m=application {first.Port} UDP/DTLS/SCTP webrtc-datachannel"),
            $"c=IN {family} {Host(first)}", $"a=mid:{mid}", $"a=ice-ufrag:{ufrag}", $"a=ice-pwd:{password}",
            $"a=fingerprint:{fingerprint}", $"a=setup:{setup}", "a=sctp-port:5000", "a=max-message-size:262144",
        ]);
        for (var i = 0; i < candidates.Count; i++) lines.Add("a=" + WriteCandidate(candidates[i], i));
        lines.Add("a=end-of-candidates");
        return string.Join("\r\n", lines) + "\r\n";
    }

    /// <summary>A host candidate of component 1; priority as RFC 8445 section 5.1.2.1 with type preference 126.</summary>
    public static string WriteCandidate(TransportAddress address, int index)
    {
        var priority = (126u << 24) | ((uint)(65535 - index) << 8) | 255;
        return string.Create(CultureInfo.InvariantCulture, $"candidate:{index + 1} 1 udp {priority} {Host(address)} {address.Port} typ host");
    }

    private static string Host(TransportAddress address) => new System.Net.IPAddress(address.AddressBytes()).ToString();

    private static string? Value(ReadOnlySpan<char> attribute, string name) =>
        attribute.Length > name.Length && attribute[name.Length] == ':' && attribute.StartsWith(name) ? attribute[(name.Length + 1)..].ToString() : null;
}
