namespace WebRtcConformance.Api;

// Web IDL sections 3.2.21 (sequences), 3.2.23 (records) and 3.2.27 (frozen arrays).
public static partial class IdlConvert
{
    /// <summary>More elements than this are refused, so that an endless iterator ends.</summary>
    public const int MaxElements = 1 << 20;

    /// <summary>The method that makes an object a sequence; null when there is none.</summary>
    internal static IJsObject? IteratorMethod(IdlContext cx, JsValue value) =>
        cx.TakeIterator(value) ?? cx.Method(value.Object, cx.Realm.IteratorSymbol);

    public static IdlSequence<T> ReadSequence<T>(IdlContext cx, JsValue value, Func<IdlContext, JsValue, T> read)
    {
        if (!value.IsObject)
        {
            cx.FailType($"{value} is no sequence");
            return default;
        }
        var method = IteratorMethod(cx, value);
        if (method is null)
        {
            cx.FailType("an object that cannot be iterated is no sequence");
            return default;
        }
        return ReadSequence(cx, value, method, read);
    }

    /// <summary>"Creating a sequence from an iterable".</summary>
    internal static IdlSequence<T> ReadSequence<T>(IdlContext cx, JsValue value, IJsObject method, Func<IdlContext, JsValue, T> read)
    {
        var iterator = cx.Call(method, value);
        if (cx.Failed) return default;
        if (!iterator.IsObject)
        {
            cx.FailType("an iterator is no object");
            return default;
        }
        var next = cx.Get(iterator.Object, JsValue.From("next"));
        if (cx.Failed) return default;
        if (!next.IsObject || !next.Object.IsCallable)
        {
            cx.FailType("an iterator has no method 'next'");
            return default;
        }
        var items = new List<T>();
        while (true)
        {
            var step = cx.Call(next.Object, iterator);
            if (!cx.Failed && !step.IsObject) cx.FailType("an iterator's step is no object");
            if (cx.Failed) return default;
            var done = cx.Get(step.Object, JsValue.From("done"));
            if (cx.Failed) return default;
            if (ReadBoolean(cx, done)) return new(items.ToArray());
            var item = cx.Get(step.Object, JsValue.From("value"));
            if (items.Count >= MaxElements) cx.FailRange($"a sequence has more than {MaxElements} elements");
            if (cx.Failed) return default;
            items.Add(cx.At(items.Count, item, read));
            if (cx.Failed) return default;
        }
    }

    public static JsValue WriteSequence<T>(IdlContext cx, IdlSequence<T> value, Func<IdlContext, T, JsValue> write)
    {
        var items = new JsValue[value.Count];
        for (var i = 0; i < items.Length; i++) items[i] = write(cx, value[i]);
        return JsValue.From(cx.Realm.NewArray(items));
    }

    public static IdlRecord<T> ReadRecord<T>(IdlContext cx, JsValue value, Func<IdlContext, JsValue, string> readKey, Func<IdlContext, JsValue, T> read)
    {
        if (!value.IsObject)
        {
            cx.FailType($"{value} is no record");
            return new();
        }
        if (cx.Failed) return new();
        if (!value.Object.TryGetKeys(out var keys, out var thrown))
        {
            cx.FailThrown(thrown);
            return new();
        }
        var entries = new List<(string, T)>();
        foreach (var key in keys)
        {
            if (!value.Object.TryIsEnumerable(key, out var enumerable, out thrown)) cx.FailThrown(thrown);
            if (cx.Failed) return new();
            if (!enumerable) continue;
            var typedKey = readKey(cx, key);
            var item = cx.Get(value.Object, key);
            var typed = cx.At(typedKey, item, read);
            if (cx.Failed) return new();
            entries.Add((typedKey, typed));
        }
        return new(entries);
    }

    public static JsValue WriteRecord<T>(IdlContext cx, IdlRecord<T> value, Func<IdlContext, T, JsValue> write)
    {
        var result = cx.Realm.NewObject();
        foreach (var key in value.Keys) result.Create(key, write(cx, value[key]));
        return JsValue.From(result);
    }
}
