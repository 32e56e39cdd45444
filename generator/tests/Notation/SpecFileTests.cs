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

    [Fact]
    public void Every_requirement_that_a_spec_file_covers_is_in_the_catalogue()
    {
        var catalogue = new HashSet<string>();
        foreach (var file in Directory.GetFiles(SpecFiles.Folder, "requirements.json", SearchOption.AllDirectories))
        {
            using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
            foreach (var item in json.RootElement.GetProperty("items").EnumerateArray()) catalogue.Add(item.GetProperty("id").GetString()!);
        }
        var pdus = Loaded.Modules.SelectMany(m => m.Pdus).ToArray();
        var covered = pdus.SelectMany(p => p.Fields.SelectMany(f => f.Requirements).Concat(p.Rules.SelectMany(r => r.Requirements))).Distinct().ToArray();
        Assert.Contains("RFC8489:14.7-2", covered);
        Assert.Empty(covered.Except(catalogue));
    }

    [Fact]
    public void Rtp_flags_and_counts_follow_from_what_is_there()
    {
        var packet = Pdu("rtp", "RtpPacket");
        Assert.Equal(new ConstShape(2, 2), packet.Fields[0].Shape);
        Assert.Equal(new Binary(BinaryOperator.Greater, new SizeOf("HeaderExtension"), new Literal(0)), Field(packet, "ExtensionFlag").Derive);
        Assert.Equal(new Binary(BinaryOperator.Greater, new SizeOf("Padding"), new Literal(0)), Field(packet, "PaddingFlag").Derive);
        Assert.Equal(new CountOf("Csrcs"), Field(packet, "CsrcCount").Derive);
        Assert.Equal(new Binary(BinaryOperator.Divide, new SizeOf("Content"), new Literal(4)), Field(Pdu("rtp", "RtpHeaderExtension"), "Length").Derive);
        Assert.True(Pdu("rtp-header-extensions", "OneByteHeaderExtension").Exact);
        Assert.False(Pdu("rtp-header-extensions", "OneByteExtensionElement").Exact);
    }

    [Fact]
    public void A_drawing_that_the_RFC_got_wrong_is_settled_by_the_description()
    {
        Assert.Equal([16, 16], Pdu("stun", "PasswordAlgorithm").Fields.Take(2).Select(f => ((UIntShape)f.Shape).Bits));
        Assert.Equal(new UIntShape(8, null, null), Field(Pdu("turn", "IcmpAttribute"), "IcmpType").Shape);
    }

    [Fact]
    public void Bits_drawn_one_by_one_are_fields_and_constants()
    {
        Assert.Equal([new ReservedShape(29, 0, Force.Ignore), new UIntShape(1, null, null), new UIntShape(1, null, null), new ReservedShape(1, 0, Force.Ignore)],
            Pdu("nat-behavior-discovery", "ChangeRequest").Fields.Select(f => f.Shape));
    }

    [Fact]
    public void Variants_of_other_files_know_the_message_that_holds_them()
    {
        Assert.Equal(("StunMessage", (ulong?)0x0024), (Pdu("ice", "Priority").Root, Pdu("ice", "Priority").Code));
        Assert.Equal("StunMessage", Pdu("turn", "XorPeerAddress").Root);
    }

    [Fact]
    public void Every_vector_names_its_pdu()
    {
        var pdus = Loaded.Modules.SelectMany(m => m.Pdus).Select(p => p.CsName).ToHashSet();
        foreach (var module in Loaded.Modules)
        {
            Assert.All(module.Vectors, v => Assert.Contains(v.Pdu, pdus));
            Assert.Equal(module.Vectors.Count, module.Vectors.Select(v => v.Name).Distinct().Count());
        }
        var stun = Loaded.Modules.SelectMany(m => m.Vectors).Where(v => v.Clause.Document == "RFC5769").ToArray();
        Assert.Equal(4, stun.Length);
        Assert.All(stun, v => Assert.Equal(20 + Convert.ToInt32(v.Hex.Substring(4, 4), 16), v.Hex.Length / 2));
    }

    [Fact]
    public void Node_numbers_are_unique_within_a_module()
    {
        foreach (var module in Loaded.Modules)
        {
            var nodes = module.Pdus.SelectMany(p => p.Fields.Select(f => f.Node).Concat(p.Rules.Select(r => r.Node)).Append(p.Node).Append(p.EndNode))
                .Concat(module.Registries.Select(r => r.Node)).Order().ToArray();
            Assert.Equal(Enumerable.Range(1, nodes.Length), nodes);
        }
    }
}
