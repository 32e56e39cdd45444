using System.Numerics;
using System.Reflection;

namespace WebRtcConformance.Api.Tests;

/// <summary>Conversions of compound types, on objects of a real engine.</summary>
public class CompoundTests
{
    private static readonly JintRealm Realm = new(StandIn.Statics(), "Window");

    private static (T Value, IdlError? Error) Read<T>(string script, Func<IdlContext, JsValue, T> read)
    {
        lock (Realm)
        {
            var cx = new IdlContext(Realm);
            return (read(cx, Realm.Run(script)), cx.Error);
        }
    }

    [Theory]
    [InlineData("'a'", "OfDOMString { Value = a }")]
    [InlineData("7", "OfDOMString { Value = 7 }")]
    [InlineData("['a', 1]", "OfSequenceOfDOMString { Value = [a, 1] }")]
    [InlineData("new Set(['b'])", "OfSequenceOfDOMString { Value = [b] }")]
    [InlineData("({ exact: 'x' })", "OfConstrainDOMStringParameters { Value = ConstrainDOMStringParameters { Exact = OfDOMString { Value = x }, Ideal =  } }")]
    [InlineData("null", "OfConstrainDOMStringParameters { Value = ConstrainDOMStringParameters { Exact = , Ideal =  } }")]
    [InlineData("new String('s')", "OfSequenceOfDOMString { Value = [s] }")]
    public void A_union_of_text_sequence_and_dictionary(string script, string expected) => Assert.Equal(expected, Read(script, IdlTypes.ReadConstrainDOMString).Value.ToString());

    [Theory]
    [InlineData("-5", "OfUnsignedLongClamp { Value = 0 }")]
    [InlineData("1.5", "OfUnsignedLongClamp { Value = 2 }")]
    [InlineData("'2.5'", "OfUnsignedLongClamp { Value = 2 }")]
    [InlineData("1e20", "OfUnsignedLongClamp { Value = 4294967295 }")]
    [InlineData("true", "OfUnsignedLongClamp { Value = 1 }")]
    public void A_union_of_number_and_dictionary(string script, string expected) => Assert.Equal(expected, Read(script, IdlTypes.ReadConstrainULong).Value.ToString());

    [Theory]
    [InlineData("5", "OfUnsignedLongLongEnforceRange { Value = 5 }", null)]
    [InlineData("5n", "OfBigInt { Value = 5 }", null)]
    [InlineData("-5n", "OfBigInt { Value = -5 }", null)]
    [InlineData("'5'", "OfUnsignedLongLongEnforceRange { Value = 5 }", null)]
    [InlineData("Object(7n)", "OfBigInt { Value = 7 }", null)]
    [InlineData("-1", null, "-1 is outside 0 to 9007199254740991")]
    [InlineData("'x'", null, "'x' is no finite number")]
    public void A_union_of_number_and_bigint(string script, string? expected, string? error)
    {
        var (value, failed) = Read(script, IdlTypes.ReadCryptoKeyID);
        Assert.Equal(error, failed?.Message);
        if (error is null) Assert.Equal(expected, value.ToString());
    }

    [Fact]
    public void Conversion_to_a_primitive_asks_in_the_right_order()
    {
        Assert.Equal("toString", Read("({ toString() { return 'toString'; }, valueOf() { return 5; } })", IdlConvert.ReadDOMString).Value);
        Assert.Equal(5, Read("({ toString() { return '6'; }, valueOf() { return 5; } })", IdlConvert.ReadLong).Value);
        Assert.Equal(6, Read("({ toString() { return '6'; }, valueOf() { return {}; } })", IdlConvert.ReadLong).Value);
        Assert.Equal("number", Read("({ [Symbol.toPrimitive](hint) { return hint === 'number' ? 7 : 8; } })", IdlConvert.ReadLong).Value == 7 ? "number" : "other");
        Assert.IsType<IdlTypeError>(Read("({ toString() { return {}; }, valueOf() { return {}; } })", IdlConvert.ReadLong).Error);
        Assert.Equal(new IdlThrown(JsValue.From("mine")), Read("({ valueOf() { throw 'mine'; } })", IdlConvert.ReadLong).Error);
        Assert.IsType<IdlTypeError>(Read("5n", IdlConvert.ReadLong).Error);
        Assert.Equal(new BigInteger(12), Read("'12'", IdlConvert.ReadBigInt).Value);
        Assert.IsType<IdlTypeError>(Read("12", IdlConvert.ReadBigInt).Error);
    }

    [Fact]
    public void A_failing_member_stops_the_reading()
    {
        var log = Read("""
            var log = []; var d = {};
            ['bundlePolicy', 'certificates', 'iceServers'].forEach(n => Object.defineProperty(d, n, { get() { log.push(n); return n === 'certificates' ? 5 : undefined; } })); d
            """, IdlTypes.ReadRTCConfiguration);
        Assert.Equal("certificates", log.Error!.Path);
        Assert.Equal("bundlePolicy,certificates", Read("log.join()", IdlConvert.ReadDOMString).Value);
    }

    [Fact]
    public void Records_keep_the_order_of_the_keys()
    {
        var record = Read("({ b: 1, a: 2, [1]: 3 })", IdlTypes.ReadRecordOfDOMStringToDouble).Value;
        Assert.Equal(new IdlRecord<double>([("1", 3), ("b", 1), ("a", 2)]), record);
        Assert.NotEqual(new IdlRecord<double>([("1", 3), ("a", 2), ("b", 1)]), record);
        Assert.Equal("a[0]", Read("({ a: [{}] })", (c, v) => IdlConvert.ReadRecord(c, v, IdlConvert.ReadDOMString, (x, y) => IdlConvert.ReadSequence(x, y, IdlConvert.ReadDouble))).Error!.Path);
        lock (Realm)
        {
            Realm.SetGlobal("written", IdlTypes.WriteRecordOfDOMStringToDouble(new(Realm), record));
            Assert.Equal("""{"1":3,"b":1,"a":2}""", Realm.Run("JSON.stringify(written)").String);
        }
    }

    [Fact]
    public void A_promise_of_the_scripts_is_followed()
    {
        IdlPromise<int> promise, rejected, wrong;
        lock (Realm)
        {
            promise = IdlConvert.ReadPromise(new(Realm), Realm.Run("Promise.resolve('4.7')"), IdlConvert.ReadLong);
            Assert.True(promise.IsPending);
            rejected = IdlConvert.ReadPromise(new(Realm), Realm.Run("Promise.reject('no')"), IdlConvert.ReadLong);
            wrong = IdlConvert.ReadPromise(new(Realm), Realm.Run("Symbol()"), IdlConvert.ReadLong);
            Realm.Run("0");
        }
        Assert.Equal(4, promise.Value);
        Assert.Equal(new IdlThrown(JsValue.From("no")), rejected.Error);
        Assert.IsType<IdlTypeError>(wrong.Error);
    }

    [Fact]
    public void An_iterator_without_end_is_given_up()
    {
        var error = new IdlContext(Realm);
        IdlConvert.ReadSequence(error, JsValue.From(new Endless()), IdlConvert.ReadAny);
        Assert.IsType<IdlRangeError>(error.Error);
    }

    /// <summary>Iterable, iterator and step in one.</summary>
    private sealed class Endless : IJsObject
    {
        public bool IsCallable => true;
        public object? Platform => null;

        public bool TryGet(JsValue key, out JsValue result)
        {
            result = key == JsValue.From("done") ? JsValue.False : JsValue.From(this);
            return true;
        }

        public bool TryCall(JsValue self, ReadOnlySpan<JsValue> arguments, out JsValue result)
        {
            result = JsValue.From(this);
            return true;
        }

        public bool TryGetKeys(out IReadOnlyList<JsValue> keys, out JsValue thrown) => throw new NotSupportedException();
        public bool TryIsEnumerable(JsValue key, out bool enumerable, out JsValue thrown) => throw new NotSupportedException();
        public void Create(string key, JsValue value) => throw new NotSupportedException();
    }

    [Fact]
    public void Enumerations_know_their_strings_both_ways()
    {
        foreach (var field in typeof(IdlTypes).GetFields().Where(f => f.FieldType.IsGenericType && f.FieldType.GetGenericTypeDefinition() == typeof(IdlEnumValues<>)))
        {
            dynamic values = field.GetValue(null)!;
            var type = field.FieldType.GetGenericArguments()[0];
            var strings = (IReadOnlyList<string>)values.Strings;
            Assert.Equal(Enum.GetValues(type).Length, strings.Count);
            foreach (dynamic value in Enum.GetValues(type))
            {
                Assert.Equal(strings[(int)value], (string)values.Text(value));
                Assert.True((bool)type.GetMethod("Equals", [typeof(object)])!.Invoke((object)value, [Parsed(values, value)])!);
            }
        }
        Assert.Equal("have-local-offer", RTCSignalingState.HaveLocalOffer.ToIdl());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((RTCSignalingState)99).ToIdl());
    }

    private static object Parsed<T>(IdlEnumValues<T> values, T value) where T : struct, Enum => values.TryParse(values.Text(value), out var parsed) ? parsed : "none";

    /// <summary>Values of every sort, some hostile.</summary>
    private static readonly string[] Pool =
    [
        "undefined", "null", "true", "5", "NaN", "-1e300", "5n", "'x'", "'\\ud800'", "Symbol()", "({})", "[]", "[[], {}, 5]", "(() => 5)", "(() => { throw 1; })",
        "new Proxy({}, { get() { throw 'get'; }, ownKeys() { throw 'keys'; } })", "new Proxy({}, { get(t, k) { return k === Symbol.iterator ? undefined : {}; } })",
        "({ [Symbol.iterator]: 5 })", "({ [Symbol.iterator]() { return 5; } })", "({ [Symbol.iterator]() { return { next() { return 5; } }; } })",
        "({ [Symbol.iterator]() { return { next: 5 }; } })", "({ [Symbol.toPrimitive]: 5 })", "({ [Symbol.toPrimitive]() { return {}; } })", "Object.create(null)",
        "new Uint8Array(3)", "new ArrayBuffer(1)", "new DataView(new ArrayBuffer(1))", "new Event('x')", "new RTCPeerConnection()", "Promise.resolve(1)", "new Date(0)", "/x/", "new Map([[1, 2]])",
        "({ type: 'offer', sdp: 'v=0', id: 1, urls: 'a', timestamp: 1, get candidate() { throw 2; } })",
    ];

    [Fact]
    public void Every_conversion_is_total()
    {
        var methods = typeof(IdlTypes).GetMethods(BindingFlags.Public | BindingFlags.Static).Concat(typeof(IdlConvert).GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.Name.StartsWith("Read", StringComparison.Ordinal) && !m.IsGenericMethod && m.GetParameters() is [{ ParameterType: var a }, { ParameterType: var b }]
                && a == typeof(IdlContext) && b == typeof(JsValue)).ToArray();
        Assert.InRange(methods.Length, 250, 2000);
        var failed = 0;
        lock (Realm)
        {
            foreach (var script in Pool)
            {
                var value = Realm.Run(script);
                foreach (var method in methods)
                {
                    var cx = new IdlContext(Realm);
                    var result = method.Invoke(null, [cx, value]);
                    if (cx.Failed) failed++;
                    else WriteBack(method, cx, result);
                    Assert.Equal("", cx.Path);
                }
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{methods.Length} conversions of {Pool.Length} values, {failed} refused");
        Assert.InRange(failed, methods.Length, methods.Length * Pool.Length);
    }

    private static void WriteBack(MethodInfo read, IdlContext cx, object? result)
    {
        var name = "Write" + read.Name["Read".Length..].Replace("EnforceRange", "").Replace("Clamp", "").Replace("NullToEmpty", "");
        var write = read.DeclaringType!.GetMethod(name) ?? read.DeclaringType.GetMethod("Write" + read.Name["Read".Length..]);
        // The methods that generated ones call for dictionaries and callbacks take a name too and are not among these.
        write?.Invoke(null, [cx, result]);
    }
}
