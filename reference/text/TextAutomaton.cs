using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Text;

/// <summary>A deterministic automaton over bytes, as the generator has made it. Immutable.</summary>
/// <remarks>
/// <para>Classes: for each class of bytes from 1 on, separated by spaces, its ranges in hexadecimal, separated by commas ("30-39,61-66"); all other bytes are class 0.</para>
/// <para>States, separated by semicolons, state 0 is the start. Each: "=N:" where alternative N (from 0) ends, then for each class, separated by commas: nothing (no step),
/// the number of the next state, "." (the same state), "+" (the one after it), or "!N" (now it can only be alternative N). "X*N" stands for X in N classes; classes at the end that
/// have no step are left out.</para>
/// </remarks>
internal sealed class TextAutomaton
{
    private const int None = -1;
    /// <summary>Added to a next state (the number is even) where it pays to look at many bytes together.</summary>
    private const int Ahead = 1;
    /// <summary>A state that stays on that many bytes is worth a search for the first other one.</summary>
    private const int ManyBytes = 16;
    private readonly byte[] _classOf = new byte[256];
    /// <summary>For each state (times 2 to the shift) and class: the next state (times 2 to the shift), <see cref="None"/>, or less: the complement of an alternative's number plus 1.</summary>
    private readonly int[] _next;
    /// <summary>For each state the alternative that ends there, plus 1; 0 = none.</summary>
    private readonly byte[] _ends;
    private readonly int _shift;
    /// <summary>For each state the bytes on which it stays, where these are many.</summary>
    private ByteSet[] _stays = [];
    /// <summary>States that do nothing but follow each other in a circle, as in pairs of hexadecimal digits: the first one, and their number; 0 = there are none.</summary>
    private readonly int _circleRow;
    private readonly int _circle;
    /// <summary>For each byte a bit for each state of the circle that takes it.</summary>
    private byte[] _inCircle = [];

    public TextAutomaton(string classes, string states)
    {
        var names = classes.Split(' ');
        for (var c = 0; c < names.Length; c++)
            foreach (var range in names[c].Split(',', StringSplitOptions.RemoveEmptyEntries))
                _classOf.AsSpan(Convert.ToByte(range[..2], 16)..(Convert.ToByte(range[^2..], 16) + 1)).Fill((byte)(c + 1));
        var rows = states.Split(';');
        _shift = BitOperations.Log2((uint)names.Length) + 1;
        _next = new int[rows.Length << _shift];
        _ends = new byte[rows.Length];
        _next.AsSpan().Fill(None);
        for (var state = 0; state < rows.Length; state++) Read(rows[state], state);
        for (var state = 0; state < rows.Length && _circle == 0; state++) (_circle, _circleRow) = (Circle(state), state << _shift);
        if (_circle > 0) MarkCircle();
        else MarkStays();
    }

    private void MarkCircle()
    {
        _inCircle = new byte[256];
        var row = _circleRow;
        for (var i = 0; i < _circle; i++, row = After(row))
            for (var b = 0; b < 256; b++)
                if (_next[row + _classOf[b]] >= 0) _inCircle[b] |= (byte)(1 << i);
        foreach (ref var next in _next.AsSpan())
            if (next == _circleRow) next += Ahead;
    }

    private void MarkStays()
    {
        _stays = new ByteSet[_ends.Length];
        for (var state = 0; state < _stays.Length; state++)
        {
            var row = state << _shift;
            var (low, high) = (0UL, 0UL);
            for (var b = 0; b < 0x80; b++)
            {
                if (_next[row + _classOf[b]] != row) continue;
                var bit = 1UL << (b & 7) * 8 + (b >> 4);
                if ((b & 8) == 0) low |= bit;
                else high |= bit;
            }
            if (BitOperations.PopCount(low) + BitOperations.PopCount(high) < ManyBytes) continue;
            _stays[state] = new(low, high);
            foreach (ref var next in _next.AsSpan(row, 1 << _shift))
                if (next == row) next += Ahead;
        }
    }

    /// <summary>The one state to which all bytes lead from a state, as a row; less than 0 = none, or several.</summary>
    private int After(int row)
    {
        var after = None;
        for (var c = 0; c < 1 << _shift; c++)
        {
            var next = _next[row + c];
            if (next == None) continue;
            if (next < None || after != None && after != next) return None;
            after = next;
        }
        return after;
    }

    private int Circle(int state)
    {
        var row = state << _shift;
        for (var length = 1; length <= 8; length++)
        {
            row = After(row);
            if (row < 0) return 0;
            if (row == state << _shift) return length > 1 ? length : 0;
        }
        return 0;
    }

    private void Read(string row, int state)
    {
        var colon = row.IndexOf(':');
        if (colon >= 0) _ends[state] = (byte)(int.Parse(row.AsSpan(1, colon - 1)) + 1);
        var cell = state << _shift;
        foreach (var item in row[(colon + 1)..].Split(','))
        {
            var star = item.IndexOf('*');
            var name = star < 0 ? item : item[..star];
            var next = name switch
            {
                "" => None,
                "." => state << _shift,
                "+" => state + 1 << _shift,
                ['!', ..] => ~(int.Parse(name.AsSpan(1)) + 1),
                _ => int.Parse(name) << _shift,
            };
            for (var count = star < 0 ? 1 : int.Parse(item.AsSpan(star + 1)); count > 0; count--) _next[cell++] = next;
        }
    }

    /// <summary>Runs as far as there are steps: where it stopped, or the complement of that when nothing ends there.</summary>
    public int Run(ReadOnlySpan<byte> text, int at)
    {
        // Every class is below 2 to the shift, and every state has its row.
        ref var classes = ref MemoryMarshal.GetArrayDataReference(_classOf);
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_next);
        var row = 0;
        while ((uint)at < (uint)text.Length)
        {
            var to = Unsafe.Add(ref rows, row + Unsafe.Add(ref classes, (nint)text[at]));
            if (to < 0) break;
            at++;
            if ((to & Ahead) != 0)
            {
                to -= Ahead;
                at = Skip(text, at, to);
            }
            row = to;
        }
        return _ends[row >> _shift] != 0 ? at : ~at;
    }

    /// <summary>Goes on in a state where many bytes can be looked at together, as long as it would be the state after them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Skip(ReadOnlySpan<byte> text, int at, int row)
    {
        if (_circle == 0 || row != _circleRow) return _stays[row >> _shift].Find(text, at, true);
        ref var inCircle = ref MemoryMarshal.GetArrayDataReference(_inCircle);
        while (at <= text.Length - _circle)
        {
            var all = 1;
            for (var i = 0; i < _circle; i++) all &= Unsafe.Add(ref inCircle, (nint)text[at + i]) >> i;
            if (all == 0) break;
            at += _circle;
        }
        return at;
    }

    /// <summary>Runs until it is decided what is there: the number of the alternative, or the complement of the place where none fits.</summary>
    public int Look(ReadOnlySpan<byte> text, int at)
    {
        ref var classes = ref MemoryMarshal.GetArrayDataReference(_classOf);
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_next);
        var row = 0;
        while ((uint)at < (uint)text.Length)
        {
            var to = Unsafe.Add(ref rows, row + Unsafe.Add(ref classes, (nint)text[at]));
            if (to < None) return ~to - 1;
            if (to < 0) break;
            row = to & ~Ahead;
            at++;
        }
        var end = _ends[row >> _shift];
        return end != 0 ? end - 1 : ~at;
    }

    /// <summary>The alternative that a whole text is; -1 = none.</summary>
    public int Form(ReadOnlySpan<byte> text)
    {
        var row = 0;
        foreach (var b in text)
        {
            row = _next[row + _classOf[b]];
            if (row < 0) return -1;
            row &= ~Ahead;
        }
        return _ends[row >> _shift] - 1;
    }
}
