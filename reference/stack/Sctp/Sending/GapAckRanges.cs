using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>The gap ack blocks of a SACK (RFC 9260 section 3.3.4), or none, as offsets to its cumulative TSN.</summary>
internal readonly ref struct GapAckRanges
{
    private readonly GapAckBlock.Sequence _blocks;
    private readonly bool _present;

    public GapAckRanges(GapAckBlock.Sequence blocks)
    {
        _blocks = blocks;
        _present = true;
    }

    public static GapAckRanges None => default;

    public bool IsEmpty => !_present || _blocks.IsEmpty;

    public Enumerator GetEnumerator() => new(IsEmpty ? default : _blocks.GetEnumerator(), !IsEmpty);

    public ref struct Enumerator
    {
        private readonly bool _present;
        private GapAckBlock.Enumerator _blocks;

        internal Enumerator(GapAckBlock.Enumerator blocks, bool present)
        {
            _blocks = blocks;
            _present = present;
        }

        public readonly (int Start, int End) Current => (_blocks.Current.Start, _blocks.Current.End);

        public bool MoveNext() => _present && _blocks.MoveNext();
    }
}
