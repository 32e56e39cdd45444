using System.Collections;
using System.Reflection;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a module as a C# expression of the model's own types: the schema that the interpreter reads. What is as the model's constructors
/// have it anyway is left out.</summary>
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
        code.Line($"\t{Literal(module.Name)}, {Literal(module.Document)}, {Literal(module.Title)}, {Literal(module.Namespace)}, {module.Number},");
        code.Line($"\t[{string.Join(", ", module.Pdus.Select((_, i) => $"Pdu{i}()"))}],");
        code.Line($"\t[{string.Join(", ", module.Registries.Select((_, i) => $"Registry{i}()"))}],");
        code.Line($"\t{Literal(module.Vectors, module.Document)});");
        EmitAt(code, module.Document);
        for (var i = 0; i < module.Pdus.Count; i++) EmitMaker(code, "Pdu", i, module.Pdus[i], module.Document);
        for (var i = 0; i < module.Registries.Count; i++) EmitMaker(code, "Registry", i, module.Registries[i], module.Document);
        code.Close();
    }

    private static void EmitAt(CodeWriter code, string document)
    {
        code.Line();
        code.Line($"private static Clause At(string section) => new({Literal(document)}, section);");
    }

    private static void EmitMaker(CodeWriter code, string type, int index, object value, string document)
    {
        code.Line();
        code.Line($"private static {type} {type}{index}() => {Literal(value, document)};");
    }

    /// <summary>A value of the model as C#: records by their primary constructors.</summary>
    /// <param name="document">Clauses of it are written by its sections alone.</param>
    private static string Literal(object? value, string? document = null)
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
            case Clause clause when clause.Document == document: return $"At({Literal(clause.Section)})";
        }
        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>))
            return "[" + string.Join(", ", ((IEnumerable)value).Cast<object>().Select(item => Literal(item, document))) + "]";
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length).First();
        var parameters = constructor.GetParameters();
        var arguments = parameters.Select(p => type.GetProperty(p.Name)!.GetValue(value)).ToList();
        while (arguments.Count > 0 && parameters[arguments.Count - 1] is { HasDefaultValue: true } last && IsDefault(last, arguments[arguments.Count - 1])) arguments.RemoveAt(arguments.Count - 1);
        return $"new {type.Name}({string.Join(", ", arguments.Select(argument => Literal(argument, document)))})";
    }

    /// <summary>The parameter's default is null where it is the default of a struct.</summary>
    private static bool IsDefault(ParameterInfo parameter, object? value) => parameter.DefaultValue is { } given
        ? parameter.ParameterType.IsEnum ? value is not null && Convert.ToInt64(value) == Convert.ToInt64(given) : given.Equals(value)
        : value is null || value is IEnumerable items and not string && !items.Cast<object>().Any();
}
