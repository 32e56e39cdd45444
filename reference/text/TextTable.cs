using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Where a parse writes down what it finds: reusable, so that parsing allocates nothing once the table has grown to the size of the
/// texts. Views read from it; they are valid until the table is used for another parse. Not for use by several threads at once.</summary>
/// <remarks>A flat list of cells. A frame (one value of a type) is two cells of its own, then one for each capture: the span of a text, the frame of a
/// nested value, or first frame and number of a list. Size is linear in the text's.</remarks>
public sealed class TextTable
{
    internal const int HeaderCells = 2;
    private const long Absent = -1;
    /// <summary>Those from the count on are absent.</summary>
    private long[] _cells = Fresh(256);
    private int _count;
    private int _failNode;
    private int _refusedNode;
    private int _refusedAt;

    /// <summary>Unions are looked into only when somebody asks.</summary>
    internal bool Lazy { get; private set; }

    /// <summary>Where the text stopped to make sense.</summary>
    internal int FailedAt { get; private set; }
    private WireErrorKind _failKind;

    internal int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count;
    }

    private int _end;

    /// <param name="end">Length of the whole text.</param>
    internal void Reset(int end, bool lazy)
    {
        _end = end;
        _cells.AsSpan(0, _count).Fill(Absent);
        _count = 0;
        _refusedNode = 0;
        _failKind = WireErrorKind.None;
        Lazy = lazy;
    }

    /// <summary>A new frame of so many captures, all absent; gives its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Push(int captures)
    {
        var frame = _count;
        _count = frame + HeaderCells + captures;
        if (_count > _cells.Length) Grow();
        return frame;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var cells = Fresh(Math.Max(_count, _cells.Length * 2));
        _cells.CopyTo(cells, 0);
        _cells = cells;
    }

    private static long[] Fresh(int length)
    {
        var cells = new long[length];
        Array.Fill(cells, Absent);
        return cells;
    }

    /// <summary>The cell is one of a frame that has been pushed: no more checks here, where most of a parse's writing is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long Cell(int cell)
    {
        Debug.Assert((uint)cell < (uint)_count);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), cell);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(int cell, int low, int high) => Cell(cell) = (uint)low | (long)high << 32;

    /// <summary>The span of the frame's own text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Close(int frame, int start, int end) => Set(frame, start, end);

    internal bool Has(int cell) => _cells[cell] != Absent;
    internal int Low(int cell) => (int)_cells[cell];
    internal int High(int cell) => (int)(_cells[cell] >> 32);

    internal ReadOnlySpan<byte> Text(ReadOnlySpan<byte> text, int cell)
    {
        var span = _cells[cell];
        return span == Absent ? default : text[(int)span..(int)(span >> 32)];
    }

    /// <summary>The frame after this one in its list; -1 = none.</summary>
    internal int Next(int frame) => High(frame + 1);

    /// <summary>Adds a frame to the list of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Link(int cell, int frame, ref int last)
    {
        if (last < 0) Set(cell, frame, 1);
        else
        {
            Set(last + 1, -1, frame);
            Cell(cell) += 1L << 32;
        }
        last = frame;
    }

    /// <summary>A text that stands in a list: a frame without captures.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PushText(int start, int end)
    {
        var frame = Push(0);
        Set(frame, start, end);
        return frame;
    }

    // Errors. The first value outside its range is remembered while reading goes on: bad syntax further on comes first.

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal int Fail(ReadOnlySpan<byte> text, int at, uint node)
    {
        _failKind = at >= _end ? WireErrorKind.Truncated : WireErrorKind.Syntax;
        _failNode = (int)node;
        FailedAt = at;
        return -1;
    }

    /// <summary>A literal that is not there as a whole: as much of it as is there counts as understood.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal int FailLiteral(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> literal, bool anyCase, uint node)
    {
        foreach (var b in literal)
        {
            if (at >= text.Length || text[at] != b && !(anyCase && TextScan.IsLetter(b) && (text[at] ^ b) == 0x20)) break;
            at++;
        }
        return Fail(text, at, node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Refuse(int at, uint node)
    {
        if (_refusedNode != 0) return;
        (_refusedAt, _refusedNode) = (at, (int)node);
    }

    /// <summary>Forgets the mistakes so far: a value is looked into on its own.</summary>
    internal void Forget()
    {
        _refusedNode = 0;
        _failKind = WireErrorKind.None;
    }

    internal bool Refused => _refusedNode != 0;

    internal WireError Error => _failKind != WireErrorKind.None ? new(_failKind, (uint)_failNode, FailedAt)
        : _refusedNode != 0 ? new(WireErrorKind.BadValue, (uint)_refusedNode, _refusedAt) : default;
}
