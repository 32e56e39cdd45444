using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>
/// From chunks to user messages: RFC 9260 sections 6.5, 6.6 and 6.9, RFC 8260 section 2.2.3, RFC 3758 section 3.6. Knows nothing of acknowledgement; each TSN
/// comes here once.
/// </summary>
internal sealed class Reassembly(SctpPolicy policy, QuirkSet quirks, Action<ReceivedMessage, ushort, SctpPayloadProtocolIdentifier, bool> deliver)
{
    private const int LargestKept = 256 * 1024;
    private const int MostKept = 256;

    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly Stack<Fragment> _freeFragments = new();
    private readonly Stack<ReceivedMessage> _freeMessages = new();

    /// <summary>Bytes of user data in fragments that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Fragments that wait.</summary>
    public int Fragments { get; private set; }

    /// <summary>A message was larger than the policy allows, and has been dropped.</summary>
    public bool IsOverrun { get; private set; }

    public long NextOrdered(ushort stream) => _streams.TryGetValue(stream, out var found) ? found.NextOrdered : 0;

    /// <summary>Take a chunk, and deliver every message that is complete and in order with it.</summary>
    /// <returns>False when it belongs to a message that has been delivered or skipped, or repeats a fragment.</returns>
    public bool Add(in IncomingChunk chunk)
    {
        var stream = Stream(chunk.Stream);
        if (chunk.Unordered) return AddUnordered(stream, chunk);
        // Section 6.6: ordered messages are delivered in the order of their stream sequence numbers.
        if (quirks.Has(SctpQuirk.SctpDeliversOutOfOrder)) stream.NextOrdered = chunk.Message;
        if (chunk.Message < stream.NextOrdered) return false;
        if (chunk.Beginning && chunk.Ending && chunk.Message == stream.NextOrdered && stream.Ordered.First?.Message != chunk.Message)
        {
            stream.NextOrdered++;
            Deliver(chunk);
        }
        else if (!Keep(stream.Ordered, chunk))
        {
            return false;
        }
        DeliverOrdered(stream, chunk.Stream);
        return true;
    }

    private bool AddUnordered(IncomingStream stream, in IncomingChunk chunk)
    {
        if (chunk.Beginning && chunk.Ending)
        {
            Deliver(chunk);
            return true;
        }
        if (!Keep(stream.Unordered, chunk, out var kept)) return false;
        // The end first: while a message comes in order, its end is missing and nothing else has to be looked at.
        var last = kept;
        while (!last.Ending && last.Next is { Beginning: false } next && last.Precedes(next)) last = next;
        if (!last.Ending) return true;
        var first = kept;
        while (!first.Beginning && first.Previous is { Ending: false } previous && previous.Precedes(first)) first = previous;
        if (first.Beginning) DeliverRun(stream.Unordered, first, last, chunk.Stream, unordered: true);
        return true;
    }

    private void DeliverOrdered(IncomingStream stream, ushort id)
    {
        while (stream.Ordered.First is { } first)
        {
            if (first.Message < stream.NextOrdered)
            {
                Drop(stream, stream.Ordered, first); // behind the end of its message
                continue;
            }
            if (first.Message != stream.NextOrdered || !first.Beginning) return;
            var tip = stream.Tip ?? first;
            while (!tip.Ending && tip.Next is { } next && tip.Precedes(next)) tip = next;
            stream.Tip = tip;
            if (!tip.Ending) return;
            stream.Tip = null;
            stream.NextOrdered++;
            DeliverRun(stream.Ordered, first, tip, id, unordered: false);
        }
    }

    private void DeliverRun(FragmentQueue queue, Fragment first, Fragment last, ushort stream, bool unordered)
    {
        var length = 0L;
        for (var fragment = first; ; fragment = fragment.Next!)
        {
            length += fragment.Length;
            if (fragment == last) break;
        }
        var fits = length <= policy.MaxReceiveMessageBytes;
        IsOverrun |= !fits;
        var message = fits ? Rent() : null;
        var rest = message is null ? default : message.Resize((int)length);
        var protocol = first.Protocol;
        for (Fragment? fragment = first, next; fragment is not null; fragment = next)
        {
            next = fragment == last ? null : fragment.Next;
            if (fits)
            {
                fragment.Data.CopyTo(rest);
                rest = rest[fragment.Length..];
            }
            Free(queue, fragment);
        }
        if (message is not null) deliver(message, stream, protocol, unordered);
    }

    private void Deliver(in IncomingChunk chunk)
    {
        if (chunk.Data.Length > policy.MaxReceiveMessageBytes)
        {
            IsOverrun = true;
            return;
        }
        var message = Rent();
        chunk.Data.CopyTo(message.Resize(chunk.Data.Length));
        deliver(message, chunk.Stream, chunk.Protocol, chunk.Unordered);
    }

    // ---- what the peer gives up ----

    /// <summary>RFC 3758 section 3.6: ordered messages up to that SSN will not be completed; what is complete is delivered, the rest dropped.</summary>
    public void SkipOrdered(ushort id, long message)
    {
        var stream = Stream(id);
        if (message < stream.NextOrdered) return;
        stream.Tip = null;
        while (stream.Ordered.First is { } first && first.Message <= message)
        {
            var last = first;
            while (!last.Ending && last.Next is { } next && last.Precedes(next)) last = next;
            if (first.Beginning && last.Ending)
            {
                stream.NextOrdered = first.Message + 1;
                DeliverRun(stream.Ordered, first, last, id, unordered: false);
            }
            else
            {
                Drop(stream, stream.Ordered, first);
            }
        }
        stream.NextOrdered = message + 1;
        DeliverOrdered(stream, id);
    }

    /// <summary>RFC 8260 section 2.3.1: unordered messages up to that MID will not be completed.</summary>
    public void SkipUnordered(ushort id, long message)
    {
        var stream = Stream(id);
        while (stream.Unordered.First is { } first && first.Message <= message) Drop(stream, stream.Unordered, first);
    }

    /// <summary>RFC 3758 section 3.6, for unordered DATA: drop what misses a TSN up to that one.</summary>
    public void SkipUnorderedTsns(long tsn)
    {
        foreach (var stream in _streams.Values)
        {
            for (var first = stream.Unordered.First; first is not null && first.Number <= tsn + 1;)
            {
                var last = first;
                while (last.Next is { Beginning: false } next && last.Precedes(next)) last = next;
                var after = last.Next;
                // A run without its beginning misses the TSN before it; with it, the one after it.
                if (!first.Beginning || last.Number + 1 <= tsn)
                {
                    for (Fragment? fragment = first, next; fragment is not null; fragment = next)
                    {
                        next = fragment == last ? null : fragment.Next;
                        Drop(stream, stream.Unordered, fragment);
                    }
                }
                first = after;
            }
        }
    }

    /// <summary>RFC 6525 section 5.2.2 E3: the streams begin anew; no streams: all do.</summary>
    public void Reset(ReadOnlySpan<ushort> streams)
    {
        if (streams.IsEmpty)
        {
            foreach (var stream in _streams.Values) Reset(stream);
        }
        foreach (var id in streams)
            if (_streams.TryGetValue(id, out var stream)) Reset(stream);

        void Reset(IncomingStream stream)
        {
            while (stream.Ordered.First is { } first) Drop(stream, stream.Ordered, first);
            while (stream.Unordered.First is { } first) Drop(stream, stream.Unordered, first);
            stream.NextOrdered = 0;
        }
    }

    public void Clear()
    {
        Reset([]);
        _streams.Clear();
        IsOverrun = false;
    }

    /// <summary>The message has been read.</summary>
    public void Return(ReceivedMessage message)
    {
        if (message.Capacity <= LargestKept && _freeMessages.Count < MostKept) _freeMessages.Push(message);
    }

    private ReceivedMessage Rent() => _freeMessages.TryPop(out var used) ? used : new ReceivedMessage();

    private IncomingStream Stream(ushort id) => _streams.TryGetValue(id, out var stream) ? stream : _streams[id] = new IncomingStream();

    private bool Keep(FragmentQueue queue, in IncomingChunk chunk) => Keep(queue, chunk, out _);

    private bool Keep(FragmentQueue queue, in IncomingChunk chunk, out Fragment fragment)
    {
        fragment = _freeFragments.TryPop(out var used) ? used : new Fragment();
        fragment.Fill(chunk);
        if (!queue.TryInsert(fragment))
        {
            _freeFragments.Push(fragment);
            return false;
        }
        Bytes += fragment.Length;
        Fragments++;
        return true;
    }

    private void Drop(IncomingStream stream, FragmentQueue queue, Fragment fragment)
    {
        stream.Tip = null;
        Free(queue, fragment);
    }

    private void Free(FragmentQueue queue, Fragment fragment)
    {
        queue.Remove(fragment);
        Bytes -= fragment.Length;
        Fragments--;
        if (_freeFragments.Count < policy.MaxReassemblyChunks) _freeFragments.Push(fragment);
    }
}
