using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls.Record;

/// <summary>A record as it came (RFC 6347 section 4.1): a DTLSPlaintext in epoch 0, a DTLSCiphertext in any other.</summary>
internal readonly ref struct IncomingRecord
{
    public const int HeaderSize = 13;
    private const int LengthOffset = 11;

    public ContentType Type { get; private init; }
    public ProtocolVersion Version { get; private init; }
    public ushort Epoch { get; private init; }

    /// <summary>48 bits.</summary>
    public ulong SequenceNumber { get; private init; }

    public ReadOnlySpan<byte> Fragment { get; private init; }

    /// <summary>The whole record.</summary>
    public ReadOnlySpan<byte> Bytes { get; private init; }

    /// <summary>Epoch and sequence number as one number, as nonce and additional data have it.</summary>
    public ulong EpochAndSequence => (ulong)Epoch << 48 | SequenceNumber;

    /// <summary>
    /// Takes the first record off a datagram that is not empty. Records are parsed one at a time, as what is wrong with one says nothing about the
    /// others. False: these bytes are no record, and <paramref name="problem"/> says why.
    /// </summary>
    public static bool TryCut(ref ReadOnlySpan<byte> datagram, out IncomingRecord record, out Discard problem)
    {
        var length = datagram.Length < HeaderSize ? datagram.Length : HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthOffset..]);
        var bytes = datagram[..Math.Min(length, datagram.Length)];
        datagram = datagram[bytes.Length..];
        record = default;
        problem = default;
        if (!DtlsDatagram.View.TryParse(bytes, out var view, out var error))
        {
            problem = new Discard(DiscardReason.Malformed, error.Path, error.ToString());
            return false;
        }
        foreach (var one in view.Records)
        {
            if (one.TryGetContent(out DtlsCiphertext.View sealedRecord))
            {
                record = new IncomingRecord
                {
                    Type = sealedRecord.Type, Version = sealedRecord.Version, Epoch = sealedRecord.Epoch, SequenceNumber = sealedRecord.SequenceNumber,
                    Fragment = sealedRecord.Fragment, Bytes = bytes,
                };
            }
            else if (one.TryGetContent(out DtlsPlaintext.View plain))
            {
                record = new IncomingRecord
                {
                    Type = plain.Type, Version = plain.Version, Epoch = 0, SequenceNumber = plain.SequenceNumber, Fragment = plain.Fragment, Bytes = bytes,
                };
            }
        }
        return true;
    }
}
