using WebRtcConformance.Ir;
using static WebRtcConformance.Ir.BinaryOperator;

namespace WebRtcConformance.Wire.Tests;

/// <summary>Modules built by hand, in the shapes that spec files have: a STUN-like one, a DCEP-like one, an RTP-like one, and one of odd widths.</summary>
internal static class TestModules
{
    public static SpecModule Stun { get; } = new StunLike().Build();
    public static SpecModule Dcep { get; } = new DcepLike().Build();
    public static SpecModule Rtp { get; } = new RtpLike().Build();
    public static SpecModule Widths { get; } = new OddWidths().Build();
    public static WirePlans Plans { get; } = new([Stun, Dcep, Rtp, Widths]);
    public static WirePlan StunMessage => Plans.Find("like-stun/StunMessage")!;
    public static WirePlan Open => Plans.Find("like-dcep/Open")!;
    public static WirePlan Packet => Plans.Find("like-rtp/Packet")!;

    /// <summary>What every property is tested on: these and whatever the spec files define.</summary>
    public static IReadOnlyList<WirePlan> Messages { get; } =
        [.. Plans.All.Concat(WirePlans.Default.All).Where(p => p.Pdu.Kind == PduKind.Message)];
}

internal abstract class ModuleBuilder(string name, ushort number)
{
    private int _node;
    private readonly List<Pdu> _pdus = [];
    private readonly List<Registry> _registries = [];
    protected static Clause At(string section) => new("RFC0000", section);
    protected int Next() => ++_node;

    protected void Pdu(string name, PduKind kind, ulong? code, string? root, bool exact, Field[] fields, params Rule[] rules) =>
        _pdus.Add(new Pdu(Next(), Next(), name, name, kind, At("1"), code, root, exact, EquatableArray.Of(fields), EquatableArray.Of(rules)));

    protected void Registry(string name, int bits, bool open, params RegistryValue[] values) =>
        _registries.Add(new Registry(Next(), name, name, bits, open, At("2"), EquatableArray.Of(values), default));

    protected RegistryValue Value(string value, ulong code, string? variant = null) => new(value, value, code, variant, name, At("2"));

    protected Field Field(string name, Shape shape, Role role = Role.Semantic, Expr? derive = null, Expr? when = null) =>
        new(Next(), name, name, At("3"), shape, role, derive, when, default);

    protected Rule Rule(string name, RuleBody body, Force force = Force.Reject) => new(Next(), name, At("4"), force, body, default);

    protected static UIntShape UInt(int bits, string? registry = null, Mask? mask = null) => new(bits, registry, mask);
    protected static BytesShape Bytes(Expr? size, TextEncoding text = TextEncoding.None, Mask? mask = null) => new(size, text, mask);
    protected static Expr V(string field) => new FieldValue(field);
    protected static Expr N(long value) => new Literal(value);
    protected static Expr Op(BinaryOperator op, Expr left, Expr right) => new Binary(op, left, right);
    protected static Expr Size(string field) => new SizeOf(field);

    protected abstract void Define();

    public SpecModule Build()
    {
        Define();
        return new SpecModule(name, "RFC0000", name, name, number, EquatableArray.Of(_pdus.ToArray()), EquatableArray.Of(_registries.ToArray()), default);
    }
}

internal sealed class StunLike() : ModuleBuilder("like-stun", 1001)
{
    private const string Root = "StunMessage";

    protected override void Define()
    {
        int[] method = [0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13];
        Registry("Class", 2, false, Value("Request", 0), Value("Indication", 1), Value("Success", 2), Value("Error", 3));
        Registry("Method", 12, true, Value("Binding", 1));
        Registry("AttributeType", 16, true, Value("USERNAME", 6, "Username"), Value("ERROR-CODE", 9, "ErrorCode"),
            Value("UNKNOWN-ATTRIBUTES", 10, "UnknownAttributes"), Value("XOR-MAPPED-ADDRESS", 0x20, "XorMappedAddress"), Value("PRIORITY", 0x24, "Priority"),
            Value("MESSAGE-INTEGRITY", 8, "Integrity"), Value("MESSAGE-INTEGRITY-SHA256", 0x1C, "IntegritySha256"), Value("FINGERPRINT", 0x8028, "Fingerprint"), Value("RESERVED", 3));
        Pdu(Root, PduKind.Message, null, null, true,
        [
            Field("Zero", new ConstShape(2, 0), Role.Derived),
            Field("MessageType", new SplitShape(14, EquatableArray.Of(
                new SplitPart("Method", "Method", EquatableArray.Of(method), "Method"), new SplitPart("Class", "Class", EquatableArray.Of(4, 8), "Class")))),
            Field("MessageLength", UInt(16), Role.Derived, Size("Attributes")),
            Field("MagicCookie", new ConstShape(32, 0x2112A442), Role.Derived),
            Field("TransactionId", Bytes(N(12))),
            Field("Attributes", new SequenceShape("Attribute", V("MessageLength"), null)),
        ],
        Rule("length-multiple-of-4", new MustHold(Op(Equal, Op(Remainder, V("MessageLength"), N(4)), N(0)))),
        Rule("fingerprint-last", new MustBeLast("Attributes", 0x8028)));
        Pdu("Attribute", PduKind.Element, null, Root, false,
        [
            Field("Type", UInt(16, "AttributeType")),
            Field("Length", UInt(16), Role.Derived, Size("Value")),
            Field("Value", new UnionShape(V("Type"), "AttributeType", default, V("Length"))),
            Field("Padding", new PadShape(4, "Value", 0, Force.Ignore), Role.Free),
        ]);
        Variant("Username", 6, [Field("Username", Bytes(null, TextEncoding.Utf8))],
            Rule("less-than-509-bytes", new MustHold(Op(Less, Size("Username"), N(509)))));
        Variant("ErrorCode", 9,
        [
            Field("Reserved", new ReservedShape(21, 0, Force.Ignore), Role.Free), Field("Hundreds", UInt(3)), Field("Number", UInt(8)),
            Field("Reason", Bytes(null, TextEncoding.Utf8)),
        ],
        Rule("class-3-to-6", new MustHold(Op(And, Op(GreaterOrEqual, V("Hundreds"), N(3)), Op(LessOrEqual, V("Hundreds"), N(6))))),
        Rule("number-below-100", new MustHold(Op(Less, V("Number"), N(100)))),
        Rule("reason-short", new MustHold(Op(Less, Size("Reason"), N(20))), Force.Warn));
        Variant("UnknownAttributes", 10, [Field("Types", new UIntSequenceShape(16, "AttributeType", null, null))]);
        Variant("XorMappedAddress", 0x20,
        [
            Field("Zeros", new ReservedShape(8, 0, Force.Ignore), Role.Free), Field("Family", UInt(8)), Field("Port", UInt(16, null, new Mask(4))),
            Field("Address", Bytes(new Conditional(Op(Equal, V("Family"), N(1)), N(4), N(16)), TextEncoding.None, new Mask(4))),
        ],
        Rule("family", new MustHold(Op(Or, Op(Equal, V("Family"), N(1)), Op(Equal, V("Family"), N(2))))));
        Variant("Priority", 0x24, [Field("Priority", UInt(32))]);
        Variant("Integrity", 8, [Field("Hmac", new ChecksumShape(ChecksumAlgorithm.HmacSha1, N(20), 0, "MessageLength"), Role.Derived)]);
        Variant("IntegritySha256", 0x1C, [Field("Hmac", new ChecksumShape(ChecksumAlgorithm.HmacSha256, null, 0, "MessageLength"), Role.Derived)],
            Rule("hmac-length", new MustHold(Op(And, Op(And, Op(GreaterOrEqual, Size("Hmac"), N(16)), Op(LessOrEqual, Size("Hmac"), N(32))),
                Op(Equal, Op(Remainder, Size("Hmac"), N(4)), N(0))))));
        Variant("Fingerprint", 0x8028, [Field("Crc", new ChecksumShape(ChecksumAlgorithm.Crc32, N(4), 0x5354554E, "MessageLength"), Role.Derived)]);
    }

    private void Variant(string name, ulong code, Field[] fields, params Rule[] rules) => Pdu(name, PduKind.Variant, code, Root, true, fields, rules);
}

internal sealed class DcepLike() : ModuleBuilder("like-dcep", 1002)
{
    protected override void Define()
    {
        Registry("ChannelType", 8, false, Value("RELIABLE", 0), Value("UNORDERED", 0x80));
        Pdu("Open", PduKind.Message, null, null, true,
        [
            Field("MessageType", new ConstShape(8, 3), Role.Derived), Field("ChannelType", UInt(8, "ChannelType")), Field("Priority", UInt(16)),
            Field("Zero", new ReservedShape(32, 0, Force.Reject), Role.Free), Field("LabelLength", UInt(16), Role.Derived, Size("Label")),
            Field("ProtocolLength", UInt(16), Role.Derived, Size("Protocol")), Field("Label", Bytes(V("LabelLength"), TextEncoding.Utf8)),
            Field("Protocol", Bytes(V("ProtocolLength"), TextEncoding.Ascii)), Field("Padding", new PadShape(4, "Protocol", 0xFF, Force.Reject), Role.Free),
        ]);
    }
}

internal sealed class RtpLike() : ModuleBuilder("like-rtp", 1003)
{
    protected override void Define()
    {
        var padded = Op(Equal, V("P"), N(1));
        Pdu("Packet", PduKind.Message, null, null, true,
        [
            Field("V", new ConstShape(2, 2), Role.Derived), Field("P", UInt(1), Role.Derived, Op(Greater, Size("PaddingCount"), N(0))),
            Field("X", UInt(1), Role.Derived, Op(Greater, Size("Extension"), N(0))), Field("CC", UInt(4), Role.Derived, new CountOf("Csrc")),
            Field("M", UInt(1)), Field("PayloadType", UInt(7)), Field("SequenceNumber", UInt(16)), Field("Timestamp", UInt(32)), Field("Ssrc", UInt(32)),
            Field("Csrc", new UIntSequenceShape(32, null, null, V("CC"))),
            Field("Extension", new NestedShape("Extension", null), when: Op(Equal, V("X"), N(1))),
            Field("Payload", Bytes(new Conditional(padded, Op(Subtract, new Remaining(), new LastByte()), new Remaining()))),
            Field("Padding", Bytes(Op(Subtract, new Remaining(), N(1))), when: padded),
            Field("PaddingCount", UInt(8), Role.Derived, Op(Add, Size("Padding"), N(1)), padded),
        ]);
        Pdu("Extension", PduKind.Element, null, null, false,
        [
            Field("Profile", UInt(16)), Field("Length", UInt(16), Role.Derived, Op(Divide, Size("Data"), N(4))),
            Field("Data", Bytes(Op(Multiply, V("Length"), N(4)))),
        ]);
    }
}

/// <summary>Packed lists, one of a closed registry and one that may be absent, and integers of as many bytes as they need.</summary>
internal sealed class OddWidths() : ModuleBuilder("odd-widths", 1004)
{
    protected override void Define()
    {
        var leb128 = new UIntShape(32, Leb128: true);
        var flagged = Op(Equal, V("Flag"), N(1));
        Registry("Symbol", 3, false, Value("One", 1), Value("Two", 2));
        Pdu("Widths", PduKind.Message, null, null, true,
        [
            Field("Flag", UInt(1)), Field("Symbols", new UIntSequenceShape(3, "Symbol", null, N(5))),
            Field("Wide", new UIntSequenceShape(12, null, null, N(4)), when: flagged),
            Field("Count", leb128, Role.Derived, new CountOf("Sized")), Field("Sized", new SequenceShape("Sized", null, V("Count"))),
            Field("Maybe", leb128, when: flagged), Field("Padding", new PadShape(4, null, 0, Force.Ignore), Role.Free),
        ],
        Rule("a-one", new MustHold(Op(Greater, new CountEqual("Symbols", 1), N(0)))),
        Rule("not-two-twos-at-the-end", new MustHold(Op(Less, new CountEqual("Symbols", 2, N(2)), N(2)))),
        Rule("not-too-wide", new MustHold(Op(Less, Op(Add, new SumOf("Wide", null), new LastOf("Wide", null)), N(12000)))));
        Pdu("Sized", PduKind.Element, null, null, false, [Field("Length", leb128, Role.Derived, Size("Data")), Field("Data", Bytes(V("Length")))]);
    }
}
