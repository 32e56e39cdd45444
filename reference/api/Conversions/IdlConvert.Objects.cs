namespace WebRtcConformance.Api;

// Web IDL sections 3.2.15 (interfaces), 3.2.17 (dictionaries), 3.2.16 and 3.2.19 (callbacks), 3.2.24 (promises), 3.2.26 (buffers).
public static partial class IdlConvert
{
    /// <summary>A platform object that implements the interface.</summary>
    public static T ReadInterface<T>(IdlContext cx, JsValue value, string name) where T : class
    {
        if (Is<T>(value)) return (T)value.Object.Platform!;
        cx.FailType($"{value} is no {name}");
        return null!;
    }

    public static JsValue WriteInterface(IdlContext cx, object value) => JsValue.From(cx.Realm.Wrap(value));

    internal static bool Is<T>(JsValue value) => value.IsObject && value.Object.Platform is T;

    public static IJsArrayBuffer ReadArrayBuffer(IdlContext cx, JsValue value) => Buffer<IJsArrayBuffer>(cx, value, null, "ArrayBuffer");
    public static JsValue WriteArrayBuffer(IdlContext cx, IJsArrayBuffer value) => JsValue.From(value);
    public static IJsArrayBufferView ReadArrayBufferView(IdlContext cx, JsValue value) => Buffer<IJsArrayBufferView>(cx, value, null, "ArrayBufferView");
    public static JsValue WriteArrayBufferView(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);

    /// <summary>A view of one kind, such as Uint8Array.</summary>
    public static IJsArrayBufferView ReadView(IdlContext cx, JsValue value, JsBufferKind kind) => Buffer<IJsArrayBufferView>(cx, value, kind, kind.ToString());

    private static T Buffer<T>(IdlContext cx, JsValue value, JsBufferKind? kind, string name) where T : class, IJsBuffer
    {
        if (value.IsObject && value.Object is T buffer && (kind is null || buffer.Kind == kind)) return buffer;
        cx.FailType($"{value} is no {name}");
        return null!;
    }

    /// <summary>The object whose members make a dictionary; null for undefined and null, which make one of defaults.</summary>
    public static IJsObject? ReadDictionary(IdlContext cx, JsValue value, string name)
    {
        if (value.IsObject) return value.Object;
        if (!value.IsNullish) cx.FailType($"{value} is no {name}");
        return null;
    }

    private static bool TryMember(IdlContext cx, IJsObject? from, string name, out JsValue value)
    {
        value = from is null ? default : cx.Get(from, JsValue.From(name));
        return !cx.Failed && !value.IsUndefined;
    }

    public static T RequiredMember<T>(IdlContext cx, IJsObject? from, string name, Func<IdlContext, JsValue, T> read)
    {
        if (TryMember(cx, from, name, out var value)) return cx.At(name, value, read);
        if (cx.Enter(name))
        {
            cx.FailType("a required member is missing");
            cx.Leave();
        }
        return default!;
    }

    public static T Member<T>(IdlContext cx, IJsObject? from, string name, Func<IdlContext, JsValue, T> read, T fallback) =>
        TryMember(cx, from, name, out var value) ? cx.At(name, value, read) : fallback;

    public static T? MemberOrNull<T>(IdlContext cx, IJsObject? from, string name, Func<IdlContext, JsValue, T> read) where T : class =>
        TryMember(cx, from, name, out var value) ? cx.At(name, value, read) : null;

    public static T? MemberOrMissing<T>(IdlContext cx, IJsObject? from, string name, Func<IdlContext, JsValue, T> read) where T : struct =>
        TryMember(cx, from, name, out var value) ? cx.At(name, value, read) : null;

    public static Optional<T> OptionalMember<T>(IdlContext cx, IJsObject? from, string name, Func<IdlContext, JsValue, T> read) =>
        TryMember(cx, from, name, out var value) ? new(cx.At(name, value, read)) : default;

    /// <summary>A function of the script's.</summary>
    public static IJsObject? ReadCallback(IdlContext cx, JsValue value, string name)
    {
        if (value.IsObject && value.Object.IsCallable) return value.Object;
        cx.FailType($"{value} is no function, as {name} must be");
        return null;
    }

    /// <summary>An object of the script's with the callback interface's operation, or a function; which, is looked at when it is called.</summary>
    public static IJsObject? ReadCallbackInterface(IdlContext cx, JsValue value, string name)
    {
        if (value.IsObject) return value.Object;
        cx.FailType($"{value} is no object, as {name} must be");
        return null;
    }

    /// <summary>The script's own object behind a delegate or callback interface; null for one that was written in C#.</summary>
    public static IJsObject? ObjectOf(object callback) => (callback is Delegate made ? made.Target : callback) is IdlCallback { Object: var from } ? from : null;

    /// <summary>The script's promise, or a promise of its value.</summary>
    public static IdlPromise<T> ReadPromise<T>(IdlContext cx, JsValue value, Func<IdlContext, JsValue, T> read)
    {
        var promise = new IdlPromise<T>();
        if (cx.Failed) return promise;
        var realm = cx.Realm;
        var followed = realm.TryFollow(value, settled =>
        {
            var inner = new IdlContext(realm);
            var result = read(inner, settled);
            if (inner.Error is { } error) promise.Reject(error);
            else promise.Resolve(result);
        }, reason => promise.Reject(new IdlThrown(reason)), out var thrown);
        if (!followed) cx.FailThrown(thrown);
        return promise;
    }

    public static JsValue WritePromise<T>(IdlContext cx, IdlPromise<T> value, Func<IdlContext, T, JsValue> write)
    {
        var realm = cx.Realm;
        var result = realm.NewPromise(out var resolve, out var reject);
        value.Then(settled => resolve(write(new(realm), settled)), error => reject(error is IdlThrown thrown ? thrown.Value : realm.NewError(error)));
        return JsValue.From(result);
    }

    /// <summary>A promise that is rejected with what went wrong; operations that return promises do not throw.</summary>
    public static JsValue Rejected(IdlContext cx)
    {
        var result = cx.Realm.NewPromise(out _, out var reject);
        reject(cx.Error is IdlThrown thrown ? thrown.Value : cx.Realm.NewError(cx.Error!));
        return JsValue.From(result);
    }
}

/// <summary>Something that the script handed over to be called back. Generated classes add the call, with its types.</summary>
public abstract class IdlCallback(IJsRealm realm, IJsObject from)
{
    /// <summary>The function, or the object with the operation.</summary>
    public IJsObject Object => from;

    protected IdlContext NewContext() => new(realm);

    /// <summary>Web IDL section 3.12, "invoke a callback function". Undefined when it is no function, which [LegacyTreatNonObjectAsNull] lets happen.</summary>
    protected JsValue InvokeFunction(IdlContext cx, params ReadOnlySpan<JsValue> arguments) =>
        from.IsCallable ? cx.Call(from, default, arguments) : default;

    /// <summary>Web IDL section 3.11, "call a user object's operation".</summary>
    protected JsValue InvokeOperation(IdlContext cx, string operation, params ReadOnlySpan<JsValue> arguments)
    {
        if (from.IsCallable) return cx.Call(from, default, arguments);
        var method = cx.Get(from, JsValue.From(operation));
        if (cx.Failed) return default;
        if (method.IsObject && method.Object.IsCallable) return cx.Call(method.Object, JsValue.From(from), arguments);
        cx.FailType($"'{operation}' is no function");
        return default;
    }

    /// <exception cref="IdlException">The call failed.</exception>
    protected static void Check(IdlContext cx)
    {
        if (cx.Error is { } error) throw new IdlException(error);
    }
}
