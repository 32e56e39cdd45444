namespace WebRtcConformance.Api;

/// <summary>What an engine's glue calls: it runs a member of the tables, with Web IDL's order of checks. Nothing here throws, except what the
/// implementation throws that is no <see cref="IdlException"/>.</summary>
public static class IdlBinding
{
    /// <summary>The getter of a regular attribute.</summary>
    /// <param name="self">The C# object behind the script's "this"; null when there is none.</param>
    public static JsValue Get(IdlContext cx, IdlInterface owner, IdlMember member, object? self) => Guard(cx, member, () =>
        Check(cx, owner, member, self) ? member.Getter!(cx, self!) : default);

    /// <summary>The setter of a regular attribute. <paramref name="given"/>: whether there was an argument.</summary>
    public static void Set(IdlContext cx, IdlInterface owner, IdlMember member, object? self, JsValue value, bool given)
    {
        Guard(cx, member, () =>
        {
            if (!Check(cx, owner, member, self)) return default;
            if (given) member.Setter!(cx, self!, value);
            else cx.FailType("a setter needs a value");
            return default;
        });
    }

    /// <summary>An operation.</summary>
    public static JsValue Call(IdlContext cx, IdlInterface owner, IdlMember member, object? self, JsValue[] arguments) => Guard(cx, member, () =>
    {
        if (!Check(cx, owner, member, self) || !Enough(cx, member.Name, member.Length, arguments.Length)) return default;
        return member.Invoker!(cx, self!, arguments);
    });

    /// <summary>The constructor of an interface object that was called with "new".</summary>
    /// <param name="statics">The implementation of <see cref="IdlInterface.StaticsType"/>; null when there is none.</param>
    public static JsValue Construct(IdlContext cx, IdlInterface item, object? statics, JsValue[] arguments) => Guard(cx, null, () =>
    {
        if (item.Constructor is null) cx.FailType($"{item.Name} has no constructor");
        else if (!Enough(cx, item.Name, item.ConstructorLength, arguments.Length)) return default;
        else if (statics is null || !item.StaticsType!.IsInstanceOfType(statics)) cx.FailType($"nothing here implements the constructor of {item.Name}");
        return cx.Failed ? default : item.Constructor!(cx, statics!, arguments);
    });

    private static JsValue Guard(IdlContext cx, IdlMember? member, Func<JsValue> body)
    {
        JsValue result = default;
        try
        {
            result = body();
        }
        catch (IdlException exception)
        {
            cx.Fail(exception.Error);
        }
        if (!cx.Failed) return result;
        return member is { IsPromise: true } ? Settle(cx) : default;
    }

    /// <summary>The rejected promise, after which the context's error counts as handled: the caller gets a value.</summary>
    private static JsValue Settle(IdlContext cx)
    {
        var rejected = IdlConvert.Rejected(cx);
        cx.Forgive();
        return rejected;
    }

    private static bool Check(IdlContext cx, IdlInterface owner, IdlMember member, object? self)
    {
        var needed = member.IsStatic ? owner.StaticsType! : owner.Type;
        if (needed.IsInstanceOfType(self)) return true;
        cx.FailType(member.IsStatic ? $"nothing here implements {owner.Name}.{member.Name}" : $"'{member.Name}' was asked of what is no {owner.Name}");
        return false;
    }

    private static bool Enough(IdlContext cx, string name, int needed, int given)
    {
        if (given >= needed) return true;
        cx.FailType($"{name} needs {needed} argument{(needed == 1 ? "" : "s")}, got {given}");
        return false;
    }

    /// <summary>Web IDL section 3.7.7.1.1, "default toJSON operation": the attributes that have JSON types, of the furthest parent first.</summary>
    public static JsValue ToJson(IdlContext cx, string name, object self)
    {
        var result = cx.Realm.NewObject();
        if (!IdlInterfaces.All.TryGetValue(name, out var item)) return JsValue.From(result);
        foreach (var member in IdlInterfaces.Chain(item).SelectMany(i => i.Members).Where(m => (m.Flags & IdlMemberFlags.Json) != 0 && !m.IsStatic))
        {
            var value = member.Getter!(cx, self);
            if (cx.Failed) return default;
            result.Create(member.Name, value);
        }
        return JsValue.From(result);
    }
}
