using System.Security.Cryptography;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>What client and server of a DTLS 1.2 handshake have in common: the transcript, the key schedule, certificates.</summary>
internal abstract class Handshake12(DtlsEndpoint endpoint)
{
    protected const int RandomSize = 32;
    private const int MasterSecretSize = 48, VerifyDataSize = 12;

    private byte[] _masterSecret = [];

    protected DtlsEndpoint Endpoint => endpoint;
    protected DtlsPolicy Policy => endpoint.Policy;
    protected QuirkSet<DtlsQuirk> Quirks => endpoint.Quirks;
    protected Transcript Transcript { get; } = new();

    protected byte[] ClientRandom { get; set; } = [];
    protected byte[] ServerRandom { get; set; } = [];
    protected CipherSuite CipherSuite { get; set; }
    protected CipherSuiteParameters Parameters { get; set; } = null!;
    protected bool ExtendedMasterSecret { get; set; }
    protected SRTPProtectionProfile? SrtpProfile { get; set; }
    protected NamedGroup Group { get; set; }
    protected EcdheShare? Share { get; set; }
    protected PeerCertificate? Peer { get; set; }

    /// <summary>A new handshake message, whole: the state's method reads it. Null, or why the handshake cannot go on.</summary>
    /// <param name="bytes">The message in one fragment; to enter the transcript.</param>
    public DtlsFailure? Receive(Instant now, Handshake message, byte[] bytes)
    {
        Transcript.Add(bytes);
        return ReceiveInState(now, message, bytes, Transcript.Length - bytes.Length);
    }

    /// <param name="before">Length of the transcript without this message.</param>
    protected abstract DtlsFailure? ReceiveInState(Instant now, Handshake message, byte[] bytes, int before);

    /// <summary>The server has not begun: what goes wrong now is answered, and forgotten.</summary>
    public virtual bool IsIdle => false;

    /// <summary>Sends a message in the flight that is being prepared, and adds it to the transcript.</summary>
    protected void Say(Instant now, Handshake message)
    {
        if (endpoint.Say(now, message) is { } bytes) Transcript.Add(bytes);
    }

    protected static DtlsFailure Unexpected(Handshake message, string state) =>
        new(AlertDescription.UnexpectedMessage, "RFC5246:7.3", $"{message.MsgType} while waiting for {state}");

    /// <summary>RFC 5246 section 7.4.1.2: 32 bytes, all of them random, as the stack has no clock for gmt_unix_time.</summary>
    protected byte[] DrawRandom()
    {
        var random = new byte[RandomSize];
        endpoint.Randoms.Fill(random);
        return random;
    }

    /// <summary>renegotiated_connection of both hellos (RFC 5746 sections 3.4 and 3.6): empty in an initial handshake.</summary>
    protected WireBytes RenegotiatedConnection => Quirks.Has(DtlsQuirk.SendsRenegotiatedConnection) ? new byte[] { 1 } : default(WireBytes);

    // ---- certificates ----

    protected Certificate OwnCertificate => new() { CertificateList = [new Asn1Cert { Value = endpoint.Certificate.Der.Span }] };

    /// <summary>RFC 5246 section 7.4.2: the peer's own certificate is the first; RFC 8122 section 5.1: it matches a fingerprint.</summary>
    protected DtlsFailure? AcceptCertificate(Handshake received)
    {
        if (received is not Certificate message) return Unexpected(received, "Certificate");
        if (message.CertificateList.Count == 0)
            return new(AlertDescription.BadCertificate, "RFC8122:6.2", "no certificate", DtlsCloseCause.NotAuthenticated);
        var der = message.CertificateList[0].Value.Span;
        if (!PeerCertificate.TryRead(der, out var certificate, out var problem))
            return new(AlertDescription.BadCertificate, "RFC5246:7.4.2", problem, DtlsCloseCause.NotAuthenticated);
        Peer = certificate;
        return endpoint.CheckFingerprint(certificate!);
    }

    /// <summary>RFC 5246 section 4.7: a scheme that we have offered, and a signature of the certificate's key.</summary>
    protected DtlsFailure? Verify(SignatureScheme scheme, ReadOnlySpan<byte> content, WireBytes signature, string rule)
    {
        if (!Policy.SignatureSchemes.Contains(scheme)) return new(AlertDescription.IllegalParameter, rule, $"signed with {scheme}, which was not offered");
        return Peer!.Verifies(scheme, content, signature.Span) ? null : new(AlertDescription.DecryptError, rule, "the signature is wrong",
            DtlsCloseCause.NotAuthenticated);
    }

    // ---- the key schedule ----

    /// <summary>
    /// RFC 5246 section 8.1, or RFC 7627 section 4: the master secret; section 6.3: the keys of both directions. The transcript ends with
    /// ClientKeyExchange: that is the session_hash (RFC 7627 section 3).
    /// </summary>
    protected (RecordProtection Client, RecordProtection Server) DeriveKeys(ReadOnlySpan<byte> premasterSecret)
    {
        var hash = Parameters.Hash;
        _masterSecret = new byte[MasterSecretSize];
        if (ExtendedMasterSecret && !Quirks.Has(DtlsQuirk.IgnoresExtendedMasterSecret))
            TlsPrf.Fill(hash, premasterSecret, "extended master secret"u8, Transcript.Hash(hash, Transcript.Length), _masterSecret);
        else
            TlsPrf.Fill(hash, premasterSecret, "master secret"u8, [.. ClientRandom, .. ServerRandom], _masterSecret);
        endpoint.Report(new DtlsEvent.KeyLogged($"CLIENT_RANDOM {Convert.ToHexStringLower(ClientRandom)} {Convert.ToHexStringLower(_masterSecret)}"));

        var (key, iv) = (Parameters.KeySize, Parameters.FixedIvSize);
        Span<byte> block = new byte[2 * (key + iv)];
        TlsPrf.Fill(hash, _masterSecret, "key expansion"u8, [.. ServerRandom, .. ClientRandom], block);
        return (new RecordProtection(Parameters, block[..key], block.Slice(2 * key, iv)),
            new RecordProtection(Parameters, block.Slice(key, key), block.Slice(2 * key + iv, iv)));
    }

    /// <summary>RFC 5246 section 7.4.9: verify_data over the first bytes of the transcript.</summary>
    protected byte[] VerifyData(DtlsRole sender, int transcriptLength)
    {
        var data = new byte[VerifyDataSize];
        var label = sender == DtlsRole.Client ? "client finished"u8 : "server finished"u8;
        TlsPrf.Fill(Parameters.Hash, _masterSecret, label, Transcript.Hash(Parameters.Hash, transcriptLength), data);
        return data;
    }

    /// <summary>ChangeCipherSpec, and Finished in the epoch that it begins (RFC 5246 sections 7.1 and 7.4.9).</summary>
    protected void SayFinished(Instant now, RecordProtection writing)
    {
        endpoint.SayChangeCipherSpec();
        endpoint.Records.BeginWriteEpoch(writing);
        var data = VerifyData(endpoint.Role, Transcript.Length);
        if (Quirks.Has(DtlsQuirk.SendsWrongFinished)) data[0] ^= 1;
        Say(now, new Finished { VerifyData = data });
    }

    /// <summary>RFC 5246 section 7.4.9: Finished comes after ChangeCipherSpec, so in the new epoch, and its value is right.</summary>
    protected DtlsFailure? AcceptFinished(Handshake received, DtlsRole sender, int before)
    {
        if (received is not Finished message) return Unexpected(received, "Finished");
        if (endpoint.Records.ReadEpochNumber == 0) return new(AlertDescription.UnexpectedMessage, "RFC5246:7.4.9", "Finished before ChangeCipherSpec");
        var isRight = CryptographicOperations.FixedTimeEquals(message.VerifyData.Span, VerifyData(sender, before));
        return isRight || Quirks.Has(DtlsQuirk.SkipsFinished) ? null : new(AlertDescription.DecryptError, "RFC5246:7.4.9", "verify_data is wrong");
    }

    protected DtlsSession Agreed => new(_masterSecret, ClientRandom, ServerRandom, Parameters.Hash)
    {
        Version = ProtocolVersion.Dtls12,
        CipherSuite = CipherSuite,
        Group = Group,
        ExtendedMasterSecret = ExtendedMasterSecret,
        SrtpProfile = SrtpProfile,
        PeerCertificate = Peer,
    };
}
