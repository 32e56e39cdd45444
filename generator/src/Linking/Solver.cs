using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Turns round "this list has CC elements" into "CC is the number of elements of this list". Solvable are a*x + b, choices between
/// such forms, and choices between fixed sizes by the value of x.</summary>
internal static class Solver
{
    /// <summary>x as a function of <paramref name="measure"/>, where measure == <paramref name="size"/>; null when there is no such function.</summary>
    /// <param name="others">Values of x that the last branch of a choice between fixed sizes may stand for.</param>
    public static Expr? Solve(Expr size, string x, Expr measure, IReadOnlyList<ulong> others)
    {
        if (size is Conditional choice)
        {
            if (!Expressions.Reads(choice.Condition, x))
            {
                var then = Expressions.Reads(choice.Then, x) ? Solve(choice.Then, x, measure, others) : new Literal(0);
                var otherwise = Expressions.Reads(choice.Else, x) ? Solve(choice.Else, x, measure, others) : new Literal(0);
                return then is null || otherwise is null ? null : new Conditional(choice.Condition, then, otherwise);
            }
            if (choice.Condition is not Binary { Operator: BinaryOperator.Equal, Left: FieldValue, Right: Literal value }) return null;
            if (choice.Then is not Literal fixedSize) return null;
            var left = others.Where(o => o != (ulong)value.Value).ToArray();
            Expr? rest = choice.Else is Literal ? left.Length == 1 ? new Literal((long)left[0]) : null : Solve(choice.Else, x, measure, left);
            return rest is null ? null : new Conditional(new Binary(BinaryOperator.Equal, measure, fixedSize), value, rest);
        }
        if (Linear(size, x) is not { Factor: not 0 } line) return null;
        var numerator = line.Offset is Literal { Value: 0 } ? measure : new Binary(BinaryOperator.Subtract, measure, line.Offset);
        return line.Factor == 1 ? numerator : new Binary(BinaryOperator.Divide, numerator, new Literal(line.Factor));
    }

    /// <summary>The expression as Factor * x + Offset.</summary>
    private static (long Factor, Expr Offset)? Linear(Expr expr, string x)
    {
        if (!Expressions.Reads(expr, x)) return (0, expr);
        if (expr is FieldValue) return (1, new Literal(0));
        if (expr is not Binary b || Linear(b.Left, x) is not { } left || Linear(b.Right, x) is not { } right) return null;
        switch (b.Operator)
        {
            case BinaryOperator.Add: return (left.Factor + right.Factor, Sum(BinaryOperator.Add, left.Offset, right.Offset));
            case BinaryOperator.Subtract: return (left.Factor - right.Factor, Sum(BinaryOperator.Subtract, left.Offset, right.Offset));
            case BinaryOperator.Multiply when b.Right is Literal { Value: > 0 and < 65536 } n: return (left.Factor * n.Value, Scaled(left.Offset, n));
            case BinaryOperator.Multiply when b.Left is Literal { Value: > 0 and < 65536 } n: return (right.Factor * n.Value, Scaled(right.Offset, n));
            default: return null;
        }
    }

    private static Expr Sum(BinaryOperator op, Expr left, Expr right) => (left, right) switch
    {
        (Literal l, Literal r) => new Literal(op == BinaryOperator.Add ? l.Value + r.Value : l.Value - r.Value),
        (_, Literal { Value: 0 }) => left,
        (Literal { Value: 0 }, _) when op == BinaryOperator.Add => right,
        _ => new Binary(op, left, right),
    };

    private static Expr Scaled(Expr offset, Literal factor) =>
        offset is Literal l ? new Literal(l.Value * factor.Value) : new Binary(BinaryOperator.Multiply, offset, factor);
}
