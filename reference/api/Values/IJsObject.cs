namespace WebRtcConformance.Api;

/// <summary>An object of a script. What may run the script's own code (getters, proxies, functions) returns false when that code threw; the result is
/// then what was thrown.</summary>
public interface IJsObject
{
    bool IsCallable { get; }

    /// <summary>The C# object that stands behind a platform object of a binding; null for every other object.</summary>
    object? Platform { get; }

    /// <summary>ECMA-262 [[Get]].</summary>
    /// <param name="key">A string or a symbol.</param>
    bool TryGet(JsValue key, out JsValue result);

    /// <summary>ECMA-262 [[Call]]; only when <see cref="IsCallable"/>.</summary>
    bool TryCall(JsValue self, ReadOnlySpan<JsValue> arguments, out JsValue result);

    /// <summary>ECMA-262 [[OwnPropertyKeys]]: strings and symbols.</summary>
    bool TryGetKeys(out IReadOnlyList<JsValue> keys, out JsValue thrown);

    /// <summary>ECMA-262 [[GetOwnProperty]], of which only this is of interest: whether there is an own property and whether it is enumerable.</summary>
    bool TryIsEnumerable(JsValue key, out bool enumerable, out JsValue thrown);

    /// <summary>ECMA-262 CreateDataProperty, on an object that <see cref="IJsRealm.NewObject"/> made.</summary>
    void Create(string key, JsValue value);
}

/// <summary>Kinds of ECMA-262 objects that hold bytes.</summary>
public enum JsBufferKind : byte
{
    ArrayBuffer, SharedArrayBuffer, DataView, Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array, Uint8ClampedArray,
    BigInt64Array, BigUint64Array, Float16Array, Float32Array, Float64Array,
}

/// <summary>An object that holds bytes.</summary>
public interface IJsBuffer : IJsObject
{
    JsBufferKind Kind { get; }

    /// <summary>The bytes that it shows, as they are now.</summary>
    Memory<byte> Bytes { get; }
}

/// <summary>An ArrayBuffer.</summary>
public interface IJsArrayBuffer : IJsBuffer;

/// <summary>A typed array or a DataView.</summary>
public interface IJsArrayBufferView : IJsBuffer;

/// <summary>The engine that conversions create objects in.</summary>
public interface IJsRealm
{
    JsValue IteratorSymbol { get; }
    JsValue ToPrimitiveSymbol { get; }

    IJsObject NewObject();
    IJsObject NewArray(ReadOnlySpan<JsValue> items);

    /// <summary>An iterator over values that are known already.</summary>
    IJsObject NewIterator(IReadOnlyList<JsValue> values);

    /// <summary>A function. When the context that its body gets has failed afterwards, it throws.</summary>
    IJsObject NewFunction(string name, int length, Func<IdlContext, JsValue[], JsValue> body);

    /// <summary>A pending promise with what settles it.</summary>
    IJsObject NewPromise(out Action<JsValue> resolve, out Action<JsValue> reject);

    /// <summary>ECMA-262 PromiseResolve on the value, then PerformPromiseThen. False when the script's code threw on the way.</summary>
    bool TryFollow(JsValue value, Action<JsValue> fulfilled, Action<JsValue> rejected, out JsValue thrown);

    /// <summary>The object that stands for a C# object that implements one of the generated interfaces; the same one each time.</summary>
    IJsObject Wrap(object platform);

    /// <summary>The value that a script sees thrown.</summary>
    JsValue NewError(IdlError error);

    /// <summary>An exception that no code is left to catch.</summary>
    void Report(JsValue exception);
}
