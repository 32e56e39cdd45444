using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>The keys of SRTP, as RFC 5764 section 4.2 cuts them from the exporter.</summary>
public sealed record SrtpKeys(byte[] ClientKey, byte[] ServerKey, byte[] ClientSalt, byte[] ServerSalt);

/// <summary>What a handshake has agreed on.</summary>
public sealed class DtlsSession
{
    private readonly byte[] _masterSecret;
    private readonly byte[] _randoms;
    private readonly HashAlgorithmName _hash;

    internal DtlsSession(byte[] masterSecret, byte[] clientRandom, byte[] serverRandom, HashAlgorithmName hash) =>
        (_masterSecret, _randoms, _hash) = (masterSecret, [.. clientRandom, .. serverRandom], hash);

    public required ProtocolVersion Version { get; init; }
    public required CipherSuite CipherSuite { get; init; }

    /// <summary>Of the key exchange.</summary>
    public required NamedGroup Group { get; init; }

    /// <summary>RFC 7627.</summary>
    public required bool ExtendedMasterSecret { get; init; }

    /// <summary>RFC 5764 section 4.1; null without use_srtp.</summary>
    public required SRTPProtectionProfile? SrtpProfile { get; init; }

    /// <summary>Null when the peer has shown none.</summary>
    public required PeerCertificate? PeerCertificate { get; init; }

    /// <summary>RFC 5705 section 4: keying material for another use, the same on both sides.</summary>
    /// <param name="label">ASCII.</param>
    /// <param name="context">Null, which differs from an empty one.</param>
    /// <exception cref="ArgumentException">A context of more than 65535 bytes.</exception>
    public byte[] Export(ReadOnlySpan<byte> label, byte[]? context, int length)
    {
        if (context?.Length > ushort.MaxValue) throw new ArgumentException("a context has 65535 bytes at most", nameof(context));
        byte[] seed = _randoms;
        if (context is not null)
        {
            seed = [.. _randoms, 0, 0, .. context];
            BinaryPrimitives.WriteUInt16BigEndian(seed.AsSpan(_randoms.Length), (ushort)context.Length);
        }
        var output = new byte[length];
        TlsPrf.Fill(_hash, _masterSecret, label, seed, output);
        return output;
    }

    /// <summary>RFC 5764 section 4.2, RFC 7714 section 12: null when no profile with keys was agreed on.</summary>
    public SrtpKeys? ExportSrtpKeys()
    {
        var (key, salt) = SrtpProfile switch
        {
            SRTPProtectionProfile.SrtpAes128CmHmacSha180 or SRTPProtectionProfile.SrtpAes128CmHmacSha132 => (16, 14),
            SRTPProtectionProfile.SrtpAeadAes128Gcm => (16, 12),
            SRTPProtectionProfile.SrtpAeadAes256Gcm => (32, 12),
            _ => (0, 0),
        };
        if (key == 0) return null;
        var all = Export("EXTRACTOR-dtls_srtp"u8, null, 2 * (key + salt));
        return new SrtpKeys(all[..key], all[key..(2 * key)], all[(2 * key)..(2 * key + salt)], all[(2 * key + salt)..]);
    }
}
