using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>Callback functions as delegates and callback interfaces as C# interfaces, each with a class that calls the script.</summary>
internal static class CallbackEmitter
{
    public static void Emit(CodeWriter code, ApiCallback item)
    {
        code.Line();
        code.Summary(ApiEmitter.About("Callback", item.Name, item.Origin, item.Historic));
        code.Line($"public delegate {InterfaceEmitter.Returns(item.Call)} {item.Name}({InterfaceEmitter.Parameters(item.Call)});");
        Caller(code, item.Name, "", "Invoke", item.Call, "InvokeFunction(cx");
    }

    public static void Emit(CodeWriter code, ApiCallbackInterface item)
    {
        code.Line();
        code.Summary(ApiEmitter.About("Callback interface", item.Name, item.Origin, item.Historic));
        code.Open($"public interface I{item.Name}");
        foreach (var constant in item.Constants) code.Line($"const {CsTypes.Name(constant.Type)} {constant.Name} = {CsDefaults.Integer(constant.Value)};");
        code.Line($"{InterfaceEmitter.Returns(item.Call)} {CsTypes.Member(item.Operation)}({InterfaceEmitter.Parameters(item.Call)});");
        code.Close();
        Caller(code, item.Name, ", I" + item.Name, CsTypes.Member(item.Operation), item.Call, $"InvokeOperation(cx, {CsTypes.Literal(item.Operation)}");
    }

    private static void Caller(CodeWriter code, string name, string bases, string method, ApiOverload call, string invoke)
    {
        code.Line();
        code.Open($"internal sealed class {name}Callback(IJsRealm realm, IJsObject from) : IdlCallback(realm, from){bases}");
        code.Open($"public {InterfaceEmitter.Returns(call)} {method}({InterfaceEmitter.Parameters(call)})");
        code.Line("var cx = NewContext();");
        var result = call.Arguments.Count == 0 ? invoke + ")" : $"{invoke}, [{string.Join(", ", call.Arguments.Select(WriteArgument))}])";
        switch (call.Returns)
        {
            case ApiPromise promise:
                code.Line($"var result = {CsTypes.Read(promise)}(cx, {result});");
                code.Line($"return cx.Error is {{ }} error ? {CsTypes.Name(promise)}.Rejected(error) : result;");
                break;
            case null or ApiSimple { Kind: IdlSimple.Undefined }:
                code.Line($"{result};");
                code.Line("Check(cx);");
                break;
            default:
                code.Line($"var called = {result};");
                code.Line("Check(cx);");
                code.Line($"var result = {CsTypes.Read(call.Returns)}(cx, called);");
                code.Line("Check(cx);");
                code.Line("return result;");
                break;
        }
        code.Close();
        code.Close();
    }

    private static string WriteArgument(ApiArgument argument)
    {
        var (name, write) = (CsTypes.Parameter(argument.Name), CsTypes.Write(argument.Type));
        if (argument.Variadic) return $"..{name}.Select(item => {write}(cx, item))";
        return CsDefaults.PresenceOf(argument.Type, argument.Optional, argument.Default) switch
        {
            Presence.OrNull => $"{name} is {{ }} v{argument.Name} ? {write}(cx, v{argument.Name}) : default",
            Presence.Optional => $"{name}.HasValue ? {write}(cx, {name}.Value) : default",
            _ => $"{write}(cx, {name})",
        };
    }

    public static void Conversions(CodeWriter code, ApiCallback item)
    {
        var read = item.NonObjectAsNull ? "ReadCallbackInterface" : "ReadCallback";
        code.Line($"public static {item.Name} Read{item.Name}(IdlContext cx, JsValue value) =>");
        code.Line($"    IdlConvert.{read}(cx, value, \"{item.Name}\") is {{ }} from ? new {item.Name}(new {item.Name}Callback(cx.Realm, from).Invoke) : null!;");
        Writer(code, item.Name, item.Name, "value", item.Call);
    }

    public static void Conversions(CodeWriter code, ApiCallbackInterface item)
    {
        code.Line($"public static I{item.Name} Read{item.Name}(IdlContext cx, JsValue value) =>");
        code.Line($"    IdlConvert.ReadCallbackInterface(cx, value, \"{item.Name}\") is {{ }} from ? new {item.Name}Callback(cx.Realm, from) : null!;");
        Writer(code, item.Name, "I" + item.Name, "value." + CsTypes.Member(item.Operation), item.Call);
    }

    /// <summary>A callback goes back to the script as the object that it came as; one that was written in C# becomes a function.</summary>
    private static void Writer(CodeWriter code, string name, string type, string target, ApiOverload call)
    {
        code.Open($"public static JsValue Write{name}(IdlContext cx, {type} value)");
        code.Line("if (IdlConvert.ObjectOf(value) is { } from) return JsValue.From(from);");
        code.Open($"return JsValue.From(cx.Realm.NewFunction(\"\", {call.Required}, (cx, arguments) =>");
        BindingEmitter.Body(code, call, target, "");
        code.Close("));");
        code.Close();
    }
}
