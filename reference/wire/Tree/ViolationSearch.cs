using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Looks for the candidate of a breakage that breaks just what it should, with the strict parser as the judge.</summary>
internal static class ViolationSearch
{
    /// <summary>Mark of a candidate that changes nothing.</summary>
    public const int Skip = int.MaxValue;

    private const int Messages = 24, Candidates = 5000, SeedLength = 512;

    /// <summary>What targets are drawn from: small ones, then ones of any shape.</summary>
    private static readonly byte[][] s_seeds =
        [[], [0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], [3, 3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], .. Enumerable.Range(100, 6).Select(Seed)];

    private static readonly WireKey s_key = new("violation"u8.ToArray());

    /// <summary>Good messages of many shapes, always the same ones.</summary>
    public static IReadOnlyList<WireTree> Witnesses(WirePlan plan)
    {
        var trees = new List<WireTree>();
        for (var m = 0; m < Messages; m++)
        {
            var choices = new Choices(m == 0 ? new byte[SeedLength] : Seed(m));
            trees.Add(WireDraw.Draw(plan, ref choices));
        }
        return trees;
    }

    private static byte[] Seed(int number)
    {
        var seed = new byte[SeedLength];
        var state = (uint)number * 2654435761u + 12345;
        for (var i = 0; i < seed.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            seed[i] = (byte)(state >> 24);
        }
        return seed;
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
        foreach (var choice in s_seeds)
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

    /// <summary>A field on the way from a message to a PDU inside it, and the case that it has to hold if it is a union.</summary>
    private readonly record struct Step(FieldPlan Field, CasePlan? Case)
    {
        public WirePlan Next => Case?.Plan ?? Field.Element!;
    }

    /// <summary>Puts the target into a message: new elements at the head of lists (at the end where they have to be last), new cases into unions.</summary>
    private static bool Insert(WireTree tree, WirePlan target, ReadOnlySpan<byte> seed)
    {
        if (Route(tree.Plan, target) is not { Count: > 0 } route) return false;
        var draw = new TreeDraw(new Choices(seed));
        if (route[0].Case is { } first) tree.Root.ChildList = draw.Element(tree.Plan, first.From, 0).ChildList;
        return Put(tree.Root, route, 0, ref draw);
    }

    private static bool Put(WireItem item, List<Step> route, int at, ref TreeDraw draw)
    {
        if (at == route.Count) return true;
        var step = route[at];
        var code = at + 1 < route.Count ? route[at + 1].Case?.From : null;
        var inner = code is { } c ? draw.Element(step.Next, c, 1) : draw.Pdu(step.Next, 1);
        if (item.Child(step.Field.Index) is not { ChildList: { } children } field || !Put(inner, route, at + 1, ref draw)) return false;
        if (field.Kind == WireItemKind.Nested) children[0] = inner;
        else
        {
            children.Insert(0, inner);
            draw.Arrange(step.Field, children, 1);
        }
        return true;
    }

    /// <summary>The shortest way from one PDU to another inside it; null when there is none.</summary>
    private static List<Step>? Route(WirePlan from, WirePlan to)
    {
        var came = new Dictionary<WirePlan, (WirePlan From, Step Step)>();
        var queue = new Queue<WirePlan>([from]);
        while (queue.TryDequeue(out var plan) && !came.ContainsKey(to))
            foreach (var f in plan.Fields)
            foreach (var step in f.Cases.Select(c => new Step(f, c)).Concat(f.Element is null ? [] : [new Step(f, null)]))
                if (step.Next != from && came.TryAdd(step.Next, (plan, step))) queue.Enqueue(step.Next);
        if (!came.ContainsKey(to)) return null;
        var route = new List<Step>();
        for (var plan = to; plan != from; plan = came[plan].From) route.Insert(0, came[plan].Step);
        return route;
    }

    private static bool ClearSkips(WireItem item)
    {
        var found = item.Cut == Skip;
        if (found) item.Cut = -1;
        foreach (var c in item.Children) found |= ClearSkips(c);
        return found;
    }
}
