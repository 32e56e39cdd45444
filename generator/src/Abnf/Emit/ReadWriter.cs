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

    /// <summary>Most texts come through the code.</summary>
    public bool Often { get; init; }

    /// <param name="ahead">Where the byte at the place has been looked at already: what it can be.</param>
    public void Step(Step step, SymbolSet ahead = default)
    {
        switch (step)
        {
            case EmptyStep: break;
            case LiteralStep literal: Literal(literal, ahead); break;
            case ByteStep one:
                if (!IsKnown(ahead, one.Set)) code.Line($"if ((uint)at >= (uint)s.Length || !({tables.Test(one.Set, "s[at]")})) return t.Fail(s, at, {Node(one.Node)});");
                code.Line("at++;");
                break;
            case RunStep run: Run(run, null); break;
            case ScanStep scan:
                code.Line($"at = {tables.Automaton(scan.Automaton, ulong.MaxValue, false)}.Run(s, at);");
                code.Line($"if (at < 0) return t.Fail(s, ~at, {Node(scan.Node)});");
                break;
            case SequenceStep sequence:
                foreach (var item in sequence.Items)
                {
                    Step(item, ahead);
                    ahead = default;
                }
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

    private static bool IsKnown(SymbolSet ahead, SymbolSet wanted) => !ahead.IsEmpty && (ahead | wanted).Equals(wanted);

    private void Literal(LiteralStep literal, SymbolSet ahead)
    {
        if (literal.Text.Length == 1)
        {
            var set = SymbolSet.Of(literal.Text[0], literal.AnyCase);
            if (!IsKnown(ahead, set)) code.Line($"if ((uint)at >= (uint)s.Length || {tables.TestNot(set, "s[at]")}) return t.Fail(s, at, {Node(literal.Node)});");
            code.Line("at++;");
            return;
        }
        var bytes = Bytes(literal.Text);
        var anyCase = literal.AnyCase && literal.Text.Any(AbnfTokenizer.IsLetter);
        var test = $"!TextScan.Is(s, at, {bytes})";
        if (anyCase) test += $" && !TextScan.IsAnyCase(s, at, {Bytes(literal.Text.ToLowerInvariant())})";
        code.Line($"if ({test}) return t.FailLiteral(s, at, {bytes}, {(anyCase ? "true" : "false")}, {Node(literal.Node)});");
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

    private static readonly SymbolSet DecimalDigits = SymbolSet.Range('0', '9');

    /// <param name="start">A local that holds the place already; null = none.</param>
    private void Run(RunStep run, string? start)
    {
        if (start is null && (run.Min > 0 || run.Max >= 0))
        {
            start = Local("from");
            code.Line($"var {start} = at;");
        }
        if (tables.Run(run.Set, run.Max, Often) is { } end) code.Line($"at = {end};");
        else code.Line($"while ((uint)at < (uint)s.Length && {tables.Test(run.Set, "s[at]")}{(run.Max >= 0 ? $" && at - {start} < {run.Max}" : "")}) at++;");
        Enough(run, start);
    }

    /// <summary>Checks that a run that began at a local was long enough.</summary>
    public void Enough(RunStep run, string? start)
    {
        if (run.Min > 0) code.Line($"if ({(run.Min == 1 ? $"at == {start}" : $"at - {start} < {run.Min}")}) return t.Fail(s, at, {Node(run.Node)});");
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
            Step(step, on.HasEnd ? default : on);
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
        code.Line($"var {which} = {tables.Automaton(look.Automaton, look.Mask, true)}.Look(s, at);");
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
        Step(repeat.Item, repeat.Min == 0 && !repeat.On.HasEnd ? repeat.On : default);
        code.Close();
    }

    private void Capture(CaptureStep step)
    {
        var capture = type!.Captures[step.Capture];
        var start = Local("start");
        code.Line($"var {start} = at;");
        var set = capture.Many ? $"t.Link({Cell(step.Capture)}, t.PushText({start}, at), ref last{step.Capture});" : $"t.Set({Cell(step.Capture)}, {start}, at);";
        if (capture.Kind != TextCaptureKind.Integer)
        {
            if (step.Inner is RunStep run) Run(run, start);
            else Step(step.Inner);
            code.Line(set);
            return;
        }
        var refuse = $"t.Refuse({start}, {Node((uint)names.ModuleNumber << 16 | (uint)capture.Node)});";
        var slow = $"!TextScan.InRange(s, {start}, at, {capture.Min}UL, {capture.Max}UL)";
        if (Digits(step.Inner) is { } digits)
        {
            var number = Local("number");
            var range = capture.Max == ulong.MaxValue ? $"at - {start} > 19 && {slow}" : capture.Min == capture.Max ? $"{number} != {capture.Min}"
                : capture.Min == 0 ? $"{number} > {capture.Max}" : $"{number} is < {capture.Min} or > {capture.Max}";
            if (capture.Canonical) range += $" || s[{start}] == 48 && at - {start} > 1";
            code.Line($"at = TextScan.{digits.Method}(s, at, {(digits.Run.Max >= 0 ? digits.Run.Max + ", " : "")}out {(capture.Max == ulong.MaxValue ? "_" : "var " + number)});");
            Enough(digits.Run, start);
            // No digits at all are an absent number.
            if (digits.Run.Min == 0) code.Open($"if (at > {start})");
            code.Line($"if ({range}) {refuse}");
            code.Line(set);
            if (digits.Run.Min == 0) code.Close();
            return;
        }
        Step(step.Inner);
        code.Open($"if (at > {start})");
        code.Line($"if ({slow}{(capture.Canonical ? $" || s[{start}] == 48 && at - {start} > 1" : "")}) {refuse}");
        code.Line(set);
        code.Close();
    }

    /// <summary>The method of TextScan that reads a number as the step does.</summary>
    private static (string Method, RunStep Run)? Digits(Step step)
    {
        if (step is RunStep run && run.Set.Equals(DecimalDigits)) return ("Digits", run);
        if (step is not ScanStep { Automaton: var automaton }) return null;
        if (automaton.Equals(Positive)) return ("PositiveDigits", new(step.Node, DecimalDigits, 1, -1));
        return automaton.Equals(ZeroOrPositive) ? ("CanonicalDigits", new(step.Node, DecimalDigits, 1, -1)) : null;
    }

    private static readonly Automaton Positive = Number(new TextSequence(EquatableArray.Of<TextElement>(OneDigit(1), new TextRepeat(0, -1, OneDigit(0)))));
    private static readonly Automaton ZeroOrPositive = Number(new TextAlternatives(EquatableArray.Of<TextElement>(
        new TextLiteral("0", false), new TextSequence(EquatableArray.Of<TextElement>(OneDigit(1), new TextRepeat(0, -1, OneDigit(0)))))));

    private static TextBytes OneDigit(int least) => new(EquatableArray.Of(new TextRange((byte)('0' + least), (byte)'9')));
    private static Automaton Number(TextElement element) => new AutomatonBuilder(new Grammar([])).Build([element])!;

    private void Child(int index, string typeName)
    {
        var child = Local("child");
        code.Line($"var {child} = t.Count;");
        code.Line($"if ((at = {typeName}.Read(s, at, t)) < 0) return -1;");
        code.Line(type!.Captures[index].Many ? $"t.Link({Cell(index)}, {child}, ref last{index});" : $"t.Set({Cell(index)}, {child}, 0);");
    }

    private static string Cell(int capture) => $"frame + {capture + 2}";
}
