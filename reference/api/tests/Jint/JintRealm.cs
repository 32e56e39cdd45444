using System.Numerics;
using System.Runtime.CompilerServices;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using JintValue = Jint.Native.JsValue;

namespace WebRtcConformance.Api.Tests;

/// <summary>The engine Jint as a realm of the binding. What needs the engine's insides is asked of the script binding.js, so that this is small.</summary>
internal sealed class JintRealm : IJsRealm
{
    private readonly Engine _engine;
    private readonly ObjectInstance _helpers;
    private readonly ConditionalWeakTable<ObjectInstance, object> _platform = [];
    private readonly ConditionalWeakTable<object, JintObject> _wrappers = [];
    private readonly Dictionary<string, object> _statics;

    /// <param name="statics">Implementations of the generated "...Constructor" interfaces, by interface name.</param>
    /// <param name="exposure">Names of the global.</param>
    public JintRealm(IReadOnlyDictionary<string, object> statics, params string[] exposure)
    {
        _statics = new(statics);
        _engine = new(options => options.TimeoutInterval(TimeSpan.FromSeconds(60)).LimitRecursion(500));
        var host = new JsObject(_engine);
        void Host(string name, Func<JintValue[], IdlContext, JsValue> body) => host.Set(name, new ClrFunction(_engine, name, (_, arguments) => Answer(arguments, body)));
        Host("get", (a, cx) => IdlBinding.Get(cx, Owner(a), Member(a), Self(a)));
        Host("set", (a, cx) =>
        {
            IdlBinding.Set(cx, Owner(a), Member(a), Self(a), Items(a[3]).FirstOrDefault(), true);
            return default;
        });
        Host("call", (a, cx) => IdlBinding.Call(cx, Owner(a), Member(a), Self(a), Items(a[3])));
        Host("construct", (a, cx) => IdlBinding.Construct(cx, Owner(a), _statics.GetValueOrDefault(a[0].AsString()), Items(a[1])));
        var tables = _engine.Evaluate("(" + IdlTables.Json(exposure) + ")");
        _helpers = (ObjectInstance)_engine.Invoke(_engine.Evaluate(IdlTables.Script), tables, host, _engine.Global);
        IteratorSymbol = From(_helpers.Get("iterator"));
        ToPrimitiveSymbol = From(_helpers.Get("toPrimitive"));
    }

    public List<JsValue> Reported { get; } = [];

    /// <summary>Runs a script and what it has queued.</summary>
    /// <exception cref="JavaScriptException">It threw.</exception>
    public JsValue Run(string script)
    {
        var result = From(_engine.Evaluate(script));
        _engine.Advanced.ProcessTasks();
        return result;
    }

    public void SetGlobal(string name, JsValue value) => _engine.SetValue(name, To(value));

    private JintValue Answer(JintValue[] arguments, Func<JintValue[], IdlContext, JsValue> body)
    {
        var cx = new IdlContext(this);
        var result = body(arguments, cx);
        return Pair(cx, result);
    }

    private JintValue Pair(IdlContext cx, JsValue result) =>
        new JsArray(_engine, cx.Error is { } error ? [JsBoolean.True, To(error is IdlThrown thrown ? thrown.Value : NewError(error))] : [JsBoolean.False, To(result)]);

    private static IdlInterface Owner(JintValue[] arguments) => IdlInterfaces.All[arguments[0].AsString()];
    private static IdlMember Member(JintValue[] arguments) => Owner(arguments).Members[(int)arguments[1].AsNumber()];

    /// <summary>The C# object behind "this": of a static member, the implementation of the interface object.</summary>
    private object? Self(JintValue[] arguments) => Member(arguments).IsStatic ? _statics.GetValueOrDefault(arguments[0].AsString())
        : arguments[2] is ObjectInstance self && _platform.TryGetValue(self, out var platform) ? platform : null;

    private JsValue[] Items(JintValue array) => ((JsArray)array).Select(From).ToArray();

    internal JintValue Ask(string helper, params JintValue[] arguments) => _engine.Invoke(_helpers.Get(helper), arguments);

    /// <summary>Asks a helper that answers [threw, value].</summary>
    internal bool TryAsk(string helper, out JintValue result, params JintValue[] arguments)
    {
        var pair = (JsArray)Ask(helper, arguments);
        result = pair[1];
        return !pair[0].AsBoolean();
    }

    internal object? Platform(ObjectInstance item) => _platform.TryGetValue(item, out var platform) ? platform : null;

    public JsValue From(JintValue value) => value.Type switch
    {
        Types.Undefined => default,
        Types.Null => JsValue.Null,
        Types.Boolean => JsValue.From(value.AsBoolean()),
        Types.Number => JsValue.From(value.AsNumber()),
        Types.String => JsValue.From(value.AsString()),
        Types.BigInt => JsValue.FromBigInt(BigInteger.Parse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture)),
        Types.Symbol => JsValue.Symbol(value),
        _ => JsValue.From(Object((ObjectInstance)value)),
    };

    public JintValue To(JsValue value) => value.Type switch
    {
        JsType.Undefined => JintValue.Undefined,
        JsType.Null => JintValue.Null,
        JsType.Boolean => value.Boolean ? JsBoolean.True : JsBoolean.False,
        JsType.Number => new Jint.Native.JsNumber(value.Number),
        JsType.String => new JsString(value.String),
        JsType.BigInt => new JsBigInt(value.BigInt),
        JsType.Symbol => (JintValue)value.SymbolIdentity,
        _ => ((JintObject)value.Object).Inner,
    };

    private JintObject Object(ObjectInstance item)
    {
        var kind = Ask("bufferKind", item).AsString();
        if (kind.Length == 0) return new(this, item);
        var parsed = Enum.Parse<JsBufferKind>(kind);
        return parsed == JsBufferKind.ArrayBuffer ? new JintArrayBuffer(this, item, parsed) : new JintView(this, item, parsed);
    }

    private JintObject Plain(JintValue value) => new(this, (ObjectInstance)value);

    public JsValue IteratorSymbol { get; }
    public JsValue ToPrimitiveSymbol { get; }
    public IJsObject NewObject() => Plain(Ask("newObject"));
    public IJsObject NewArray(ReadOnlySpan<JsValue> items) => Plain(Array(items));
    public IJsObject NewIterator(IReadOnlyList<JsValue> values) => Plain(Ask("newIterator", Array(values.ToArray())));

    internal JsArray Array(ReadOnlySpan<JsValue> items)
    {
        var converted = new JintValue[items.Length];
        for (var i = 0; i < items.Length; i++) converted[i] = To(items[i]);
        return new(_engine, converted);
    }

    public IJsObject NewFunction(string name, int length, Func<IdlContext, JsValue[], JsValue> body)
    {
        var host = new ClrFunction(_engine, name, (_, arguments) => Answer(arguments, (a, cx) => body(cx, Items(a[0]))));
        return Plain(Ask("newFunction", new JsString(name), new Jint.Native.JsNumber(length), host));
    }

    public IJsObject NewPromise(out Action<JsValue> resolve, out Action<JsValue> reject)
    {
        var made = (JsArray)Ask("newPromise");
        var (onResolve, onReject) = (made[1], made[2]);
        resolve = value => _engine.Invoke(onResolve, To(value));
        reject = value => _engine.Invoke(onReject, To(value));
        return Plain(made[0]);
    }

    public bool TryFollow(JsValue value, Action<JsValue> fulfilled, Action<JsValue> rejected, out JsValue thrown)
    {
        ClrFunction Reaction(Action<JsValue> action) => new(_engine, "", (_, arguments) =>
        {
            action(arguments.Length > 0 ? From(arguments[0]) : default);
            return JintValue.Undefined;
        });
        var followed = TryAsk("follow", out var result, To(value), Reaction(fulfilled), Reaction(rejected));
        thrown = followed ? default : From(result);
        return followed;
    }

    public IJsObject Wrap(object platform)
    {
        if (_wrappers.TryGetValue(platform, out var known)) return known;
        // The most derived of the interfaces that the object implements.
        var item = IdlInterfaces.All.Values.Where(i => i.Type.IsInstanceOfType(platform)).MaxBy(i => IdlInterfaces.Chain(i).Count)
            ?? throw new ArgumentException("not an implementation of a generated interface", nameof(platform));
        var made = Plain(Ask("wrap", new JsString(item.Name)));
        _platform.Add(made.Inner, platform);
        _wrappers.Add(platform, made);
        return made;
    }

    public JsValue NewError(IdlError error) => From(Ask("newError",
        new JsString(error switch { IdlTypeError => "TypeError", IdlRangeError => "RangeError", IdlDomError dom => dom.Name, _ => "TypeError" }), new JsString(error.ToString())));

    public void Report(JsValue exception) => Reported.Add(exception);
}

/// <summary>An object of Jint's. Two of the same object are equal.</summary>
internal class JintObject(JintRealm realm, ObjectInstance inner) : IJsObject, IEquatable<JintObject>
{
    public ObjectInstance Inner => inner;
    protected JintRealm Realm => realm;
    public bool IsCallable => realm.Ask("isCallable", inner).AsBoolean();
    public object? Platform => realm.Platform(inner);

    public bool TryGet(JsValue key, out JsValue result) => Try("get", out result, inner, realm.To(key));

    public bool TryCall(JsValue self, ReadOnlySpan<JsValue> arguments, out JsValue result) => Try("call", out result, inner, realm.To(self), realm.Array(arguments));

    public bool TryGetKeys(out IReadOnlyList<JsValue> keys, out JsValue thrown)
    {
        var got = realm.TryAsk("keys", out var result, inner);
        keys = got ? ((JsArray)result).Select(realm.From).ToArray() : [];
        thrown = got ? default : realm.From(result);
        return got;
    }

    public bool TryIsEnumerable(JsValue key, out bool enumerable, out JsValue thrown)
    {
        var got = realm.TryAsk("isEnumerable", out var result, inner, realm.To(key));
        enumerable = got && result.AsBoolean();
        thrown = got ? default : realm.From(result);
        return got;
    }

    public void Create(string key, JsValue value) => realm.Ask("create", inner, new JsString(key), realm.To(value));

    private bool Try(string helper, out JsValue result, params JintValue[] arguments)
    {
        var got = realm.TryAsk(helper, out var answer, arguments);
        result = realm.From(answer);
        return got;
    }

    public bool Equals(JintObject? other) => other is not null && ReferenceEquals(inner, other.Inner);
    public override bool Equals(object? obj) => Equals(obj as JintObject);
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(inner);
}

internal abstract class JintBuffer(JintRealm realm, ObjectInstance inner, JsBufferKind kind) : JintObject(realm, inner), IJsBuffer
{
    public JsBufferKind Kind => kind;
    public Memory<byte> Bytes => ((JsArray)Realm.Ask("bytes", Inner)).Select(b => (byte)b.AsNumber()).ToArray();
}

internal sealed class JintArrayBuffer(JintRealm realm, ObjectInstance inner, JsBufferKind kind) : JintBuffer(realm, inner, kind), IJsArrayBuffer;

internal sealed class JintView(JintRealm realm, ObjectInstance inner, JsBufferKind kind) : JintBuffer(realm, inner, kind), IJsArrayBufferView;
