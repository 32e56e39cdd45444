using WebRtcConformance.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>The chain of tests by which a script's value selects one of several types: Web IDL sections 3.2.25 (unions) and 3.6 (overloads), whose
/// orders agree.</summary>
internal static class TypeSwitch
{
    /// <param name="Then">The statement for a value that the type was selected for. The argument names the iterator method that was found already, or is null.</param>
    public sealed record Choice(ApiType Type, Func<string?, string> Then);

    /// <param name="value">The C# expression of the value.</param>
    /// <param name="failed">The statement for an error on the way.</param>
    public static void Emit(CodeWriter code, string value, IReadOnlyList<Choice> choices, string failed)
    {
        Choice? First(Func<ApiType, bool> test)
        {
            foreach (var choice in choices)
                if (test(choice.Type)) return choice;
            return null;
        }
        void Test(string condition, Choice? choice)
        {
            if (choice is { } found) code.Line($"if ({condition}) {found.Then(null)}");
        }

        var any = First(t => t.Is(IdlSimple.Object)) ?? First(t => t.Is(IdlSimple.Any));
        Test($"{value}.IsNullish", First(t => t is ApiNamed { Kind: ApiNamedKind.Dictionary }));
        if (choices.Any(c => IsObject(c.Type)))
        {
            code.Open($"if ({value}.IsObject)");
            foreach (var choice in choices.Where(c => c.Type is ApiNamed { Kind: ApiNamedKind.Interface }))
                code.Line($"if (IdlConvert.Is<{CsTypes.Name(choice.Type)}>({value})) {choice.Then(null)}");
            Test($"{value}.Object is IJsArrayBuffer", First(t => t.Is(IdlSimple.ArrayBuffer)));
            Test($"{value}.Object is IJsArrayBufferView", First(t => t is ApiBufferView));
            foreach (var choice in choices.Where(c => c.Type is ApiSimple simple && simple.Kind.IsBuffer() && simple.Kind != IdlSimple.ArrayBuffer))
                code.Line($"if ({value}.Object is IJsArrayBufferView {{ Kind: JsBufferKind.{((ApiSimple)choice.Type).Kind} }}) {choice.Then(null)}");
            Test($"{value}.Object.IsCallable", First(t => t is ApiNamed { Kind: ApiNamedKind.Callback }));
            if (First(t => t is ApiSequence) is { } sequence)
            {
                code.Line($"var method = IdlConvert.IteratorMethod(cx, {value});");
                code.Line($"if (cx.Failed) {failed}");
                code.Line($"if (method is not null) {sequence.Then("method")}");
            }
            var plain = First(t => t is ApiNamed { Kind: ApiNamedKind.CallbackInterface or ApiNamedKind.Dictionary } or ApiRecord) ?? any;
            if (plain is { } last) code.Line(last.Then(null));
            code.Close();
        }
        var boolean = First(t => t.Is(IdlSimple.Boolean));
        var number = First(t => t is ApiSimple simple && simple.Kind.IsNumeric());
        var big = First(t => t.Is(IdlSimple.BigInt));
        var text = First(t => t is ApiNamed { Kind: ApiNamedKind.Enum } || t is ApiSimple simple && simple.Kind.IsString());
        // The last of these takes whatever is left, so it needs no test of its own.
        var rest = text ?? number ?? boolean ?? big ?? any;
        if (boolean is not null && !Same(boolean, rest)) Test($"{value}.Type == JsType.Boolean", boolean);
        if (number is not null && !Same(number, rest)) Test($"{value}.Type == JsType.Number", number);
        if (big is not null && !Same(big, rest)) Test(text is null && number is not null ? $"IdlConvert.IsBigInt(cx, ref {value})" : $"{value}.Type == JsType.BigInt", big);
        if (rest is { } taken) code.Line(taken.Then(null));
        else
        {
            code.Line($"cx.FailType({value} + \" fits none of the types\");");
            code.Line(failed);
        }
    }

    private static bool Same(Choice? left, Choice? right) => left is { } l && right is { } r && ReferenceEquals(l.Type, r.Type);

    private static bool IsObject(ApiType type) => type switch
    {
        ApiSimple simple => simple.Kind is IdlSimple.Object or IdlSimple.Any || simple.Kind.IsBuffer(),
        ApiNamed named => named.Kind != ApiNamedKind.Enum,
        _ => true,
    };
}
