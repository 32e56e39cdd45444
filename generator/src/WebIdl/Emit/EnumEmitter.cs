using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>An enumeration as a C# enum, with its strings both ways.</summary>
internal static class EnumEmitter
{
    public static void Emit(CodeWriter code, ApiEnum item)
    {
        code.Line();
        code.Summary(ApiEmitter.About("Enumeration", item.Name, item.Origin, item.Historic));
        code.Line($"public enum {item.Name} {{ {string.Join(", ", CsTypes.EnumMembers(item.Values))} }}");
    }

    public static void Conversions(CodeWriter code, ApiEnum item)
    {
        var values = item.Name + "Values";
        code.Summary($"The strings of {item.Name}.");
        code.Line($"public static readonly IdlEnumValues<{item.Name}> {values} = new({string.Join(", ", item.Values.Select(CsTypes.Literal))});");
        code.Line($"public static string ToIdl(this {item.Name} value) => {values}.Text(value);");
        code.Line($"public static {item.Name} Read{item.Name}(IdlContext cx, JsValue value) => IdlConvert.ReadEnum(cx, value, \"{item.Name}\", {values});");
        code.Line($"public static JsValue Write{item.Name}(IdlContext cx, {item.Name} value) => JsValue.From({values}.Text(value));");
    }
}
