using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Looks for the candidate of a breakage that breaks just what it should, with the strict parser as the judge.</summary>
internal static class ViolationSearch
{
    /// <summary>Mark of a candidate that changes nothing.</summary>
    public const int Skip = int.MaxValue;

    private const int Messages = 24, Candidates = 5000;
    private static readonly WireKey s_key = new("violation"u8.ToArray());

    /// <summary>Good messages of many shapes, always the same ones.</summary>
    public static IReadOnlyList<WireTree> Witnesses(WirePlan plan)
    {
        var trees = new List<WireTree>();
        var seed = new byte[512];
        for (var m = 0; m < Messages; m++)
        {
            var state = (uint)m * 2654435761u + 12345;
            for (var i = 0; i < seed.Length; i++)
            {
                state = state * 1664525 + 1013904223;
                seed[i] = m == 0 ? (byte)0 : (byte)(state >> 24);
            }
            var choices = new Choices(seed);
            trees.Add(WireDraw.Draw(plan, ref choices));
        }
        return trees;
    }

    /// <summary>The error that the breakage gives on the first good message that it can break (no error for a force other than
    /// reject); null when there is none.</summary>
    public static WireError? Observe(WirePlan plan, Breakage breakage, IReadOnlyList<WireTree> goods)
    {
        foreach (var good in goods)
            if (Try(plan, breakage, good, s_key, null, out _, out var error)) return error;
        return null;
    }

    public static bool TryApply(WireViolation violation, WireTree good, WireKey key, out byte[] bad)
    {
        if (violation.Breakage.NeedsKey && key.IsNone) key = s_key;
        return Try(violation.Message, violation.Breakage, good, key, (violation.Node, violation.Kind), out bad, out _);
    }

    private static bool Try(WirePlan plan, Breakage b, WireTree good, WireKey key, (uint Node, WireErrorKind Kind)? wanted, out byte[] bad, out WireError error)
    {
        bad = [];
        error = default;
        if (good.Plan != plan) return false;
        foreach (var host in Hosts(good, b.Target))
            for (var i = 0; i < Candidates; i++)
            {
                var tree = host.Clone();
                if (Place(tree.Root, b.Target) is not { } pdu || !b.Break(pdu, i, tree)) break;
                if (ClearSkips(tree.Root)) continue;
                bad = tree.Encode(key);
                var checksum = b.ExpectedKind == WireErrorKind.Checksum;
                if (checksum) WireTree.Verify(plan, bad, key, out error);
                else WireTree.Accepts(plan, bad, out error);
                if (IsWanted(b, error, wanted)) return true;
            }
        return false;
    }

    private static bool IsWanted(Breakage b, WireError error, (uint Node, WireErrorKind Kind)? wanted)
    {
        if (b.Force != Force.Reject) return !error.IsError;
        if (!error.IsError) return false;
        if (wanted is { } w) return error.Node == w.Node && error.Kind == w.Kind;
        return (b.Expected == 0 || error.Node == b.Expected) && (b.ExpectedKind == WireErrorKind.None || error.Kind == b.ExpectedKind);
    }

    /// <summary>The message itself when it holds the target; and the message with a drawn target put into its list.</summary>
    private static IEnumerable<WireTree> Hosts(WireTree good, WirePlan target)
    {
        if (Place(good.Root, target) is not null) yield return good;
        foreach (var choice in new byte[][] { [], [0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], [3, 3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7] })
        {
            var copy = good.Clone();
            if (Insert(copy, target, choice) && WireTree.Accepts(copy.Plan, copy.Encode(), out _)) yield return copy;
        }
    }

    private static WireItem? Place(WireItem item, WirePlan target)
    {
        if (item.Kind == WireItemKind.Pdu && item.Plan == target) return item;
        foreach (var c in item.Children) if (Place(c, target) is { } found) return found;
        return null;
    }

    /// <summary>Puts an element that holds the target at the head of the message's list of such elements; at its end when it has to be
    /// the last one.</summary>
    private static bool Insert(WireTree tree, WirePlan target, ReadOnlySpan<byte> seed)
    {
        foreach (var field in tree.Root.ChildList!)
        {
            if (field is not { Kind: WireItemKind.List, Slot: { Element: { } element } slot }) continue;
            var draw = new TreeDraw(new Choices(seed));
            if (element == target)
            {
                field.ChildList!.Insert(0, draw.Pdu(element, 1));
                return true;
            }
            if (element.Union is not { } union || Array.Find(union.Cases, c => c.Plan == target) is not { } found) continue;
            field.ChildList!.Insert(0, draw.Element(element, found.From, 1));
            draw.Arrange(slot, field.ChildList, 1);
            return true;
        }
        return false;
    }

    private static bool ClearSkips(WireItem item)
    {
        var found = item.Cut == Skip;
        if (found) item.Cut = -1;
        foreach (var c in item.Children) found |= ClearSkips(c);
        return found;
    }
}
