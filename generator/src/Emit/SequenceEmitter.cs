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
        code.Lines(["private readonly ReadOnlySpan<byte> _root;", "private readonly int _at;", "private readonly int _end;"]);
        code.Line();
        code.Open("internal Sequence(ReadOnlySpan<byte> root, int at, int end)");
        code.Lines(["_root = root;", "_at = at;", "_end = end;"]);
        code.Close();
        code.Line();
        code.Line("public ReadOnlySpan<byte> Bytes => _root.Slice(_at, _end - _at);");
        code.Line("public bool IsEmpty => _at == _end;");
        code.Line("public Enumerator GetEnumerator() => new(_root, _at, _end);");
        code.Line();
        code.Summary("Counts by walking.");
        code.Open("public int Count");
        code.Open("get");
        code.Lines(["var count = 0;", "foreach (var element in this) count++;", "return count;"]);
        code.Close();
        code.Close();
        code.Line();
        if (layout.Unions.FirstOrDefault() is { } union && (union.Selector?.Shape as UIntShape ?? (object?)union.Peek) is { } code0)
        {
            var selector = union.Selector is { } field ? layout.Name(field.CsName) : union.Field.CsName + "Code";
            var type = code0 is UIntShape integer ? layout.Catalog.ValueType(layout.Module, integer.Bits, integer.Registry)
                : layout.Catalog.ValueType(layout.Module, Math.Max(union.Peek!.Bits, 2), union.Shape.Registry);
            code.Summary("The first one with that code.");
            code.Open($"public bool TryFind({type} code, out View view)");
            code.Open("foreach (var element in this)");
            code.Line($"if (element.{selector} != code) continue;");
            code.Lines(["view = element;", "return true;"]);
            code.Close();
            code.Lines(["view = default;", "return false;"]);
            code.Close();
            code.Line();
        }
        code.Open($"public EquatableArray<{layout.Pdu.CsName}> ToArray()");
        code.Lines(["if (IsEmpty) return default;", $"var records = new List<{layout.Pdu.CsName}>();",
            "foreach (var element in this) records.Add(element.ToRecord());", $"return new EquatableArray<{layout.Pdu.CsName}>(records.ToArray());"]);
        code.Close();
        code.Line();
        code.Summary("Where so many elements end.");
        code.Open("internal static int Skip(ReadOnlySpan<byte> root, int at, int end, long count)");
        code.Lines(["for (; count > 0; count--) at = new View(root, at, end).Tail;", "return at;"]);
        code.Close();
        code.Close();
        code.Line();
        code.Open($"public {hides}ref struct Enumerator");
        code.Lines(["private readonly ReadOnlySpan<byte> _root;", "private readonly int _end;", "private int _at;", "private int _next;"]);
        code.Line();
        code.Open("internal Enumerator(ReadOnlySpan<byte> root, int at, int end)");
        code.Lines(["_root = root;", "_next = at;", "_end = end;"]);
        code.Close();
        code.Line();
        code.Line("public readonly View Current => new(_root, _at, _end);");
        code.Line();
        code.Open("public bool MoveNext()");
        code.Lines(["if (_next >= _end) return false;", "_at = _next;", "_next = Current.Tail;", "return true;"]);
        code.Close();
        code.Close();
    }
}
