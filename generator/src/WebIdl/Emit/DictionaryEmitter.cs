using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>A dictionary as a record. One constructor reads a script's object member by member, as Web IDL section 3.2.17 orders: parents first, each
/// dictionary's members by name.</summary>
internal static class DictionaryEmitter
{
    public static void Emit(CodeWriter code, ApiDictionary item)
    {
        code.Line();
        code.Summary(ApiEmitter.About("Dictionary", item.Name, item.Origin, item.Historic));
        code.Open($"public record {item.Name}{(item.Parent is null ? "" : " : " + item.Parent)}");
        foreach (var member in item.Members)
        {
            var presence = PresenceOf(member);
            ApiEmitter.From(code, member.Origin, item.Origin);
            var initial = member.Default is null || member.Required ? "" : CsDefaults.Expression(member.Type, member.Default);
            code.Line($"public {(member.Required ? "required " : "")}{CsDefaults.TypeName(member.Type, presence)} {Name(item, member)} {{ get; init; }}" +
                (initial is "" or "default" or "null" ? "" : $" = {initial};"));
        }
        code.Line();
        code.Line($"public {item.Name}() {{ }}");
        code.Line();
        code.Line("[SetsRequiredMembers]");
        code.Open($"protected internal {item.Name}(IdlContext cx, IJsObject? from){(item.Parent is null ? "" : " : base(cx, from)")}");
        foreach (var member in item.Members) code.Line($"{Name(item, member)} = {ReadExpression(member)};");
        code.Close();
        code.Line();
        code.Open($"protected internal {(item.Parent is null ? "virtual" : "override")} void Write(IdlContext cx, IJsObject to)");
        if (item.Parent is not null) code.Line("base.Write(cx, to);");
        foreach (var member in item.Members)
        {
            var (name, write) = (Name(item, member), CsTypes.Write(member.Type));
            code.Line(PresenceOf(member) switch
            {
                Presence.OrNull => $"if ({name} is {{ }} v{name}) to.Create(\"{member.Name}\", {write}(cx, v{name}));",
                Presence.Optional => $"if ({name}.HasValue) to.Create(\"{member.Name}\", {write}(cx, {name}.Value));",
                _ when member.Type.Is(IdlSimple.Any) && !member.Required && member.Default is null => $"if (!{name}.IsUndefined) to.Create(\"{member.Name}\", {name});",
                _ => $"to.Create(\"{member.Name}\", {write}(cx, {name}));",
            });
        }
        code.Close();
        code.Close();
    }

    public static void Conversions(CodeWriter code, ApiDictionary item)
    {
        code.Line($"public static {item.Name} Read{item.Name}(IdlContext cx, JsValue value) => new(cx, IdlConvert.ReadDictionary(cx, value, \"{item.Name}\"));");
        code.Open($"public static JsValue Write{item.Name}(IdlContext cx, {item.Name} value)");
        code.Line("var to = cx.Realm.NewObject();");
        code.Line("value.Write(cx, to);");
        code.Line("return JsValue.From(to);");
        code.Close();
    }

    private static Presence PresenceOf(ApiDictionaryMember member) => CsDefaults.PresenceOf(member.Type, !member.Required, member.Default);

    private static string Name(ApiDictionary item, ApiDictionaryMember member) => CsTypes.RecordMember(member.Name, item.Name);

    private static string ReadExpression(ApiDictionaryMember member)
    {
        var (name, read) = (CsTypes.Literal(member.Name), CsTypes.Read(member.Type));
        if (member.Required) return $"IdlConvert.RequiredMember(cx, from, {name}, {read})";
        return PresenceOf(member) switch
        {
            Presence.OrNull => $"IdlConvert.{(CsTypes.IsValue(member.Type) ? "MemberOrMissing" : "MemberOrNull")}(cx, from, {name}, {read})",
            Presence.Optional => $"IdlConvert.OptionalMember(cx, from, {name}, {read})",
            _ => $"IdlConvert.Member(cx, from, {name}, {read}, {(member.Default is null ? "default" : CsDefaults.Expression(member.Type, member.Default))})",
        };
    }
}
