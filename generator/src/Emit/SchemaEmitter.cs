using System.Collections;
using System.Reflection;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a module as a C# expression of the model's own types: the schema that the interpreter reads.</summary>
internal static class SchemaEmitter
{
    public static void Emit(CodeWriter code, SpecModule module)
    {
        var messages = module.Pdus.Where(p => p.Kind == PduKind.Message).ToList();
        code.Line();
        code.Summary($"{module.Document}, {module.Title}: the spec file as data.");
        code.Open($"public static class {module.Namespace}Module");
        code.Summary("The linked spec file.");
        code.Line("public static SpecModule Module { get; } = Make();");
        code.Line();
        code.Summary("A codec for each message.");
        code.Line($"public static IReadOnlyList<IWireCodec> Codecs {{ get; }} = [{string.Join(", ", messages.Select(m => $"new WireCodec<{m.CsName}>()"))}];");
        code.Line();
        code.Line("private static SpecModule Make() => new(");
        code.Line($"    {Literal(module.Name)}, {Literal(module.Document)}, {Literal(module.Title)}, {Literal(module.Namespace)}, {module.Number},");
        code.Line($"    EquatableArray.Of<Pdu>({string.Join(", ", module.Pdus.Select((_, i) => $"Pdu{i}()"))}),");
        code.Line($"    EquatableArray.Of<Registry>({string.Join(", ", module.Registries.Select((_, i) => $"Registry{i}()"))}),");
        code.Line($"    {Literal(module.Vectors)});");
        for (var i = 0; i < module.Pdus.Count; i++) EmitMaker(code, "Pdu", i, module.Pdus[i]);
        for (var i = 0; i < module.Registries.Count; i++) EmitMaker(code, "Registry", i, module.Registries[i]);
        code.Close();
    }

    private static void EmitMaker(CodeWriter code, string type, int index, object value)
    {
        code.Line();
        code.Line($"private static {type} {type}{index}() => {Literal(value)};");
    }

    /// <summary>A value of the model as C#: records by their primary constructors.</summary>
    private static string Literal(object? value)
    {
        switch (value)
        {
            case null: return "null";
            case string text: return Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
            case bool flag: return flag ? "true" : "false";
            case ulong number: return $"0x{number:X}UL";
            case long number: return number == long.MinValue ? "long.MinValue" : $"{number}L";
            case int or byte or ushort: return value.ToString();
            case Enum: return $"{value.GetType().Name}.{value}";
        }
        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>))
        {
            var items = ((IEnumerable)value).Cast<object>().Select(Literal).ToList();
            return items.Count == 0 ? "default" : $"EquatableArray.Of<{Keyword(type.GetGenericArguments()[0])}>({string.Join(", ", items)})";
        }
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length).First();
        var arguments = constructor.GetParameters().Select(p => Literal(type.GetProperty(p.Name)!.GetValue(value)));
        return $"new {type.Name}({string.Join(", ", arguments)})";
    }

    private static string Keyword(Type type) => type == typeof(int) ? "int" : type == typeof(string) ? "string" : type.Name;
}
