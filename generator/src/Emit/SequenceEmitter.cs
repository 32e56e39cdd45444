using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits the list of a PDU as it lies in a message, and its enumerator.</summary>
internal static class SequenceEmitter
{
    public static void Emit(CodeWriter code, Layout layout)
    {
        var hides = layout.Owner is null ? "" : "new ";
        code.Line();
        code.Summary($"{layout.Pdu.Name}s one after another, as they lie in a message; foreach gives a view of each.");
        code.Open($"public {hides}readonly ref struct Sequence");
        code.Line("private readonly ReadOnlySpan<byte> _root;");
        code.Line("private readonly int _at, _end;");
        code.Line("internal Sequence(ReadOnlySpan<byte> root, int at, int end) { _root = root; _at = at; _end = end; }");
        code.Line("public ReadOnlySpan<byte> Bytes => _root.Slice(_at, _end - _at);");
        code.Line("public bool IsEmpty => _at == _end;");
        code.Line("public Enumerator GetEnumerator() => new(_root, _at, _end);");
        code.Summary("Counts by walking.");
        code.Line("public int Count { get { var count = 0; foreach (var element in this) count++; return count; } }");
        if (layout.Unions.FirstOrDefault() is { } union && (union.Selector?.Shape as UIntShape ?? (object?)union.Peek) is { } code0)
        {
            var selector = union.Selector is { } field ? layout.Name(field.CsName) : union.Field.CsName + "Code";
            var type = code0 is UIntShape integer ? layout.Catalog.ValueType(layout.Module, integer.Bits, integer.Registry)
                : layout.Catalog.ValueType(layout.Module, Math.Max(union.Peek!.Bits, 2), union.Shape.Registry);
            code.Summary("The first one with that code.");
            code.Open($"public bool TryFind({type} code, out View view)");
            code.Lines(["view = default;", $"foreach (var element in this) if (element.{selector} == code) {{ view = element; return true; }}", "return false;"]);
            code.Close();
        }
        code.Open($"public EquatableArray<{layout.Pdu.CsName}> ToArray()");
        code.Lines(["if (IsEmpty) return default;", $"var records = new List<{layout.Pdu.CsName}>();",
            "foreach (var element in this) records.Add(element.ToRecord());", $"return new EquatableArray<{layout.Pdu.CsName}>(records.ToArray());"]);
        code.Close();
        code.Open("internal static int Skip(ReadOnlySpan<byte> root, int at, int end, long count)");
        code.Lines(["for (; count > 0; count--) at = new View(root, at, end).Tail;", "return at;"]);
        code.Close();
        code.Close();
        code.Line();
        code.Open($"public {hides}ref struct Enumerator");
        code.Line("private readonly ReadOnlySpan<byte> _root;");
        code.Line("private readonly int _end;");
        code.Line("private int _at, _next;");
        code.Line("internal Enumerator(ReadOnlySpan<byte> root, int at, int end) { _root = root; _next = at; _end = end; }");
        code.Line("public readonly View Current => new(_root, _at, _end);");
        code.Open("public bool MoveNext()");
        code.Lines(["if (_next >= _end) return false;", "_at = _next;", "_next = Current.Tail;", "return true;"]);
        code.Close();
        code.Close();
    }
}
