using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>What the notation's constructions mean, looked at in the model that comes out.</summary>
public class TlsLoweringTests
{
    private static SpecModule Load(string text, params (string Name, string Text)[] others)
    {
        string Head(string name) => $"@document RFC1\n@module {name}\n@namespace {name.ToUpperInvariant()}\n";
        var files = others.Select(o => (o.Name + ".tls", Head(o.Name) + o.Text)).Prepend(("a.tls", Head("a") + text));
        var (modules, diagnostics) = SpecLibrary.Load(files);
        Assert.Equal("", string.Join("\n", diagnostics));
        return modules.Single(m => m.Name == "a");
    }

    private static Pdu Pdu(SpecModule module, string csName) => module.Pdus.Single(p => p.CsName == csName);

    private static string Fields(Pdu pdu) => string.Join(", ", pdu.Fields.Select(f => f.CsName + Shown(f)));

    private static string Shown(Field f) => f.Shape switch
    {
        UIntShape s => $":{s.Bits}{(s.Registry is null ? "" : " " + s.Registry)}{(f.Role == Role.Derived ? " derived" : "")}",
        ConstShape s => $"={s.Value}",
        BytesShape s => $"[{Shown(s.Size)}]",
        UIntSequenceShape s => $"[{Shown(s.Size)} of {s.Bits}]",
        SequenceShape s => $"[{Shown(s.Size)} of {s.Element}]",
        NestedShape s => $" {s.Pdu}",
        UnionShape s => $"<{string.Join(" ", s.Cases.Select(c => $"{c.From} {c.Pdu}"))}>",
        _ => " ?",
    };

    private static string Shown(Expr? size) => size switch { null => "rest", Literal l => l.Value.ToString(), FieldValue v => v.Field, _ => "..." };

    [Theory]
    [InlineData("opaque x<0..255>", 8)]
    [InlineData("opaque x<0..2^8-1>", 8)]
    [InlineData("opaque x<0..256>", 16)]
    [InlineData("opaque x<0..2^16-1>", 16)]
    [InlineData("opaque x<0..2^24-1>", 24)]
    [InlineData("opaque x<0..2^32-1>", 32)]
    public void A_vectors_length_is_as_wide_as_its_ceiling_needs(string vector, int bits) =>
        Assert.Equal($"XLength:{bits} derived, X[XLength]", Fields(Pdu(Load($"@message M\nstruct {{ {vector}; }} M;"), "M")));

    [Theory]
    [InlineData("opaque x<0..2^16-1>", "")]
    [InlineData("opaque x<1..32>", "x-length-min x-length-max")]
    [InlineData("uint16 x<2..2^16-2>", "x-length-min x-length-multiple-of-2")] // 65535 is odd, so the ceiling says nothing more
    [InlineData("uint16 x<0..2^16-4>", "x-length-max x-length-multiple-of-2")]
    [InlineData("uint24 x<0..255>", "x-length-multiple-of-3")]
    public void Floor_ceiling_and_size_of_elements_are_rules_where_the_width_does_not_say_them(string vector, string rules) =>
        Assert.Equal(rules, string.Join(" ", Pdu(Load($"@message M\nstruct {{ {vector}; }} M;"), "M").Rules.Select(r => r.Name)));

    [Fact]
    public void Types_may_come_after_their_use_and_fields_may_be_named_as_types()
    {
        var module = Load("""
            @message M
               struct {
            Profiles Profiles;    // odd indentation
                  Random random; Version version; Datum d[6]; Name names<2..2^16-1>; Part part;
               } M;
            uint8 Profile[2];
            Profile Profiles<2..2^16-1>;
            opaque Random[32]; /* a comment
            over two lines */ uint16 Version;
            uint24 Datum;
            opaque Name<1..2^8-1>;
            struct { opaque part [ 4 ] ; } Part;
            """);
        Assert.Equal(
            "ProfilesLength:16 derived, Profiles[ProfilesLength of 16], Random[32], Version:16, D[6 of 24], NamesLength:16 derived, Names[NamesLength of Name], Part Part",
            Fields(Pdu(module, "M")));
        Assert.Equal("ValueLength:8 derived, Value[ValueLength]", Fields(Pdu(module, "Name")));
        // C# forbids a member named as its type.
        Assert.Equal("PartValue[4]", Fields(Pdu(module, "Part")));
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("Kind")]
    [InlineData("M.kind")]
    public void A_choice_is_by_a_field_by_its_type_or_by_its_full_name(string selector)
    {
        var module = Load($$"""
            enum { a(1), b(2), c(3), d(4), (255) } Kind;
            struct { uint8 x; } A;
            @message M
            struct { Kind kind; select ({{selector}}) { case a: A; case b: case c: uint16 y; case d: struct {}; } rest; } M;
            """);
        Assert.Equal("Kind:8 Kind, Rest<1 A 2 MB 3 MC 4 MD>", Fields(Pdu(module, "M")));
        Assert.Equal("Y:16", Fields(Pdu(module, "MB")));
        Assert.Equal("Y:16", Fields(Pdu(module, "MC")));
        Assert.Equal("", Fields(Pdu(module, "MD")));
    }

    [Fact]
    public void What_lies_outside_is_settled_by_annotations()
    {
        var module = Load("""
            @given Algorithm = b
            @given present when rest > 0
            @message M
            struct {
                select (Algorithm) { case a: uint8 x; case b: uint16 y; };
                select (present) { case false: struct {}; case true: opaque z<0..255>; };
            } M;
            """);
        var m = Pdu(module, "M");
        Assert.Equal("Y:16, ZLength:8 derived, Z[ZLength]", Fields(m));
        Assert.Equal(new Binary(BinaryOperator.Greater, new Remaining(), new Literal(0)), m.Fields[1].When);
        Assert.Equal(new Binary(BinaryOperator.Greater, new SizeOf("ZLength"), new Literal(0)), m.Fields[2].When);
    }

    [Fact]
    public void One_struct_becomes_one_PDU_for_each_message_that_its_content_depends_on()
    {
        var module = Load(
            """
            enum { hi(1), ho(2), (255) } Kind;
            struct { Kind kind; opaque data<0..255>; } Item;
            @choice Item.data by kind
            @message Hello
            @for Hello.items: Message.type = hello
            struct { Item items<0..255>; } Hello;
            @message Bye
            @for Bye.items: Message.type = hello as bye
            struct { Item items<0..255>; } Bye;
            @variant Item: hi = Hi in hello, bye
            struct { select (Message.type) { case hello: uint8 x; }; } Hi;
            """,
            ("b", "@import Item, Kind from a\n@amend Kind\nenum { hi(1), hu(3), (255) } Kind;\n@variant Item: hu = Hu in bye\nuint16 Hu;\n@variant Item: ho = empty in hello\n"));
        Assert.Equal("ItemsLength:8 derived, Items[ItemsLength of HelloItem]", Fields(Pdu(module, "Hello")));
        Assert.Equal("Kind:8 Kind, DataLength:8 derived, Data<1 HelloHi 2 HelloHo>", Fields(Pdu(module, "HelloItem")));
        Assert.Equal("Kind:8 Kind, DataLength:8 derived, Data<1 ByeHi 3 ByeHu>", Fields(Pdu(module, "ByeItem")));
        Assert.Equal("X:8", Fields(Pdu(module, "ByeHi")));
        Assert.Equal([1ul, 2, 3], module.Registries.Single().Values.Select(v => v.Value));
    }

    [Fact]
    public void The_contents_own_bits_can_choose()
    {
        var module = Load("""
            @given first = bits 8..15
            @message M
            struct { Choice choices[all]; } M;
            @field M.choices: rest
            struct { select (first) { case 0x07: Seven; case other: Other; } content; } Choice;
            struct { uint8 x; uint8 y = 7; } Seven;
            struct { uint8 x; uint8 y; } Other;
            """);
        var union = Assert.IsType<UnionShape>(Pdu(module, "Choice").Fields.Single().Shape);
        Assert.Equal((new Peek(8, 8), "Other", true), (union.Selector, union.Otherwise, union.Open));
    }

    [Fact]
    public void Fixed_values_constants_inner_enums_signatures_and_amendments()
    {
        var module = Load("""
            uint16 Version;
            Version V1 = { 1, 0 };
            Version V2 = {2,0};
            uint16 SignatureAndHashAlgorithm;
            @closed M.type
            @amend M
            struct { digitally-signed struct { opaque all[length]; } } M;
            @message M
            struct { enum { one(1), (255) } type; Version v = { 1, 0 }; uint8 zero = 0; Kind k = some; } M;
            enum { some(0x1234), reserved(5..6), reserved(7) } Kind;
            """);
        Assert.Equal("Type:8 M.type, V=256, Zero=0, K=4660, Algorithm:16, SignatureLength:16 derived, Signature[SignatureLength]", Fields(Pdu(module, "M")));
        var type = module.Registries.Single(r => r.Name == "M.type");
        Assert.Equal(("MType", false), (type.CsName, type.Open));
        Assert.Equal(["V1", "V2"], module.Registries.Single(r => r.Name == "Version").Values.Select(v => v.Name));
        Assert.Equal(["reserved_5"], module.Registries.Single(r => r.Name == "Kind").Ranges.Select(r => r.Name));
    }

    [Fact]
    public void Moved_text_is_the_same_syntax()
    {
        const string text = "@document RFC1\n@module a\n@namespace A\n@message M\nstruct { uint8 x<1..9>; } M;\n@field M.x: must x length > 1\n";
        var moved = text.Replace("struct {", "\n// moved\n  struct {  ");
        Assert.Equal(TlsParser.Parse("a.tls", text).Syntax, TlsParser.Parse("a.tls", moved).Syntax);
        Assert.NotEqual(TlsParser.Parse("a.tls", text).Positions, TlsParser.Parse("a.tls", moved).Positions);
    }

    [Fact]
    public void The_order_of_files_makes_no_difference()
    {
        var files = Notation.SpecFiles.All;
        Assert.Equal(SpecLibrary.Load(files).Modules, SpecLibrary.Load(files.Reverse()).Modules);
    }
}
