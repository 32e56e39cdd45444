namespace WebRtcConformance.Wire;

/// <summary>Makes a message smaller and simpler while a predicate holds. Works on the tree, so lengths and CRCs stay right where they were
/// right, which cutting bytes cannot do; then on the bytes.</summary>
public sealed class WireMinimizer
{
    /// <summary>More than any sum of bytes of a message: fewer bytes that are not zero come first.</summary>
    private const int NotZero = WireLimits.MaxBytes * 256;

    private readonly WirePlan _plan;
    private readonly Shrinker _shrinker;

    private WireMinimizer(WirePlan plan, Shrinker shrinker) => (_plan, _shrinker) = (plan, shrinker);

    private byte[] Best => _shrinker.Best;

    /// <summary>The smallest message found for which <paramref name="predicate"/> is true; the input itself when the predicate is false
    /// for it. "Smaller" is fewer bytes, then fewer bytes that are not zero, then a smaller sum; so it ends.</summary>
    /// <param name="maxTests">Calls of the predicate at most.</param>
    public static byte[] Minimize(ReadOnlySpan<byte> bytes, WirePlan plan, Func<byte[], bool> predicate, int maxTests = 5000)
    {
        var minimizer = new WireMinimizer(plan, new(bytes.ToArray(), predicate, maxTests, b => b == 0 ? 0 : NotZero + b));
        if (!predicate(bytes.ToArray())) return minimizer.Best;
        while (minimizer.Elements() | minimizer.Leaves() | minimizer._shrinker.Runs(0))
        {
        }
        return minimizer.Best;
    }

    /// <summary>Removes elements of lists, many at once first.</summary>
    private bool Elements()
    {
        var progress = false;
        for (var chunk = 64; chunk > 0; chunk /= 2)
            for (var list = 0; ; list++)
            {
                if (_shrinker.IsExhausted || Nth(WireTree.Read(_plan, Best), list, CanShrink) is not { } found) break;
                for (var at = Math.Max(found.Children.Count - chunk, 0); found.Children.Count > 0; at = Math.Max(at - chunk, 0))
                {
                    var tree = WireTree.Read(_plan, Best);
                    if (Nth(tree, list, CanShrink) is not { } item) break;
                    if (at < item.ChildList!.Count)
                    {
                        item.ChildList.RemoveRange(at, Math.Min(chunk, item.ChildList.Count - at));
                        progress |= _shrinker.Try(tree.Encode());
                    }
                    if (at == 0) break;
                }
            }
        return progress;
    }

    private static bool CanShrink(WireItem item) => item is { Kind: WireItemKind.List, Slot.Packed: 0 };

    /// <summary>Simplifies each number and each byte field by itself.</summary>
    private bool Leaves()
    {
        var progress = false;
        for (var n = 0; !_shrinker.IsExhausted; n++)
        {
            if (Nth(WireTree.Read(_plan, Best), n, _ => true) is not { } item) return progress;
            if (item.Override != WireOverride.None) progress |= Change(n, i => i.Override = WireOverride.None);
            if (item.Kind == WireItemKind.Number)
            {
                if (item.IsPadded) progress |= Change(n, i => i.Width = 0);
                if (item.Number == 0 || item.Slot!.Derive is not null) continue;
                if (Change(n, i => i.Number = 0)) progress = true;
                else progress |= Change(n, i => i.Number = 1) | Change(n, i => i.Number >>= 1);
            }
            else if (item.Kind is WireItemKind.Bytes or WireItemKind.Raw && !item.Bytes.IsEmpty)
            {
                if (Change(n, i => i.Bytes = default)) { progress = true; continue; }
                progress |= Change(n, i => i.Bytes = new byte[i.Bytes.Length]);
                while (Change(n, i => i.Bytes = i.Bytes[..(i.Bytes.Length / 2)])) progress = true;
                while (Change(n, i => i.Bytes = i.Bytes[..Math.Max(i.Bytes.Length - 1, 0)])) progress = true;
            }
        }
        return progress;
    }

    private bool Change(int n, Action<WireItem> change)
    {
        var tree = WireTree.Read(_plan, Best);
        if (Nth(tree, n, _ => true) is not { } item) return false;
        change(item);
        return _shrinker.Try(tree.Encode());
    }

    /// <summary>Item number <paramref name="n"/> of those wanted, parents first.</summary>
    private static WireItem? Nth(WireTree tree, int n, Func<WireItem, bool> wanted)
    {
        return Walk(tree.Root);

        WireItem? Walk(WireItem item)
        {
            if (wanted(item) && n-- == 0) return item;
            foreach (var c in item.Children) if (Walk(c) is { } found) return found;
            return null;
        }
    }
}
