using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits an open union: reading by name, a view, a record.</summary>
internal sealed class UnionEmitter(CodeWriter code, UnionPlan plan, TableWriter tables, TextNames names, Plans plans, Grammar grammar)
{
    private readonly string _name = plan.Union.CsName;
    private readonly IReadOnlyList<ExtensionPlan> _known = plan.Extensions;

    public static void Emit(CodeWriter code, UnionPlan plan, TableWriter tables, TextNames names, Plans plans, TextModule module, Grammar grammar) =>
        new UnionEmitter(code, plan, tables, names, plans, grammar).Emit(module);

    private void Emit(TextModule module)
    {
        var typed = _known.Where(k => k.Extension.Rule is { } r && grammar.Type(r) is not null).ToArray();
        var types = typed.GroupBy(k => names.Type(k.Extension.Rule!)).ToArray();

        code.Line();
        code.Summary($"The names that {_name} knows.");
        code.Open($"public enum {_name}Kind : byte");
        code.Line("Unknown,");
        foreach (var k in _known)
        {
            code.Summary($"\"{k.Extension.Name}\", {k.Extension.Clause}.");
            code.Line($"{k.Extension.CsName},");
        }
        code.Close();

        code.Line();
        code.Summary($"Rule {plan.Union.Rule} of {module.Document}: a name, and perhaps a value. Known names have typed values, unknown ones are kept as they are.");
        code.Open($"public sealed partial record {_name} : ITextRecord");
        code.Summary("The name.");
        code.Line("public required ByteText Name { get; init; }");
        code.Summary("What stands after the colon of a name that has no type; null = no colon.");
        code.Line("public ByteText? Value { get; init; }");
        code.Summary("The typed value of a name that has a type.");
        code.Line("public ITextRecord? Content { get; init; }");
        code.Line($"public {_name}Kind Kind => Known(Name);");
        code.Line();
        foreach (var group in types.Where(g => g.Count() == 1))
            code.Line($"public static implicit operator {_name}({group.Key} content) => new() {{ Name = {ReadWriter.Bytes(group.First().Extension.Name)}, Content = content }};");
        Levels();
        Known();
        Read();
        Resolve();
        Write(typed);
        View(typed, types);
        code.Close();
    }

    private string Kind(ExtensionPlan k) => $"{_name}Kind.{k.Extension.CsName}";

    private void Levels()
    {
        code.Line();
        code.Summary("The levels at which a name may stand: 'session', 'media', 'source'; empty = not said, or unknown.");
        code.Open($"public static ReadOnlySpan<string> Levels({_name}Kind kind) => kind switch");
        foreach (var same in _known.Where(k => k.Extension.Levels.Count > 0).GroupBy(k => string.Join(", ", k.Extension.Levels.Select(l => $"\"{l}\""))))
        {
            var kinds = same.Select(Kind).ToArray();
            for (var i = 0; i < kinds.Length; i++) code.Line(kinds[i] + (i < kinds.Length - 1 ? " or" : $" => new[] {{ {same.Key} }},"));
        }
        code.Line("_ => default,");
        code.Close(";");
    }

    private void Known()
    {
        code.Line();
        code.Line($"private static readonly TextNameTable Names = new({string.Join(", ", _known.Select(k => $"\"{k.Extension.Name}\""))});");
        code.Line();
        code.Line($"internal static {_name}Kind Known(ReadOnlySpan<byte> name) => ({_name}Kind)Names.Find(name, 0, name.Length);");
    }

    private void Read()
    {
        code.Line();
        code.Open("internal static int Read(ReadOnlySpan<byte> s, int at, TextTable t)");
        code.Line("var frame = t.Push(3);");
        code.Line("var begin = at;");
        var reader = new ReadWriter(code, tables, names, plans, null) { Often = true };
        // The value's end is looked for from the name's beginning where nothing in a name can end it: then neither search waits for the other.
        var early = plan.Value is RunStep { Max: -1 } run && plan.Name is RunStep name && tables.Run(run.Set, -1, often: true) is { } search
            && (name.Set | SymbolSet.Of(':') | run.Set).Equals(run.Set) ? (run, search) : default;
        if (early.search is not null) code.Line($"var end = {early.search};");
        reader.Step(plan.Name);
        code.Line("t.Set(frame + 2, begin, at);");
        code.Line($"var kind = t.Lazy ? default : ({_name}Kind)Names.Find(s, begin, at - begin);");
        code.Open("if ((uint)at < (uint)s.Length && s[at] == 58)");
        var flags = _known.Where(k => k.Extension.Form == TextExtensionForm.Flag).ToArray();
        if (flags.Length > 0) code.Line("if (IsFlag(kind)) return t.Fail(s, at, Flag(kind));");
        code.Line("var value = ++at;");
        if (early.search is null) reader.Step(plan.Value);
        else
        {
            code.Line("at = end;");
            reader.Enough(early.run, "value");
        }
        code.Line("t.Set(frame + 3, value, at);");
        code.Close();
        code.Line("t.Close(frame, begin, at);");
        code.Line("return t.Lazy || Resolve(s.Slice(0, at), t, frame, kind) ? at : -1;");
        code.Close();
        if (flags.Length > 0) Flags(flags);
    }

    /// <summary>Known names after which no value may stand: a table of bits, and the node that a value names.</summary>
    private void Flags(ExtensionPlan[] flags)
    {
        var numbers = flags.Select(f => _known.ToList().IndexOf(f) + 1).ToArray();
        code.Line();
        code.Open($"private static bool IsFlag({_name}Kind kind)");
        code.Line($"var bits = ((int)kind >> 6) switch {{ {string.Join(", ", numbers.GroupBy(n => n >> 6).Select(g => $"{g.Key} => 0x{g.Aggregate(0UL, (bits, n) => bits | 1UL << (n & 63)):X}UL"))}, _ => 0UL }};");
        code.Line("return (bits >> (int)kind & 1) != 0;");
        code.Close();
        code.Line();
        code.Open($"private static uint Flag({_name}Kind kind) => kind switch");
        foreach (var k in flags) code.Line($"{Kind(k)} => {ReadWriter.Node(k.Node)},");
        code.Line("_ => 0,");
        code.Close(";");
    }

    private void Resolve()
    {
        code.Line();
        code.Summary("Reads the value of a known name; false = it is not as its rule says.");
        code.Open($"private static bool Resolve(ReadOnlySpan<byte> s, TextTable t, int frame, {_name}Kind kind)");
        code.Line("var (begin, colon, child) = (t.Low(frame), t.High(frame + 2), t.Count);");
        code.Line("var (at, rule) = (s.Length, 0u);");
        code.Open("switch (kind)");
        foreach (var k in _known)
        {
            var (form, node) = (k.Extension.Form, ReadWriter.Node(k.Node));
            var read = k.Plain is not null ? $"Plain{k.Extension.CsName}" : k.Extension.Rule is { } r ? $"{names.Type(r)}.Read" : "";
            code.Line(form switch
            {
                TextExtensionForm.Flag => $"case {Kind(k)}: if (colon < at) at = t.Fail(s, colon, {node}); break;",
                TextExtensionForm.Value => $"case {Kind(k)}: (at, rule) = (colon == at ? t.Fail(s, colon, {node}) : {read}(s, colon + 1, t), {ValueNode(k)}); break;",
                _ => $"case {Kind(k)}: (at, rule) = ({read}(s, begin, t), {ValueNode(k)}); break;",
            });
        }
        code.Close();
        code.Line("if (at < s.Length && at >= 0) at = t.Fail(s, at, rule);");
        code.Line("if (at < 0) return false;");
        code.Line("t.Set(frame + 4, child, (int)kind);");
        code.Line("return true;");
        code.Close();
        foreach (var k in _known.Where(k => k.Plain is not null))
        {
            code.Line();
            code.Open($"private static int Plain{k.Extension.CsName}(ReadOnlySpan<byte> s, int at, TextTable t)");
            new ReadWriter(code, tables, names, plans, null).Step(k.Plain!);
            code.Line("return at;");
            code.Close();
        }
    }

    private string ValueNode(ExtensionPlan k) => ReadWriter.Node(k.Extension.Rule is not { } rule ? k.Node
        : grammar.Type(rule) is not null ? plans.Types.First(p => p.Rule.Equals(rule)).Node
        : (uint)grammar.Module(rule.Module).Number << 16 | (uint)grammar.Rule(rule).Node);

    private void Write(ExtensionPlan[] typed)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public void Write(IBufferWriter<byte> output)");
        var whole = typed.Where(k => k.Extension.Form != TextExtensionForm.Value).Select(Kind).ToArray();
        if (whole.Length > 0)
        {
            code.Open($"if (Content is not null && Kind is {string.Join(" or ", whole)})");
            code.Line("Content.Write(output);");
            code.Line("return;");
            code.Close();
        }
        code.Line("output.Write(Name.Span);");
        code.Line("if (Content is null && Value is null) return;");
        code.Line("output.Write(\":\"u8);");
        code.Line("if (Content is not null) Content.Write(output);");
        code.Line("else output.Write(Value!.Value.Span);");
        code.Close();
    }

    private void View(ExtensionPlan[] typed, IGrouping<string, ExtensionPlan>[] types)
    {
        ViewWriter.Open(code, "A name and its value.", $"ITextRecordView<View, {_name}>");
        code.Line();
        code.Line("public ReadOnlySpan<byte> Text => _f.Whole;");
        code.Line("public ReadOnlySpan<byte> Name => _f.Text(0);");
        code.Line("public bool HasValue => _f.Has(1);");
        code.Line("public ReadOnlySpan<byte> Value => _f.Text(1);");
        code.Line($"public {_name}Kind Kind => _f.Has(2) ? ({_name}Kind)_f.High(2) : Known(Name);");
        code.Line("private bool IsRead => _f.Has(2) || Resolve(_f.Source.Slice(0, _f.Table.High(_f.Frame)), _f.Table, _f.Frame, Known(Name));");
        code.Line("private bool IsGood => _f.Has(2) || Check(out _);");
        code.Line();
        code.Summary("Whether the value is as the name's rule says. Always true unless the text was read lazily.");
        code.Open("public bool Check(out WireError error)");
        code.Line("error = default;");
        code.Line("if (_f.Has(2)) return true;");
        code.Line("_f.Table.Forget();");
        code.Line("var there = IsRead;");
        code.Line("error = _f.Table.Error;");
        code.Line("return there && !error.IsError;");
        code.Close();
        code.Line();
        foreach (var group in types)
            code.Line($"public bool TryGet(out {group.Key}.View view) => _f.TryView(2, Kind is {string.Join(" or ", group.Select(Kind))} && IsGood, out view);");
        code.Line();
        code.Open($"public {_name} ToRecord(bool keepTrivia = false)");
        code.Open("ITextRecord? content = !IsRead ? null : Kind switch");
        foreach (var group in types) code.Line($"{string.Join(" or ", group.Select(Kind))} => _f.View<{group.Key}.View>(2).ToRecord(keepTrivia),");
        code.Line("_ => null,");
        code.Close(";");
        code.Line("return new() { Name = _f.Bytes(0), Value = content is null ? _f.MaybeBytes(1) : null, Content = content };");
        code.Close();
        code.Close();
    }
}
