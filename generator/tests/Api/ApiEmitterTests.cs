using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using WebRtcConformance.Generator.WebIdl;

namespace WebRtcConformance.Generator.Api;

/// <summary>The C# that is made of Web IDL. That the project's own compiles shows when reference/api is built; here, constructs that it does not have.</summary>
public class ApiEmitterTests
{
    private const int MaxBytes = 1_200_000;

    [Fact]
    public void All_of_it_is_small()
    {
        var sources = ApiLibrary.Emit(ApiFiles.Specs);
        var total = sources.Sum(s => s.Text.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{total} characters are emitted from {ApiFiles.Specs.Count} spec files");
        Assert.InRange(total, 300_000, MaxBytes);
    }

    [Fact]
    public void The_same_files_give_the_same_code() =>
        Assert.Equal(ApiLibrary.Emit(ApiFiles.Specs), ApiLibrary.Emit(ApiLibrary.Load(ApiFiles.All).Specs));

    [Fact]
    public void Every_definition_has_its_type()
    {
        var text = string.Concat(ApiLibrary.Emit(ApiFiles.Specs).Select(s => s.Text));
        foreach (var spec in ApiFiles.Specs)
        {
            Assert.All(spec.Interfaces, i => Assert.Contains($"public interface I{i.Name}", text));
            Assert.All(spec.Dictionaries, d => Assert.Contains($"public record {d.Name}", text));
            Assert.All(spec.Enums, e => Assert.Contains($"public enum {e.Name} ", text));
            Assert.All(spec.Callbacks, c => Assert.Contains($" {c.Name}(", text));
        }
    }

    [Theory]
    [InlineData("dictionary D { long a = 010; unsigned short b = 0x1F; double c = 1; float d = -1.5; unrestricted double e = -Infinity; octet f = 7; long long g = -3; };")]
    [InlineData("dictionary D { required any a; any b; any c = null; any d = \"x\"; any e = 5; object f; symbol g; bigint h; ByteString i = \"\"; undefined? j; };", "WI")]
    [InlineData("dictionary D { required any a; any b; any c = null; any d = \"x\"; any e = 5; object f; symbol g; bigint h; ByteString i = \"\"; };")]
    [InlineData("enum E { \"\", \"-\", \"1\", \"a-b\", \"aB\", \"class\" }; dictionary D { E e = \"\"; E? f = null; sequence<E?> g = []; record<USVString, E> h; };")]
    [InlineData("[Exposed=*] interface A { setlike<DOMString>; };")]
    [InlineData("[Exposed=*] interface A { readonly setlike<long>; static readonly attribute long x; static attribute DOMString y; };")]
    [InlineData("[Exposed=*] interface A { maplike<DOMString, A>; }; ")]
    [InlineData("[Exposed=*] interface A { iterable<A?>; };", "WI033")]
    [InlineData("[Exposed=*] interface A { iterable<A?>; getter A? (unsigned long i); readonly attribute unsigned long length; };", "WB001")]
    [InlineData("[Exposed=*] interface A { iterable<DOMString, sequence<long>>; };")]
    [InlineData("[Exposed=*] interface A { const boolean T = true; const long N = -1; const double D = 1.5; [LegacyUnforgeable] undefined event(any cx, any value, optional any self); };")]
    [InlineData("[Exposed=*] interface A { undefined f(long a); undefined f(DOMString a, optional long b = 1); undefined f(boolean a, A... rest); constructor(A a); constructor(sequence<A> a); };")]
    [InlineData("[Exposed=*] interface A { undefined f(Uint8Array a); undefined f(Int8Array a); undefined f(ArrayBuffer a); undefined f(D a); undefined f(C a); }; dictionary D { required long x; }; callback C = undefined ();")]
    [InlineData("[Exposed=*] interface A { undefined f((A or long) a); undefined f(boolean? a); undefined f(record<DOMString, long> a); };")]
    [InlineData("callback C = Promise<any> (optional long a, optional C? b, C... rest); callback interface I { long f((long or bigint) x); }; dictionary D { C c; I i; C? d; I? e = null; };")]
    [InlineData("[Exposed=*] interface A { Promise<A?> f(Promise<long> p, optional Promise<undefined> q); attribute (Promise<long>)? x; };", "WI")]
    [InlineData("[Exposed=*] interface A { attribute [LegacyNullToEmptyString] DOMString s; attribute FrozenArray<A> l; readonly attribute Promise<A> p; attribute [Clamp] octet? o; };")]
    [InlineData("dictionary Base { required long x; long write; long clone; long Base; }; dictionary Derived : Base { required DOMString y; }; ")]
    [InlineData("typedef (long or DOMString or sequence<long> or boolean) U; dictionary D { U a = 5; U b = \"x\"; U c = []; U? d = null; U e = false; U? f; };")]
    [InlineData("typedef (double or E) V; dictionary E { long x; }; dictionary D { V a = {}; V b = 1.5; V c; }; [Exposed=*] interface A { undefined f(optional V v = {}); };")]
    public void Constructs_compile_or_are_refused(string idl, string? refused = null)
    {
        var (specs, diagnostics) = ApiLibrary.Load([("x/test.webidl", idl)]);
        if (refused is not null)
        {
            Assert.Contains(diagnostics, d => d.Rule.Id.StartsWith(refused, StringComparison.Ordinal) && !d.Rule.IsWarning);
            return;
        }
        Assert.DoesNotContain(diagnostics, d => !d.Rule.IsWarning);
        var cancel = TestContext.Current.CancellationToken;
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        // The runtime's own bodies are not looked at again for each case.
        var trees = ApiLibrary.Emit(specs).Select(s => CSharpSyntaxTree.ParseText(s.Text, options, cancellationToken: cancel)).ToArray();
        var compilation = CSharpCompilation.Create("Made", Runtime.Concat(trees), References,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Equal([], trees.SelectMany(t => compilation.GetSemanticModel(t).GetDiagnostics(cancellationToken: cancel)).Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id is not ("CS1701" or "CS8019")).Select(d => d.ToString()));
    }

    /// <summary>The sources of reference/api, and the usings that its project implies.</summary>
    private static readonly SyntaxTree[] Runtime = new[] { "Values", "Conversions", "Binding", "Probes" }
        .SelectMany(f => Directory.GetFiles(Path.Combine(Notation.SpecFiles.Folder, "..", "reference", "api", f), "*.cs")).Select(File.ReadAllText)
        .Append("global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;")
        .Select(t => (SyntaxTree)CSharpSyntaxTree.ParseText(t, new CSharpParseOptions(LanguageVersion.Preview))).ToArray();

    private static readonly MetadataReference[] References = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll" or "mscorlib.dll")
        .Select(p => (MetadataReference)MetadataReference.CreateFromFile(p)).ToArray();
}
