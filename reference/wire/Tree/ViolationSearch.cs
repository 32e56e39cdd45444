using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Looks for the candidate of a breakage that breaks just what it should, with the strict parser as the judge.</summary>
internal static class ViolationSearch
{
    /// <summary>Mark of a candidate that changes nothing.</summary>
    public const int Skip = int.MaxValue;

    private const int Messages = 24, SeedLength = 512;

    /// <summary>Broken messages that are looked at for one breakage. What is found at all is found within 900 of them.</summary>
    private const int Tries = 1500;

    /// <summary>Octets of the longest message that is broken: what can be shown at all is shown on one that fits a datagram, and each try copies,
    /// encodes and parses the whole of it.</summary>
    private const int LongestHost = 1280;

    /// <summary>What targets are drawn from: small ones, then ones of any shape.</summary>
    private static readonly byte[][] s_seeds =
        [[], [0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], [3, 3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7], .. Enumerable.Range(100, 6).Select(Seed)];

    private static readonly WireKey s_key = new("violation"u8.ToArray());

    /// <summary>Good messages of many shapes, always the same ones.</summary>
    public static IReadOnlyList<WireTree> Witnesses(WirePlan plan)
    {
        var trees = new List<WireTree>();
        for (var m = 0; trees.Count < Messages && m < 4 * Messages; m++)
        {
            var choices = new Choices(m == 0 ? new byte[SeedLength] : Seed(m));
            var tree = WireDraw.Draw(plan, ref choices);
            if (tree.Encode().Length <= LongestHost) trees.Add(tree);
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
    public static WireError? Observe(WirePlan plan, Breakage breakage, Hosts goods)
    {
        // What becomes of a wrong length depends on what it then covers: that which most messages show is taken.
        var seen = new Dictionary<WireError, int>();
        var left = Tries;
        for (var good = 0; good < goods.Count; good++)
        {
            if (!Try(plan, breakage, goods.Good(good), goods.Of(good, breakage.Target), s_key, null, ref left, out _, out var error)) continue;
            if (breakage.Expected != 0 || !error.IsError) return error;
            var found = error with { Offset = 0 };
            seen[found] = seen.GetValueOrDefault(found) + 1;
        }
        return seen.Count == 0 ? null : seen.MaxBy(pair => pair.Value).Key;
    }

    public static bool TryApply(WireViolation violation, WireTree good, WireKey key, out byte[] bad)
    {
        if (violation.Breakage.NeedsKey && key.IsNone) key = s_key;
        bad = [];
        var left = Tries;
        return good.Plan == violation.Message && Try(violation.Message, violation.Breakage, good,
            HostsOf(good, violation.Breakage.Target), key, (violation.Node, violation.Kind), ref left, out bad, out _);
    }

    private static bool Try(
        WirePlan plan, Breakage b, WireTree good, IEnumerable<WireTree> hosts, WireKey key, (uint Node, WireErrorKind Kind)? wanted,
        ref int left, out byte[] bad, out WireError error)
    {
        bad = [];
        error = default;
        foreach (var host in hosts)
            for (var i = 0; left > 0; i++, left--)
            {
                var tree = host.Clone();
                if (Place(tree.Root, b.Target) is not { } pdu || !b.Break(pdu, i, tree)) break;
                if (ClearSkips(tree.Root)) continue;
                bad = tree.Encode(key);
                // A rule of another force than reject may be broken by the good message already.
                if (b.Force != Force.Reject && bad.AsSpan().SequenceEqual(good.Encode(key))) continue;
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

    /// <summary>Good messages, and for one target at a time what <see cref="HostsOf"/> makes of them: made when first asked for, and then kept for the
    /// other breakages of the same target. Not for several threads.</summary>
    public sealed class Hosts(IReadOnlyList<WireTree> goods)
    {
        private readonly List<WireTree>[] _made = [.. goods.Select(_ => new List<WireTree>())];
        private readonly IEnumerator<WireTree>?[] _rest = new IEnumerator<WireTree>?[goods.Count];
        private WirePlan? _target;

        public int Count => goods.Count;
        public WireTree Good(int number) => goods[number];

        public IEnumerable<WireTree> Of(int good, WirePlan target)
        {
            if (_target != target)
            {
                _target = target;
                for (var i = 0; i < goods.Count; i++)
                {
                    _made[i].Clear();
                    _rest[i] = HostsOf(goods[i], target).GetEnumerator();
                }
            }
            for (var n = 0; n < _made[good].Count || Next(good); n++) yield return _made[good][n];
        }

        private bool Next(int good)
        {
            if (!_rest[good]!.MoveNext()) return false;
            _made[good].Add(_rest[good]!.Current);
            return true;
        }
    }

    /// <summary>The message itself when it holds the target; and the message with a drawn target put into its list.</summary>
    private static IEnumerable<WireTree> HostsOf(WireTree good, WirePlan target)
    {
        if (Place(good.Root, target) is not null) yield return good;
        foreach (var choice in s_seeds)
        foreach (var atEnd in new[] { false, true })
        {
            var copy = good.Clone();
            if (Insert(copy, target, choice, atEnd) && copy.Encode() is { Length: <= LongestHost } bytes && WireTree.Accepts(copy.Plan, bytes, out _)) yield return copy;
        }
    }

    private static WireItem? Place(WireItem item, WirePlan target)
    {
        if (item.Kind == WireItemKind.Pdu && item.Plan == target) return item;
        foreach (var c in item.Children) if (Place(c, target) is { } found) return found;
        return null;
    }

    /// <summary>A field on the way from a message to a PDU inside it.</summary>
    /// <param name="Code">The code that selects it in a union.</param>
    /// <param name="Other">It is what a union holds when no code selects anything.</param>
    private readonly record struct Step(FieldPlan Field, WirePlan Next, ulong? Code = null, bool Other = false)
    {
        /// <summary>Draws the PDU that has the step's field, so that it goes the way.</summary>
        public WireItem Draw(WirePlan plan, int depth, ref TreeDraw draw) =>
            Other ? draw.Other(plan, depth) : Code is { } code ? draw.Element(plan, code, depth) : draw.Pdu(plan, depth);
    }

    /// <summary>Puts the target into a message: new elements at the head or the end of lists (as rules about them allow), new cases into unions.</summary>
    private static bool Insert(WireTree tree, WirePlan target, ReadOnlySpan<byte> seed, bool atEnd)
    {
        if (s_routes.GetOrCreateValue(tree.Plan).GetOrAdd(target, to => Route(tree.Plan, to)) is not { Count: > 0 } route) return false;
        var draw = new TreeDraw(new Choices(seed));
        if (route[0].Field.Kind == FieldKind.Union) tree.Root.ChildList = route[0].Draw(tree.Plan, 0, ref draw).ChildList;
        return Put(tree.Root, route, 0, atEnd, ref draw);
    }

    private static bool Put(WireItem item, List<Step> route, int at, bool atEnd, ref TreeDraw draw)
    {
        if (at == route.Count) return true;
        var step = route[at];
        var inner = at + 1 < route.Count ? route[at + 1].Draw(step.Next, 1, ref draw) : draw.Pdu(step.Next, 1);
        if (item.Child(step.Field.Index) is not { ChildList: { } children } field || !Put(inner, route, at + 1, atEnd, ref draw)) return false;
        if (field.Kind == WireItemKind.Nested) children[0] = inner;
        else
        {
            children.Insert(atEnd ? children.Count : 0, inner);
            draw.Arrange(step.Field, children, 1);
        }
        return true;
    }

    private static readonly ConditionalWeakTable<WirePlan, ConcurrentDictionary<WirePlan, List<Step>?>> s_routes = [];

    /// <summary>The shortest way from one PDU to another inside it; null when there is none.</summary>
    private static List<Step>? Route(WirePlan from, WirePlan to)
    {
        var came = new Dictionary<WirePlan, (WirePlan From, Step Step)>();
        var queue = new Queue<WirePlan>([from]);
        while (queue.TryDequeue(out var plan) && !came.ContainsKey(to))
            foreach (var f in plan.Fields)
            foreach (var step in Steps(f))
                if (step.Next != from && came.TryAdd(step.Next, (plan, step))) queue.Enqueue(step.Next);
        if (!came.ContainsKey(to)) return null;
        var route = new List<Step>();
        for (var plan = to; plan != from; plan = came[plan].From) route.Insert(0, came[plan].Step);
        return route;
    }

    private static IEnumerable<Step> Steps(FieldPlan f)
    {
        if (f.Element is not null) yield return new(f, f.Element);
        foreach (var known in f.Cases) yield return new(f, known.Plan, known.From);
        if (f.Otherwise is not null) yield return new(f, f.Otherwise, Other: true);
    }

    private static bool ClearSkips(WireItem item)
    {
        var found = item.Cut == Skip;
        if (found) item.Cut = -1;
        foreach (var c in item.Children) found |= ClearSkips(c);
        return found;
    }
}
