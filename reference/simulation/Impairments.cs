using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>
/// Scripted impairments: "drop the second datagram that ...". The predicate reads the datagram with whatever codec it
/// likes, so the script speaks of typed packets.
/// </summary>
public static class Impairments
{
    /// <summary>Apply a disposition to the n-th (from 1) to the m-th datagram for which the predicate holds; all later ones pass.</summary>
    public static void When(this World world, Func<Datagram, bool> matches, Disposition disposition, int from = 1, int to = int.MaxValue)
    {
        var seen = 0;
        world.Datagrams.Add((Instant _, ref Datagram datagram) =>
        {
            if (!matches(datagram)) return Disposition.Pass;
            seen++;
            return seen >= from && seen <= to ? disposition : Disposition.Pass;
        });
    }

    /// <summary>Drop exactly the n-th (from 1) datagram for which the predicate holds.</summary>
    public static void DropNth(this World world, int nth, Func<Datagram, bool> matches) => world.When(matches, Disposition.Drop, nth, nth);

    /// <summary>Rewrite the n-th (from 1) to the m-th payload for which the predicate holds.</summary>
    public static void Alter(this World world, Func<Datagram, bool> matches, Func<byte[], byte[]> change, int from = 1, int to = int.MaxValue)
    {
        var seen = 0;
        world.Datagrams.Add((Instant _, ref Datagram datagram) =>
        {
            if (matches(datagram) && ++seen >= from && seen <= to) datagram = datagram with { Bytes = change(datagram.Bytes.ToArray()) };
            return Disposition.Pass;
        });
    }

    /// <summary>Keep every datagram for which the predicate holds until told to let go.</summary>
    public static HeldDatagrams Hold(this World world, Func<Datagram, bool> matches) => new(world, matches);
}

/// <summary>Datagrams held back by <see cref="Impairments.Hold"/>.</summary>
public sealed class HeldDatagrams
{
    private readonly World _world;
    private readonly List<Datagram> _held = [];
    private readonly Tap<Datagram> _tap;

    internal HeldDatagrams(World world, Func<Datagram, bool> matches)
    {
        _world = world;
        _tap = (Instant _, ref Datagram datagram) =>
        {
            if (!matches(datagram)) return Disposition.Pass;
            _held.Add(datagram);
            return Disposition.Drop;
        };
        world.Datagrams.Add(_tap);
    }

    public int Count => _held.Count;

    /// <summary>Send what is held, in the order in which it came or the reverse, and hold nothing more.</summary>
    public void Release(bool reversed = false)
    {
        _world.Datagrams.Remove(_tap);
        if (reversed) _held.Reverse();
        foreach (var datagram in _held) _world.Release(datagram);
        _held.Clear();
    }
}
