using System.Globalization;
using System.Text;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Writes a plan as straight-line C#: <c>s</c> is the text, <c>at</c> the place, <c>t</c> the table, <c>frame</c> the type's frame.</summary>
internal sealed class ReadWriter(CodeWriter code, TableWriter tables, TextNames names, Plans plans, TextType? type)
{
    private int _locals;

    public void Step(Step step)
    {
        switch (step)
        {
            case EmptyStep: break;
            case LiteralStep literal: Literal(literal); break;
            case ByteStep one:
                code.Line($"if ((uint)at >= (uint)s.Length || !({tables.Test(one.Set, "s[at]")})) return t.Fail(s, at, {Node(one.Node)});");
                code.Line("at++;");
                break;
            case RunStep run: Run(run); break;
            case ScanStep scan:
                code.Line($"at = TextScan.Run(s, at, {tables.Arguments(scan.Automaton, ulong.MaxValue, false)});");
                code.Line($"if (at < 0) return t.Fail(s, ~at, {Node(scan.Node)});");
                break;
            case SequenceStep sequence:
                foreach (var item in sequence.Items) Step(item);
                break;
            case BranchStep branch: Branch(branch); break;
            case LookStep look: Look(look); break;
            case LoopStep loop: Loop(loop); break;
            case RepeatStep repeat: Repeat(repeat); break;
            case CaptureStep capture: Capture(capture); break;
            case NestedStep nested: Child(nested.Capture, names.Type(nested.Target)); break;
            case UnionStep union: Child(union.Capture, names.Type(union.Target)); break;
            default: throw new ArgumentOutOfRangeException(nameof(step));
        }
    }

    public static string Node(uint node) => "0x" + node.ToString("X", CultureInfo.InvariantCulture);

    private string Local(string name) => name + (++_locals).ToString(CultureInfo.InvariantCulture);

    private void Literal(LiteralStep literal)
    {
        var bytes = Bytes(literal.Text);
        if (literal.Text.Length == 1)
        {
            code.Line($"if ((uint)at >= (uint)s.Length || {(literal.AnyCase ? $"(s[at] | 0x20) != {literal.Text[0] | 0x20}" : $"s[at] != {(int)literal.Text[0]}")}) return t.Fail(s, at, {Node(literal.Node)});");
            code.Line("at++;");
            return;
        }
        var test = $"!TextScan.Is(s, at, {bytes})";
        if (literal.AnyCase) test += $" && !TextScan.IsAnyCase(s, at, {Bytes(literal.Text.ToLowerInvariant())})";
        code.Line($"if ({test}) return t.FailLiteral(s, at, {bytes}, {(literal.AnyCase ? "true" : "false")}, {Node(literal.Node)});");
        code.Line($"at += {literal.Text.Length};");
    }

    /// <summary>Bytes as a C# expression.</summary>
    public static string Bytes(string text)
    {
        if (text.Any(c => c >= 0x80)) return "new byte[] { " + string.Join(", ", text.Select(c => (int)c)) + " }";
        var quoted = new StringBuilder("\"");
        foreach (var c in text) quoted.Append(c is '"' or '\\' ? "\\" + c : c < 0x20 || c == 0x7F ? $"\\u{(int)c:X4}" : c.ToString());
        return quoted.Append("\"u8").ToString();
    }

    private void Run(RunStep run)
    {
        var outside = (~run.Set).Bytes.Enumerate().ToArray();
        var start = Local("from");
        if (run.Min > 0 || run.Max >= 0) code.Line($"var {start} = at;");
        if (run.Max < 0 && outside.Length is > 0 and <= 3)
            code.Line($"at = TextScan.Until(s, at, {outside[0]}, {outside[outside.Length > 1 ? 1 : 0]}, {outside[outside.Length - 1]});");
        else
        {
            var bound = run.Max >= 0 ? $" && at - {start} < {run.Max}" : "";
            code.Line($"while ((uint)at < (uint)s.Length && {tables.Test(run.Set, "s[at]")}{bound}) at++;");
        }
        if (run.Min > 0) code.Line($"if (at - {start} < {run.Min}) return t.Fail(s, at, {Node(run.Node)});");
    }

    private string Ahead(SymbolSet set)
    {
        if (!set.HasEnd) return $"(uint)at < (uint)s.Length && {tables.Test(set, "s[at]")}";
        return $"((uint)at >= (uint)s.Length || {tables.Test(set.Bytes, "s[at]")})";
    }

    private void Branch(BranchStep branch)
    {
        // What may be empty is what is there when nothing else is.
        var fallback = branch.Items.Where(i => IsEmptyable(i.Step)).Select(i => i.Step).FirstOrDefault();
        var word = "if";
        foreach (var (on, step) in branch.Items)
        {
            if (ReferenceEquals(step, fallback)) continue;
            code.Open($"{word} ({Ahead(on)})");
            Step(step);
            code.Close();
            word = "else if";
        }
        if (fallback is null) code.Line($"else return t.Fail(s, at, {Node(FailNode(branch))});");
        else if (fallback is not EmptyStep)
        {
            code.Open(word == "if" ? "" : "else");
            Step(fallback);
            code.Close();
        }
    }

    private static bool IsEmptyable(Step step) => step switch
    {
        EmptyStep => true,
        RunStep run => run.Min == 0,
        ScanStep scan => scan.Automaton.Accepts(0),
        SequenceStep sequence => sequence.Items.All(IsEmptyable),
        BranchStep branch => branch.Items.Any(i => IsEmptyable(i.Step)),
        LookStep look => look.Items.Any(IsEmptyable),
        LoopStep loop => loop.Min == 0,
        RepeatStep repeat => repeat.Min == 0,
        CaptureStep capture => IsEmptyable(capture.Inner),
        _ => false,
    };

    /// <summary>The node that is named when a step cannot begin: that of the last thing that is tried.</summary>
    private uint FailNode(Step step)
    {
        switch (step)
        {
            case SequenceStep sequence: return FailNode(sequence.Items.FirstOrDefault(i => !IsEmptyable(i)) ?? sequence.Items[0]);
            case BranchStep branch: return FailNode(branch.Items[branch.Items.Count - 1].Step);
            case RepeatStep repeat: return FailNode(repeat.Item);
            case CaptureStep capture: return FailNode(capture.Inner);
            case NestedStep nested: return FailNode(plans.Types.First(p => p.Rule.Equals(nested.Target)).Body);
            case UnionStep union: return FailNode(plans.Unions.First(p => p.Rule.Equals(union.Target)).Name);
            default: return step.Node;
        }
    }

    private string LookInto(LookStep look)
    {
        var which = Local("which");
        code.Line($"var {which} = TextScan.Look(s, at, {tables.Arguments(look.Automaton, look.Mask, true)});");
        code.Line($"if ({which} < 0) return t.Fail(s, ~{which}, {Node(look.Node)});");
        return which;
    }

    private void Look(LookStep look)
    {
        var which = LookInto(look);
        var word = "if";
        for (var i = 0; i < look.Items.Count; i++)
        {
            if (look.Items[i] is EmptyStep) continue;
            code.Open($"{word} ({which} == {i})");
            Step(look.Items[i]);
            code.Close();
            word = "else if";
        }
    }

    private void Loop(LoopStep loop)
    {
        var count = Local("n");
        code.Open($"for (var {count} = 0; {(loop.Max < 0 ? "" : $"{count} < {loop.Max}")}; {count}++)");
        if (loop.Min > 0) code.Open($"if ({count} >= {loop.Min})");
        var which = LookInto(loop.Look);
        code.Line($"if ({which} == 1) break;");
        if (loop.Min > 0) code.Close();
        Step(loop.Look.Items[0]);
        code.Close();
    }

    private void Repeat(RepeatStep repeat)
    {
        if (repeat.Max == 0) return;
        if (repeat.Max == 1 && repeat.Min == 1) { Step(repeat.Item); return; }
        if (repeat.Max == 1) code.Open($"if ({Ahead(repeat.On)})");
        else if (repeat.Min == 0 && repeat.Max < 0) code.Open($"while ({Ahead(repeat.On)})");
        else
        {
            var count = Local("n");
            var more = repeat.Min == repeat.Max ? $"{count} < {repeat.Min}" : repeat.Min == 0 ? Ahead(repeat.On) : $"({count} < {repeat.Min} || {Ahead(repeat.On)})";
            if (repeat.Max >= 0 && repeat.Min != repeat.Max) more = $"{count} < {repeat.Max} && {more}";
            code.Open($"for (var {count} = 0; {more}; {count}++)");
        }
        Step(repeat.Item);
        code.Close();
    }

    private void Capture(CaptureStep step)
    {
        var capture = type!.Captures[step.Capture];
        var start = Local("start");
        code.Line($"var {start} = at;");
        Step(step.Inner);
        if (capture.Kind == TextCaptureKind.Integer)
        {
            // No digits at all are an absent number.
            code.Open($"if (at > {start})");
            var module = names.ModuleNumber;
            code.Line($"if (!TextScan.InRange(s, {start}, at, {capture.Min}UL, {capture.Max}UL)) t.Refuse({start}, {Node((uint)module << 16 | (uint)capture.Node)});");
        }
        code.Line(capture.Many ? $"t.Link({Cell(step.Capture)}, t.PushText({start}, at), ref last{step.Capture});" : $"t.Set({Cell(step.Capture)}, {start}, at);");
        if (capture.Kind == TextCaptureKind.Integer) code.Close();
    }

    private void Child(int index, string typeName)
    {
        var child = Local("child");
        code.Line($"var {child} = t.Count;");
        code.Line($"at = {typeName}.Read(s, at, t);");
        code.Line("if (at < 0) return -1;");
        code.Line(type!.Captures[index].Many ? $"t.Link({Cell(index)}, {child}, ref last{index});" : $"t.Set({Cell(index)}, {child}, 0);");
    }

    private static string Cell(int capture) => $"frame + {capture + 2}";
}

/// <summary>How generated code of one module names types.</summary>
internal sealed class TextNames(Grammar grammar, TextModule module)
{
    public const string Root = "WebRtcConformance.Text";

    public ushort ModuleNumber => module.Number;

    public string Type(TextReference rule)
    {
        var owner = grammar.Module(rule.Module);
        var name = grammar.Type(rule)?.CsName ?? grammar.Union(rule)?.CsName ?? grammar.Choice(rule)?.CsName ?? "?";
        return $"global::{Root}.{owner.Namespace}.{name}";
    }
}
