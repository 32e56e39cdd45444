using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>A user message on its way out. Its bytes stay here, in a buffer that is used again, until every chunk of it is acknowledged or given up.</summary>
internal sealed class OutgoingMessage
{
    private byte[] _buffer = [];

    public OutgoingStream Stream { get; private set; } = null!;
    public SctpPayloadProtocolIdentifier Protocol { get; private set; }
    public bool Unordered { get; private set; }
    public int Length { get; private set; }

    /// <summary>RFC 3758 section 4.1; <see cref="Instant.Never"/> for messages that do not expire.</summary>
    public Instant Expires { get; private set; }

    /// <summary>RFC 7496 section 3.1; <see cref="int.MaxValue"/> without limit.</summary>
    public int MaxRetransmissions { get; private set; }

    /// <summary>Order of arrival among all messages.</summary>
    public long Arrival { get; private set; }

    /// <summary>SSN (RFC 9260 section 6.5) or MID (RFC 8260 section 2.2.2), assigned with the first chunk.</summary>
    public long Number { get; set; }

    /// <summary>Bytes of which chunks have been made.</summary>
    public int Fragmented { get; set; }

    /// <summary>Chunks that have been made.</summary>
    public uint Fragments { get; set; }

    /// <summary>Chunks that are neither acknowledged nor dropped.</summary>
    public int ChunksOutstanding { get; set; }

    /// <summary>RFC 3758 section 3.4.</summary>
    public bool Abandoned { get; set; }

    public bool IsFragmented => Fragmented == Length;

    public ReadOnlySpan<byte> Data(int offset, int length) => _buffer.AsSpan(offset, length);

    public void Fill(OutgoingStream stream, SctpPayloadProtocolIdentifier protocol, ReadOnlySpan<byte> data, Instant expires, bool unordered, int maxRetransmissions, long arrival)
    {
        if (_buffer.Length < data.Length) _buffer = new byte[Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)data.Length))];
        data.CopyTo(_buffer);
        (Stream, Protocol, Unordered, Length) = (stream, protocol, unordered, data.Length);
        (Expires, MaxRetransmissions, Arrival) = (expires, maxRetransmissions, arrival);
        (Number, Fragmented, Fragments, ChunksOutstanding, Abandoned) = (0, 0, 0, 0, false);
    }

    /// <summary>Bytes of the buffer, for a pool that keeps no giants.</summary>
    public int Capacity => _buffer.Length;
}
