using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>
/// Puts handshake messages together from fragments that come in any order, overlap and repeat (RFC 6347 section 4.2.3), and gives them out by
/// message_seq (section 4.2.2). What it holds is bounded by the policy.
/// </summary>
internal sealed class Reassembler(DtlsPolicy policy, QuirkSet<DtlsQuirk> quirks)
{
    private readonly Dictionary<int, PartialMessage> _partial = [];

    private sealed class PartialMessage(HandshakeType type, int length)
    {
        public HandshakeType Type => type;
        public byte[] Body { get; } = new byte[length];

        /// <summary>Ranges that no fragment has covered yet, in order: [from, to).</summary>
        public List<(int From, int To)> Gaps { get; } = length > 0 ? [(0, length)] : [];
    }

    /// <summary>next_receive_seq.</summary>
    public int Next { get; private set; }

    /// <summary>Bytes of message bodies that are held.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Takes a fragment of a message that has not been given out yet; null when it was of use.</summary>
    public Discard? Add(in HandshakeFragment.View fragment)
    {
        var (sequence, length, from) = ((int)fragment.MessageSeq, (int)fragment.Length, (int)fragment.FragmentOffset);
        var isWhole = fragment.FragmentLength == fragment.Length;
        if (quirks.Has(DtlsQuirk.RefusesFragments) && !isWhole) return new Discard(DiscardReason.Unsupported, "RFC6347:4.2.3", "a fragment");
        if (sequence - Next > (quirks.Has(DtlsQuirk.ForgetsEarlyMessages) ? 0 : policy.MaxEarlyMessages))
            return new Discard(DiscardReason.NoEffect, "RFC6347:4.2.2", $"message {sequence} comes too early: {Next} is next");
        if (length > policy.MaxMessageSize) return new Discard(DiscardReason.Unsupported, "RFC6347:4.2.3", $"a message of {length} bytes is too long");

        if (_partial.TryGetValue(sequence, out var partial) && (partial.Type != fragment.MsgType || partial.Body.Length != length))
        {
            // Two different messages claim one number, so one of them is forged. A genuine one comes again, a forged one need not: take the later.
            Remove(sequence);
            partial = null;
        }
        if (partial is null)
        {
            if (length > policy.MaxReassemblyBytes - HeldBytes)
                return new Discard(DiscardReason.NoEffect, "RFC6347:4.2.3", "too much is being put together already");
            _partial[sequence] = partial = new PartialMessage(fragment.MsgType, length);
            HeldBytes += length;
        }
        return Fill(partial, from, fragment.Body) ? null : new Discard(DiscardReason.NoEffect, "RFC6347:4.2.3",
            "the fragment adds nothing, or leaves too many gaps");
    }

    /// <summary>Takes out the next message if it is complete: as if it had come in one fragment.</summary>
    public bool TryTake(out byte[] message)
    {
        message = [];
        if (!_partial.TryGetValue(Next, out var partial) || partial.Gaps.Count > 0) return false;
        message = new UnknownHandshake(partial.Type, WireBytes.Create(partial.Body)) { MessageSeq = (ushort)Next }.ToArray();
        Remove(Next);
        Next++;
        return true;
    }

    /// <summary>Drops what is not complete: after a change of epoch nothing of the old one counts any more.</summary>
    public void Forget()
    {
        _partial.Clear();
        HeldBytes = 0;
    }

    /// <summary>The message with that number is to come once more.</summary>
    public void Expect(int sequence)
    {
        Forget();
        Next = sequence;
    }

    private void Remove(int sequence)
    {
        if (_partial.Remove(sequence, out var partial)) HeldBytes -= partial.Body.Length;
    }

    /// <summary>Copies the parts of the fragment that lie in gaps; false when there are none, or there would be more gaps than allowed.</summary>
    private bool Fill(PartialMessage message, int from, ReadOnlySpan<byte> body)
    {
        var to = from + body.Length;
        if (message.Gaps.Count == 0) return body.IsEmpty;
        var filled = false;
        for (var i = message.Gaps.Count - 1; i >= 0; i--)
        {
            var gap = message.Gaps[i];
            var (start, end) = (Math.Max(gap.From, from), Math.Min(gap.To, to));
            if (start >= end) continue;
            var splits = start > gap.From && end < gap.To;
            if (splits && message.Gaps.Count >= policy.MaxGaps) return false;
            body[(start - from)..(end - from)].CopyTo(message.Body.AsSpan(start));
            filled = true;
            message.Gaps.RemoveAt(i);
            if (end < gap.To) message.Gaps.Insert(i, (end, gap.To));
            if (start > gap.From) message.Gaps.Insert(i, (gap.From, start));
        }
        return filled;
    }
}
