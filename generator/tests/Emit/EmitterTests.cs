using Microsoft.CodeAnalysis.CSharp;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Emit;

/// <summary>What is emitted from the project's own spec files. That it compiles without a warning shows when reference/wire is built; that it is right,
/// in the tests of reference/wire.</summary>
public class EmitterTests
{
    private const int MaxBytes = 4_000_000;

    private static readonly EquatableArray<SpecModule> Modules = new(SpecLibrary.Load(SpecFiles.All).Modules);

    [Fact]
    public void All_of_it_is_small_and_well_formed()
    {
        var total = 0;
        foreach (var module in Modules)
        {
            var code = Emitter.EmitModule(module, Modules);
            Assert.Empty(CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: TestContext.Current.CancellationToken).GetDiagnostics(TestContext.Current.CancellationToken));
            total += code.Length;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{total} characters are emitted from {Modules.Count} spec files");
        Assert.InRange(total, 100_000, MaxBytes);
    }

    [Fact]
    public void The_same_model_gives_the_same_code()
    {
        var again = new EquatableArray<SpecModule>(SpecLibrary.Load(SpecFiles.All).Modules);
        Assert.All(Modules.Zip(again), pair => Assert.Equal(Emitter.EmitModule(pair.First, Modules), Emitter.EmitModule(pair.Second, again)));
    }

    [Fact]
    public void The_schema_holds_every_pdu_and_vector()
    {
        var stun = Modules.Single(m => m.Name == "stun");
        var code = Emitter.EmitModule(stun, Modules);
        Assert.All(stun.Pdus, pdu => Assert.Contains($"new Pdu({pdu.Node}, {pdu.EndNode}, \"{pdu.Name}\", \"{pdu.CsName}\"", code));
        Assert.All(stun.Vectors, vector => Assert.Contains(vector.Hex, code));
    }

    /// <summary>A PDU with two unions, one of whose variants is a message, and another one stands in both.</summary>
    private const string TwoUnions = """
        @document RFC1
        @module two
        @namespace Two
        message Inner
        where
          Value: 16 bits.
        element Shared
        where
          Code: 8 bits; == 2.
          Rest: rest.
        element Other
        where
          Code: 8 bits.
          Rest: rest.
        message Outer
        where
          Kind: 8 bits.
          First: 4 bytes; chosen by Kind: 1 Inner, 2 Shared.
          Second: rest; chosen by bits 0..7: 2 Shared, otherwise Other.
        """;

    [Fact]
    public void What_inheritance_does_not_fit_is_held_by_a_property()
    {
        var (modules, diagnostics) = SpecLibrary.Load([("two.pdu", TwoUnions)]);
        Assert.Empty(diagnostics);
        var code = Emitter.EmitModule(modules[0], new(modules));
        Assert.Empty(CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: TestContext.Current.CancellationToken).GetDiagnostics(TestContext.Current.CancellationToken));
        Assert.Contains("public required IWirePdu First { get; init; }", code);
        Assert.Contains("public required IWirePdu Second { get; init; }", code);
        Assert.Contains("public bool TryGetFirst(out Shared.View view)", code);
        Assert.Contains("public bool TryGetSecond(out Other.View view)", code);
        Assert.Contains("public sealed partial record Inner : IWireMessage<Inner>, IWirePdu", code);
        Assert.DoesNotContain("abstract", code);
    }

    /// <summary>Packed lists and numbers of odd widths, and choices that share computed values, in each place where they may stand.</summary>
    private const string OddWidths = """
        @document RFC1 "Odd"
        @module odd
        @namespace Odd

        registry Odd Closed (OddClosed): 3 bits; closed.
          1 One
          2 Two

        registry Odd Codes (OddCode): 5 bits; open.
          4 Four

        @section 1
        message Odd Lists (OddLists)
        where
          Flag: 1 bits.
          Kinds: [3 bits]; 5 elements; registry Odd Closed; must count(Kinds, One) > 0 and count(last 2 of Kinds, Two) < 2.
          Q: 4 bits.
          Codes: [5 bits]; 12 elements; registry Odd Codes.
          Wide: [12 bits]; 4 elements; present when Flag == 1; must sum(Wide) + last(Wide) + count(Wide, 0) < 12000.
          Total: computed sum(Codes) + count(Codes, Four) + count(Wide) + count(last Q of Codes, 1) + last(Codes).
          Data: sum(Codes) + Total bytes.

        element Odd One
        where
          T: 4 bits; == 1.
          N: 4 bits.
          V: computed N + 1.
          F: computed for X, N * X.

        element Odd Other
        where
          T: 4 bits.
          L: [2 bits]; 2 elements.
          V: computed sum(L).
          F: computed for X, count(last X of L, 1) + X.

        element Odd Choice
        where
          Head: 8 bits.
          Content: chosen by bits 0..3: 1 Odd One, otherwise Odd Other.

        @section 2
        message Odd Choices (OddChoices)
        where
          Alone: nested Odd One.
          Count: 8 bits.
          Choices: [Odd Choice]; while sum(Choices, V) < Count; must sum(Choices, V) >= Count.
          Spare: computed sum(Choices, V) - Count.
          Behind: computed last(Choices, F, Spare).
          Data: sum(Choices, V) + Behind bytes.

        @section 3
        message Odd Numbers (OddNumbers)
        where
          Flag: 1 bits.
          Rest Bits: 7 bits; reserved.
          Maybe: leb128; present when Flag == 1.
          N: leb128; must N < 1000000.
          Values: [8 bits]; N elements.
        """;

    [Fact]
    public void Odd_widths_have_code_in_every_place()
    {
        var (modules, diagnostics) = SpecLibrary.Load([("odd.pdu", OddWidths)]);
        Assert.Empty(diagnostics);
        var code = Emitter.EmitModule(modules[0], new(modules));
        Assert.Empty(CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: TestContext.Current.CancellationToken).GetDiagnostics(TestContext.Current.CancellationToken));
        foreach (var line in new[]
        {
            "public required EquatableArray<OddClosed> Kinds { get; init; }", "public WirePacked<OddClosed> Kinds => new(",
            "public EquatableArray<ushort>? Wide { get; init; }",
            // The choice is no base of its kinds, since one stands elsewhere too.
            "public long V => Content switch { OddOne c => c.V, OddOther c => c.V, _ => 0L };", "public long F(long argument) => Content switch",
            "public uint? Maybe { get; init; }", "public int MaybeSize { get; init; }", "public int NSize { get; init; }",
        })
            Assert.Contains(line, code);
        Assert.DoesNotContain("abstract", code);
    }

    [Fact]
    public void Shapes_without_code_are_named()
    {
        var clause = new Clause("RFC0000", "1");
        var odd = new Field(2, "Odd", "Odd", clause, new UIntShape(3, null, null), Role.Semantic, null, null, default);
        var pdu = new Pdu(1, 3, "P", "P", PduKind.Message, clause, null, null, true, EquatableArray.Of(odd), default);
        var module = new SpecModule("m", "RFC0000", "m", "M", 1, EquatableArray.Of(pdu), default, default);
        Assert.Contains("Odd", Assert.Throws<UnsupportedShapeException>(() => Emitter.EmitModule(module, EquatableArray.Of(module))).Message);
    }
}
