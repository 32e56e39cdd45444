using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>An interface as a C# interface that an implementation implements, and one more for its constructor and static members.</summary>
internal static class InterfaceEmitter
{
    public static void Emit(CodeWriter code, ApiInterface item)
    {
        var bases = new List<string>();
        if (item.Parent is not null) bases.Add("I" + item.Parent);
        if (item.Iterable is { } iterable) bases.Add(Collection(iterable));
        code.Line();
        code.Summary(ApiEmitter.About("Interface", item.Name, item.Origin, item.Historic));
        code.Open($"public interface I{item.Name}{(bases.Count == 0 ? "" : " : " + string.Join(", ", bases))}");
        foreach (var constant in item.Constants) code.Line($"const {CsTypes.Name(constant.Type)} {constant.Name} = {CsDefaults.Integer(constant.Value)};");
        foreach (var attribute in item.Attributes.Where(a => !a.Static)) Attribute(code, attribute, item.Origin);
        foreach (var operation in item.Operations.Where(o => !o.Static && !o.DefaultToJson)) Operation(code, operation, item.Origin);
        code.Close();
        if (!item.HasStatics) return;
        code.Line();
        code.Summary($"The interface object of {item.Name}: its constructor and static members.");
        code.Open($"public interface {Statics(item)}");
        foreach (var constructor in item.Constructors) code.Line($"I{item.Name} New({Parameters(constructor)});");
        foreach (var attribute in item.Attributes.Where(a => a.Static)) Attribute(code, attribute, item.Origin);
        foreach (var operation in item.Operations.Where(o => o.Static)) Operation(code, operation, item.Origin);
        code.Close();
    }

    public static void Conversions(CodeWriter code, ApiInterface item)
    {
        code.Line($"public static I{item.Name} Read{item.Name}(IdlContext cx, JsValue value) => IdlConvert.ReadInterface<I{item.Name}>(cx, value, \"{item.Name}\");");
        code.Line($"public static JsValue Write{item.Name}(IdlContext cx, I{item.Name} value) => IdlConvert.WriteInterface(cx, value);");
    }

    public static string Statics(ApiInterface item) => $"I{item.Name}Constructor";

    private static void Attribute(CodeWriter code, ApiAttribute attribute, string owner)
    {
        ApiEmitter.From(code, attribute.Origin, owner);
        code.Line($"{CsTypes.Name(attribute.Type)} {CsTypes.Member(attribute.Name)} {{ get;{(attribute.ReadOnly ? "" : " set;")} }}");
    }

    private static void Operation(CodeWriter code, ApiOperation operation, string owner)
    {
        for (var i = 0; i < operation.Overloads.Count; i++)
        {
            ApiEmitter.From(code, operation.Origin, owner);
            code.Line($"{Returns(operation.Overloads[i])} {MethodName(operation, i)}({Parameters(operation.Overloads[i])});");
        }
    }

    /// <summary>Overloads that C# could not tell apart get the number of their place.</summary>
    public static string MethodName(ApiOperation operation, int index)
    {
        var signature = Signature(operation.Overloads[index]);
        var earlier = operation.Overloads.Take(index).Any(o => Signature(o) == signature);
        return CsTypes.Member(operation.Name) + (earlier ? (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
    }

    private static string Signature(ApiOverload overload) => string.Join(",", overload.Arguments.Select(a => Type(a).TrimEnd('?')));

    public static string Returns(ApiOverload overload) => overload.Returns is null || overload.Returns.Is(IdlSimple.Undefined) ? "void" : CsTypes.Name(overload.Returns);

    public static string Parameters(ApiOverload overload) => string.Join(", ", overload.Arguments.Select(a => $"{Type(a)} {CsTypes.Parameter(a.Name)}"));

    private static string Type(ApiArgument argument) => argument.Variadic ? $"IdlSequence<{CsTypes.Name(argument.Type)}>"
        : CsDefaults.TypeName(argument.Type, CsDefaults.PresenceOf(argument.Type, argument.Optional, argument.Default));

    private static string Collection(ApiIterable iterable)
    {
        var kind = (iterable.ReadOnly ? "IIdlReadOnly" : "IIdl") + iterable.Kind;
        var types = iterable.Key is null ? CsTypes.Name(iterable.Value) : CsTypes.Name(iterable.Key) + ", " + CsTypes.Name(iterable.Value);
        return $"{kind}<{types}>";
    }
}
