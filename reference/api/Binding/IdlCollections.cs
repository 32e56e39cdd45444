namespace WebRtcConformance.Api;

/// <summary>What Web IDL's "readonly maplike&lt;K, V&gt;" asks of an implementation.</summary>
public interface IIdlReadOnlyMaplike<TKey, TValue>
{
    int Size { get; }
    bool TryGet(TKey key, out TValue value);

    /// <summary>In the order of insertion.</summary>
    IEnumerable<KeyValuePair<TKey, TValue>> Entries { get; }
}

/// <summary>What "maplike&lt;K, V&gt;" asks.</summary>
public interface IIdlMaplike<TKey, TValue> : IIdlReadOnlyMaplike<TKey, TValue>
{
    void Set(TKey key, TValue value);
    bool Delete(TKey key);
    void Clear();
}

/// <summary>What "readonly setlike&lt;T&gt;" asks.</summary>
public interface IIdlReadOnlySetlike<T>
{
    int Size { get; }
    bool Has(T value);

    /// <summary>In the order of insertion.</summary>
    IEnumerable<T> Values { get; }
}

/// <summary>What "setlike&lt;T&gt;" asks.</summary>
public interface IIdlSetlike<T> : IIdlReadOnlySetlike<T>
{
    void Add(T value);
    bool Delete(T value);
    void Clear();
}

/// <summary>What "iterable&lt;K, V&gt;" asks.</summary>
public interface IIdlIterable<TKey, TValue>
{
    IEnumerable<KeyValuePair<TKey, TValue>> Entries { get; }
}

/// <summary>The members that these declarations add to an interface, Web IDL sections 3.7.9 to 3.7.12.</summary>
public static class IdlCollections
{
    public static IEnumerable<IdlMember> Maplike<TKey, TValue>(
        string origin, bool readOnly, Func<IdlContext, JsValue, TKey> readKey, Func<IdlContext, TKey, JsValue> writeKey,
        Func<IdlContext, JsValue, TValue> readValue, Func<IdlContext, TValue, JsValue> writeValue)
    {
        static IIdlReadOnlyMaplike<TKey, TValue> Of(object self) => (IIdlReadOnlyMaplike<TKey, TValue>)self;
        (JsValue, JsValue)[] Pairs(IdlContext cx, object self) => Of(self).Entries.Select(e => (writeKey(cx, e.Key), writeValue(cx, e.Value))).ToArray();

        yield return IdlMember.Attribute("size", origin, IdlMemberFlags.None, (cx, self) => JsValue.From(Of(self).Size));
        foreach (var member in Iteration(origin, Pairs)) yield return member;
        yield return Operation("get", 1, (cx, self, arguments) =>
        {
            var key = cx.Argument(arguments, 0, "key", readKey);
            return !cx.Failed && Of(self).TryGet(key, out var value) ? writeValue(cx, value) : default;
        });
        yield return Operation("has", 1, (cx, self, arguments) =>
        {
            var key = cx.Argument(arguments, 0, "key", readKey);
            return JsValue.From(!cx.Failed && Of(self).TryGet(key, out _));
        });
        if (readOnly) yield break;
        yield return Operation("set", 2, (cx, self, arguments) =>
        {
            var key = cx.Argument(arguments, 0, "key", readKey);
            var value = cx.Argument(arguments, 1, "value", readValue);
            if (!cx.Failed) ((IIdlMaplike<TKey, TValue>)self).Set(key, value);
            return JsValue.From(cx.Realm.Wrap(self));
        });
        yield return Operation("delete", 1, (cx, self, arguments) =>
        {
            var key = cx.Argument(arguments, 0, "key", readKey);
            return JsValue.From(!cx.Failed && ((IIdlMaplike<TKey, TValue>)self).Delete(key));
        });
        yield return Operation("clear", 0, (cx, self, arguments) =>
        {
            ((IIdlMaplike<TKey, TValue>)self).Clear();
            return default;
        });

        IdlMember Operation(string name, int length, IdlInvoker invoker) => IdlMember.Operation(name, origin, IdlMemberFlags.None, length, invoker);
    }

    public static IEnumerable<IdlMember> Setlike<T>(
        string origin, bool readOnly, Func<IdlContext, JsValue, T> read, Func<IdlContext, T, JsValue> write)
    {
        static IIdlReadOnlySetlike<T> Of(object self) => (IIdlReadOnlySetlike<T>)self;

        yield return IdlMember.Attribute("size", origin, IdlMemberFlags.None, (cx, self) => JsValue.From(Of(self).Size));
        foreach (var member in Iteration(origin, (cx, self) => Of(self).Values.Select(v => write(cx, v)).Select(v => (v, v)).ToArray())) yield return member;
        yield return Operation("has", 1, (cx, self, arguments) =>
        {
            var value = cx.Argument(arguments, 0, "value", read);
            return JsValue.From(!cx.Failed && Of(self).Has(value));
        });
        if (readOnly) yield break;
        yield return Operation("add", 1, (cx, self, arguments) =>
        {
            var value = cx.Argument(arguments, 0, "value", read);
            if (!cx.Failed) ((IIdlSetlike<T>)self).Add(value);
            return JsValue.From(cx.Realm.Wrap(self));
        });
        yield return Operation("delete", 1, (cx, self, arguments) =>
        {
            var value = cx.Argument(arguments, 0, "value", read);
            return JsValue.From(!cx.Failed && ((IIdlSetlike<T>)self).Delete(value));
        });
        yield return Operation("clear", 0, (cx, self, arguments) =>
        {
            ((IIdlSetlike<T>)self).Clear();
            return default;
        });

        IdlMember Operation(string name, int length, IdlInvoker invoker) => IdlMember.Operation(name, origin, IdlMemberFlags.None, length, invoker);
    }

    public static IEnumerable<IdlMember> Iterable<TKey, TValue>(string origin, Func<IdlContext, TKey, JsValue> writeKey, Func<IdlContext, TValue, JsValue> writeValue) =>
        Iteration(origin, (cx, self) => ((IIdlIterable<TKey, TValue>)self).Entries.Select(e => (writeKey(cx, e.Key), writeValue(cx, e.Value))).ToArray());

    private static IEnumerable<IdlMember> Iteration(string origin, Func<IdlContext, object, (JsValue Key, JsValue Value)[]> pairs)
    {
        yield return Member("entries", (cx, p) => p.Select(e => JsValue.From(cx.Realm.NewArray([e.Key, e.Value]))));
        yield return Member("keys", (cx, p) => p.Select(e => e.Key));
        yield return Member("values", (cx, p) => p.Select(e => e.Value));
        yield return IdlMember.Operation("forEach", origin, IdlMemberFlags.None, 1, (cx, self, arguments) =>
        {
            var callback = IdlConvert.ReadCallback(cx, arguments[0], "the callback of forEach");
            if (callback is null) return default;
            var argument = arguments.Length > 1 ? arguments[1] : default;
            var map = JsValue.From(cx.Realm.Wrap(self));
            foreach (var (key, value) in pairs(cx, self)) cx.Call(callback, argument, value, key, map);
            return default;
        });

        IdlMember Member(string name, Func<IdlContext, (JsValue Key, JsValue Value)[], IEnumerable<JsValue>> values) => IdlMember.Operation(
            name, origin, IdlMemberFlags.None, 0, (cx, self, _) => JsValue.From(cx.Realm.NewIterator(values(cx, pairs(cx, self)).ToArray())));
    }
}
