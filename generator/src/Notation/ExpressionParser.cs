using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Reads integer expressions. Operators bind, from loose to tight: or; and; comparisons; |; &amp;; shifts; + -; * / %.</summary>
internal static class ExpressionParser
{
    private const int DepthLimit = 40;

    private static readonly Dictionary<string, (int Level, BinaryOperator Operator)> Operators = new()
    {
        ["or"] = (0, BinaryOperator.Or), ["and"] = (1, BinaryOperator.And),
        ["=="] = (2, BinaryOperator.Equal), ["!="] = (2, BinaryOperator.NotEqual), ["<"] = (2, BinaryOperator.Less),
        ["<="] = (2, BinaryOperator.LessOrEqual), [">"] = (2, BinaryOperator.Greater), [">="] = (2, BinaryOperator.GreaterOrEqual),
        ["|"] = (3, BinaryOperator.BitOr), ["&"] = (4, BinaryOperator.BitAnd),
        ["<<"] = (5, BinaryOperator.ShiftLeft), [">>"] = (5, BinaryOperator.ShiftRight),
        ["+"] = (6, BinaryOperator.Add), ["-"] = (6, BinaryOperator.Subtract),
        ["*"] = (7, BinaryOperator.Multiply), ["/"] = (7, BinaryOperator.Divide), ["%"] = (7, BinaryOperator.Remainder),
    };

    public static ExprSyntax Read(TokenReader reader) => Read(reader, 0, 0);

    private static ExprSyntax Read(TokenReader reader, int level, int depth)
    {
        if (depth > DepthLimit)
        {
            reader.Report(SpecRules.TooDeep, reader.Current.Position, DepthLimit);
            return new NumberExpr(reader.Place(reader.Current.Position), 0);
        }
        var left = Operand(reader, depth);
        // One loop per precedence level would recurse 8 deep for each operand; instead the right operand is read above the operator's level.
        while (!reader.Failed && reader.Current.Kind is TokenKind.Word or TokenKind.Symbol
               && Operators.TryGetValue(reader.Current.Text, out var found) && found.Level >= level)
        {
            var at = reader.Place(reader.Take().Position);
            left = new BinaryExpr(at, found.Operator, left, Read(reader, found.Level + 1, depth + 1));
            if (++depth > DepthLimit) reader.Report(SpecRules.TooDeep, reader.Current.Position, DepthLimit);
        }
        return left;
    }

    private static ExprSyntax Operand(TokenReader reader, int depth)
    {
        var token = reader.Current;
        if (token.Kind == TokenKind.Number)
            return new NumberExpr(reader.Place(token.Position), (long)reader.Number(0, long.MaxValue));
        if (reader.TryTake("not"))
        {
            var at = reader.Place(token.Position);
            return new BinaryExpr(at, BinaryOperator.Equal, Read(reader, 3, depth + 1), new NumberExpr(at, 0));
        }
        if (reader.TryTake("("))
        {
            var inner = Read(reader, 0, depth + 1);
            reader.Expect(")");
            return inner;
        }
        if (reader.TryTake("rest")) return new RestExpr(reader.Place(token.Position));
        if (reader.TryTake("last", "byte")) return new LastByteExpr(reader.Place(token.Position));
        if (reader.Peek(1).Is("(") && reader.TryTake("size"))
        {
            reader.Expect("(");
            var field = reader.TryTake("this") ? null : reader.Name("a field");
            reader.Expect(")");
            return new SizeExpr(reader.Place(token.Position), field);
        }
        if (token.Is("next") && reader.Peek(1).Kind == TokenKind.Number && reader.TryTake("next"))
        {
            var bits = (int)reader.Number(1, 32);
            reader.Expect("bits");
            return new PeekExpr(reader.Place(token.Position), 0, bits);
        }
        if (reader.Peek(1).Is("(") && reader.TryTake("ones"))
        {
            reader.Expect("(");
            var value = Read(reader, 0, depth + 1);
            reader.Expect(")");
            return new OnesExpr(reader.Place(token.Position), value);
        }
        if (reader.Peek(1).Is("(") && (reader.TryTake("sum") || reader.TryTake("last")))
        {
            reader.Expect("(");
            var list = reader.Name("a list");
            var field = reader.TryTake(",") ? reader.Name("a field of its elements") : null;
            var argument = token.Is("last") && field is not null && reader.TryTake(",") ? Read(reader, 0, depth + 1) : null;
            reader.Expect(")");
            return new SumExpr(reader.Place(token.Position), list, field, token.Is("last"), argument);
        }
        if (reader.Peek(1).Is("(") && reader.TryTake("count"))
        {
            reader.Expect("(");
            ExprSyntax? last = null;
            if (reader.TryTake("last"))
            {
                last = Read(reader, 0, depth + 1);
                reader.Expect("of");
            }
            var field = reader.Name("a field");
            var value = reader.TryTake(",") ? Read(reader, 0, depth + 1) : null;
            if (last is not null && value is null) reader.Unexpected("',' and the value that is counted");
            reader.Expect(")");
            return new CountExpr(reader.Place(token.Position), field, value, last);
        }
        var name = reader.Name("a number or a field");
        if (!reader.TryTake("in")) return new NameExpr(name.At, name.Text);
        return new MemberExpr(name.At, name, reader.Name("a registry"));
    }
}
