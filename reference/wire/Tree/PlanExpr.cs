using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>What an expression can see of one PDU while it is parsed, drawn or written.</summary>
internal sealed class Frame
{
    [ThreadStatic] private static Stack<Frame>? s_free;

    /// <summary>Values by slot: a field's index, then split parts (<see cref="WirePlan.Slots"/>).</summary>
    public long[] Values = [];
    /// <summary>Bytes on the wire, by field index.</summary>
    public int[] Sizes = [];
    /// <summary>Elements, by field index.</summary>
    public int[] Counts = [];
    public int WindowStart, WindowEnd, Current;
    public byte[] Bytes = [];
    /// <summary>Another element follows the PDU in its list.</summary>
    public bool More;
    /// <summary>What the computed field that is being worked out is a function of.</summary>
    public long Argument;
    /// <summary>Lists, by field index.</summary>
    public WireItem?[] Lists = [];
    /// <summary>Sums as far as their lists have been added up, by <see cref="PlanExpr.Sum"/>: a condition that is looked at before each element of a list
    /// adds the last one only.</summary>
    public (List<WireItem>? List, int Count, long Total)[] Sums = [];
    /// <summary>Set by a division by zero.</summary>
    public bool Failed;

    /// <summary>A cleared frame, from a store of free ones: each PDU needs one, and fuzzers parse many.</summary>
    public static Frame Rent(WirePlan plan)
    {
        var frame = s_free is { Count: > 0 } free ? free.Pop() : new Frame();
        if (frame.Values.Length < plan.Slots) frame.Values = new long[plan.Slots];
        if (frame.Sizes.Length < plan.Fields.Length) (frame.Sizes, frame.Counts, frame.Lists) = (new int[plan.Fields.Length], new int[plan.Fields.Length], new WireItem?[plan.Fields.Length]);
        if (frame.Sums.Length < plan.SumSlots) frame.Sums = new (List<WireItem>?, int, long)[plan.SumSlots];
        frame.Clear();
        return frame;
    }

    public void Return()
    {
        Bytes = [];
        Lists.AsSpan().Clear();
        Sums.AsSpan().Clear();
        (s_free ??= new Stack<Frame>()).Push(this);
    }

    public void Clear()
    {
        Values.AsSpan().Clear();
        Sizes.AsSpan().Clear();
        Counts.AsSpan().Clear();
        Lists.AsSpan().Clear();
        Sums.AsSpan().Clear();
        (Bytes, WindowStart, WindowEnd, Current, Failed, More, Argument) = ([], 0, 0, 0, false, false, 0);
    }

    /// <summary>Bits after the current byte; 0 when they are not all inside the window.</summary>
    public ulong Peek(int bit, int bits) =>
        Current * 8L + bit + bits <= Math.Min(WindowEnd, Bytes.Length) * 8L ? Wire.Bits.Read(Bytes, Current * 8 + bit, bits) : 0;

    public bool Holds(PlanExpr expr) { Failed = false; return expr.Eval(this) != 0 && !Failed; }

    public bool TryEval(PlanExpr expr, out long value)
    {
        Failed = false;
        value = expr.Eval(this);
        return !Failed;
    }
}

/// <summary>An <see cref="Expr"/> with its names resolved to indexes.</summary>
internal abstract class PlanExpr
{
    public abstract long Eval(Frame frame);

    internal sealed class Const(long value) : PlanExpr
    {
        public override long Eval(Frame frame) => value;
    }

    internal sealed class ValueOf(int slot) : PlanExpr { public override long Eval(Frame frame) => frame.Values[slot]; }

    internal sealed class Size(int field) : PlanExpr { public override long Eval(Frame frame) => frame.Sizes[field]; }

    internal sealed class Count(int field) : PlanExpr { public override long Eval(Frame frame) => frame.Counts[field]; }

    internal sealed class Window : PlanExpr
    {
        public override long Eval(Frame frame) => frame.WindowEnd - frame.WindowStart;
    }

    internal sealed class Rest : PlanExpr { public override long Eval(Frame frame) => frame.WindowEnd - frame.Current; }

    internal sealed class Last : PlanExpr
    {
        public override long Eval(Frame frame) =>
            frame.WindowEnd > frame.WindowStart && frame.WindowEnd <= frame.Bytes.Length ? frame.Bytes[frame.WindowEnd - 1] : 0;
    }

    internal sealed class Next(int bit, int bits) : PlanExpr { public override long Eval(Frame frame) => (long)frame.Peek(bit, bits); }

    internal sealed class OneBits(PlanExpr value) : PlanExpr
    {
        public override long Eval(Frame frame) => System.Numerics.BitOperations.PopCount((ulong)value.Eval(frame));
    }

    /// <param name="last">The number of items that are looked at, from the end; null = all.</param>
    internal sealed class CountIf(int field, ulong value, PlanExpr? last) : PlanExpr
    {
        public override long Eval(Frame frame)
        {
            var few = last?.Eval(frame) ?? long.MaxValue;
            if (frame.Lists[field]?.ChildList is not { } items) return 0;
            long count = 0;
            for (var i = items.Count - 1; i >= 0 && few > 0; i--, few--) if (items[i].Kind == WireItemKind.Number && items[i].Number == value) count++;
            return count;
        }
    }

    internal sealed class IsNotLast : PlanExpr { public override long Eval(Frame frame) => frame.More ? 1 : 0; }

    internal sealed class Given : PlanExpr { public override long Eval(Frame frame) => frame.Argument; }

    /// <param name="of">The element's field that is added up, or that of each PDU that the element may choose; null = the list's integers.</param>
    /// <param name="ofLast">Of the last element only.</param>
    /// <param name="argument">What the field is a function of.</param>
    internal sealed class Sum(int slot, int field, FieldPlan list, string? of, WirePlan? element, bool ofLast, PlanExpr? argument) : PlanExpr
    {
        public override long Eval(Frame frame)
        {
            if (frame.Lists[field]?.ChildList is not { } elements) return 0;
            if (ofLast) return elements.Count == 0 ? 0 : Value(elements[^1], argument?.Eval(frame) ?? 0);
            ref var sum = ref frame.Sums[slot];
            if (!ReferenceEquals(sum.List, elements) || sum.Count > elements.Count) sum = (elements, 0, 0);
            for (; sum.Count < elements.Count; sum.Count++) sum.Total = unchecked(sum.Total + Value(elements[sum.Count], 0));
            return sum.Total;
        }

        private long Value(WireItem child, long given)
        {
            if (of is null) return child.Kind == WireItemKind.Number ? list.ValueOf(child.Number) : 0;
            if (child.Plan != element) return 0;
            if (!element!.SlotOf.ContainsKey(of))
            {
                if (child.Child(element.Union!.Index) is not { Kind: WireItemKind.Nested } chosen) return 0;
                child = chosen.ChildList![0];
            }
            return child.Plan is { } plan && plan.SlotOf.TryGetValue(of, out var index) ? TreeFrame.ValueIn(child, plan.Fields[index], given) : 0;
        }
    }

    internal sealed class If(PlanExpr condition, PlanExpr then, PlanExpr otherwise) : PlanExpr
    {
        public override long Eval(Frame frame) => condition.Eval(frame) != 0 ? then.Eval(frame) : otherwise.Eval(frame);
    }

    internal sealed class Member(int slot, RegistryPlan registry) : PlanExpr
    {
        public override long Eval(Frame frame) => registry.Contains((ulong)frame.Values[slot]) ? 1 : 0;
    }

    internal sealed class Two(BinaryOperator op, PlanExpr left, PlanExpr right) : PlanExpr
    {
        public override long Eval(Frame frame)
        {
            var a = left.Eval(frame);
            if (op == BinaryOperator.And) return a != 0 && right.Eval(frame) != 0 ? 1 : 0;
            if (op == BinaryOperator.Or) return a != 0 || right.Eval(frame) != 0 ? 1 : 0;
            var b = right.Eval(frame);
            switch (op)
            {
                case BinaryOperator.Add: return unchecked(a + b);
                case BinaryOperator.Subtract: return unchecked(a - b);
                case BinaryOperator.Multiply: return unchecked(a * b);
                case BinaryOperator.Divide:
                case BinaryOperator.Remainder:
                    if (b == 0) { frame.Failed = true; return 0; }
                    if (b == -1) return op == BinaryOperator.Divide ? unchecked(-a) : 0; // long.MinValue / -1 would throw
                    return op == BinaryOperator.Divide ? a / b : a % b;
                case BinaryOperator.BitAnd: return a & b;
                case BinaryOperator.BitOr: return a | b;
                case BinaryOperator.ShiftLeft: return a << (int)b;
                case BinaryOperator.ShiftRight: return a >> (int)b;
                case BinaryOperator.Equal: return a == b ? 1 : 0;
                case BinaryOperator.NotEqual: return a != b ? 1 : 0;
                case BinaryOperator.Less: return a < b ? 1 : 0;
                case BinaryOperator.LessOrEqual: return a <= b ? 1 : 0;
                case BinaryOperator.Greater: return a > b ? 1 : 0;
                case BinaryOperator.GreaterOrEqual: return a >= b ? 1 : 0;
                default: throw new InvalidOperationException($"unknown operator {op}");
            }
        }
    }
}
