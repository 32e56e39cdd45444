using System.Text.Json;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>What the grammar has beyond what standards use: read as webidl2 reads it, without a complaint.</summary>
public class GrammarTests
{
    /// <summary>Sound files, each about one part of the grammar; together they have every construct.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        // Numbers and other values.
        """
        [Exposed=*] interface Numbers {
          const octet a = 0; const octet b = 00; const octet c = 017; const octet d = 0x1F; const octet e = 0XAb; const byte f = -1; const byte g = -0x7f;
          const double h = 1.5; const double i = .5; const double j = 5.; const double k = -1e5; const double l = 1E+5; const float m = 1.e-3; const double n = -.5e0;
          const unrestricted double o = Infinity; const unrestricted float p = -Infinity; const unrestricted double q = NaN; const boolean r = true; const boolean s = false;
          const bigint t = 123456789012345678901234567890; const double u = 1; const long long v = -0x8000000000000000; const unsigned long long w = 0xFFFFFFFFFFFFFFFF;
        };
        dictionary Defaults { DOMString a = ""; DOMString b = "x\ny"; long? c = null; sequence<long> d = []; any e = null; (long or sequence<long>)? f = []; ByteString g = "ÿ"; E h = "b"; };
        enum E { "a", "b", };
        """,
        // All types.
        """
        typedef (boolean or byte or bigint or DOMString or object) T1;
        typedef unrestricted float? T2; typedef long long T3; typedef unsigned long long T4; typedef unsigned short T5; typedef short T6; typedef unsigned long T7;
        typedef sequence<sequence<[Clamp] octet>?>? T8; typedef record<USVString, record<ByteString, any>> T9; typedef FrozenArray<(DOMString or sequence<long>)> T10;
        typedef Promise<Promise<undefined>> T11; typedef async_sequence<DOMString> T12; typedef symbol T13; typedef [EnforceRange] unsigned long T14;
        typedef (ArrayBuffer or SharedArrayBuffer or DataView or Int8Array or Int16Array or Int32Array or Uint8Array or Uint16Array or Uint32Array or Uint8ClampedArray
          or BigInt64Array or BigUint64Array or Float16Array or Float32Array or Float64Array) T15;
        typedef (([Clamp] octet or DOMString) or (sequence<(float or boolean)> or Other?)) T16; typedef BufferSource? T17; typedef record<DOMString, ArrayBufferView?> T18;
        [Exposed=(Window,Worker)] interface Other { };
        """,
        // Members of every kind.
        """
        [Exposed=*] interface A : B {
          constructor(); constructor(long a, optional DOMString b = "c", any... d);
          attribute long a1; readonly attribute DOMString? a2; static attribute boolean a3; static readonly attribute boolean a4; inherit attribute long b1;
          stringifier readonly attribute USVString a5; attribute [LegacyNullToEmptyString] DOMString async; attribute any required; attribute ObservableArray<A> a6;
          undefined f1(); static A f2(optional [Clamp] octet a = 1, [XAttr] A... b); getter any (unsigned long index); getter any f3(DOMString name);
          setter undefined (unsigned long index, any value); setter undefined f4(DOMString name, any value); deleter undefined (DOMString name); deleter undefined f5(DOMString name);
          undefined includes(long async, long attribute, long callback, long const, long constructor, long deleter, long dictionary, long enum, long getter, long includes, long inherit,
            long interface, long iterable, long maplike, long namespace, long partial, long required, long setlike, long setter, long static, long stringifier, long typedef, long unrestricted);
          iterable<any>; readonly attribute unsigned long length; undefined _interface(long _long); const long _const = 1; attribute long _attribute; attribute long a-b_c-; attribute long _-x;
        };
        [Exposed=*] interface B { readonly attribute long b1; stringifier; };
        [Exposed=*] interface C { iterable<DOMString, [XAttr] Promise<long>>; }; [Exposed=*] interface D { async_iterable<record<USVString, Promise<any>>>; }; [Exposed=*] interface E { async_iterable<long, DOMString>(optional long a, any... b); };
        [Exposed=*] interface F { maplike<DOMString, long>; }; [Exposed=*] interface G { readonly maplike<DOMString, long>; }; [Exposed=*] interface H { setlike<long>; };
        [Exposed=*] interface I { readonly setlike<sequence<long>>; };
        """.Replace("attribute long _-x;", "").Replace("deleter undefined f5(DOMString name);", ""),
        // Definitions of every kind.
        """
        [Exposed=*] namespace console { const long a = 1; readonly attribute long b; undefined log(any... data); }; partial namespace console { undefined more(); };
        interface mixin M { const long m1 = 1; attribute long m2; readonly attribute long m3; undefined m4(); stringifier; }; partial interface mixin M { undefined m5(long includes); };
        [Exposed=*] interface A { }; partial interface A { constructor(); undefined a(); }; A includes M; _B includes M; [Exposed=*] interface _B { };
        callback C = undefined (long a, optional long b); callback D = Promise<any> (sequence<long>... a); [LegacyTreatNonObjectAsNull] callback F = any ();
        callback interface Listener { const short X = 1; undefined handle(A a); };
        dictionary Base { required long b; [Clamp] octet c = 1; required [EnforceRange] long d; }; dictionary Derived : Base { Base e; any _required; }; partial dictionary Derived { Derived2 f; };
        dictionary Derived2 { }; enum Empty { "" }; enum Many { "a", "b-c", "//", "/* */" }; typedef Many Few;
        """,
        // Extended attributes with every right-hand side, and comments everywhere.
        """
        // @ours marked by the comment before it
        [A, B=C, D=(E), F=(G, H), I="j", K=("l", "m"), N=1, O=(1, 0x2, -3), P=1.5, Q=(1.5, 2e1), R=*, S(), T(long a, optional [U] (V or W) x = null), Y=Z(any... a), _long=_short, Exposed=*]/* a
        comment */interface/**/_interface/***/ { // to the end
          [A] /* x */ attribute [B=(C)] long d; /* // */ [E] constructor ( [F] long g , /* between */ [H] optional [I] long j ) ; [K] stringifier; [L] iterable < [M] long , [N] long > ;
        }; // "not a string
        [Exposed=*] interface V { }; [Exposed=*] interface W { };
        """.Replace("(V or W) x = null", "(V or W)? x = null"),
        "",
        " \t\r\n// nothing but a comment",
    ];

    [Fact]
    public void Texts_are_sound()
    {
        foreach (var text in Texts) Assert.Equal("", string.Join("\n", IdlLibrary.Load([("a", text)]).Diagnostics));
    }

    [Fact]
    public void Trees_are_those_of_webidl2()
    {
        var expected = WebIdlOracle.Run("parse", JsonSerializer.Serialize(Texts));
        Assert.Equal(Texts.Count, expected.Length);
        for (var i = 0; i < Texts.Count; i++) Assert.Equal(expected[i], WebIdl2Json.Write(IdlParser.Parse("a", Texts[i]).Syntax));
    }

    [Fact]
    public void Texts_are_written_back_as_they_were_read()
    {
        foreach (var text in Texts) Assert.Equal(text, IdlParser.ParseConcrete(text).ToString());
    }

    [Fact]
    public void Every_kind_of_node_is_in_the_concrete_trees()
    {
        var kinds = Texts.Append("rubbish").SelectMany(t => IdlParser.ParseConcrete(t).Nodes()).Select(n => n.Kind).Distinct().Order();
        Assert.Equal(Enum.GetValues<IdlConcreteKind>(), kinds);
    }

    [Fact]
    public void Undefined_is_a_default_value_which_webidl2_does_not_know_yet() =>
        Assert.Empty(IdlLibrary.Load([("a", "callback C = undefined (optional any a = undefined);")]).Diagnostics);

    [Fact]
    public void Annotations_are_kept_with_the_definition_that_they_stand_before()
    {
        var syntax = IdlParser.Parse("a", "// @first\ntypedef long A; // @second x\n// plain\n  // @third\n[B] typedef long C;").Syntax;
        Assert.Equal([["first"], ["second x", "third"]], syntax.Definitions.Select(d => d.Annotations.ToArray()));
    }
}
