using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
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
        var text = new StringBuilder();
        Write(text, value, document);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, string? document)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case string s: text.Append(Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(s, quote: true)); break;
            case bool flag: text.Append(flag ? "true" : "false"); break;
            case ulong number: text.Append("0x").Append(number.ToString("X")).Append("UL"); break;
            case long number: text.Append(number == long.MinValue ? "long.MinValue" : $"{number}L"); break;
            case int or byte or ushort: text.Append(value); break;
            case Enum: text.Append(value.GetType().Name).Append('.').Append(value); break;
            case Clause clause when clause.Document == document:
                text.Append("At(");
                Write(text, clause.Section, document);
                text.Append(')');
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    if (text[text.Length - 1] != '[') text.Append(", ");
                    Write(text, item, document);
                }
                text.Append(']');
                break;
            default: RecordType.Of(value.GetType()).Write(text, value, document); break;
        }
    }

    /// <summary>What the primary constructor of a record takes, and where the record keeps it: a field is read as it is, while for a getter that is called by
    /// reflection the runtime compiles code of its own.</summary>
    private sealed class RecordType
    {
        private static readonly ConcurrentDictionary<Type, RecordType> Known = new();

        private readonly string _name;
        private readonly (FieldInfo Field, ParameterInfo Parameter, bool HasDefault)[] _arguments;

        private RecordType(Type type)
        {
            _name = type.Name;
            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length).First();
            _arguments = [.. constructor.GetParameters().Select(p => (FieldOf(type, p.Name), p, p.HasDefaultValue))];
        }

        public static RecordType Of(Type type) => Known.GetOrAdd(type, static t => new RecordType(t));

        public void Write(StringBuilder text, object value, string? document)
        {
            text.Append("new ").Append(_name).Append('(');
            var count = _arguments.Length;
            while (count > 0 && _arguments[count - 1] is { HasDefault: true } last && IsDefault(last.Parameter, last.Field.GetValue(value))) count--;
            for (var i = 0; i < count; i++)
            {
                if (i > 0) text.Append(", ");
                SchemaEmitter.Write(text, _arguments[i].Field.GetValue(value), document);
            }
            text.Append(')');
        }

        /// <summary>Of a record's property, which may be the base type's.</summary>
        private static FieldInfo FieldOf(Type type, string property)
        {
            for (var t = type; t is not null; t = t.BaseType)
            {
                if (t.GetField($"<{property}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is { } field) return field;
            }
            throw new InvalidOperationException($"{type.Name} keeps no {property}");
        }

        /// <summary>The parameter's default is null where it is the default of a struct.</summary>
        private static bool IsDefault(ParameterInfo parameter, object? value) => parameter.DefaultValue is { } given
            ? parameter.ParameterType.IsEnum ? value is not null && Convert.ToInt64(value) == Convert.ToInt64(given) : given.Equals(value)
            : value is null || value is IEnumerable items and not string && !items.GetEnumerator().MoveNext();
    }
}
