namespace WebRtcConformance.Api;

/// <summary>One call from a script into the API, or back: the engine, the first error, and where conversion stands. Conversions return a default value
/// once there is an error, and do not run the script's code any more; whoever started them looks at <see cref="Failed"/> before it uses what they
/// returned.</summary>
public sealed class IdlContext(IJsRealm realm)
{
    private const int Deepest = 200;
    private readonly List<object> _path = [];

    public IJsRealm Realm => realm;
    public IdlError? Error { get; private set; }
    public bool Failed => Error is not null;

    /// <summary>Where conversion stands: "RTCConfiguration.iceServers[0].urls".</summary>
    public string Path
    {
        get
        {
            var text = new System.Text.StringBuilder();
            foreach (var part in _path)
            {
                if (part is int index) text.Append('[').Append(index).Append(']');
                else text.Append(text.Length == 0 ? "" : ".").Append(part);
            }
            return text.ToString();
        }
    }

    /// <summary>Steps into a member (a name) or an element (its index, an int). False, with an error, when values are nested too deeply to go on.</summary>
    internal bool Enter(object part)
    {
        if (Failed) return false;
        if (_path.Count >= Deepest)
        {
            FailRange($"values are nested more than {Deepest} deep");
            return false;
        }
        _path.Add(part);
        return true;
    }

    /// <summary>Takes the error back, once it has become a value.</summary>
    internal void Forgive() => Error = null;

    internal void Leave() => _path.RemoveAt(_path.Count - 1);

    private (JsValue Value, IJsObject Method)? _iterator;

    /// <summary>Keeps the iterator method that resolving overloads found, so that the conversion does not ask the script twice.</summary>
    internal void KeepIterator(JsValue value, IJsObject method) => _iterator = (value, method);

    internal IJsObject? TakeIterator(JsValue value)
    {
        var kept = _iterator is { } found && found.Value == value ? found.Method : null;
        if (kept is not null) _iterator = null;
        return kept;
    }

    public void Fail(IdlError error) => Error ??= error;
    public void FailType(string message) => Error ??= new IdlTypeError(Path, message);
    public void FailRange(string message) => Error ??= new IdlRangeError(Path, message);
    public void FailThrown(JsValue thrown) => Error ??= new IdlThrown(thrown);

    /// <summary>An argument by its place; a missing one is undefined.</summary>
    public T Argument<T>(ReadOnlySpan<JsValue> arguments, int index, string name, Func<IdlContext, JsValue, T> read) =>
        At(name, index < arguments.Length ? arguments[index] : default, read);

    /// <summary>An optional argument with a default.</summary>
    public T Argument<T>(ReadOnlySpan<JsValue> arguments, int index, string name, Func<IdlContext, JsValue, T> read, T fallback) =>
        IsMissing(arguments, index) ? fallback : At(name, arguments[index], read);

    /// <summary>An optional argument without default; null when it is missing.</summary>
    public T? ArgumentOrNull<T>(ReadOnlySpan<JsValue> arguments, int index, string name, Func<IdlContext, JsValue, T> read) where T : class =>
        IsMissing(arguments, index) ? null : At(name, arguments[index], read);

    public T? ArgumentOrMissing<T>(ReadOnlySpan<JsValue> arguments, int index, string name, Func<IdlContext, JsValue, T> read) where T : struct =>
        IsMissing(arguments, index) ? null : At(name, arguments[index], read);

    public Optional<T> OptionalArgument<T>(ReadOnlySpan<JsValue> arguments, int index, string name, Func<IdlContext, JsValue, T> read) =>
        IsMissing(arguments, index) ? default : new(At(name, arguments[index], read));

    /// <summary>The rest of the arguments, of a variadic one.</summary>
    public IdlSequence<T> Arguments<T>(ReadOnlySpan<JsValue> arguments, int from, string name, Func<IdlContext, JsValue, T> read)
    {
        if (arguments.Length <= from) return default;
        var items = new T[arguments.Length - from];
        for (var i = 0; i < items.Length && !Failed; i++) items[i] = At(name, arguments[from + i], read);
        return Failed ? default : new(items);
    }

    private static bool IsMissing(ReadOnlySpan<JsValue> arguments, int index) => index >= arguments.Length || arguments[index].IsUndefined;

    /// <summary>Reads a value with the path one step longer.</summary>
    internal T At<T>(object part, JsValue value, Func<IdlContext, JsValue, T> read)
    {
        if (!Enter(part)) return default!;
        var result = read(this, value);
        Leave();
        return result;
    }

    /// <summary>[[Get]] of the script's object; undefined after an error.</summary>
    internal JsValue Get(IJsObject from, JsValue key)
    {
        if (Failed) return default;
        if (from.TryGet(key, out var result)) return result;
        FailThrown(result);
        return default;
    }

    /// <summary>[[Call]] of the script's function; undefined after an error.</summary>
    internal JsValue Call(IJsObject function, JsValue self, params ReadOnlySpan<JsValue> arguments)
    {
        if (Failed) return default;
        if (function.TryCall(self, arguments, out var result)) return result;
        FailThrown(result);
        return default;
    }

    /// <summary>GetMethod, ECMA-262 section 7.3.10.</summary>
    internal IJsObject? Method(IJsObject from, JsValue key)
    {
        var value = Get(from, key);
        if (Failed || value.IsNullish) return null;
        if (value.IsObject && value.Object.IsCallable) return value.Object;
        FailType("what should be a method is no function");
        return null;
    }
}
