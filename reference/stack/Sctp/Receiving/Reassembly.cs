using System.Diagnostics.CodeAnalysis;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>
/// From chunks to user messages: RFC 9260 sections 6.5, 6.6 and 6.9, RFC 8260 section 2.2.3, RFC 3758 section 3.6. Knows nothing of acknowledgement; each TSN
/// comes here once.
/// </summary>
internal sealed class Reassembly(SctpPolicy policy, QuirkSet quirks, Action<Fragment, ushort, SctpPayloadProtocolIdentifier, bool> deliver)
{
    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly FragmentPool _pool = new();

    /// <summary>Bytes of user data that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>
    /// Those of them of which nothing before is missing: only the rest of their messages, which the peer may not have sent yet, sets them free.
    /// </summary>
    public int BytesInSequence { get; private set; }

    /// <summary>Fragments that wait; chunks in sequence are one.</summary>
    public int Fragments { get; private set; }

    /// <summary>A message was larger than the policy allows, and has been dropped.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>Bytes of all buffers, those of messages that have not been returned included.</summary>
    public long Capacity => _pool.Capacity;

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
        Fragment? kept = null;
        if (chunk.Beginning && chunk.Ending && chunk.Message == stream.NextOrdered && stream.Ordered.First?.Message != chunk.Message)
        {
            stream.NextOrdered++;
            Deliver(chunk);
        }
        else if (!Keep(stream.Ordered, chunk, out kept))
        {
            return false;
        }
        DeliverOrdered(stream, chunk.Stream, kept);
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
        if (FollowSequence(kept, isOneMessage: false) is not { } last) return true;
        var first = last;
        while (!first.Beginning) first = first.Previous!;
        DeliverRun(stream.Unordered, first, last, chunk.Stream, unordered: true);
        return true;
    }

    /// <param name="stream">The stream.</param>
    /// <param name="id">Its identifier.</param>
    /// <param name="kept">Where something has been added; null to look at all of the message that is next.</param>
    private void DeliverOrdered(IncomingStream stream, ushort id, Fragment? kept)
    {
        while (stream.Ordered.First is { } first)
        {
            if (first.Message < stream.NextOrdered)
            {
                Free(stream.Ordered, first); // behind the end of its message
                continue;
            }
            if (first.Message != stream.NextOrdered || !first.Beginning) return;
            var from = first.IsInSequence && kept is not null && kept.Message == first.Message ? kept : first;
            if (FollowSequence(from, isOneMessage: true) is not { } last) return;
            stream.NextOrdered++;
            DeliverRun(stream.Ordered, first, last, id, unordered: false);
            kept = null;
        }
    }

    /// <summary>
    /// Mark what is in sequence now because of that fragment. Each is marked once, so that a long message is not walked along with each of its
    /// chunks.
    /// </summary>
    /// <param name="fragment">What has grown or is new.</param>
    /// <param name="isOneMessage">
    /// Ordered: what has the same number is one message, which begins at the front of the queue. Unordered DATA has no number: a beginning ends the
    /// message before it.
    /// </param>
    /// <returns>The end of the message when it is complete.</returns>
    private Fragment? FollowSequence(Fragment fragment, bool isOneMessage)
    {
        var isInSequence = fragment.IsInSequence || (isOneMessage ? fragment.Previous is null : fragment.Beginning)
            || fragment.Previous is { IsInSequence: true, Ending: false } previous && previous.Precedes(fragment);
        if (!isInSequence) return null;
        while (true)
        {
            if (!fragment.IsInSequence)
            {
                fragment.IsInSequence = true;
                BytesInSequence += fragment.Length;
            }
            if (fragment.Ending) return fragment;
            if (fragment.Next is not { } next || !fragment.Precedes(next) || next.Beginning && !isOneMessage) return null;
            fragment = next;
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
        if (length > policy.MaxReceiveMessageBytes)
        {
            IsOverrun = true;
            FreeRun(queue, first, last);
            return;
        }
        var second = first == last ? null : first.Next;
        TakeOut(queue, first);
        for (Fragment? fragment = second, next; fragment is not null; fragment = next)
        {
            next = fragment == last ? null : fragment.Next;
            _pool.Append(first, fragment.Bytes.Span, fragment.LastNumber, fragment.Ending);
            Free(queue, fragment);
        }
        deliver(first, stream, first.Protocol, unordered);
    }

    private void Deliver(in IncomingChunk chunk)
    {
        if (chunk.Data.Length > policy.MaxReceiveMessageBytes) IsOverrun = true;
        else deliver(_pool.Rent(chunk), chunk.Stream, chunk.Protocol, chunk.Unordered);
    }

    // ---- what the peer gives up ----

    /// <summary>RFC 3758 section 3.6: ordered messages up to that SSN will not be completed; what is complete is delivered, the rest dropped.</summary>
    public void SkipOrdered(ushort id, long message)
    {
        var stream = Stream(id);
        if (message < stream.NextOrdered) return;
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
                Free(stream.Ordered, first);
            }
        }
        stream.NextOrdered = message + 1;
        DeliverOrdered(stream, id, kept: null);
    }

    /// <summary>RFC 8260 section 2.3.1: unordered messages up to that MID will not be completed.</summary>
    public void SkipUnordered(ushort id, long message)
    {
        var stream = Stream(id);
        while (stream.Unordered.First is { } first && first.Message <= message) Free(stream.Unordered, first);
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
                if (!first.Beginning || last.LastNumber + 1 <= tsn) FreeRun(stream.Unordered, first, last);
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
            while (stream.Ordered.First is { } first) Free(stream.Ordered, first);
            while (stream.Unordered.First is { } first) Free(stream.Unordered, first);
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
    public void Return(Fragment message) => _pool.Return(message);

    private IncomingStream Stream(ushort id) => _streams.TryGetValue(id, out var stream) ? stream : _streams[id] = new IncomingStream();

    /// <summary>Put the chunk where it belongs: at the end of a fragment, or as a new one.</summary>
    private bool Keep(FragmentQueue queue, in IncomingChunk chunk, [NotNullWhen(true)] out Fragment? kept)
    {
        if (!queue.TryFindPlace(chunk, out kept)) return false;
        if (kept is { Ending: false } && !chunk.Beginning && kept.Precedes(chunk))
        {
            _pool.Append(kept, chunk.Data, chunk.Number, chunk.Ending);
            if (kept.IsInSequence) BytesInSequence += chunk.Data.Length;
        }
        else
        {
            var fragment = _pool.Rent(chunk);
            queue.Insert(kept, fragment);
            kept = fragment;
            Fragments++;
        }
        Bytes += chunk.Data.Length;
        IsOverrun |= kept.Length > policy.MaxReceiveMessageBytes;
        return true;
    }

    private void FreeRun(FragmentQueue queue, Fragment first, Fragment last)
    {
        for (Fragment? fragment = first, next; fragment is not null; fragment = next)
        {
            next = fragment == last ? null : fragment.Next;
            Free(queue, fragment);
        }
    }

    private void Free(FragmentQueue queue, Fragment fragment)
    {
        TakeOut(queue, fragment);
        _pool.Return(fragment);
    }

    private void TakeOut(FragmentQueue queue, Fragment fragment)
    {
        queue.Remove(fragment);
        Bytes -= fragment.Length;
        if (fragment.IsInSequence) BytesInSequence -= fragment.Length;
        Fragments--;
    }
}
