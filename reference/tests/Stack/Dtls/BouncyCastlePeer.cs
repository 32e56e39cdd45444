using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Org.BouncyCastle.X509;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>
/// BouncyCastle's DTLS, an implementation that nobody here wrote. It blocks, and reads the real clock, so it runs on a thread of its own; datagrams
/// go through two queues.
/// </summary>
internal sealed class BouncyCastlePeer
{
    private const string Label = "EXPERIMENTAL_test";

    public sealed record Choices
    {
        public int[] CipherSuites { get; init; } = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];
        public int[] Groups { get; init; } = [NamedGroup.x25519, NamedGroup.secp256r1];
        public bool Rsa { get; init; }
        public bool ExtendedMasterSecret { get; init; } = true;
        public int[] SrtpProfiles { get; init; } = [];
        public bool HasCertificate { get; init; } = true;
    }

    /// <summary>Datagrams from and to the peer.</summary>
    public System.Collections.Concurrent.BlockingCollection<byte[]> Sent { get; } = [];

    public System.Collections.Concurrent.BlockingCollection<byte[]> Received { get; } = [];

    private static readonly Lazy<AsymmetricCipherKeyPair> RsaKey = new(() => Generate("RSA",
        new Org.BouncyCastle.Crypto.Parameters.RsaKeyGenerationParameters(BigInteger.ValueOf(65537), new SecureRandom(), 2048, 80)));

    private static readonly Lazy<AsymmetricCipherKeyPair> EcKey = new(() => Generate("EC",
        new Org.BouncyCastle.Crypto.Parameters.ECKeyGenerationParameters(Org.BouncyCastle.Asn1.Sec.SecObjectIdentifiers.SecP256r1, new SecureRandom())));

    private static AsymmetricCipherKeyPair Generate(string algorithm, KeyGenerationParameters parameters)
    {
        var generator = GeneratorUtilities.GetKeyPairGenerator(algorithm);
        generator.Init(parameters);
        return generator.GenerateKeyPair();
    }

    private readonly Choices _choices;
    private readonly BcTlsCrypto _crypto = new(new SecureRandom());
    private readonly TlsCertificate _certificate;
    private readonly AsymmetricKeyParameter _key;

    public BouncyCastlePeer(Choices choices)
    {
        _choices = choices;
        var pair = choices.Rsa ? RsaKey.Value : EcKey.Value;
        _key = pair.Private;
        var maker = new X509V3CertificateGenerator();
        maker.SetSerialNumber(BigInteger.One);
        maker.SetIssuerDN(new X509Name("CN=bc"));
        maker.SetSubjectDN(new X509Name("CN=bc"));
        maker.SetNotBefore(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        maker.SetNotAfter(new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        maker.SetPublicKey(pair.Public);
        Der = maker.Generate(new Asn1SignatureFactory(choices.Rsa ? "SHA256withRSA" : "SHA256withECDSA", _key)).GetEncoded();
        _certificate = new TlsCertificate([_crypto.CreateCertificate(Der)]);
    }

    public byte[] Der { get; }

    /// <summary>What the handshake came to: exported keying material, the peer's certificate, the first data received; or the exception.</summary>
    public sealed record Result(byte[]? Exported, byte[]? PeerCertificate, int SrtpProfile, string Data, Exception? Problem);

    /// <summary>Handshake in the given role, then one message: the client speaks first, and each answers with the same text in upper case.</summary>
    public Task<Result> RunAsync(bool asClient)
    {
        var done = new TaskCompletionSource<Result>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(asClient ? RunClient() : RunServer());
            }
            catch (Exception exception)
            {
                done.SetResult(new Result(null, null, -1, "", exception));
            }
        }) { IsBackground = true }.Start();
        return done.Task;
    }

    private Result RunClient()
    {
        var client = new Client(this);
        var transport = new DtlsClientProtocol().Connect(client, new Queues(this));
        transport.Send("from bc"u8);
        return new Result(client.Exported, client.PeerCertificate, client.SrtpProfile, Receive(transport), null);
    }

    private Result RunServer()
    {
        var server = new Server(this);
        var transport = new DtlsServerProtocol().Accept(server, new Queues(this));
        var data = Receive(transport);
        transport.Send(System.Text.Encoding.UTF8.GetBytes(data.ToUpperInvariant()));
        return new Result(server.Exported, server.PeerCertificate, server.SrtpProfile, data, null);
    }

    private static string Receive(DtlsTransport transport)
    {
        var buffer = new byte[2000];
        var count = transport.Receive(buffer, 0, buffer.Length, 20_000);
        return count < 0 ? "(nothing)" : System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }

    private sealed class Queues(BouncyCastlePeer peer) : DatagramTransport
    {
        public int GetReceiveLimit() => 1500;
        public int GetSendLimit() => 1200;

        public int Receive(byte[] buffer, int offset, int length, int waitMillis)
        {
            if (!peer.Received.TryTake(out var datagram, waitMillis)) return -1;
            var count = Math.Min(length, datagram.Length);
            datagram.AsSpan(0, count).CopyTo(buffer.AsSpan(offset));
            return count;
        }

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            var bytes = new byte[buffer.Length];
            var count = Receive(bytes, 0, bytes.Length, waitMillis);
            if (count > 0) bytes.AsSpan(0, count).CopyTo(buffer);
            return count;
        }

        public void Send(byte[] buffer, int offset, int length) => peer.Sent.Add(buffer.AsSpan(offset, length).ToArray());
        public void Send(ReadOnlySpan<byte> buffer) => peer.Sent.Add(buffer.ToArray());

        public void Close()
        {
        }
    }

    /// <summary>Null without an extended master secret: BouncyCastle refuses to export then.</summary>
    private static byte[]? Export(TlsContext context) =>
        context.SecurityParameters.IsExtendedMasterSecret ? context.ExportKeyingMaterial(Label, null, 40) : null;

    private TlsCredentialedSigner Signer(TlsContext context) => new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context), _crypto, _key, _certificate,
        new SignatureAndHashAlgorithm(HashAlgorithm.sha256, _choices.Rsa ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa));

    private sealed class Client(BouncyCastlePeer peer) : DefaultTlsClient(peer._crypto)
    {
        public byte[]? Exported { get; private set; }
        public byte[]? PeerCertificate { get; private set; }
        public int SrtpProfile { get; private set; } = -1;

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();
        protected override int[] GetSupportedCipherSuites() => peer._choices.CipherSuites;
        protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => [.. peer._choices.Groups];
        public override bool ShouldUseExtendedMasterSecret() => peer._choices.ExtendedMasterSecret;

        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            var extensions = base.GetClientExtensions();
            if (peer._choices.SrtpProfiles.Length > 0) TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(peer._choices.SrtpProfiles, []));
            return extensions;
        }

        public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
        {
            base.ProcessServerExtensions(serverExtensions);
            if (TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions) is { } data) SrtpProfile = data.ProtectionProfiles[0];
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            Exported = Export(m_context);
        }

        public override TlsAuthentication GetAuthentication() => new Authentication(this, peer);

        private sealed class Authentication(Client client, BouncyCastlePeer peer) : TlsAuthentication
        {
            public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
                client.PeerCertificate = serverCertificate.Certificate.GetCertificateAt(0).GetEncoded();
            public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) =>
                peer._choices.HasCertificate ? peer.Signer(client.m_context) : null;
        }
    }

    private sealed class Server(BouncyCastlePeer peer) : DefaultTlsServer(peer._crypto)
    {
        public byte[]? Exported { get; private set; }
        public byte[]? PeerCertificate { get; private set; }
        public int SrtpProfile { get; private set; } = -1;

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();
        protected override int[] GetSupportedCipherSuites() => peer._choices.CipherSuites;
        public override int[] GetSupportedGroups() => peer._choices.Groups;
        public override bool ShouldUseExtendedMasterSecret() => peer._choices.ExtendedMasterSecret;
        protected override TlsCredentialedSigner GetECDsaSignerCredentials() => peer.Signer(m_context);
        protected override TlsCredentialedSigner GetRsaSignerCredentials() => peer.Signer(m_context);

        public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
        {
            base.ProcessClientExtensions(clientExtensions);
            if (TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions) is { } data)
                SrtpProfile = data.ProtectionProfiles.First(peer._choices.SrtpProfiles.Contains);
        }

        public override IDictionary<int, byte[]> GetServerExtensions()
        {
            var extensions = base.GetServerExtensions();
            if (SrtpProfile >= 0) TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([SrtpProfile], []));
            return extensions;
        }

        public override CertificateRequest GetCertificateRequest() => new(
            [ClientCertificateType.ecdsa_sign], [new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa)], null);

        public override void NotifyClientCertificate(TlsCertificate clientCertificate) =>
            PeerCertificate = clientCertificate.GetCertificateAt(0).GetEncoded();

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            Exported = Export(m_context);
        }
    }
}
