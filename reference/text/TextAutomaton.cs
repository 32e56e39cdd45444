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
    /// <summary>A state that stays on that many bytes is worth a search for the first other one.</summary>
    private const int ManyBytes = 16;
    private readonly byte[] _classOf = new byte[256];
    /// <summary>For each state (times 2 to the shift) and class: the next state (times 2 to the shift), <see cref="None"/>, or less: the complement of an alternative's number plus 1.</summary>
    private readonly int[] _next;
    /// <summary>For each state the alternative that ends there, plus 1; 0 = none.</summary>
    private readonly byte[] _ends;
    private readonly int _shift;
    /// <summary>For each state the bytes on which it stays, where these are many; null = for no state.</summary>
    private readonly ByteSet[]? _stays;

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
        _stays = Stays();
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

    private ByteSet[]? Stays()
    {
        var all = new ByteSet[_ends.Length];
        var any = false;
        for (var state = 0; state < all.Length; state++)
        {
            var (low, high) = (0UL, 0UL);
            for (var b = 0; b < 0x80; b++)
            {
                if (_next[(state << _shift) + _classOf[b]] != state << _shift) continue;
                var bit = 1UL << (b & 7) * 8 + (b >> 4);
                if ((b & 8) == 0) low |= bit;
                else high |= bit;
            }
            if (BitOperations.PopCount(low) + BitOperations.PopCount(high) < ManyBytes) continue;
            all[state] = new(low, high);
            any = true;
        }
        return any ? all : null;
    }

    /// <summary>Runs as far as there are steps: where it stopped, or the complement of that when nothing ends there.</summary>
    public int Run(ReadOnlySpan<byte> text, int at)
    {
        // Every class is below 2 to the shift, and every state has its row.
        ref var classes = ref MemoryMarshal.GetArrayDataReference(_classOf);
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_next);
        var stays = _stays;
        var row = 0;
        while ((uint)at < (uint)text.Length)
        {
            var to = Unsafe.Add(ref rows, row + Unsafe.Add(ref classes, (nint)text[at]));
            if (to < 0) break;
            at++;
            if (to == row && stays is not null && stays[row >> _shift] is { IsEmpty: false } stay) at = stay.Find(text, at, false);
            row = to;
        }
        return _ends[row >> _shift] != 0 ? at : ~at;
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
            row = to;
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
        }
        return _ends[row >> _shift] - 1;
    }
}
