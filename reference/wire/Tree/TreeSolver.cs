using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Brings a drawn PDU in line with the rules that read derived values, by trying other values and lengths for the fields that
/// they depend on. Every step has to clear the first problem that is left, so it ends.</summary>
internal static class TreeSolver
{
    private const int Lengths = 65;

    public static bool Solve(WireItem pdu, Frame frame, ref TreeDraw draw)
    {
        var problems = pdu.Plan!.Rules.Length + pdu.Plan.Fields.Length;
        for (var round = 0; round <= problems; round++)
        {
            TreeFrame.Fill(frame, pdu);
            var problem = FirstProblem(pdu, frame);
            if (problem < 0) return true;
            if (!Improve(pdu, problem, frame, ref draw)) return false;
        }
        return false;
    }

    /// <summary>Number of the first rule, or rules + the first field, that is not as it should be; -1 = all well.</summary>
    private static int FirstProblem(WireItem pdu, Frame frame)
    {
        var plan = pdu.Plan!;
        for (var i = 0; i < plan.Rules.Length; i++)
            if (plan.Rules[i] is { Condition: { } condition, Rule.Force: Force.Reject } && !frame.Holds(condition)) return i;
        foreach (var f in plan.Fields)
        {
            var problem = plan.Rules.Length + f.Index;
            if (f.Kind == FieldKind.Bound && (!frame.TryEval(f.Size!, out var bound) || bound != frame.WindowEnd)) return problem;
            var item = pdu.Child(f.Index);
            if (f.When is not null && f.WhenIsKnown && frame.Holds(f.When) != item is not null) return problem;
            if (item is null) continue;
            if (f.Derive is not null && (!frame.TryEval(f.Derive, out var v) || f.Bits < 64 && v != f.ValueOf((ulong)v & f.Max))) return problem;
            if (f.Size is not null && f.SizeIsKnown && (!frame.TryEval(f.Size, out var size) || size != frame.Sizes[f.Index])) return problem;
            if (f.Kind == FieldKind.Sequence && f.While is not null && !GoesOn(f, item, frame)) return problem;
            if (f.Count is not null && (!frame.TryEval(f.Count, out var count) || count != frame.Counts[f.Index])) return problem;
        }
        return -1;
    }

    /// <summary>A list whose end its own elements tell: the condition holds before each of them, and no more after the last.</summary>
    private static bool GoesOn(FieldPlan f, WireItem item, Frame frame)
    {
        if (!f.WhileIsKnown || item.Kind != WireItemKind.List) return true;
        var list = new WireItem(WireItemKind.List) { Slot = f, ChildList = [] };
        frame.Lists[f.Index] = list;
        var holds = true;
        foreach (var element in item.ChildList!)
        {
            frame.Counts[f.Index] = list.ChildList.Count;
            holds &= frame.Holds(f.While!);
            list.ChildList.Add(element);
        }
        frame.Counts[f.Index] = list.ChildList.Count;
        holds &= !frame.Holds(f.While!);
        frame.Lists[f.Index] = item;
        return holds;
    }

    /// <summary>True when the expression can be checked without the bytes.</summary>
    internal static bool Known(Expr? expr) => expr switch
    {
        Remaining or LastByte or WindowSize or Peek => false,
        Ones o => Known(o.Value),
        CountEqual { Last: { } last } => Known(last),
        LastOf { Argument: { } argument } => Known(argument),
        Binary b => Known(b.Left) && Known(b.Right),
        Conditional c => Known(c.Condition) && Known(c.Then) && Known(c.Else),
        _ => true,
    };

    private static bool Improve(WireItem pdu, int problem, Frame frame, ref TreeDraw draw)
    {
        var plan = pdu.Plan!;
        if (problem >= plan.Rules.Length && Refill(pdu, plan.Fields[problem - plan.Rules.Length], frame, ref draw))
        {
            var now = FirstProblem(pdu, frame);
            if (now < 0 || now > problem) return true;
        }
        var reads = problem < plan.Rules.Length ? plan.Rules[problem].Reads : plan.Fields[problem - plan.Rules.Length].Reads;
        for (var r = reads.Length - 1; r >= 0; r--)
        {
            var f = plan.Fields[reads[r]];
            if (pdu.Child(f.Index) is not { } item) continue;
            var (number, bytes, children, bits) = (item.Number, item.Bytes, item.ChildList?.ToList(), item.BitLength);
            var count = CandidateCount(f, item);
            for (var i = -plan.Sums.Length; i < count; i++)
            {
                // A number may have to keep up with a sum.
                var sum = i < 0 ? (ulong)plan.Sums[-i - 1].Eval(frame) : 0;
                if (i < 0 ? f.Kind != FieldKind.UInt || count == 0 || sum > f.Max || !SetNumber(item, sum) : !TryCandidate(f, item, i, ref draw)) continue;
                TreeLayout.One(pdu);
                TreeFrame.Fill(frame, pdu);
                var now = FirstProblem(pdu, frame);
                if (now < 0 || now > problem) return true;
            }
            (item.Number, item.Bytes, item.ChildList, item.BitLength) = (number, bytes, children, bits);
            TreeLayout.One(pdu);
        }
        return false;
    }

    /// <summary>Brings integers whose room other fields give to that size: these may have changed since they were drawn.</summary>
    private static bool Refill(WireItem pdu, FieldPlan f, Frame frame, ref TreeDraw draw)
    {
        if (f.Kind != FieldKind.UIntSequence || !f.SizeIsGiven || pdu.Child(f.Index) is not { Kind: WireItemKind.List, ChildList: { } list } item) return false;
        if (!frame.TryEval(f.Size!, out var size) || size is < 0 or > TreeDraw.GivenMax) return false;
        var count = (int)(size * 8 / f.Bits);
        if (list.Count > count) list.RemoveRange(count, list.Count - count);
        while (list.Count < count) list.Add(draw.Integer(f));
        TreeLayout.One(item);
        TreeLayout.One(pdu);
        TreeFrame.Fill(frame, pdu);
        return true;
    }

    /// <summary>How many other values or lengths there are to try for a field.</summary>
    public static int CandidateCount(FieldPlan f, WireItem item) => item.Kind switch
    {
        WireItemKind.Number when f.Derive is not null || f.Kind is FieldKind.Const or FieldKind.Reserved => 0,
        WireItemKind.Number when f.Kind == FieldKind.Split => f.Parts.Sum(p => Values(p.Registry, f.Hints)),
        WireItemKind.Number => Values(f.Registry, f.Hints),
        WireItemKind.Bytes when f.Kind != FieldKind.Pad && !f.SizeIsGiven => f.Hints.Length + Lengths,
        WireItemKind.List when f.Packed > 0 => f.Packed * Values(f.Registry, []),
        WireItemKind.List when !f.CountIsGiven && !f.SizeIsGiven => WireLimits.DrawnElements + 1,
        _ => 0,
    };

    private static int Values(RegistryPlan? registry, int[] hints) => hints.Length + (registry?.Registry.Values.Count ?? 0) + 5;

    /// <summary>Puts candidate <paramref name="i"/> into the item; false when it is the value there already.</summary>
    public static bool TryCandidate(FieldPlan f, WireItem item, int i, ref TreeDraw draw)
    {
        switch (item.Kind)
        {
            case WireItemKind.Number when f.Kind == FieldKind.Split:
                foreach (var part in f.Parts)
                {
                    var values = Values(part.Registry, f.Hints);
                    if (i < values) return SetNumber(item, part.Write(item.Number, Value(part.Registry, f.Hints, i, Bits.Low(part.Part.WireBits.Count))));
                    i -= values;
                }
                return false;
            case WireItemKind.Number: return SetNumber(item, Value(f.Registry, f.Hints, i, f.Max));
            case WireItemKind.Bytes:
                var length = i < f.Hints.Length ? f.Hints[i] : i - f.Hints.Length;
                if (length == item.Bytes.Length) return false;
                item.Bytes = f.Kind == FieldKind.Checksum ? new byte[length] : draw.Content(f.Text, length);
                break;
            case WireItemKind.List when f.Packed > 0:
                // In place of the item, which stands in a list that may have to be what it was.
                var (at, candidate) = (i / Values(f.Registry, []), i % Values(f.Registry, []));
                var one = item.ChildList![at].Clone();
                if (!SetNumber(one, Value(f.Registry, [], candidate, f.Max))) return false;
                item.ChildList[at] = one;
                break;
            default:
                var list = item.ChildList!;
                if (i == list.Count) return false;
                while (list.Count > i) list.RemoveAt(list.Count - 1);
                while (list.Count < i)
                    list.Add(f.Kind == FieldKind.UIntSequence ? draw.Integer(f) : list.Count > 0 ? list[0].Clone() : draw.Pdu(f.Element!, WireLimits.MaxDepth / 2));
                draw.Arrange(f, list, WireLimits.MaxDepth / 2);
                break;
        }
        TreeLayout.One(item);
        return true;
    }

    private static bool SetNumber(WireItem item, ulong value)
    {
        if (item.Number == value) return false;
        item.Number = value;
        return true;
    }

    private static ulong Value(RegistryPlan? registry, int[] hints, int i, ulong max)
    {
        if (i < hints.Length) return Math.Min((ulong)hints[i], max);
        i -= hints.Length;
        var values = registry?.Registry.Values ?? default;
        return (i < values.Count ? values[i].Value : TreeDraw.Boundary(i - values.Count, max)) & max;
    }
}
