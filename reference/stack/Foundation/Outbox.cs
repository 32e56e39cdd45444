namespace WebRtcConformance.Stack.Foundation;

/// <summary>
/// What a state machine has to say, in order: a ring that grows. The drain rule: after every call into a machine the
/// caller takes until nothing is left. Polling, not callbacks, so a machine is never entered while it is at work.
/// </summary>
public sealed class Outbox<T>
{
    private T[] _ring = new T[8];
    private int _first;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    public void Add(T item)
    {
        if (Count == _ring.Length) Grow();
        _ring[(_first + Count++) & (_ring.Length - 1)] = item;
    }

    /// <summary>Take the oldest.</summary>
    public bool TryTake(out T item)
    {
        if (Count == 0)
        {
            item = default!;
            return false;
        }
        item = _ring[_first];
        _ring[_first] = default!;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        return true;
    }

    private void Grow()
    {
        var larger = new T[_ring.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _ring[(_first + i) & (_ring.Length - 1)];
        (_ring, _first) = (larger, 0);
    }
}
