using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.TlsEcc;
using WebRtcConformance.Wire.UseSrtp;
using Row = WebRtcConformance.Reference.Tests.Stack.QuirkDialogue<WebRtcConformance.Stack.Dtls.DtlsQuirk, WebRtcConformance.Stack.QuirkSet<WebRtcConformance.Stack.Dtls.DtlsQuirk>>;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Each quirk shows: one dialogue, what the clean endpoint does in it, and what it does with the quirk.</summary>
public class DtlsQuirkTests
{
    private static readonly DtlsPolicy Normal = new();
    private static readonly DtlsPolicy Apart = new() { SharesDatagrams = false };

    private static readonly List<Row> Rows = [.. RecordRows(), .. FlightRows(), .. HelloRows(), .. AuthenticationRows()];

    public static TheoryData<DtlsQuirk> AllQuirks => [.. Enum.GetValues<DtlsQuirk>()];

    [Theory]
    [MemberData(nameof(AllQuirks))]
    public void A_quirk_breaks_its_rule_and_the_clean_endpoint_keeps_it(DtlsQuirk quirk)
    {
        QuirkDialogue.Shows(Rows, quirk, QuirkSet<DtlsQuirk>.None, QuirkSet<DtlsQuirk>.Of(quirk));
    }

    [Fact]
    public void Every_quirk_is_documented_and_has_a_bit_of_its_own() => QuirkDialogue.RegistryIsSound<DtlsQuirk>("^RFC[0-9]+:[0-9A-Z.]+$");

    /// <summary>"connected", or the rule that ended it on either side, or "silence".</summary>
    private static string Outcome(DtlsPair pair)
    {
        pair.Connect(TimeSpan.FromSeconds(30));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        if (pair.AreConnected) return "connected";
        return (pair.Client.End ?? pair.Server.End) is { Cause: not DtlsCloseCause.RemoteAlert } end ? end.Rule : pair.Server.End?.Rule ?? "silence";
    }

    private static Row Handshake(DtlsQuirk quirk, string clean, string broken, bool onClient, DtlsPolicy? client = null, DtlsPolicy? server = null,
        Action<DtlsPair>? prepare = null) =>
        new(quirk, quirks =>
        {
            var pair = new DtlsPair(1, null, client, server, onClient ? quirks : default, onClient ? default : quirks);
            prepare?.Invoke(pair);
            return Outcome(pair);
        }, clean, broken);

    private static WireBytes Flipped(WireBytes bytes)
    {
        var changed = bytes.ToArray();
        changed[^1] ^= 1;
        return changed;
    }

    private static DtlsPair ConnectedPair(QuirkSet<DtlsQuirk> serverQuirks)
    {
        var pair = new DtlsPair(serverQuirks: serverQuirks);
        Assert.True(pair.Connect(), pair.ToString());
        return pair;
    }

    /// <summary>A record that the client never sent arrives at the server.</summary>
    private static void Forge(DtlsPair pair, ushort epoch, ushort sequence, ContentType type, byte[] fragment)
    {
        byte[] record = [(byte)type, 0xFE, 0xFD, (byte)(epoch >> 8), (byte)epoch, 0, 0, 0, 0, (byte)(sequence >> 8), (byte)sequence,
            (byte)(fragment.Length >> 8), (byte)fragment.Length, .. fragment];
        pair.World.Inject(new Datagram(DtlsPair.ClientAddress, DtlsPair.ServerAddress, record));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<Row> RecordRows()
    {
        yield return new(DtlsQuirk.AcceptsReplayedRecords, quirks =>
        {
            var pair = ConnectedPair(quirks);
            pair.World.When(_ => true, Disposition.Duplicate());
            return pair.Say(pair.Client, "a");
        }, "a", "a|a");
        yield return new(DtlsQuirk.MarksUnverifiedRecords, quirks =>
        {
            var pair = ConnectedPair(quirks);
            Forge(pair, 1, 1000, ContentType.ApplicationData, new byte[40]);
            return pair.Say(pair.Client, "a");
        }, "a", "");
        yield return new(DtlsQuirk.DiesOfBadRecords, quirks =>
        {
            var pair = ConnectedPair(quirks);
            Forge(pair, 1, 1000, ContentType.ApplicationData, new byte[40]);
            return pair.Server.End?.Rule ?? "alive";
        }, "alive", "RFC6347:4.1.2.7");
        yield return new(DtlsQuirk.DiesOfNewClientHello, quirks =>
        {
            var pair = ConnectedPair(quirks);
            Forge(pair, 0, 9, ContentType.Handshake, [(byte)HandshakeType.ClientHello, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 50, .. new byte[50]]);
            return pair.Server.End?.Rule ?? pair.Server.Discards.Last().Rule + ", " + pair.Say(pair.Client, "alive");
        }, "RFC6347:4.2.8, alive", "RFC6347:4.2.8");
        yield return new(DtlsQuirk.AcceptsPlaintextAfterHandshake, quirks =>
        {
            var pair = ConnectedPair(quirks);
            Forge(pair, 0, 9, ContentType.ApplicationData, "x"u8.ToArray());
            return $"{pair.Server.TakeData().Count}";
        }, "0", "1");
        yield return new(DtlsQuirk.DeliversDataBeforeFinished, quirks =>
        {
            // Finished, the first record of epoch 1 from the server, takes a detour; ChangeCipherSpec and data do not.
            var pair = new DtlsPair(server: Apart, clientQuirks: quirks);
            pair.World.When(d => d.Local == DtlsPair.ServerAddress && d.Bytes.Span[4] == 1, Disposition.Delay(TimeSpan.FromMilliseconds(500)), 1, 1);
            pair.Client.Endpoint.Start(pair.World.Now);
            Assert.True(pair.World.RunUntil(() => pair.Server.Endpoint.IsConnected, TimeSpan.FromSeconds(1)));
            pair.Server.Endpoint.Send(pair.World.Now, "early"u8);
            pair.World.RunFor(TimeSpan.FromMilliseconds(100));
            Assert.False(pair.Client.Endpoint.IsConnected);
            return $"{pair.Client.TakeData().Count}";
        }, "0", "1");
    }

    private static IEnumerable<Row> FlightRows()
    {
        static void LoseLastFlight(DtlsPair pair) =>
            pair.World.DropNth(1, d => d.Local == DtlsPair.ServerAddress && d.Bytes.Span[0] == (byte)ContentType.ChangeCipherSpec);
        static void LoseFirst(DtlsPair pair) => pair.World.DropNth(1, _ => true);

        yield return Handshake(DtlsQuirk.RepeatsSequenceNumbers, "connected", "silence", true, prepare: LoseLastFlight);
        yield return Handshake(DtlsQuirk.IgnoresRepeatedFlight, "connected", "silence", false, prepare: LoseLastFlight);
        yield return Handshake(DtlsQuirk.NeverRetransmits, "connected", "silence", true, prepare: LoseFirst);
        yield return Handshake(DtlsQuirk.RenumbersRetransmissions, "connected", "RFC5246:7.3", true, prepare: LoseFirst);
        yield return Handshake(DtlsQuirk.RefusesFragments, "connected", "silence", false, client: Normal with { MaxFragmentBody = 50 });
        yield return new(DtlsQuirk.ForgetsEarlyMessages, quirks =>
        {
            // Certificate takes a detour, the messages behind it do not.
            var pair = new DtlsPair(client: Apart, serverQuirks: quirks);
            pair.World.When(d => d.Local == DtlsPair.ClientAddress
                && d.Bytes.Span[13] == (byte)HandshakeType.Certificate, Disposition.Delay(TimeSpan.FromMilliseconds(200)), 1, 1);
            return pair.Connect(TimeSpan.FromMilliseconds(900)) ? "at once" : "not at once";
        }, "at once", "not at once");
        yield return new(DtlsQuirk.KeepsTimerConstant, quirks =>
        {
            var pair = new DtlsPair(link: new LinkPolicy { Loss = 1 }, clientQuirks: quirks);
            var times = new List<int>();
            pair.World.Observer = e => { if (e.Fate == Fate.Sent) times.Add((int)(e.At - Instant.Start).TotalSeconds); };
            pair.Connect(TimeSpan.FromSeconds(8));
            return string.Join(" ", times.Take(4));
        }, "0 1 3 7", "0 1 2 3");
        yield return new(DtlsQuirk.OmitsCloseNotify, quirks =>
        {
            var pair = ConnectedPair(quirks);
            pair.Server.Endpoint.Close(pair.World.Now);
            pair.World.RunFor(TimeSpan.FromSeconds(1));
            return pair.Client.End?.Cause.ToString() ?? "nothing";
        }, "Remote", "nothing");
    }

    private static IEnumerable<Row> HelloRows()
    {
        var cookie = Normal with { CookieExchange = true };
        yield return Handshake(DtlsQuirk.OmitsCookie, "connected", "silence", true, server: cookie);
        yield return Handshake(DtlsQuirk.ChangesHelloOnCookie, "connected", "silence", true, server: cookie);
        yield return Handshake(DtlsQuirk.HashesCookieExchange, "connected", "RFC5246:7.4.8", true, server: cookie);
        yield return Handshake(DtlsQuirk.AcceptsAnyCookie, "silence", "connected", false, server: cookie,
            prepare: pair => pair.Client.Tamper<ClientHello>(h => h.Cookie.Length > 0 ? h with { Cookie = Flipped(h.Cookie) } : h));
        yield return Handshake(DtlsQuirk.AcceptsUnofferedCipherSuite, "RFC5246:7.4.1.3", "silence", true,
            client: Normal with { CipherSuites = [CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256] },
            prepare: pair => pair.Server.Tamper<ServerHello>(h => h with { CipherSuite = CipherSuite.TlsEcdheEcdsaWithChacha20Poly1305Sha256 }));
        yield return Handshake(DtlsQuirk.AcceptsUnofferedExtension, "RFC5246:7.4.1.4", "connected", true,
            prepare: pair => pair.Server.Tamper<ServerHello>(h => h with { Extensions = new([.. h.Extensions!.Value,
                new UnknownServerHelloExtension((ExtensionType)0x1234, default)]) }));
        yield return Handshake(DtlsQuirk.SendsRenegotiatedConnection, "connected", "silence", true);
        yield return Handshake(DtlsQuirk.ChoosesUnofferedSrtpProfile, "connected", "RFC5764:4.1.1", false,
            client: Normal with { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm] },
            server: Normal with { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm, SRTPProtectionProfile.SrtpAeadAes256Gcm] });
        yield return Handshake(DtlsQuirk.IgnoresExtendedMasterSecret, "connected", "silence", true);
    }

    private static IEnumerable<Row> AuthenticationRows()
    {
        yield return Handshake(DtlsQuirk.AcceptsWrongFingerprint, "RFC8122:5.1", "connected", true,
            prepare: pair => pair.Client.Endpoint.SetPeerFingerprints(Instant.Start, [DtlsPair.ClientCertificate.Fingerprint]));
        yield return Handshake(DtlsQuirk.SkipsServerKeyExchangeSignature, "RFC8422:5.4", "connected", true,
            prepare: pair => pair.Server.Tamper<ServerKeyExchange>(m => m with { SignedParams = m.SignedParams with { SignatureValue = Flipped(m.SignedParams.SignatureValue) } }));
        yield return Handshake(DtlsQuirk.SkipsCertificateVerify, "RFC5246:7.4.8", "connected", false,
            prepare: pair => pair.Client.Tamper<CertificateVerify>(m => m with { Signature = Flipped(m.Signature) }));
        yield return Handshake(DtlsQuirk.SkipsFinished, "RFC5246:7.4.9", "connected", false,
            prepare: pair => pair.Client.Tamper<Finished>(m => m with { VerifyData = Flipped(m.VerifyData) }));
        yield return Handshake(DtlsQuirk.SendsWrongFinished, "connected", "RFC5246:7.4.9", true);
        yield return Handshake(DtlsQuirk.SkipsChangeCipherSpec, "silence", "connected", false,
            prepare: pair => pair.Client.Endpoint.Funnels.Records.Add((Instant _,
                ref PlainRecord r) => r.Type == ContentType.ChangeCipherSpec ? Disposition.Drop : Disposition.Pass));
    }
}
