using FsCheck;
using FsCheck.Xunit;
using WebRtcConformance.Lab.Sdp;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Conformance.Tests.Lab;

public class SessionLinesTests
{
    /// <summary>Only the lines that matter, in the order and spelling of the implementation.</summary>
    private static readonly Dictionary<string, string> Offers = new()
    {
        ["chromium"] = """
            v=0
            a=extmap-allow-mixed
            m=application 52365 UDP/DTLS/SCTP webrtc-datachannel
            a=candidate:3131898366 1 udp 2122260223 127.0.0.1 52365 typ host generation 0 network-id 1 network-cost 50
            a=candidate:1141255530 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active generation 0 network-id 1 network-cost 50
            a=ice-ufrag:+wAf
            a=ice-pwd:2cDELS8HfAbbLWynL0a8uzpk
            a=setup:actpass
            a=mid:0
            """,
        ["firefox"] = """
            v=0
            a=fingerprint:sha-256 A2:92:F6
            a=ice-options:trickle
            m=application 42411 UDP/DTLS/SCTP webrtc-datachannel
            a=candidate:0 1 UDP 2122187007 127.0.0.1 42411 typ host
            a=candidate:1 1 UDP 2122252543 ::1 52865 typ host
            a=candidate:3 1 TCP 2105524479 ::1 9 typ host tcptype active
            a=ice-pwd:ab4db5fb16ee30547bc6197bba31e773
            a=ice-ufrag:fde65146
            a=mid:0
            a=setup:actpass
            """,
        ["gstreamer"] = """
            v=0
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            a=setup:actpass
            a=ice-ufrag:7MFrn9F0ajG6vyO8tEwcg+R+NGmM90Xn
            a=ice-pwd:fPYoNONQ6FYSCtEpTlw206OJVtFLjuEl
            a=mid:application0
            a=candidate:1 1 UDP 2015363327 127.0.0.1 41366 typ host
            """,
        ["pion"] = """
            v=0
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            a=setup:actpass
            a=mid:0
            a=ice-ufrag:FVeEJGCpUwAVJZZc
            a=ice-pwd:fQFrXJRUCAlofYDsboMqLUsGkALOvUHP
            a=candidate:2878742611 1 udp 2130706431 127.0.0.1 33115 typ host
            a=candidate:2878742611 2 udp 2130706431 127.0.0.1 33115 typ host
            """,
    };

    [Theory]
    [InlineData("chromium", "+wAf", "2cDELS8HfAbbLWynL0a8uzpk", "0", "127.0.0.1:52365")]
    [InlineData("firefox", "fde65146", "ab4db5fb16ee30547bc6197bba31e773", "0", "127.0.0.1:42411 [::1]:52865")]
    [InlineData("gstreamer", "7MFrn9F0ajG6vyO8tEwcg+R+NGmM90Xn", "fPYoNONQ6FYSCtEpTlw206OJVtFLjuEl", "application0", "127.0.0.1:41366")]
    [InlineData("pion", "FVeEJGCpUwAVJZZc", "fQFrXJRUCAlofYDsboMqLUsGkALOvUHP", "0", "127.0.0.1:33115")]
    public void Real_offers_are_read(string whose, string ufrag, string password, string mid, string candidates)
    {
        foreach (var end in new[] { "\n", "\r\n" })
        {
            Assert.True(SessionLines.TryRead(Offers[whose].ReplaceLineEndings(end), out var lines));
            Assert.Equal((ufrag, password, mid, "actpass"), (lines.Ufrag, lines.Password, lines.Mid, lines.Setup));
            Assert.Equal(candidates, string.Join(' ', lines.Candidates));
            Assert.False(lines.IceLite);
        }
    }

    [Fact]
    public void Only_the_first_media_section_counts_and_the_session_part_before_it()
    {
        Assert.True(SessionLines.TryRead("a=ice-lite\na=ice-ufrag:one\na=ice-pwd:first\nm=audio 9\na=mid:a\nm=video 9\na=ice-ufrag:two\na=mid:b\na=setup:active\n", out var lines));
        Assert.Equal(("one", "first", "a", null, true), (lines.Ufrag, lines.Password, lines.Mid, lines.Setup, lines.IceLite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=ice-ufrag:only")]
    [InlineData("a=ice-pwd:only")]
    [InlineData("ice-ufrag:a\nice-pwd:b")]
    [InlineData("m=audio 9\nm=video 9\na=ice-ufrag:a\na=ice-pwd:b")]
    public void Without_credentials_there_is_nothing(string sdp) => Assert.False(SessionLines.TryRead(sdp, out _));

    [Fact]
    public void A_description_without_end_is_refused() =>
        Assert.False(SessionLines.TryRead("a=ice-ufrag:a\na=ice-pwd:b\n" + new string('x', SessionLines.MaximumLength), out _));

    [Theory]
    [InlineData("candidate:1 1 udp 1 127.0.0.1 5 typ host", "127.0.0.1:5")]
    [InlineData("a=candidate:1 1 UDP 1 ::1 5 typ host generation 0", "[::1]:5")]
    [InlineData("candidate:1 2 udp 1 127.0.0.1 5 typ host", null)] // RTCP
    [InlineData("candidate:1 1 tcp 1 127.0.0.1 9 typ host", null)]
    [InlineData("candidate:1 1 udp 1 8f3c.local 5 typ host", null)] // mDNS
    [InlineData("candidate:1 1 udp 1 127.0.0.1 0 typ host", null)]
    [InlineData("candidate:1 1 udp 1 127.0.0.1 65536 typ host", null)]
    [InlineData("candidate:1 1 udp -1 127.0.0.1 5 typ host", null)]
    [InlineData("candidate:1 1 udp 4294967296 127.0.0.1 5 typ host", null)]
    [InlineData("candidate:1 1 udp 1 fe80::1%eth0 5 typ host", null)]
    [InlineData("candidate:1 1 udp 1 127.0.0.1 5", null)]
    [InlineData("candidate:", null)]
    [InlineData("", null)]
    public void Candidates(string line, string? address)
    {
        Assert.Equal(address is not null, SessionLines.TryReadCandidate(line, out var found));
        Assert.Equal(address ?? "none", address is null ? "none" : found.ToString());
    }

    [Property(MaxTest = 500)]
    public void No_text_makes_it_throw(string? a, string? b, int cut)
    {
        var offer = string.Join('\n', Offers.Values);
        var at = (int)((uint)cut % offer.Length);
        foreach (var text in new[] { a ?? "", "a=candidate:" + a + " 1 udp 1 " + b, offer[..at] + a + offer[at..], offer[at..] + "\r" + b })
        {
            if (SessionLines.TryRead(text, out var lines)) Assert.NotNull(lines.Password);
            foreach (var line in text.Split('\n')) SessionLines.TryReadCandidate(line, out _);
        }
    }

    [Property(MaxTest = 300)]
    public void What_was_written_is_read(uint name, ulong session, bool six, bool lite, PositiveInt count)
    {
        var addresses = Enumerable.Range(1, Math.Min(count.Get, 20)).Select(i => TransportAddress.Parse(six ? $"[2001:db8::{i:x}]:{i}" : $"10.0.{i}.255:{65536 - i}")).ToList();
        var (ufrag, password, mid) = ("u+/" + name, "p" + session, name.ToString("x", null));
        var sdp = SessionLines.Write(ufrag, password, "sha-256 AA:BB", "passive", mid, addresses, session, lite);
        Assert.True(SessionLines.TryRead(sdp, out var lines));
        Assert.Equal((ufrag, password, "sha-256 AA:BB", "passive", mid, lite), (lines.Ufrag, lines.Password, lines.Fingerprint, lines.Setup, lines.Mid, lines.IceLite));
        Assert.Equal(addresses, lines.Candidates);
        Assert.DoesNotContain("\n\n", sdp);
        Assert.All(sdp.Split("\r\n").SkipLast(1), line => Assert.Matches("^[a-z]=", line));
    }
}
