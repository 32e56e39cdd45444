using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Reference;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Interop.Tests;

/// <summary>Where an implementation does something else than the standard wants; what it does is expected, so that a change is seen.</summary>
/// <param name="Rule">Document and section that it breaks.</param>
internal sealed record Deviation(string Rule, string What);

/// <summary>What is known of an implementation.</summary>
internal sealed record Implementation(string Name)
{
    /// <summary>An empty message that it is told to send never arrives.</summary>
    public Deviation? LosesEmptyMessages { get; init; }

    /// <summary>A channel on which it is told to send an empty message is closed instead.</summary>
    public Deviation? ClosesOnEmptyMessage { get; init; }

    /// <summary>What is sent to it as an empty text it takes for empty bytes, and the other way round.</summary>
    public Deviation? SwapsEmptyMessages { get; init; }

    /// <summary>As an offerer that becomes the DTLS client it opens channels on odd streams, which the peer refuses.</summary>
    public Deviation? TakesStreamsByIceRole { get; init; }

    public override string ToString() => Name;
}

/// <summary>The implementations of conformance/suts that play whole peers, and our own, as the one that is always there.</summary>
internal static class Implementations
{
    private static readonly WcapOptions Options = new() { StartDeadline = TimeSpan.FromMinutes(3), CommandDeadline = TimeSpan.FromSeconds(30) };

    public static IReadOnlyList<Implementation> All { get; } =
    [
        new("reference"),
        new("wrtc"),
        new("werift")
        {
            // It makes no chunk of an empty message, and yet counts it in the stream's sequence numbers: an ordered channel never delivers anything after it.
            LosesEmptyMessages = new("RFC8831:6.6", "an empty message has to be sent as one byte with the PPID for empty messages"),
            TakesStreamsByIceRole = new("RFC8832:6", "the DTLS client uses even stream identifiers, whatever its role in ICE"),
        },
        new("libdatachannel"),
        new("chromium"),
        new("firefox"),
        new("gstreamer")
        {
            SwapsEmptyMessages = new("RFC8831:8", "56 is the PPID of an empty string, 57 that of empty bytes"),
            // It hands no bytes at all to its association, which refuses them.
            ClosesOnEmptyMessage = new("RFC8831:6.6", "an empty message has to be sent as one byte with the PPID for empty messages"),
        },
        // Its DATA_CHANNEL_ACK has four bytes (RFC 8832 section 5.2: one), which is overlooked.
        new("pion"),
        // The same: its stream identifiers follow is_server, which follows the role in ICE.
        new("aiortc") { TakesStreamsByIceRole = new("RFC8832:6", "the DTLS client uses even stream identifiers, whatever its role in ICE") },
    ];

    public static Implementation Of(string name) => All.Single(i => i.Name == name);

    /// <summary>Starts it, or skips the test with the reason and what to do about it.</summary>
    public static ISut Start(string name)
    {
        if (name == "reference") return new InProcessSut(new PeerAdapter(new UdpPlatform(), new Entropy(1)));
        var manifest = SutCatalogue.Open().Find(name);
        Assert.SkipWhen(manifest.MissingTools.Count > 0, $"{name} cannot run here: {string.Join(' ', manifest.MissingTools.Select(t => t.Advice))}");
        Assert.SkipUnless(manifest.IsInstalled, $"{name} is not installed ({string.Join(", ", manifest.Missing)}): {(manifest.Install.Count > 0 ? $"wrc suts install {name}" : string.Join(' ', manifest.Tools.Select(t => t.Advice)))}");
        return SutCatalogue.Open().Start(name, Options);
    }
}
