using System.Buffers.Binary;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls.Record;

/// <summary>
/// The AEAD protection of one direction of one epoch (RFC 5246 section 6.2.3.3 with RFC 6347 section 4.1.2.1: the sequence number in nonce and
/// additional data is epoch and sequence_number together). AES-GCM: a salt of 4 bytes and an explicit nonce of 8 in each record (RFC 5288 section 3);
/// ChaCha20-Poly1305: an IV of 12 bytes, xor-ed with the sequence number, and nothing in the record (RFC 7905 section 2).
/// </summary>
internal sealed class RecordProtection : IDisposable
{
    private const int SequenceSize = 8, AssociatedSize = 13;

    private readonly AeadCipher _cipher;
    private readonly byte[] _iv;
    private readonly int _explicitNonce;

    /// <param name="iv">The salt or IV of the key block, <see cref="CipherSuiteParameters.FixedIvSize"/> bytes.</param>
    public RecordProtection(CipherSuiteParameters suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        _cipher = AeadCipher.Create(suite.Algorithm, key);
        _iv = iv.ToArray();
        _explicitNonce = AeadCipher.NonceSize - suite.FixedIvSize;
    }

    /// <summary>Bytes that a fragment is longer than its content.</summary>
    public int Overhead => _explicitNonce + AeadCipher.TagSize;

    /// <param name="sequence">Epoch and sequence number: 16 and 48 bits.</param>
    /// <param name="fragment">What goes into the record; <see cref="Overhead"/> longer than the content.</param>
    public void Seal(ContentType type, ProtocolVersion version, ulong sequence, ReadOnlySpan<byte> content, Span<byte> fragment)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize], associated = stackalloc byte[AssociatedSize];
        if (_explicitNonce > 0) BinaryPrimitives.WriteUInt64BigEndian(fragment, sequence); // RFC 5288 section 3: it may be the sequence number
        MakeNonce(sequence, fragment, nonce);
        MakeAssociated(type, version, sequence, content.Length, associated);
        _cipher.Seal(nonce, content, associated, fragment[_explicitNonce..]);
    }

    /// <summary>False for what is too short or not authentic.</summary>
    /// <param name="content"><see cref="Overhead"/> shorter than the fragment, if that is long enough.</param>
    public bool TryOpen(ContentType type, ProtocolVersion version, ulong sequence, ReadOnlySpan<byte> fragment, Span<byte> content)
    {
        if (fragment.Length < Overhead) return false;
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize], associated = stackalloc byte[AssociatedSize];
        MakeNonce(sequence, fragment, nonce);
        MakeAssociated(type, version, sequence, fragment.Length - Overhead, associated);
        return _cipher.TryOpen(nonce, fragment[_explicitNonce..], associated, content);
    }

    public void Dispose() => _cipher.Dispose();

    private void MakeNonce(ulong sequence, ReadOnlySpan<byte> fragment, Span<byte> nonce)
    {
        _iv.CopyTo(nonce);
        if (_explicitNonce > 0)
        {
            fragment[.._explicitNonce].CopyTo(nonce[_iv.Length..]);
            return;
        }
        var tail = nonce[^SequenceSize..];
        BinaryPrimitives.WriteUInt64BigEndian(tail, BinaryPrimitives.ReadUInt64BigEndian(tail) ^ sequence);
    }

    private static void MakeAssociated(ContentType type, ProtocolVersion version, ulong sequence, int length, Span<byte> associated)
    {
        BinaryPrimitives.WriteUInt64BigEndian(associated, sequence);
        associated[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(associated[9..], (ushort)version);
        BinaryPrimitives.WriteUInt16BigEndian(associated[11..], (ushort)length);
    }
}
