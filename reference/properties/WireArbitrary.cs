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
        from choices in Choices()
        select new DrawnMessage(plan, choices),
        m => ShrinkChoices(m.Choices).Select(c => m with { Choices = c }));

    /// <summary>Messages of one format, each damaged by structure-aware mutation.</summary>
    public static Arbitrary<MutatedMessage> Mutated(Pdu schema) => MutatedOf([WirePlans.Default.Of(schema)]);

    /// <inheritdoc cref="Mutated(Pdu)"/>
    public static Arbitrary<MutatedMessage> MutatedOf(params IReadOnlyList<WirePlan> plans) => Arb.From(
        from good in Of(plans).Generator
        from mutation in Choices()
        select new MutatedMessage(good, mutation),
        m => ShrinkChoices(m.Mutation).Select(c => m with { Mutation = c })
            .Concat(ShrinkChoices(m.Good.Choices).Select(c => m with { Good = m.Good with { Choices = c } })));

    /// <summary>Typed messages: records of the generated codec of type <typeparamref name="TMessage"/>, with the choices that made them.</summary>
    public static Arbitrary<DrawnRecord<TMessage>> Record<TMessage>() where TMessage : class, IWireMessage<TMessage> => Arb.From(
        from drawn in Of(TMessage.Schema).Generator
        select new DrawnRecord<TMessage>(drawn),
        r => ShrinkChoices(r.Drawn.Choices).Select(c => new DrawnRecord<TMessage>(r.Drawn with { Choices = c })));

    /// <summary>Choice sequences; longer ones make bigger messages.</summary>
    public static Gen<byte[]> Choices() => Gen.Sized(size =>
        from length in Gen.Choose(0, size * 6)
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i), length)
        select bytes);

    /// <summary>Shorter sequences first, then smaller choices.</summary>
    public static IEnumerable<byte[]> ShrinkChoices(byte[] choices)
    {
        for (var keep = 0; keep < choices.Length; keep += Math.Max((choices.Length - keep) / 2, 1)) yield return choices[..keep];
        for (var run = choices.Length / 2; run > 0; run /= 2)
            for (var at = 0; at + run <= choices.Length; at += run < 32 ? 1 : run)
            {
                yield return [.. choices[..at], .. choices[(at + run)..]];
                if (choices.AsSpan(at, run).ContainsAnyExcept((byte)0)) yield return [.. choices[..at], .. new byte[run], .. choices[(at + run)..]];
            }
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i] < 2) continue;
            var smaller = (byte[])choices.Clone();
            smaller[i] /= 2;
            yield return smaller;
        }
    }

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
