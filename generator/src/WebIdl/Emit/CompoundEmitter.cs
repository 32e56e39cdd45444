using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>Unions as closed hierarchies, and the conversions of all types that are made of other types.</summary>
internal static class CompoundEmitter
{
    public static void Union(CodeWriter code, ApiUnion union)
    {
        code.Line();
        code.Summary($"One of {string.Join(", ", union.Members.Select(m => m.Key))}.");
        code.Open($"public abstract record {union.Name}");
        code.Line($"private {union.Name}() {{ }}");
        foreach (var member in union.Members) code.Line($"public sealed record Of{member.Key}({CsTypes.Name(member)} Value) : {union.Name};");
        foreach (var member in union.Members.Where(m => !CsTypes.IsInterface(m)))
            code.Line($"public static implicit operator {union.Name}({CsTypes.Name(member)} value) => new Of{member.Key}(value);");
        code.Close();
    }

    public static void Conversions(CodeWriter code, ApiType type)
    {
        var (name, key) = (CsTypes.Name(type), type.Key);
        var read = $"public static {name} Read{key}(IdlContext cx, JsValue value)";
        var write = $"public static JsValue Write{key}(IdlContext cx, {name} value)";
        switch (type)
        {
            case ApiNullable { Inner: ApiNamed { NonObjectAsNull: true } inner }:
                code.Line($"{read} => value.IsObject ? {CsTypes.Read(inner)}(cx, value) : null;");
                code.Line($"{write} => value is null ? JsValue.Null : {CsTypes.Write(inner)}(cx, value);");
                break;
            case ApiNullable { Inner: var inner }:
                code.Line($"{read} => IdlConvert.ReadNullable{(CsTypes.IsValue(inner) ? "Value" : "Reference")}(cx, value, {CsTypes.Read(inner)});");
                code.Line($"{write} => value is null ? JsValue.Null : {CsTypes.Write(inner)}(cx, value{(CsTypes.IsValue(inner) ? ".Value" : "")});");
                break;
            case ApiSequence { Element: var element }:
                code.Line($"{read} => IdlConvert.ReadSequence(cx, value, {CsTypes.Read(element)});");
                code.Line($"{write} => IdlConvert.WriteSequence(cx, value, {CsTypes.Write(element)});");
                break;
            case ApiRecord record:
                code.Line($"{read} => IdlConvert.ReadRecord(cx, value, {CsTypes.Read(record.KeyType)}, {CsTypes.Read(record.Value)});");
                code.Line($"{write} => IdlConvert.WriteRecord(cx, value, {CsTypes.Write(record.Value)});");
                break;
            case ApiPromise promise:
                code.Line($"{read} => IdlConvert.ReadPromise(cx, value, {CsTypes.Read(promise.Value)});");
                code.Line($"{write} => IdlConvert.WritePromise(cx, value, {CsTypes.Write(promise.Value)});");
                break;
            case ApiUnion union:
                code.Open(read);
                TypeSwitch.Emit(code, "value", union.Members.Select(m => new TypeSwitch.Choice(m, method => Make(union, m, method))).ToArray(), "return null!;");
                code.Close();
                code.Open(write + " => value switch");
                foreach (var member in union.Members) code.Line($"{union.Name}.Of{member.Key} {{ Value: var v }} => {CsTypes.Write(member)}(cx, v),");
                code.Line("_ => default,");
                code.Close(";");
                break;
        }
    }

    private static string Make(ApiUnion union, ApiType member, string? method) => method is not null && member is ApiSequence sequence
        ? $"return new {union.Name}.Of{member.Key}(IdlConvert.ReadSequence(cx, value, {method}, {CsTypes.Read(sequence.Element)}));"
        : $"return new {union.Name}.Of{member.Key}({CsTypes.Read(member)}(cx, value));";
}
