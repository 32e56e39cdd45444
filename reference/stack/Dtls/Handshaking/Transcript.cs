using System.Buffers;
using System.Security.Cryptography;

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>
/// handshake_messages: every message of the handshake so far, each as if it had been sent in one fragment (RFC 6347 section 4.2.6). The bytes
/// themselves, as which hash is wanted is known only later.
/// </summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _messages = new();

    public int Length => _messages.WrittenCount;

    public ReadOnlySpan<byte> Messages => _messages.WrittenSpan;

    public void Add(ReadOnlySpan<byte> message) => _messages.Write(message);

    public void Clear() => _messages.ResetWrittenCount();

    /// <summary>The hash of the first <paramref name="length"/> bytes.</summary>
    public byte[] Hash(HashAlgorithmName hash, int length) => CryptographicOperations.HashData(hash, Messages[..length]);
}
