using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits an open union: reading by name, a view, a record.</summary>
internal static class UnionEmitter
{
    public static void Emit(CodeWriter code, UnionPlan plan, TableWriter tables, TextNames names, Plans plans, TextModule module, Grammar grammar)
    {
        var name = plan.Union.CsName;
        var known = plan.Extensions;
        var typed = known.Where(k => k.Extension.Rule is { } r && grammar.Type(r) is not null).ToArray();
        var types = typed.GroupBy(k => names.Type(k.Extension.Rule!)).ToArray();

        code.Line();
        code.Summary($"The names that {name} knows.");
        code.Open($"public enum {name}Kind : byte");
        code.Line("Unknown,");
        foreach (var k in known)
        {
            code.Summary($"\"{k.Extension.Name}\", {k.Extension.Clause}.");
            code.Line($"{k.Extension.CsName},");
        }
        code.Close();

        code.Line();
        code.Summary($"Rule {plan.Union.Rule} of {module.Document}: a name, and perhaps a value. Known names have typed values, unknown ones are kept as they are.");
        code.Open($"public sealed partial record {name} : ITextRecord");
        code.Summary("The name.");
        code.Line("public required ByteText Name { get; init; }");
        code.Line();
        code.Summary("What stands after the colon of a name that has no type; null = no colon.");
        code.Line("public ByteText? Value { get; init; }");
        code.Line();
        code.Summary("The typed value of a name that has a type.");
        code.Line("public ITextRecord? Content { get; init; }");
        code.Line();
        code.Line($"public {name}Kind Kind => Known(Name);");
        foreach (var group in types)
        {
            if (group.Count() > 1) continue;
            code.Line();
            code.Line($"public static implicit operator {name}({group.Key} content) => new() {{ Name = {Name(group.First())}, Content = content }};");
        }

        code.Line();
        code.Summary("The levels at which a name may stand: 'session', 'media', 'source'; empty = not said, or unknown.");
        code.Open($"public static ReadOnlySpan<string> Levels({name}Kind kind) => kind switch");
        foreach (var k in known.Where(k => k.Extension.Levels.Count > 0))
            code.Line($"{name}Kind.{k.Extension.CsName} => new[] {{ {string.Join(", ", k.Extension.Levels.Select(l => $"\"{l}\""))} }},");
        code.Line("_ => default,");
        code.Close(";");

        code.Line();
        code.Open($"internal static {name}Kind Known(ReadOnlySpan<byte> name)");
        code.Open("switch (name.Length)");
        foreach (var length in known.GroupBy(k => k.Extension.Name.Length).OrderBy(g => g.Key))
        {
            code.Line($"case {length.Key}:");
            foreach (var k in length) code.Line($"    if (name.SequenceEqual({ReadWriter.Bytes(k.Extension.Name)})) return {name}Kind.{k.Extension.CsName};");
            code.Line("    break;");
        }
        code.Close();
        code.Line($"return {name}Kind.Unknown;");
        code.Close();

        code.Line();
        code.Open("internal static int Read(ReadOnlySpan<byte> s, int at, TextTable t)");
        code.Line("var frame = t.Push(3);");
        code.Line("var begin = at;");
        var reader = new ReadWriter(code, tables, names, plans, null);
        reader.Step(plan.Name);
        code.Line("t.Set(frame + 2, begin, at);");
        code.Line("var kind = t.Lazy ? default : Known(s.Slice(begin, at - begin));");
        code.Open("if ((uint)at < (uint)s.Length && s[at] == 58)");
        var flags = known.Where(k => k.Extension.Form == TextExtensionForm.Flag).ToArray();
        if (flags.Length > 0)
        {
            code.Open("switch (kind)");
            foreach (var k in flags) code.Line($"case {name}Kind.{k.Extension.CsName}: return t.Fail(s, at, {ReadWriter.Node(k.Node)});");
            code.Close();
        }
        code.Line("at++;");
        code.Line("var value = at;");
        reader.Step(plan.Value);
        code.Line("t.Set(frame + 3, value, at);");
        code.Close();
        code.Line("t.Close(frame, begin, at);");
        code.Line("return t.Lazy || Resolve(s.Slice(0, at), t, frame, kind) ? at : -1;");
        code.Close();

        code.Line();
        code.Summary("Reads the value of a known name; false = it is not as its rule says.");
        code.Open($"internal static bool Resolve(ReadOnlySpan<byte> s, TextTable t, int frame, {name}Kind kind)");
        code.Line("var begin = t.Low(frame);");
        code.Line("var colon = t.High(frame + 2);");
        code.Line("var value = colon < s.Length ? colon + 1 : colon;");
        code.Line("var child = t.Count;");
        code.Line("var at = s.Length;");
        code.Open("switch (kind)");
        foreach (var k in known)
        {
            code.Line($"case {name}Kind.{k.Extension.CsName}:");
            var node = ReadWriter.Node(k.Node);
            var valueNode = k.Extension.Rule is { } rule && grammar.Type(rule) is not null ? plans.Types.First(p => p.Rule.Equals(rule)).Node
                : k.Extension.Rule is { } plain ? (uint)grammar.Module(plain.Module).Number << 16 | (uint)grammar.Rule(plain).Node : k.Node;
            switch (k.Extension.Form)
            {
                case TextExtensionForm.Flag:
                    code.Line($"    if (colon < s.Length) {{ t.Fail(s, colon, {node}); return false; }}");
                    break;
                case TextExtensionForm.Value:
                    code.Line($"    if (colon == s.Length) {{ t.Fail(s, colon, {node}); return false; }}");
                    Content("value");
                    break;
                default:
                    Content("begin");
                    break;
            }
            code.Line("    break;");

            void Content(string from)
            {
                if (k.Plain is null) code.Line($"    at = {names.Type(k.Extension.Rule!)}.Read(s, {from}, t);");
                else code.Line($"    at = Plain{k.Extension.CsName}(s, {from}, t);");
                code.Line("    if (at < 0) return false;");
                code.Line($"    if (at < s.Length) {{ t.Fail(s, at, {ReadWriter.Node(valueNode)}); return false; }}");
            }
        }
        code.Close();
        code.Line("t.Set(frame + 4, child, (int)kind);");
        code.Line("return true;");
        code.Close();
        foreach (var k in known.Where(k => k.Plain is not null))
        {
            code.Line();
            code.Open($"private static int Plain{k.Extension.CsName}(ReadOnlySpan<byte> s, int at, TextTable t)");
            new ReadWriter(code, tables, names, plans, null).Step(k.Plain!);
            code.Line("return at;");
            code.Close();
        }

        From(code, name, typed, names);
        Write(code, typed, name);
        View(code, name, types, names);
        code.Close();
    }

    private static string Name(ExtensionPlan plan) => ReadWriter.Bytes(plan.Extension.Name);

    private static void From(CodeWriter code, string name, ExtensionPlan[] typed, TextNames names)
    {
        code.Line();
        code.Open($"internal static {name} From(ReadOnlySpan<byte> s, TextTable t, int frame, bool keepTrivia)");
        code.Line("if (!t.Has(frame + 4)) Resolve(s.Slice(0, t.High(frame)), t, frame, Known(t.Text(s, frame + 2)));");
        code.Line("var child = t.Has(frame + 4) ? t.Low(frame + 4) : -1;");
        code.Open($"ITextRecord? content = child < 0 ? null : ({name}Kind)t.High(frame + 4) switch");
        foreach (var k in typed) code.Line($"{name}Kind.{k.Extension.CsName} => {names.Type(k.Extension.Rule!)}.From(s, t, child, keepTrivia),");
        code.Line("_ => null,");
        code.Close(";");
        code.Open($"return new {name}");
        code.Line("Name = ByteText.Create(t.Text(s, frame + 2)),");
        code.Line("Value = content is null && t.Has(frame + 3) ? ByteText.Create(t.Text(s, frame + 3)) : default(ByteText?),");
        code.Line("Content = content,");
        code.Close(";");
        code.Close();
    }

    private static void Write(CodeWriter code, ExtensionPlan[] typed, string name)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public void Write(IBufferWriter<byte> output)");
        var whole = typed.Where(k => k.Extension.Form != TextExtensionForm.Value).Select(k => $"{name}Kind.{k.Extension.CsName}").ToArray();
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

    private static void View(CodeWriter code, string name, IGrouping<string, ExtensionPlan>[] types, TextNames names)
    {
        code.Line();
        code.Summary("A name and its value. Valid until the table is used for another parse.");
        code.Open("public readonly ref struct View : ITextView<View>");
        code.Line("private readonly ReadOnlySpan<byte> _s;");
        code.Line("private readonly TextTable _t;");
        code.Line("private readonly int _frame;");
        code.Line();
        code.Open("private View(ReadOnlySpan<byte> text, TextTable table, int frame)");
        code.Line("(_t, _frame) = (table, frame);");
        code.Line("_s = text;");
        code.Close();
        code.Line();
        code.Line("static View ITextView<View>.At(ReadOnlySpan<byte> text, TextTable table, int frame) => new(text, table, frame);");
        code.Line("internal static View At(ReadOnlySpan<byte> text, TextTable table, int frame) => new(text, table, frame);");
        code.Line();
        code.Line("public ReadOnlySpan<byte> Text => _t.Text(_s, _frame);");
        code.Line("public ReadOnlySpan<byte> Name => _t.Text(_s, _frame + 2);");
        code.Line("public bool HasValue => _t.Has(_frame + 3);");
        code.Line("public ReadOnlySpan<byte> Value => _t.Text(_s, _frame + 3);");
        code.Line($"public {name}Kind Kind => _t.Has(_frame + 4) ? ({name}Kind)_t.High(_frame + 4) : Known(Name);");
        code.Line($"public {name} ToRecord(bool keepTrivia = false) => From(_s, _t, _frame, keepTrivia);");
        code.Line();
        code.Summary("Whether the value is as the name's rule says. Always true unless the text was read lazily.");
        code.Open("public bool Check(out WireError error)");
        code.Line("error = default;");
        code.Line("if (_t.Has(_frame + 4)) return true;");
        code.Line("_t.Forget();");
        code.Line("var there = Resolve(_s.Slice(0, _t.High(_frame)), _t, _frame, Known(Name));");
        code.Line("error = _t.Error;");
        code.Line("return there && !error.IsError;");
        code.Close();
        foreach (var group in types)
        {
            var kinds = string.Join(" or ", group.Select(k => $"{name}Kind.{k.Extension.CsName}"));
            code.Line();
            code.Open($"public bool TryGet(out {group.Key}.View view)");
            code.Line("view = default;");
            code.Line($"if (Kind is not ({kinds}) || !_t.Has(_frame + 4) && !Check(out _)) return false;");
            code.Line($"view = {group.Key}.View.At(_s, _t, _t.Low(_frame + 4));");
            code.Line("return true;");
            code.Close();
        }
        code.Close();
    }
}
