using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>
/// A chunk that waits for the rest of its message, or for messages before it. DATA and I-DATA in one form: chunks of a message have the same
/// <see cref="Message"/> and consecutive <see cref="Number"/>s.
/// </summary>
internal sealed class Fragment
{
    private byte[] _buffer = [];

    /// <summary>SSN or MID, unwrapped; 0 for unordered DATA, which is told apart by TSN alone.</summary>
    public long Message { get; private set; }

    /// <summary>TSN (DATA) or FSN (I-DATA).</summary>
    public long Number { get; private set; }

    public SctpPayloadProtocolIdentifier Protocol { get; private set; }
    public bool Beginning { get; private set; }
    public bool Ending { get; private set; }
    public int Length { get; private set; }

    /// <summary>The fragment after this one in its queue, in order of message and number.</summary>
    public Fragment? Next { get; set; }

    public Fragment? Previous { get; set; }

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, Length);

    public bool Precedes(Fragment other) => other.Message == Message && other.Number == Number + 1;

    public void Fill(in IncomingChunk chunk)
    {
        if (_buffer.Length < chunk.Data.Length) _buffer = new byte[Math.Max(256, chunk.Data.Length)];
        chunk.Data.CopyTo(_buffer);
        (Message, Number, Protocol) = (chunk.Message, chunk.Number, chunk.Protocol);
        (Beginning, Ending, Length) = (chunk.Beginning, chunk.Ending, chunk.Data.Length);
        (Next, Previous) = (null, null);
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

    /// <inheritdoc cref="Fragment.Number"/>
    public required long Number { get; init; }

    public required SctpPayloadProtocolIdentifier Protocol { get; init; }
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>Fragments in order of message and number: a list that is mostly added to at its end.</summary>
internal sealed class FragmentQueue
{
    public Fragment? First { get; private set; }
    public Fragment? Last { get; private set; }

    /// <summary>False when a fragment of that message and number is there already.</summary>
    public bool TryInsert(Fragment fragment)
    {
        var before = Last;
        while (before is not null && Compare(fragment, before) < 0) before = before.Previous;
        if (before is not null && Compare(fragment, before) == 0) return false;
        var after = before is null ? First : before.Next;
        (fragment.Previous, fragment.Next) = (before, after);
        if (before is null) First = fragment;
        else before.Next = fragment;
        if (after is null) Last = fragment;
        else after.Previous = fragment;
        return true;
    }

    public void Remove(Fragment fragment)
    {
        if (fragment.Previous is null) First = fragment.Next;
        else fragment.Previous.Next = fragment.Next;
        if (fragment.Next is null) Last = fragment.Previous;
        else fragment.Next.Previous = fragment.Previous;
    }

    private static int Compare(Fragment a, Fragment b) => a.Message != b.Message ? a.Message.CompareTo(b.Message) : a.Number.CompareTo(b.Number);
}
