namespace WebRtcConformance.Generator.WebIdl;

/// <summary>What in a graph of names leads back to itself, and how deep the rest is. Takes no stack, whatever the graph.</summary>
internal sealed class Layers
{
    private readonly HashSet<string> _cyclic;
    private readonly Dictionary<string, int> _depth = new(StringComparer.Ordinal);

    /// <param name="edges">The names that each name needs; names without an entry need none.</param>
    public Layers(IReadOnlyDictionary<string, IReadOnlyList<string>> edges)
    {
        var open = edges.ToDictionary(e => e.Key, e => e.Value.Count(edges.ContainsKey), StringComparer.Ordinal);
        var users = edges.SelectMany(e => e.Value.Where(edges.ContainsKey).Select(used => (User: e.Key, Used: used)))
            .ToLookup(e => e.Used, e => e.User, StringComparer.Ordinal);
        foreach (var name in edges.Keys) _depth[name] = 1;

        // From the leaves up: what is never reached needs a cycle.
        var ready = new Queue<string>(open.Where(e => e.Value == 0).Select(e => e.Key));
        while (ready.Count > 0)
        {
            var name = ready.Dequeue();
            open.Remove(name);
            foreach (var user in users[name])
            {
                _depth[user] = Math.Max(_depth[user], _depth[name] + 1);
                if (--open[user] == 0) ready.Enqueue(user);
            }
        }

        // From the top down: what no other member of that rest needs is not on a cycle, it only leads to one.
        var wanted = open.Keys.ToDictionary(name => name, name => users[name].Count(open.ContainsKey), StringComparer.Ordinal);
        ready = new(wanted.Where(e => e.Value == 0).Select(e => e.Key));
        _cyclic = new(open.Keys, StringComparer.Ordinal);
        LeadsToCycle = new(open.Keys, StringComparer.Ordinal);
        while (ready.Count > 0)
        {
            var name = ready.Dequeue();
            _cyclic.Remove(name);
            foreach (var used in edges[name].Where(wanted.ContainsKey))
                if (--wanted[used] == 0) ready.Enqueue(used);
        }
    }

    /// <summary>The names from which a cycle can be reached: nobody should follow these.</summary>
    public HashSet<string> LeadsToCycle { get; }

    public bool IsCyclic(string name) => _cyclic.Contains(name);

    /// <summary>1 for a name that needs nothing, else one more than the deepest that it needs.</summary>
    public int Depth(string name) => _depth.TryGetValue(name, out var depth) ? depth : 0;
}
