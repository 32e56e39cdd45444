using System.Numerics;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>
/// Part of a message, or all of it: a chunk and those that came after it in sequence. It waits for the rest of its message, for messages before it,
/// or to be read. DATA and I-DATA in one form: chunks of a message have the same <see cref="Message"/> and consecutive numbers.
/// </summary>
internal sealed class Fragment
{
    private byte[] _buffer = [];

    /// <summary>SSN or MID, unwrapped; 0 for unordered DATA, which is told apart by TSN alone.</summary>
    public long Message { get; private set; }

    /// <summary>TSN (DATA) or FSN (I-DATA) of the first chunk.</summary>
    public long Number { get; private set; }

    /// <summary>That of the last one.</summary>
    public long LastNumber { get; private set; }

    public SctpPayloadProtocolIdentifier Protocol { get; private set; }
    public bool Beginning { get; private set; }
    public bool Ending { get; private set; }
    public int Length { get; private set; }

    /// <summary>Nothing is missing before it: it begins its message, or follows such a fragment, and the message is the next to be delivered.</summary>
    public bool IsInSequence { get; set; }

    /// <summary>The fragment after this one in its queue, in order of message and number.</summary>
    public Fragment? Next { get; set; }

    public Fragment? Previous { get; set; }

    /// <summary>Bytes of its buffer, which is used again.</summary>
    public int Capacity => _buffer.Length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    public bool Precedes(Fragment other) => other.Message == Message && other.Number == LastNumber + 1;

    public bool Precedes(in IncomingChunk chunk) => chunk.Message == Message && chunk.Number == LastNumber + 1;

    public void Fill(in IncomingChunk chunk)
    {
        (Message, Number, LastNumber, Protocol) = (chunk.Message, chunk.Number, chunk.Number, chunk.Protocol);
        (Beginning, Length, IsInSequence) = (chunk.Beginning, 0, false);
        (Next, Previous) = (null, null);
        Append(chunk.Data, chunk.Number, chunk.Ending);
    }

    /// <summary>What comes next of the message, up to that number.</summary>
    public void Append(ReadOnlySpan<byte> data, long lastNumber, bool ending)
    {
        var length = Length + data.Length;
        if (_buffer.Length < length) Grow(length);
        data.CopyTo(_buffer.AsSpan(Length));
        (Length, LastNumber, Ending) = (length, lastNumber, ending);
    }

    private void Grow(int length)
    {
        var larger = new byte[Math.Min(Array.MaxLength, BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, length)))];
        _buffer.AsSpan(0, Length).CopyTo(larger);
        _buffer = larger;
    }
}

/// <summary>A DATA or I-DATA chunk as it comes in, its numbers unwrapped.</summary>
internal readonly ref struct IncomingChunk
{
    public required long Tsn { get; init; }
    public required ushort Stream { get; init; }
    public required bool Unordered { get; init; }
    public required bool Beginning { get; init; }
    public required bool Ending { get; init; }

    /// <inheritdoc cref="Fragment.Message"/>
    public required long Message { get; init; }

    /// <summary>TSN (DATA) or FSN (I-DATA).</summary>
    public required long Number { get; init; }

    public required SctpPayloadProtocolIdentifier Protocol { get; init; }
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>Fragments in order of message and number: a list that is mostly added to at its end.</summary>
internal sealed class FragmentQueue
{
    public Fragment? First { get; private set; }
    public Fragment? Last { get; private set; }

    /// <summary>Where the chunk belongs: the last fragment that does not begin after it; null before all. False when a fragment holds it already.</summary>
    public bool TryFindPlace(in IncomingChunk chunk, out Fragment? before)
    {
        before = Last;
        while (before is not null && (before.Message > chunk.Message || before.Message == chunk.Message && before.Number > chunk.Number)) before = before.Previous;
        return before is null || before.Message != chunk.Message || before.LastNumber < chunk.Number;
    }

    /// <param name="before">What <see cref="TryFindPlace"/> has found.</param>
    /// <param name="fragment">To stand after it.</param>
    public void Insert(Fragment? before, Fragment fragment)
    {
        var after = before is null ? First : before.Next;
        (fragment.Previous, fragment.Next) = (before, after);
        if (before is null) First = fragment;
        else before.Next = fragment;
        if (after is null) Last = fragment;
        else after.Previous = fragment;
    }

    public void Remove(Fragment fragment)
    {
        if (fragment.Previous is null) First = fragment.Next;
        else fragment.Previous.Next = fragment.Next;
        if (fragment.Next is null) Last = fragment.Previous;
        else fragment.Next.Previous = fragment.Previous;
    }
}
