namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Operations of one name: whether a call's arguments always say which is meant. Web IDL section 2.5.8, "effective overload set".</summary>
internal sealed class OverloadChecks(IdlScope scope, IdlReport report)
{
    public const int MaxOverloads = 32;

    public void Check(List<Placed<IdlOperation>> overloads)
    {
        if (overloads.Count < 2 || overloads.Any(o => o.Item.Arguments.Count > MemberChecks.MaxArguments)) return;
        var last = overloads[overloads.Count - 1];
        report.Path = last.Path;
        if (overloads.Count > MaxOverloads)
        {
            report.Add(IdlRules.TooMany, overloads[MaxOverloads].Item.At, "'" + last.Item.Name + "' has", MaxOverloads, "overloads");
            return;
        }
        var longest = overloads.Max(o => o.Item.Arguments.Count);
        for (var count = 0; count <= longest; count++)
        {
            var items = overloads.Where(o => TakesCount(o.Item, count)).ToArray();
            if (items.Length < 2 || CanBeTold(items, count)) continue;
            report.Path = items[items.Length - 1].Path;
            report.Add(IdlRules.AmbiguousOverload, items[items.Length - 1].Item.At, last.Item.Name, count);
            return;
        }
    }

    /// <summary>There has to be an argument by which each two differ, and those before it have to be the same in all.</summary>
    private bool CanBeTold(Placed<IdlOperation>[] items, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var arguments = items.Select(o => Argument(o.Item, i)).ToArray();
            var types = arguments.Select(a => scope.Resolve(a.Type)).ToArray();
            if (Pairs(types).All(p => Distinguishing.Apart(scope, p.A, p.B)))
                return !(types.Any(Distinguishing.IsBigInt) && types.Any(Distinguishing.IsNumeric));
            var first = arguments[0];
            if (arguments.Any(a => a.Type.Spelling() != first.Type.Spelling() || a.Optional != first.Optional || a.Variadic != first.Variadic))
                return false;
        }
        return false;
    }

    private static IEnumerable<(ResolvedType A, ResolvedType B)> Pairs(ResolvedType[] types)
    {
        for (var i = 0; i < types.Length; i++)
            for (var j = 0; j < i; j++) yield return (types[i], types[j]);
    }

    private static IdlArgument Argument(IdlOperation operation, int index) => operation.Arguments[Math.Min(index, operation.Arguments.Count - 1)];

    private static bool TakesCount(IdlOperation operation, int count)
    {
        var arguments = operation.Arguments;
        if (count > arguments.Count) return arguments.Count > 0 && arguments[arguments.Count - 1].Variadic;
        for (var i = count; i < arguments.Count; i++)
            if (!arguments[i].Optional && !arguments[i].Variadic) return false;
        return true;
    }
}
