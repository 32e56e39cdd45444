using WebRtcConformance.Wire.Alpn;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Dtls13;
using WebRtcConformance.Wire.Dtls13Record;
using WebRtcConformance.Wire.ExtendedMasterSecretExtension;
using WebRtcConformance.Wire.Renegotiation;
using WebRtcConformance.Wire.SessionTicketExtension;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.TlsEcc;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Wire.Tests;

/// <summary>One recorded message of each kind, field by field; what is expected was read off the bytes by hand.</summary>
public class DtlsValueTests
{
    private static T Read<T>(string file, byte type, string? sender = null) where T : Handshake
    {
        Assert.True(Handshake.TryParse(DtlsPackets.Message(file, type, sender), out var message, out var error), error.ToString());
        return Assert.IsType<T>(message);
    }

    private static void Starts(string hex, int length, WireBytes bytes)
    {
        Assert.Equal(length, bytes.Length);
        Assert.StartsWith(hex, Convert.ToHexString(bytes.Span), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ClientHello_of_pion()
    {
        var hello = Read<ClientHello>("pion", 1);
        Assert.Equal((0, ProtocolVersion.Dtls12), (hello.MessageSeq, hello.ClientVersion));
        Starts("6b034c9157df64d7a893eacac5dc111bca7496708eb8eb886ba9b9228fce2e1f", 32, hello.Random);
        Assert.Equal((0, 0), (hello.SessionId.Length, hello.Cookie.Length));
        Assert.Equal(
            [0xC02B, 0xC02F, 0xC00A, 0xC014, 0xC02C, 0xC030], hello.CipherSuites.Select(s => (int)s));
        Assert.Equal([CompressionMethod.Null], hello.CompressionMethods);
        var extensions = hello.Extensions!.Value;
        Assert.Equal([13, 65281, 10, 11, 14, 23], extensions.Select(e => (int)e.ExtensionType));
        Assert.Equal(
            [
                SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512, SignatureScheme.RsaPkcs1Sha256,
                SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512, SignatureScheme.Ed25519,
            ],
            Assert.IsType<ClientHelloSignatureAlgorithms>(extensions[0]).SupportedSignatureAlgorithms);
        Assert.Equal(0, Assert.IsType<ClientHelloRenegotiationInfo>(extensions[1]).RenegotiatedConnection.Length);
        Assert.Equal([NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1], Assert.IsType<ClientHelloSupportedGroups>(extensions[2]).NamedGroupList);
        Assert.Equal([ECPointFormat.Uncompressed], Assert.IsType<ClientHelloEcPointFormats>(extensions[3]).EcPointFormatList);
        var srtp = Assert.IsType<ClientHelloUseSrtp>(extensions[4]);
        Assert.Equal([SRTPProtectionProfile.SrtpAeadAes128Gcm, SRTPProtectionProfile.SrtpAes128CmHmacSha180], srtp.SRTPProtectionProfiles);
        Assert.Equal(0, srtp.SrtpMki.Length);
        Assert.IsType<ClientHelloExtendedMasterSecret>(extensions[5]);
    }

    [Fact]
    public void ClientHello_of_Chromium_in_two_fragments_offers_DTLS_1_3()
    {
        var hello = Read<ClientHello>("chromium", 1);
        Assert.Equal(14, hello.CipherSuites.Count);
        Assert.Equal(CipherSuite.TlsAes128GcmSha256, hello.CipherSuites[0]);
        var extensions = hello.Extensions!.Value;
        var shares = extensions.OfType<ClientHelloKeyShare>().Single().ClientShares;
        // ML-KEM-768's encapsulation key of 1184 bytes and X25519's 32.
        Assert.Equal([(NamedGroup.X25519mlkem768, 1216), (NamedGroup.X25519, 32)], shares.Select(s => (s.Group, s.KeyExchange.Length)));
        Assert.Equal([ProtocolVersion.Dtls13, ProtocolVersion.Dtls12], extensions.OfType<ClientHelloSupportedVersions>().Single().Versions);
        Assert.Equal([PskKeyExchangeMode.PskDheKe], extensions.OfType<ClientHelloPskKeyExchangeModes>().Single().KeModes);
    }

    [Fact]
    public void ClientHello_of_Firefox_offers_its_protocols_and_delegated_credentials()
    {
        var extensions = Read<ClientHello>("firefox", 1).Extensions!.Value;
        Assert.Equal(
            ["webrtc", "c-webrtc"],
            extensions.OfType<ClientHelloApplicationLayerProtocolNegotiation>().Single().ProtocolNameList.Select(n => System.Text.Encoding.ASCII.GetString(n.Value.Span)));
        Assert.Equal([0x0403, 0x0503, 0x0603, 0x0203], extensions.OfType<ClientHelloDelegatedCredential>().Single().SupportedSignatureAlgorithms.Select(s => (int)s));
        Assert.Equal(0x4001, extensions.OfType<RecordSizeLimitExtension.ClientHelloRecordSizeLimit>().Single().RecordSizeLimit);
    }

    [Fact]
    public void HelloVerifyRequest_and_the_ClientHello_that_answers()
    {
        var request = Read<HelloVerifyRequest>("openssl", 3);
        Assert.Equal(ProtocolVersion.Dtls10, request.ServerVersion);
        Starts("7fec27cba9c36f0db844034d8497d144d9730ee4", 20, request.Cookie);
        Assert.True(Handshake.TryParse(DtlsPackets.Messages.Single(m => m is { File: "openssl", Sender: "47003", Sequence: 1 }).Bytes, out var answer, out _));
        Assert.Equal(request.Cookie, Assert.IsType<ClientHello>(answer).Cookie);
    }

    [Fact]
    public void ServerHello_of_OpenSsl()
    {
        var hello = Read<ServerHello>("openssl", 2);
        Assert.Equal((1, ProtocolVersion.Dtls12), (hello.MessageSeq, hello.ServerVersion));
        Starts("3129e06978a40276e6b15ba3568da5dfa536be4b00a90541a06609979a9cb191", 32, hello.Random);
        Assert.Equal(0, hello.SessionId.Length);
        Assert.Equal(CipherSuite.TlsEcdheEcdsaWithAes256GcmSha384, hello.CipherSuite);
        Assert.Equal(CompressionMethod.Null, hello.CompressionMethod);
        var extensions = hello.Extensions!.Value;
        Assert.Equal([65281, 11, 35, 16, 14, 23], extensions.Select(e => (int)e.ExtensionType));
        Assert.Equal([0, 1, 2], Assert.IsType<ServerHelloEcPointFormats>(extensions[1]).EcPointFormatList.Select(f => (int)f));
        Assert.IsType<ServerHelloSessionTicket>(extensions[2]);
        Starts("776562727463", 6, Assert.IsType<ServerHelloApplicationLayerProtocolNegotiation>(extensions[3]).ProtocolNameList.Single().Value);
        Assert.Equal([SRTPProtectionProfile.SrtpAeadAes128Gcm], Assert.IsType<ServerHelloUseSrtp>(extensions[4]).SRTPProtectionProfiles);
        Assert.IsType<ServerHelloExtendedMasterSecret>(extensions[5]);
    }

    [Fact]
    public void Certificate_of_pion()
    {
        var certificate = Assert.Single(Read<Certificate>("pion", 11).CertificateList);
        Starts("3082011d3081c4a003020102021050", 289, certificate.Value);
    }

    [Fact]
    public void ServerKeyExchange_of_OpenSsl()
    {
        var exchange = Read<ServerKeyExchange>("openssl", 12);
        Assert.Equal(NamedGroup.X25519, Assert.IsType<ECParametersNamedCurve>(exchange.Params.CurveParams).Namedcurve);
        Starts("a7153c6cf5631d202aeba0fc3639cda8a3ee825ea52b6d98c12cb14d96004d3d", 32, exchange.Params.Public.Point);
        Assert.Equal(SignatureScheme.EcdsaSecp256r1Sha256, exchange.SignedParams.Algorithm);
        Starts("3045022052097258", 71, exchange.SignedParams.SignatureValue);
    }

    [Fact]
    public void CertificateRequest_and_ServerHelloDone_of_OpenSsl()
    {
        var request = Read<CertificateRequest>("openssl", 13);
        Assert.Equal([ClientCertificateType.RsaSign, ClientCertificateType.DssSign, ClientCertificateType.EcdsaSign], request.CertificateTypes);
        Assert.Equal(20, request.SupportedSignatureAlgorithms.Count);
        Assert.Equal([0x0403, 0x0503, 0x0603, 0x0807], request.SupportedSignatureAlgorithms.Take(4).Select(s => (int)s));
        Assert.Empty(request.CertificateAuthorities);
        Assert.Equal(5, Read<ServerHelloDone>("openssl", 14).MessageSeq);
    }

    [Fact]
    public void ClientKeyExchange_of_pion_and_of_libdatachannel()
    {
        Starts("63a92fcd8e99fb45dcbfb2f6fa86d6c3d30afda31f4e4174f23f44484e5cda79", 32, Read<ClientKeyExchange>("pion", 16).EcdhYc.Point);
        Starts("04bacba08df36f11be611ce15c16adeb", 65, Read<ClientKeyExchange>("ndc", 16).EcdhYc.Point);
    }

    [Fact]
    public void CertificateVerify_of_pion()
    {
        var verify = Read<CertificateVerify>("pion", 15);
        Assert.Equal(SignatureScheme.EcdsaSecp256r1Sha256, verify.Algorithm);
        Starts("30450220692c4decbcf42195", 71, verify.Signature);
    }

    [Fact]
    public void NewSessionTicket_of_OpenSsl()
    {
        var ticket = Read<NewSessionTicket>("openssl", 4);
        Assert.Equal(7200u, ticket.TicketLifetimeHint);
        Starts("0dd86548f4852e41", 576, ticket.Ticket);
    }

    [Fact]
    public void Records_of_pions_second_flight()
    {
        var packet = DtlsPackets.All.Where(p => p.File == "pion").ElementAt(1);
        Assert.True(DtlsDatagram.TryParse(packet.Bytes, out var datagram, out var error), error.ToString());
        var contents = datagram.Records.Select(r => r.Content).ToArray();
        Assert.Equal(5, contents.Length);
        for (var i = 0; i < 3; i++)
        {
            var record = Assert.IsType<HandshakeFragments>(contents[i]);
            Assert.Equal((ProtocolVersion.Dtls12, (ulong)(i + 1)), (record.Version, record.SequenceNumber));
            var fragment = Assert.Single(record.Fragments);
            Assert.Equal((i + 1, 0u, fragment.Length), (fragment.MessageSeq, fragment.FragmentOffset, (uint)fragment.Body.Length));
        }
        Assert.Equal(4ul, Assert.IsType<ChangeCipherSpec>(contents[3]).SequenceNumber);
        var finished = Assert.IsType<DtlsCiphertext>(contents[4]);
        Assert.Equal((ContentType.Handshake, 1, 0ul), (finished.Type, finished.Epoch, finished.SequenceNumber));
        Starts("49d948133af5f2bc", 48, finished.Fragment);
    }

    [Fact]
    public void ServerHello_of_Firefox_for_DTLS_1_3()
    {
        Assert.True(Handshake13.TryParse(DtlsPackets.Message("chromium-firefox-dtls13", 2), out var message, out var error), error.ToString());
        var hello = Assert.IsType<ServerHello13>(Assert.IsType<ServerHelloOrRetry>(message).Content);
        Starts("02aaf250ff8bd0c583657ae45ba0764598c94c967f51f8b5ec523a8ed87064a0", 32, hello.Random);
        Assert.Equal(CipherSuite.TlsAes128GcmSha256, hello.CipherSuite);
        var share = hello.Extensions.OfType<ServerHello13KeyShare>().Single().ServerShare;
        // ML-KEM-768's ciphertext of 1088 bytes and X25519's 32.
        Assert.Equal((NamedGroup.X25519mlkem768, 1120), (share.Group, share.KeyExchange.Length));
        Assert.Equal(ProtocolVersion.Dtls13, hello.Extensions.OfType<ServerHello13SupportedVersions>().Single().SelectedVersion);
    }

    [Fact]
    public void Unified_header_of_Firefox()
    {
        var packet = DtlsPackets.All.Where(p => p.File == "chromium-firefox-dtls13").ElementAt(3);
        Assert.True(Dtls13Datagram.TryParse(packet.Bytes, out var datagram, out var error), error.ToString());
        var record = Assert.IsType<Dtls13Ciphertext>(Assert.Single(datagram.Records).Content);
        Assert.Equal((true, 2), (record.LengthPresent, record.EpochLow));
        Starts("7c06", 2, record.SequenceNumber);
        Starts("8f0a322f5d66407c", 513, record.EncryptedRecord);
    }

    [Theory]
    [InlineData("2c0102aabb", 1, true)] // S and L: a length that does not fit
    [InlineData("24010002aabb", 1, false)]
    [InlineData("20ffaabb", 1, false)]
    [InlineData("28ffffaabb", 2, false)]
    public void Unified_headers_with_and_without_length_and_long_sequence_numbers(string hex, int sequenceBytes, bool truncated)
    {
        var parsed = Dtls13Datagram.TryParse(Convert.FromHexString(hex), out var datagram, out var error);
        Assert.Equal(!truncated, parsed);
        if (truncated) Assert.Equal(WireErrorKind.Truncated, error.Kind);
        else
        {
            var record = Assert.IsType<Dtls13Ciphertext>(datagram!.Records.Single().Content);
            Assert.Equal((sequenceBytes, 2), (record.SequenceNumber.Length, record.EncryptedRecord.Length));
            Assert.Equal(hex, Convert.ToHexString(datagram.ToArray()), ignoreCase: true);
        }
    }

    [Fact]
    public void Alert_in_the_clear()
    {
        // Written by hand: no recorded alert is of epoch 0.
        Assert.True(DtlsDatagram.TryParse(Convert.FromHexString("15fefd000000000000000700020228"), out var datagram, out var error), error.ToString());
        var alert = Assert.IsType<Alert>(datagram.Records.Single().Content);
        Assert.Equal((AlertLevel.Fatal, AlertDescription.HandshakeFailure, 7ul), (alert.Level, alert.Description, alert.SequenceNumber));
    }

    [Fact]
    public void HelloRetryRequest_is_known_by_its_random()
    {
        // RFC 8446 section 4.1.3; cookie "abcd", group x25519, version DTLS 1.3. Written by hand.
        var bytes = Convert.FromHexString(
            "0200003e0000" + "00000000003e" + "fefd" + "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c" + "00" + "1301" + "00" +
            "0016" + "002c0006000461626364" + "00330002001d" + "002b0002fefc");
        Assert.True(Handshake13.TryParse(bytes, out var message, out var error), error.ToString());
        var retry = Assert.IsType<HelloRetryRequest>(Assert.IsType<ServerHelloOrRetry>(message).Content);
        Starts("61626364", 4, retry.Extensions.OfType<HelloRetryRequestCookie>().Single().Cookie);
        Assert.Equal(NamedGroup.X25519, retry.Extensions.OfType<HelloRetryRequestKeyShare>().Single().SelectedGroup);
        Assert.Equal(bytes, message.ToArray());
    }
}
