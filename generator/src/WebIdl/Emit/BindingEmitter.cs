using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>The table of an interface, from which an engine's glue installs it: names, flags, lengths, and delegates that convert and call.</summary>
internal static class BindingEmitter
{
    private const string Signature = "(IdlContext cx, object self, ReadOnlySpan<JsValue> arguments)";

    public static void Emit(CodeWriter code, ApiInterface item)
    {
        code.Line();
        code.Open($"internal static class {item.Name}Binding");
        code.Line($"internal static readonly IdlInterface Interface = new(\"{item.Name}\", \"{item.Origin}\", {(item.Parent is null ? "null" : $"\"{item.Parent}\"")}, typeof(I{item.Name}),");
        code.Line($"    [{string.Join(", ", item.Exposed.Select(CsTypes.Literal))}], {(item.Global ? "true" : "false")}, " +
            $"{(item.HasStatics ? $"typeof({InterfaceEmitter.Statics(item)})" : "null")}, {(item.Constructors.Count > 0 ? "Construct" : "null")}, {item.ConstructorLength ?? 0},");
        code.Line("    [");
        foreach (var constant in item.Constants)
            code.Line($"        IdlMember.Constant(\"{constant.Name}\", \"{constant.Origin}\", {Constant(constant)}),");
        foreach (var attribute in item.Attributes) Attribute(code, item, attribute);
        foreach (var operation in item.Operations)
            code.Line($"        IdlMember.Operation(\"{operation.Name}\", \"{operation.Origin}\", {Flags(operation.Static, operation.Unforgeable, IsPromise(operation), false)}, " +
                $"{operation.Length}, {(operation.DefaultToJson ? $"static (cx, self, _) => IdlBinding.ToJson(cx, \"{item.Name}\", self)" : Method(operation))}),");
        if (item.Iterable is not null) code.Line($"        ..{Collection(item.Iterable)},");
        code.Line($"    ]){(item.Iterable is null ? ";" : $" {{ Iterator = \"{Iterator(item.Iterable)}\" }};")}");
        if (item.Constructors.Count > 0)
            Overloads(code, "Construct", item.Constructors.Select((c, i) => (c, $"(({InterfaceEmitter.Statics(item)})self).New")).ToArray(), item.Name);
        foreach (var operation in item.Operations.Where(o => !o.DefaultToJson))
        {
            var type = operation.Static ? InterfaceEmitter.Statics(item) : "I" + item.Name;
            Overloads(code, Method(operation), operation.Overloads.Select((o, i) => (o, $"(({type})self).{InterfaceEmitter.MethodName(operation, i)}")).ToArray(), item.Name);
        }
        code.Close();
    }

    private static string Method(ApiOperation operation) => (operation.Static ? "Static" : "Call") + CsTypes.Member(operation.Name);

    private static bool IsPromise(ApiOperation operation) => operation.Overloads.All(o => o.Returns is ApiPromise);

    private static string Constant(ApiConstant constant) => constant.Type.Is(IdlSimple.Boolean) ? $"JsValue.From({constant.Value})" : $"JsValue.From((double){CsDefaults.Integer(constant.Value)})";

    private static string Flags(bool isStatic, bool unforgeable, bool promise, bool json)
    {
        var flags = new List<string>();
        if (isStatic) flags.Add("IdlMemberFlags.Static");
        if (unforgeable) flags.Add("IdlMemberFlags.Unforgeable");
        if (promise) flags.Add("IdlMemberFlags.Promise");
        if (json) flags.Add("IdlMemberFlags.Json");
        return flags.Count == 0 ? "IdlMemberFlags.None" : string.Join(" | ", flags);
    }

    private static void Attribute(CodeWriter code, ApiInterface item, ApiAttribute attribute)
    {
        var target = $"(({(attribute.Static ? InterfaceEmitter.Statics(item) : "I" + item.Name)})self).{CsTypes.Member(attribute.Name)}";
        var text = $"        IdlMember.Attribute(\"{attribute.Name}\", \"{attribute.Origin}\", " +
            $"{Flags(attribute.Static, attribute.Unforgeable, attribute.Type is ApiPromise, attribute.Json)}, static (cx, self) => {CsTypes.Write(attribute.Type)}(cx, {target})";
        if (attribute.ReadOnly) code.Line(text + "),");
        else
        {
            code.Line(text + ",");
            // Web IDL section 3.7.6: a string that is no value of the enumeration is ignored.
            var body = attribute.Type is ApiNamed { Kind: ApiNamedKind.Enum } named
                ? $"if (IdlTypes.{named.Name}Values.TryParse(IdlConvert.ReadDOMString(cx, value), out var v) && !cx.Failed) {target} = v;"
                : $"var v = cx.At(\"{attribute.Name}\", value, {CsTypes.Read(attribute.Type)}); if (!cx.Failed) {target} = v;";
            code.Line($"            static (cx, self, value) => {{ {body} }}),");
        }
    }

    private static string Collection(ApiIterable iterable)
    {
        var types = iterable.Key is { } key ? $"{CsTypes.Name(key)}, {CsTypes.Name(iterable.Value)}" : CsTypes.Name(iterable.Value);
        var writers = iterable.Key is { } k ? $"{CsTypes.Write(k)}, {CsTypes.Write(iterable.Value)}" : CsTypes.Write(iterable.Value);
        var readOnly = iterable.ReadOnly ? "true" : "false";
        return iterable.Kind switch
        {
            IdlIterableKind.Maplike => $"IdlCollections.Maplike<{types}>(\"{iterable.Origin}\", {readOnly}, {CsTypes.Read(iterable.Key!)}, " +
                $"{CsTypes.Write(iterable.Key!)}, {CsTypes.Read(iterable.Value)}, {CsTypes.Write(iterable.Value)})",
            IdlIterableKind.Setlike => $"IdlCollections.Setlike<{types}>(\"{iterable.Origin}\", {readOnly}, {CsTypes.Read(iterable.Value)}, {CsTypes.Write(iterable.Value)})",
            _ => $"IdlCollections.Iterable<{types}>(\"{iterable.Origin}\", {writers})",
        };
    }

    public static string Iterator(ApiIterable iterable) => iterable.Kind == IdlIterableKind.Maplike || iterable.Key is not null ? "entries" : "values";

    /// <summary>A method that resolves the overloads (Web IDL section 3.6), and one for each of them.</summary>
    private static void Overloads(CodeWriter code, string name, (ApiOverload Overload, string Target)[] overloads, string owner)
    {
        code.Line();
        if (overloads.Length == 1)
        {
            code.Open($"private static JsValue {name}{Signature}");
            Body(code, overloads[0].Overload, overloads[0].Target, owner);
            code.Close();
            return;
        }
        var most = overloads.Max(o => o.Overload.Arguments.Count);
        code.Open($"private static JsValue {name}{Signature}");
        code.Open($"switch (Math.Min(arguments.Length, {most}))");
        for (var count = overloads.Min(o => o.Overload.Required); count <= most; count++)
        {
            var fitting = Enumerable.Range(0, overloads.Length).Where(i => Takes(overloads[i].Overload, count)).ToArray();
            if (fitting.Length == 0) continue;
            if (fitting.Length == 1) code.Line($"case {count}: return {name}{fitting[0]}(cx, self, arguments);");
            else Distinguish(code, name, fitting, overloads.Select(o => o.Overload).ToArray(), count);
        }
        code.Line("default:");
        code.Line("    cx.FailType(\"no overload takes this number of arguments\");");
        code.Line("    return default;");
        code.Close();
        code.Close();
        for (var i = 0; i < overloads.Length; i++)
        {
            code.Line();
            code.Open($"private static JsValue {name}{i}{Signature}");
            Body(code, overloads[i].Overload, overloads[i].Target, owner);
            code.Close();
        }
    }

    private static bool Takes(ApiOverload overload, int count) => count >= overload.Required && (count <= overload.Arguments.Count || overload.IsVariadic);

    private static ApiArgument At(ApiOverload overload, int index) => overload.Arguments[Math.Min(index, overload.Arguments.Count - 1)];

    private static void Distinguish(CodeWriter code, string name, int[] fitting, ApiOverload[] overloads, int count)
    {
        var index = Enumerable.Range(0, count).FirstOrDefault(i => fitting.Select(f => At(overloads[f], i).Type.Key).Distinct().Count() > 1);
        code.Open($"case {count}:");
        code.Line($"var value = arguments[{index}];");
        string Go(int overload) => $"return {name}{overload}(cx, self, arguments);";
        var optional = fitting.Where(f => At(overloads[f], index).Optional).ToArray();
        if (optional.Length > 0) code.Line($"if (value.IsUndefined) {Go(optional[0])}");
        var nullable = fitting.Where(f => At(overloads[f], index).Type.IncludesNull()).ToArray();
        if (nullable.Length > 0) code.Line($"if (value.IsNullish) {Go(nullable[0])}");
        // The iterator method is asked for once: what resolving found, converting takes.
        string Choose(int overload, string? method) => method is null ? Go(overload) : $"{{ cx.KeepIterator(value, {method}); {Go(overload)} }}";
        var choices = fitting.SelectMany(f => Flat(At(overloads[f], index).Type).Select(t => new TypeSwitch.Choice(t, method => Choose(f, method)))).ToArray();
        TypeSwitch.Emit(code, "value", choices, "return default;");
        code.Close();
    }

    private static IEnumerable<ApiType> Flat(ApiType type) => type.Unwrapped() is ApiUnion union ? union.Members : [type.Unwrapped()];

    /// <summary>Converts the arguments, calls, converts the result.</summary>
    /// <param name="target">The C# expression of the method.</param>
    public static void Body(CodeWriter code, ApiOverload overload, string target, string owner)
    {
        for (var i = 0; i < overload.Arguments.Count; i++) code.Line($"var a{i} = {ReadArgument(overload.Arguments[i], i)};");
        if (overload.Arguments.Count > 0) code.Line("if (cx.Failed) return default;");
        var call = $"{target}({string.Join(", ", Enumerable.Range(0, overload.Arguments.Count).Select(i => "a" + i))})";
        if (overload.Returns is null) code.Line($"return IdlTypes.Write{owner}(cx, {call});");
        else if (overload.Returns.Is(IdlSimple.Undefined))
        {
            code.Line(call + ";");
            code.Line("return default;");
        }
        else code.Line($"return {CsTypes.Write(overload.Returns)}(cx, {call});");
    }

    private static string ReadArgument(ApiArgument argument, int index)
    {
        // A dictionary's own name leads the path, as its members' names say little by themselves.
        var label = CsTypes.Literal(argument.Type is ApiNamed { Kind: ApiNamedKind.Dictionary } named ? named.Name : argument.Name);
        var call = $"(arguments, {index}, {label}, {CsTypes.Read(argument.Type)}";
        if (argument.Variadic) return $"cx.Arguments{call})";
        var reads = argument.Type.Unwrapped() is ApiNamed { Kind: ApiNamedKind.Dictionary } && argument.Default?.Kind == IdlValueKind.EmptyDictionary;
        return CsDefaults.PresenceOf(argument.Type, argument.Optional, argument.Default) switch
        {
            Presence.OrNull => $"cx.{(CsTypes.IsValue(argument.Type) ? "ArgumentOrMissing" : "ArgumentOrNull")}{call})",
            Presence.Optional => $"cx.OptionalArgument{call})",
            _ when argument.Default is null || reads => $"cx.Argument{call})",
            _ => $"cx.Argument{call}, {CsDefaults.Expression(argument.Type, argument.Default)})",
        };
    }
}
