using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Turns expressions into C# over some context: the locals of a parser, the properties of a view, or those of a record.</summary>
internal sealed class ExpressionWriter
{
    public required Func<string, string> Value { get; init; }
    public required Func<string, string> Size { get; init; }
    public required Func<string, string> Count { get; init; }
    public required Func<string, string, string> InRegistry { get; init; }
    public required string Window { get; init; }
    public required string Remaining { get; init; }
    public required string Last { get; init; }
    public Func<Peek, string> Peek { get; init; } = peek => throw new UnsupportedShapeException($"{peek} where no bytes are");
    public Func<Fold, string> Sum { get; init; } = fold => throw new UnsupportedShapeException($"{fold} here");
    public string NotLast { get; init; } = "0L";
    public string Argument { get; init; } = "argument";

    /// <summary>A value of a list's last element, given its argument in C#.</summary>
    public Func<LastOf, string, string> Apply { get; init; } = (fold, _) => throw new UnsupportedShapeException($"{fold} here");

    /// <summary>A packed list's items as one integer, of type uint or ulong; null for other lists.</summary>
    public Func<string, PackedList?> Packed { get; init; } = _ => null;

    /// <summary>The width of an unsigned field; null = not known. Given, what surely fits an int is computed as one, which takes the processor less to do;
    /// so are then the contexts' values of fields of less than 32 bits, sizes, windows and bytes.</summary>
    public Func<string, int?>? Bits { get; init; }

    /// <summary>The C# expression is of type int, and never overflows.</summary>
    public bool IsNarrow(Expr expr) => Bits is not null && Range(expr, Bits) is ({ } least, { } most) && least >= int.MinValue && most <= int.MaxValue && expr switch
    {
        Binary b when Arithmetic(b.Operator) is not null => IsNarrow(b.Left) && IsNarrow(b.Right),
        Conditional c => IsNarrow(c.Then) && IsNarrow(c.Else),
        _ => true,
    };

    /// <summary>A C# expression of type long (or one that widens to it).</summary>
    public string Int(Expr expr) => expr switch
    {
        Literal l => Number(l.Value, IsNarrow(l)),
        FieldValue f => Value(f.Field),
        SizeOf s => Size(s.Field),
        CountOf c => Count(c.Field),
        WindowSize => Window,
        Ir.Remaining => Remaining,
        LastByte => Last,
        Ir.Peek p => Peek(p),
        Fold { Field: null } f when Packed(f.Sequence) is { } list => list.Fold(f),
        LastOf { Argument: { } argument } f => Apply(f, Int(argument)),
        Fold f => Sum(f),
        Ir.Argument => Argument,
        CountEqual c => Packed(c.Field) is { } list ? list.Count(c.Value, c.Last is null ? null : Int(c.Last)) : throw new UnsupportedShapeException($"{c} here"),
        Ir.NotLast => NotLast,
        Ones o => $"(long)System.Numerics.BitOperations.PopCount((ulong){Int(o.Value)})",
        Conditional c => $"({Bool(c.Condition)} ? {Int(c.Then)} : {Int(c.Else)})",
        InRegistry r => $"({InRegistry(r.Field, r.Registry)} ? {One} : {Zero})",
        Binary b when Arithmetic(b.Operator) is { } op => $"({(IsNarrow(b.Left) && IsNarrow(b.Right) && !IsNarrow(b) ? "(long)" : "")}{Int(b.Left)} {op} {Int(b.Right)})",
        Binary { Operator: BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight } b =>
            $"({(IsNarrow(b.Left) ? "(long)" : "")}{Int(b.Left)} {(b.Operator == BinaryOperator.ShiftLeft ? "<<" : ">>")} (int){Int(b.Right)})",
        Binary => $"({Bool(expr)} ? {One} : {Zero})",
        _ => throw new UnsupportedShapeException($"expression {expr}"),
    };

    private string One => Number(1, Bits is not null);

    private string Zero => Number(0, Bits is not null);

    private static string Number(long value, bool narrow)
    {
        var text = narrow ? $"{value}" : $"{value}L";
        return value < 0 ? $"({text})" : text;
    }

    /// <summary>A C# expression of type bool: not zero.</summary>
    public string Bool(Expr expr) => expr switch
    {
        Literal l => l.Value != 0 ? "true" : "false",
        InRegistry r => InRegistry(r.Field, r.Registry),
        // Forms that the just-in-time compiler does not find by itself.
        Binary { Operator: BinaryOperator.Equal, Left: Ir.InRegistry or Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual }, Right: Literal { Value: 0 } } b => $"!{Bool(b.Left)}",
        Binary { Operator: BinaryOperator.Equal, Left: Binary { Operator: BinaryOperator.Remainder, Right: Literal { Value: > 0 } divisor } rest, Right: Literal { Value: 0 } } when (divisor.Value & divisor.Value - 1) == 0 =>
            $"(({Int(rest.Left)} & {divisor.Value - 1}{(IsNarrow(rest.Left) ? "" : "L")}) == {Zero})",
        Binary b when Comparison(b.Operator) is { } op => $"({Int(b.Left)} {op} {Int(b.Right)})",
        Binary { Operator: BinaryOperator.And } b => $"({Bool(b.Left)} && {Bool(b.Right)})",
        Binary { Operator: BinaryOperator.Or } b => $"({Bool(b.Left)} || {Bool(b.Right)})",
        _ => $"({Int(expr)} != {Zero})",
    };

    /// <summary>Tells the folds of one list apart, in C# names.</summary>
    public static string Suffix(Fold fold) => fold is LastOf ? "_" + fold.Field : fold.Field ?? "";

    /// <summary>Divisions by something that may be zero make their rule fail: the conditions under which an expression has a value.</summary>
    public IEnumerable<string> Guards(Expr expr) =>
        Parts(expr).OfType<Binary>()
            .Where(b => b.Operator is BinaryOperator.Divide or BinaryOperator.Remainder && b.Right is not Literal { Value: not 0 })
            .Select(b => $"{Int(b.Right)} != 0L");

    /// <summary>The expression and all expressions in it.</summary>
    public static IEnumerable<Expr> Parts(Expr? expr)
    {
        if (expr is null) yield break;
        yield return expr;
        Expr[] inner = expr switch
        {
            Binary b => [b.Left, b.Right],
            Conditional c => [c.Condition, c.Then, c.Else],
            Ones o => [o.Value],
            CountEqual { Last: { } last } => [last],
            LastOf { Argument: { } argument } => [argument],
            _ => [],
        };
        foreach (var part in inner.SelectMany(Parts)) yield return part;
    }

    /// <summary>Names of the fields that an expression reads in any way.</summary>
    public static IEnumerable<string> Fields(Expr? expr) => Parts(expr).Select(part => part switch
    {
        FieldValue f => f.Field,
        SizeOf s => s.Field,
        CountOf c => c.Field,
        CountEqual c => c.Field,
        Fold f => f.Sequence,
        InRegistry r => r.Field,
        _ => null,
    }).Where(name => name is not null).Select(name => name!);

    /// <summary>Surely not negative, whatever the fields hold.</summary>
    /// <param name="unsigned">Says of a field's name whether its value never is.</param>
    public static bool IsNonNegative(Expr expr, Func<string, bool> unsigned) => expr switch
    {
        Literal l => l.Value >= 0,
        Binary { Operator: BinaryOperator.Subtract } => false,
        Binary b => IsNonNegative(b.Left, unsigned) && IsNonNegative(b.Right, unsigned),
        Conditional c => IsNonNegative(c.Then, unsigned) && IsNonNegative(c.Else, unsigned),
        FieldValue f => unsigned(f.Field),
        Fold or Ir.Argument => false,
        _ => true,
    };

    /// <summary>What the value is at least, and at most; null = not known.</summary>
    /// <param name="bits">The width of an unsigned field; null = not known.</param>
    public static (long? Least, long? Most) Range(Expr expr, Func<string, int?> bits)
    {
        switch (expr)
        {
            case Literal l: return (l.Value, l.Value);
            case LastByte: return (0, byte.MaxValue);
            case SizeOf or WindowSize or Ir.Remaining: return (0, int.MaxValue);
            case Ir.Peek { Bits: <= 31 } peek: return (0, (1L << peek.Bits) - 1);
            case Ir.InRegistry or Binary { Operator: BinaryOperator.And or BinaryOperator.Or }: return (0, 1);
            case Binary b when Comparison(b.Operator) is not null: return (0, 1);
            case Conditional c:
            {
                var (then, otherwise) = (Range(c.Then, bits), Range(c.Else, bits));
                return (Least(then.Least, otherwise.Least), -Least(-then.Most, -otherwise.Most));
            }
            case Binary { Operator: BinaryOperator.Subtract } b:
            {
                var (left, right) = (Range(b.Left, bits), Range(b.Right, bits));
                return (left.Least - right.Most, left.Most - right.Least);
            }
            case Binary { Operator: BinaryOperator.Divide, Right: Literal { Value: > 0 } divisor } b when Range(b.Left, bits) is ({ } least and >= 0, { } most): return (least / divisor.Value, most / divisor.Value);
            case Binary { Operator: BinaryOperator.Remainder, Right: Literal { Value: > 0 } divisor } b when Range(b.Left, bits).Least >= 0: return (0, divisor.Value - 1);
            case Binary { Operator: BinaryOperator.BitAnd } b when Range(b.Right, bits) is (>= 0, { } most): return (0, most);
            case FieldValue f when bits(f.Field) is { } width and <= 32: return (0, (1L << width) - 1);
            case Binary { Operator: BinaryOperator.Add or BinaryOperator.Multiply } b:
            {
                var ((leftLeast, leftMost), (rightLeast, rightMost)) = (Range(b.Left, bits), Range(b.Right, bits));
                if (leftLeast is not >= 0 || rightLeast is not >= 0) return default;
                return b.Operator == BinaryOperator.Add ? (leftLeast + rightLeast, leftMost + rightMost) : (leftLeast * rightLeast, leftMost <= int.MaxValue && rightMost <= int.MaxValue ? leftMost * rightMost : null);
            }
            default: return default;
        }
    }

    private static long? Least(long? a, long? b) => a < b ? a : b < a ? b : a is not null && b is not null ? a : null;

    private static string? Arithmetic(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.BitOr => "|",
        _ => null,
    };

    private static string? Comparison(BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        _ => null,
    };
}
