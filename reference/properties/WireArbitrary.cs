using FsCheck;
using FsCheck.Fluent;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Properties;

/// <summary>Generators for property tests, over the choice sequence that fuzzers and minimisers use: what shrinks is the sequence, so every
/// shrunk message is valid again. With FsCheck.Xunit: <c>[Property(Arbitrary = [typeof(WireArbitrary)])]</c> gives any message of any
/// spec file to a parameter of type <see cref="DrawnMessage"/>, and any damaged one to <see cref="MutatedMessage"/>.</summary>
public static class WireArbitrary
{
    /// <summary>Any message of any spec file.</summary>
    public static Arbitrary<DrawnMessage> AnyMessage() => Of(MessagePlans());

    /// <summary>Any message of any spec file, damaged.</summary>
    public static Arbitrary<MutatedMessage> AnyMutated() => MutatedOf(MessagePlans());

    /// <summary>Valid messages of one format.</summary>
    public static Arbitrary<DrawnMessage> Of(Pdu schema) => Of(WirePlans.Default.Of(schema));

    /// <summary>Valid messages of these formats.</summary>
    public static Arbitrary<DrawnMessage> Of(params IReadOnlyList<WirePlan> plans) => Arb.From(
        from plan in Gen.Elements(plans.ToArray())
        from choices in ChoiceArbitrary.Generate()
        select new DrawnMessage(plan, choices),
        m => ChoiceArbitrary.Shrink(m.Choices).Select(c => m with { Choices = c }));

    /// <summary>Messages of one format, each damaged by structure-aware mutation.</summary>
    public static Arbitrary<MutatedMessage> Mutated(Pdu schema) => MutatedOf([WirePlans.Default.Of(schema)]);

    /// <inheritdoc cref="Mutated(Pdu)"/>
    public static Arbitrary<MutatedMessage> MutatedOf(params IReadOnlyList<WirePlan> plans) => Arb.From(
        from good in Of(plans).Generator
        from mutation in ChoiceArbitrary.Generate()
        select new MutatedMessage(good, mutation),
        m => ChoiceArbitrary.Shrink(m.Mutation).Select(c => m with { Mutation = c })
            .Concat(ChoiceArbitrary.Shrink(m.Good.Choices).Select(c => m with { Good = m.Good with { Choices = c } })));

    /// <summary>Typed messages: records of the generated codec of type <typeparamref name="TMessage"/>, with the choices that made them.</summary>
    public static Arbitrary<DrawnRecord<TMessage>> Record<TMessage>() where TMessage : class, IWireMessage<TMessage> => Arb.From(
        from drawn in Of(TMessage.Schema).Generator
        select new DrawnRecord<TMessage>(drawn),
        r => ChoiceArbitrary.Shrink(r.Drawn.Choices).Select(c => new DrawnRecord<TMessage>(r.Drawn with { Choices = c })));

    private static WirePlan[] MessagePlans() => WirePlans.Default.All.Where(p => p.Pdu.Kind == PduKind.Message).ToArray();
}

/// <summary>A valid message, and the choices that it was drawn from.</summary>
public sealed record DrawnMessage(WirePlan Plan, byte[] Choices)
{
    /// <summary>A new tree each time: trees can be changed.</summary>
    public WireTree Tree
    {
        get
        {
            var choices = new Choices(Choices);
            return WireDraw.Draw(Plan, ref choices);
        }
    }

    public byte[] Bytes(WireKey key = default) => Tree.Encode(key);

    public override string ToString() => $"{Plan.Path} {Convert.ToHexStringLower(Bytes())}\n{Tree}";
}

/// <summary>A damaged message: a good one and the choices of the mutation.</summary>
public sealed record MutatedMessage(DrawnMessage Good, byte[] Mutation)
{
    public WirePlan Plan => Good.Plan;

    public byte[] Bytes(WireKey key = default)
    {
        var choices = new Choices(Mutation);
        return WireMutator.Mutate(Plan, Good.Bytes(key), ref choices, default, key);
    }

    public override string ToString() => $"{Plan.Path} {Convert.ToHexStringLower(Bytes())}\n{WireTree.Read(Plan, Bytes())}";
}

/// <summary>A message as a record of the generated codec.</summary>
public sealed record DrawnRecord<TMessage>(DrawnMessage Drawn) where TMessage : class, IWireMessage<TMessage>
{
    /// <exception cref="InvalidOperationException">The codec refuses what the interpreter drew: the two disagree.</exception>
    public TMessage Message => TMessage.TryParse(Drawn.Bytes(), keepTrivia: false, out var message, out var error) ? message
        : throw new InvalidOperationException($"the codec refuses a drawn message: {error}");

    public override string ToString() => Message.ToString() ?? "";
}
