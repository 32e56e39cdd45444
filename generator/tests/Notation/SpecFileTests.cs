using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>What the project's own spec files mean.</summary>
public class SpecFileTests
{
    private static readonly (IReadOnlyList<SpecModule> Modules, IReadOnlyList<SpecDiagnostic> Diagnostics) Loaded = SpecLibrary.Load(SpecFiles.All);

    [Fact]
    public void No_spec_file_has_a_mistake() => Assert.True(Loaded.Diagnostics.Count == 0, string.Join("\n", Loaded.Diagnostics));

    private static Pdu Pdu(string module, string csName) => Loaded.Modules.Single(m => m.Name == module).Pdus.Single(p => p.CsName == csName);

    private static Field Field(Pdu pdu, string csName) => pdu.Fields.Single(f => f.CsName == csName);

    [Fact]
    public void Stun_header_is_the_drawn_one()
    {
        var message = Pdu("stun", "StunMessage");
        Assert.Equal(["ZeroBits", "StunMessageType", "MessageLength", "MagicCookie", "TransactionId", "Attributes"], message.Fields.Select(f => f.CsName));
        Assert.Equal(new ConstShape(2, 0), message.Fields[0].Shape);
        Assert.Equal(new ConstShape(32, 0x2112A442), message.Fields[3].Shape);
        Assert.Equal(new BytesShape(new Literal(12), TextEncoding.None, null), message.Fields[4].Shape);
        Assert.Equal(new SequenceShape("StunAttribute", new FieldValue("MessageLength"), null), message.Fields[5].Shape);
        Assert.Equal(new SizeOf("Attributes"), Field(message, "MessageLength").Derive);
        Assert.Contains(message.Rules, r => r.Body is MustBeLast { Sequence: "Attributes", Code: 0x8028 });
    }

    [Fact]
    public void Stun_message_type_interleaves_method_and_class()
    {
        var split = Assert.IsType<SplitShape>(Field(Pdu("stun", "StunMessage"), "StunMessageType").Shape);
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13], split.Parts[0].WireBits);
        Assert.Equal([4, 8], split.Parts[1].WireBits);
        Assert.Equal(("Method", "STUN Methods"), (split.Parts[0].CsName, split.Parts[0].Registry));
    }

    [Fact]
    public void Every_attribute_of_RFC_8489_section_14_has_a_variant()
    {
        var attributes = Loaded.Modules.Single(m => m.Name == "stun").Registries.Single(r => r.CsName == "StunAttributeType");
        Assert.Equal([], attributes.Values.Where(v => v.Variant is null).Select(v => v.Name));
        Assert.Equal(16, attributes.Values.Count(v => v.Module == "stun"));
    }

    [Fact]
    public void An_address_family_follows_from_the_address()
    {
        var family = Field(Pdu("stun", "XorMappedAddress"), "Family");
        Assert.Equal(Role.Derived, family.Role);
        Assert.Equal(new Conditional(new Binary(BinaryOperator.Equal, new SizeOf("Address"), new Literal(4)), new Literal(1), new Literal(2)), family.Derive);
        Assert.Equal("StunMessage", Pdu("stun", "XorMappedAddress").Root);
    }
}
