using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits a record's members, how it is made of a frame, and how it writes itself.</summary>
internal static class RecordWriter
{
    /// <summary>Beside the text of a choice stands its form: <c>Type</c> and <c>TypeForm</c>.</summary>
    public const string KindSuffix = "Form";

    private static readonly HashSet<string> Taken =
    [
        "Accepts", "At", "Equals", "EqualityContract", "From", "GetHashCode", "GetType", "PrintMembers", "Read", "ReadAll", "Text", "ToRecord", "ToString", "Trivia",
        "TryParse", "TryParseLazily", "View", "WireName", "Write", "ToArray", "ToText",
    ];

    public static string Member(TextType type, TextCapture capture) =>
        Taken.Contains(capture.CsName) || capture.CsName == type.CsName ? capture.CsName + "Value" : capture.CsName;

    public static string Integer(TextCapture capture) =>
        capture.Max <= byte.MaxValue ? "byte" : capture.Max <= ushort.MaxValue ? "ushort" : capture.Max <= uint.MaxValue ? "uint" : "ulong";

    private static string ItemType(TextCapture capture, TextNames names) => capture.Kind switch
    {
        TextCaptureKind.Integer => Integer(capture),
        TextCaptureKind.Nested or TextCaptureKind.Union => names.Type(capture.Target!),
        _ => "ByteText",
    };

    /// <summary>An integer of a rule that may be empty may be absent.</summary>
    private static bool IsOptional(TextCapture capture) => capture.AtLeast == 0 && !capture.Many;

    public static void Members(CodeWriter code, TextType type, TextNames names)
    {
        foreach (var capture in type.Captures)
        {
            var item = ItemType(capture, names);
            var name = Member(type, capture);
            code.Summary($"{capture.Path} ({capture.Clause}).");
            if (capture.Many) code.Line($"public EquatableArray<{item}> {name} {{ get; init; }}");
            else if (IsOptional(capture)) code.Line($"public {item}? {name} {{ get; init; }}");
            else code.Line($"public required {item} {name} {{ get; init; }}");
            if (capture.Kind != TextCaptureKind.Choice || capture.Many) continue;
            var form = names.Type(capture.Target!);
            code.Line(IsOptional(capture) ? $"public {form}? {name}{KindSuffix} => {name} is {{ }} text ? {form}Forms.Of(text) : null;" : $"public {form} {name}{KindSuffix} => {form}Forms.Of({name});");
        }
        code.Line("/// <inheritdoc cref=\"TextTrivia\"/>");
        code.Line("public TextTrivia Trivia { get; init; }");
    }

    /// <summary>The view's way to a record.</summary>
    public static void ToRecord(CodeWriter code, TextType type, TextNames names)
    {
        code.Open($"public {type.CsName} ToRecord(bool keepTrivia = false) => new()");
        for (var i = 0; i < type.Captures.Count; i++) code.Line($"{Member(type, type.Captures[i])} = {Value(type.Captures[i], i, names)},");
        code.Line("Trivia = keepTrivia ? _f.Trivia : default,");
        code.Close(";");
    }

    private static string Value(TextCapture capture, int index, TextNames names)
    {
        var optional = IsOptional(capture) ? $"!_f.Has({index}) ? null : " : "";
        switch (capture.Kind)
        {
            case TextCaptureKind.Integer: return capture.Many ? $"_f.AllNumbers<{Integer(capture)}>({index})" : $"{optional}({Integer(capture)})_f.Number({index})";
            case TextCaptureKind.Nested or TextCaptureKind.Union:
                var target = names.Type(capture.Target!);
                return capture.Many ? $"_f.All<{target}.View, {target}>({index}, keepTrivia)" : $"{optional}_f.View<{target}.View>({index}).ToRecord(keepTrivia)";
            default: return capture.Many ? $"_f.AllBytes({index})" : IsOptional(capture) ? $"_f.MaybeBytes({index})" : $"_f.Bytes({index})";
        }
    }

    public static void Write(CodeWriter code, TypePlan plan)
    {
        var type = plan.Type;
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public void Write(IBufferWriter<byte> output)");
        code.Line("if (TextRecords.WriteTrivia(this, Trivia, output)) return;");
        for (var i = 0; i < type.Captures.Count; i++)
            if (type.Captures[i].Many && CanonicalWriter.Captures(plan.Body).Contains(i)) code.Line($"var n{i} = 0;");
        new CanonicalWriter(code, type).Step(plan.Body);
        code.Close();
    }
}

/// <summary>Emits the writing of the canonical text: literals as printed, the shortest text where nothing is captured, options that hold something.</summary>
internal sealed class CanonicalWriter(CodeWriter code, TextType type)
{
    private int _locals;

    public void Step(Step step)
    {
        switch (step)
        {
            case LiteralStep literal: Put(literal.Text); break;
            case ByteStep one: Put(Preferred(one.Set)); break;
            case RunStep run: Put(string.Concat(Enumerable.Repeat(Preferred(run.Set), run.Min))); break;
            case ScanStep scan: Put(scan.Automaton.Shortest()); break;
            case SequenceStep sequence:
                foreach (var item in sequence.Items) Step(item);
                break;
            case BranchStep branch: Choose(branch.Items.Select(i => i.Step).ToArray()); break;
            case LookStep look: Choose(look.Items); break;
            case LoopStep loop: Repeat(loop.Look.Items[0], loop.Min, loop.Max); break;
            case RepeatStep repeat: Repeat(repeat.Item, repeat.Min, repeat.Max); break;
            case CaptureStep capture: Capture(capture.Capture); break;
            case NestedStep nested: Capture(nested.Capture); break;
            case UnionStep union: Capture(union.Capture); break;
        }
    }

    private void Put(string text)
    {
        if (text.Length > 0) code.Line($"output.Write({ReadWriter.Bytes(text)});");
    }

    private static string Preferred(SymbolSet set)
    {
        foreach (var wanted in new[] { (int)'0', 'a', ' ' })
            if (set.Contains(wanted)) return ((char)wanted).ToString();
        return ((char)set.Bytes.Enumerate().First()).ToString();
    }

    private void Capture(int index)
    {
        var capture = type.Captures[index];
        var name = RecordWriter.Member(type, capture);
        // What is not there, or not there again, is left out: a record may be wrong, writing is total.
        if (capture.Many)
        {
            code.Open($"if (n{index} < {name}.Count)");
            Value(capture, $"{name}[n{index}++]");
            code.Close();
        }
        else if (capture.AtLeast == 0)
        {
            code.Open($"if ({name} is {{ }} value{index}{++_locals})");
            Value(capture, $"value{index}{_locals}");
            code.Close();
        }
        else Value(capture, name);
    }

    private void Value(TextCapture capture, string value) => code.Line(capture.Kind switch
    {
        TextCaptureKind.Integer => $"TextRecords.Number(output, {value});",
        TextCaptureKind.Nested or TextCaptureKind.Union => $"{value}.Write(output);",
        _ => $"output.Write({value}.Span);",
    });

    /// <summary>The first alternative that holds all that is there; else the first.</summary>
    private void Choose(IReadOnlyList<Step> items)
    {
        var all = items.Select(i => Captures(i).ToArray()).ToArray();
        var every = all.SelectMany(a => a).Distinct().ToArray();
        if (every.Length == 0)
        {
            Step(items.FirstOrDefault(i => i is EmptyStep) ?? items[0]);
            return;
        }
        var word = "if";
        for (var i = 0; i < items.Count; i++)
        {
            var conditions = every.Where(c => !all[i].Contains(c)).Select(c => "!" + Has(c)).Concat(Needed(items[i]).Distinct().Select(Has)).ToArray();
            code.Open($"{word} ({(conditions.Length == 0 ? "true" : string.Join(" && ", conditions))})");
            Step(items[i]);
            code.Close();
            word = "else if";
        }
    }

    private string Has(int index)
    {
        var capture = type.Captures[index];
        var name = RecordWriter.Member(type, capture);
        return capture.Many ? $"(n{index} < {name}.Count)" : capture.AtLeast == 0 ? $"({name} is not null)" : "true";
    }

    private void Repeat(Step item, int min, int max)
    {
        var captures = Captures(item).ToArray();
        if (captures.Length == 0)
        {
            for (var i = 0; i < min; i++) Step(item);
            return;
        }
        var there = string.Join(" || ", captures.Where(c => type.Captures[c].Many || max == 1).Select(Has).DefaultIfEmpty("false"));
        if (max == 1 && min == 0) code.Open($"if ({there})");
        else
        {
            var count = $"count{++_locals}";
            code.Open($"for (var {count} = 0; {(max >= 0 ? $"{count} < {max} && " : "")}({count} < {min} || {there}); {count}++)");
        }
        Step(item);
        code.Close();
    }

    public static IEnumerable<int> Captures(Step step) => step switch
    {
        CaptureStep capture => [capture.Capture],
        NestedStep nested => [nested.Capture],
        UnionStep union => [union.Capture],
        SequenceStep sequence => sequence.Items.SelectMany(Captures),
        BranchStep branch => branch.Items.SelectMany(i => Captures(i.Step)),
        LookStep look => look.Items.SelectMany(Captures),
        LoopStep loop => Captures(loop.Look),
        RepeatStep repeat => Captures(repeat.Item),
        _ => [],
    };

    /// <summary>Captures without which the step cannot be written.</summary>
    private static IEnumerable<int> Needed(Step step) => step switch
    {
        CaptureStep capture => [capture.Capture],
        NestedStep nested => [nested.Capture],
        UnionStep union => [union.Capture],
        SequenceStep sequence => sequence.Items.SelectMany(Needed),
        RepeatStep repeat => repeat.Min > 0 ? Needed(repeat.Item) : [],
        LoopStep loop => loop.Min > 0 ? Needed(loop.Look.Items[0]) : [],
        _ => [],
    };
}
