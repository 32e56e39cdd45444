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
}
