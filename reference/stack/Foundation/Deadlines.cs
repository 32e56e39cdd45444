using System.Runtime.CompilerServices;

namespace WebRtcConformance.Stack.Foundation;

/// <summary>
/// The timers of one state machine: one deadline for each member of an enum. No callbacks; the machine asks which
/// timers have expired and acts in its own time. <typeparamref name="TTimer"/> must be backed by int with members
/// 0, 1, 2, ... (checked once).
/// </summary>
public sealed class Deadlines<TTimer> where TTimer : struct, Enum
{
    private readonly Instant[] _at;

    /// <exception cref="ArgumentException">The enum is not 0, 1, 2, ... over int.</exception>
    public Deadlines()
    {
        var values = Enum.GetValues<TTimer>();
        if (Enum.GetUnderlyingType(typeof(TTimer)) != typeof(int) || values.Where((v, i) => Index(v) != i).Any())
            throw new ArgumentException($"{typeof(TTimer).Name} must have the int members 0, 1, 2, ...");
        _at = new Instant[values.Length];
        Array.Fill(_at, Instant.Never);
    }

    /// <summary>When the given timer fires; <see cref="Instant.Never"/> when stopped.</summary>
    public Instant this[TTimer timer] => _at[Index(timer)];

    /// <summary>The earliest deadline, or <see cref="Instant.Never"/>.</summary>
    public Instant Next
    {
        get
        {
            var next = Instant.Never;
            foreach (var at in _at) next = Instant.Min(next, at);
            return next;
        }
    }

    /// <summary>Start the timer, or move it.</summary>
    public void Set(TTimer timer, Instant at) => _at[Index(timer)] = at;

    /// <summary>Stop the timer; stopping a stopped timer is fine.</summary>
    public void Stop(TTimer timer) => _at[Index(timer)] = Instant.Never;

    /// <summary>Stop and report the earliest timer due at or before <paramref name="now"/>; ties in enum order.</summary>
    public bool TryTakeExpired(Instant now, out TTimer timer)
    {
        var first = -1;
        for (var i = 0; i < _at.Length; i++)
        {
            if (_at[i] != Instant.Never && _at[i] <= now && (first < 0 || _at[i] < _at[first])) first = i;
        }
        timer = default;
        if (first < 0) return false;
        _at[first] = Instant.Never;
        timer = Unsafe.BitCast<int, TTimer>(first);
        return true;
    }

    private static int Index(TTimer timer) => Unsafe.BitCast<TTimer, int>(timer);
}
