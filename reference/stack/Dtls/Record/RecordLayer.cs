using System.Buffers.Binary;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls.Record;

/// <summary>
/// RFC 6347 section 4.1: epochs, sequence numbers and protection, for both directions. Writing may go back to an earlier epoch, as a flight that is
/// sent again spans two of them; reading does not.
/// </summary>
internal sealed class RecordLayer(QuirkSet<DtlsQuirk> quirks)
{
    /// <summary>RFC 5246 sections 6.2.1 and 6.2.3: content, and content with what protection adds.</summary>
    public const int MaxContent = 1 << 14, MaxFragment = MaxContent + 2048;

    private const ulong MaxSequence = (1UL << 48) - 1;

    private readonly List<WriteEpoch> _writing = [new WriteEpoch(null)];
    private RecordProtection? _reading;
    private ReplayWindow _window;

    private sealed class WriteEpoch(RecordProtection? protection)
    {
        public RecordProtection? Protection => protection;
        public ulong NextSequence { get; set; }
        public ulong MarkedSequence { get; set; }
    }

    /// <summary>Of the records that are sent; the version that was agreed on, or that of the first ClientHello.</summary>
    public ProtocolVersion Version { get; set; }

    public ushort WriteEpochNumber => (ushort)(_writing.Count - 1);

    public ushort ReadEpochNumber { get; private set; }

    /// <summary>Bytes that a record of that epoch is longer than its content, header included.</summary>
    public int Overhead(ushort epoch) => IncomingRecord.HeaderSize + (ProtectionOf(epoch)?.Overhead ?? 0);

    /// <summary>Section 4.1: the epoch is incremented with each change of cipher state; sequence numbers start again at 0.</summary>
    public void BeginWriteEpoch(RecordProtection protection) => _writing.Add(new WriteEpoch(protection));

    /// <summary>The peer's ChangeCipherSpec has come.</summary>
    public void BeginReadEpoch(RecordProtection protection)
    {
        _reading?.Dispose();
        _reading = protection;
        _window = default;
        ReadEpochNumber++;
    }

    /// <summary>The sequence number of the next record of the epoch; each is given out once.</summary>
    public ulong TakeSequence(ushort epoch)
    {
        var state = _writing[epoch];
        // Section 4.1: sequence numbers never wrap. 2^48 records of one epoch do not happen; the last number would be used again.
        return state.NextSequence < MaxSequence ? state.NextSequence++ : MaxSequence;
    }

    /// <summary>Remembers where the sequence numbers are.</summary>
    public void MarkSequences()
    {
        foreach (var epoch in _writing) epoch.MarkedSequence = epoch.NextSequence;
    }

    /// <summary>Goes back there: <see cref="DtlsQuirk.RepeatsSequenceNumbers"/>.</summary>
    public void RewindSequences()
    {
        foreach (var epoch in _writing) epoch.NextSequence = epoch.MarkedSequence;
    }

    /// <summary>Section 4.2.1: a HelloVerifyRequest and the first ServerHello carry the sequence number of the record that they answer.</summary>
    public void ContinueFrom(ulong sequence) => _writing[0].NextSequence = sequence;

    /// <summary>Writes a record; returns its size, <see cref="Overhead"/> more than the content's.</summary>
    public int Seal(ContentType type, ProtocolVersion version, ushort epoch, ulong sequence, ReadOnlySpan<byte> content, Span<byte> record)
    {
        var protection = ProtectionOf(epoch);
        var length = content.Length + (protection?.Overhead ?? 0);
        var number = (ulong)epoch << 48 | sequence & MaxSequence;
        WriteHeader(type, version, number, length, record);
        var fragment = record.Slice(IncomingRecord.HeaderSize, length);
        if (protection is null) content.CopyTo(fragment);
        else protection.Seal(type, version, number, content, fragment);
        return IncomingRecord.HeaderSize + length;
    }

    /// <summary>Null for epoch 0, and for epochs that there are not: a tap may name any.</summary>
    private RecordProtection? ProtectionOf(ushort epoch) => epoch < _writing.Count ? _writing[epoch].Protection : null;

    /// <summary>The header of a record that was opened, as that of a DTLSPlaintext.</summary>
    public static void WritePlaintextHeader(ContentType type, ProtocolVersion version, ulong sequence, int length, Span<byte> record) =>
        WriteHeader(type, version, sequence, length, record);

    private static void WriteHeader(ContentType type, ProtocolVersion version, ulong number, int length, Span<byte> record)
    {
        record[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], (ushort)version);
        BinaryPrimitives.WriteUInt64BigEndian(record[3..], number);
        BinaryPrimitives.WriteUInt16BigEndian(record[11..], (ushort)length);
    }

    /// <summary>Section 4.1.2.6: duplicates are rejected first of all.</summary>
    public bool IsNew(in IncomingRecord record)
    {
        var isNew = quirks.Has(DtlsQuirk.AcceptsReplayedRecords) || _window.IsNew(record.SequenceNumber);
        if (isNew && quirks.Has(DtlsQuirk.MarksUnverifiedRecords)) _window.Mark(record.SequenceNumber);
        return isNew;
    }

    /// <summary>Content of a record of the current read epoch, which is not 0: <see cref="ContentSize"/> bytes. False when it is not
    /// authentic.</summary>
    public bool TryOpen(in IncomingRecord record, Span<byte> content)
    {
        if (!_reading!.TryOpen(record.Type, record.Version, record.EpochAndSequence, record.Fragment, content)) return false;
        _window.Mark(record.SequenceNumber); // section 4.1.2.6: only if verification succeeds
        return true;
    }

    /// <summary>Bytes of content in a protected record; below 0 when it is too short for any.</summary>
    public int ContentSize(in IncomingRecord record) => record.Fragment.Length - _reading!.Overhead;
}
