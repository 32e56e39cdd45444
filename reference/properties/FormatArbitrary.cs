using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Properties;

/// <summary>Generators for property tests over message formats, of packets and of texts alike. What shrinks is the sequence of choices, so every shrunk message
/// is of its format again. With FsCheck.Xunit: <c>[Property(Arbitrary = [typeof(FormatArbitrary)])]</c> gives any message of any spec file to a
/// parameter of type <see cref="DrawnInput"/>, and any damaged one to <see cref="MutatedInput"/>.</summary>
public static class FormatArbitrary
{
    /// <summary>Any message or text of any spec file.</summary>
    public static Arbitrary<DrawnInput> Any() => Of(MessageFormats.All);

    /// <summary>Any message or text of any spec file, damaged.</summary>
    public static Arbitrary<MutatedInput> AnyMutated() => MutatedOf(MessageFormats.All);

    /// <summary>Messages of these formats.</summary>
    public static Arbitrary<DrawnInput> Of(params IReadOnlyList<IMessageFormat> formats) => Arb.From(
        from format in Gen.Elements(formats.ToArray())
        from choices in ChoiceArbitrary.Generate()
        select new DrawnInput(format, choices),
        m => ChoiceArbitrary.Shrink(m.Choices).Select(c => m with { Choices = c }));

    /// <summary>Messages of these formats, each damaged by structure-aware mutation.</summary>
    public static Arbitrary<MutatedInput> MutatedOf(params IReadOnlyList<IMessageFormat> formats) => Arb.From(
        from good in Of(formats).Generator
        from mutation in ChoiceArbitrary.Generate()
        select new MutatedInput(good, mutation),
        m => ChoiceArbitrary.Shrink(m.Mutation).Select(c => m with { Mutation = c })
            .Concat(ChoiceArbitrary.Shrink(m.Good.Choices).Select(c => m with { Good = m.Good with { Choices = c } })));

    /// <summary>Typed texts: records of type <typeparamref name="TRecord"/>.</summary>
    public static Arbitrary<DrawnTextRecord<TRecord>> Record<TRecord>() where TRecord : class, ITextRecord<TRecord>
    {
        var format = TextFormat.All.First(f => f.Codec.WireName == TRecord.WireName);
        return Arb.From(Of(format).Generator.Select(drawn => new DrawnTextRecord<TRecord>(drawn)),
            r => ChoiceArbitrary.Shrink(r.Drawn.Choices).Select(c => new DrawnTextRecord<TRecord>(r.Drawn with { Choices = c })));
    }
}

/// <summary>A valid message of a format, and the choices that it was drawn from.</summary>
public sealed record DrawnInput(IMessageFormat Format, byte[] Choices)
{
    public byte[] Bytes
    {
        get
        {
            var choices = new Choices(Choices);
            return Format.Draw(ref choices);
        }
    }

    public override string ToString() => Inputs.Show(Format, Bytes);
}

/// <summary>A damaged message: a good one and the choices of the mutation.</summary>
public sealed record MutatedInput(DrawnInput Good, byte[] Mutation)
{
    public IMessageFormat Format => Good.Format;

    public byte[] Bytes
    {
        get
        {
            var choices = new Choices(Mutation);
            return Format.Mutate(Good.Bytes, default, ref choices);
        }
    }

    public override string ToString() => Inputs.Show(Format, Bytes);
}

/// <summary>A text as a record of the generated code.</summary>
public sealed record DrawnTextRecord<TRecord>(DrawnInput Drawn) where TRecord : class, ITextRecord<TRecord>
{
    /// <exception cref="InvalidOperationException">The generated code refuses what the grammar drew: the two disagree.</exception>
    public TRecord Value => TRecord.TryParse(Drawn.Bytes, keepTrivia: false, out var value, out var error) ? value
        : throw new InvalidOperationException($"the generated code refuses a drawn text: {error}");

    public override string ToString() => Drawn.ToString();
}

internal static class Inputs
{
    public static string Show(IMessageFormat format, byte[] bytes) =>
        $"{format.Name} {(format.IsText ? Encoding.Latin1.GetString(bytes) : Convert.ToHexStringLower(bytes))}\n{format.Dump(bytes)}";
}
