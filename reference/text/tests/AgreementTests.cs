using System.Text;
using FsCheck;
using FsCheck.Xunit;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Emitted code and interpreter are two implementations of one grammar; texts come from the grammar itself, whole and damaged. Over every type of
/// every spec file.</summary>
public class AgreementTests
{
    private static ITextCodec Codec(ushort which) => TextModules.Codecs[which % TextModules.Codecs.Count];

    private static TextReference Rule(ITextCodec codec) => new(codec.Module, codec.Rule);

    private static byte[] Draw(ITextCodec codec, byte[] choices)
    {
        var sequence = new Choices(choices);
        return TextDraw.Draw(Rule(codec), ref sequence);
    }

    private static string Show(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text).Replace("\r", "\\r").Replace("\n", "\\n");

    [Property(MaxTest = 4000)]
    public void What_the_grammar_makes_is_accepted(ushort which, byte[] choices)
    {
        var codec = Codec(which);
        var text = Draw(codec, choices);
        Assert.True(codec.TryParse(text, false, out _, out var error), $"{codec.WireName} {Show(text)}: {error}");
        var tree = TextTree.Read(Rule(codec), text);
        Assert.True(tree.Root is not null, $"{codec.WireName} {Show(text)}: interpreter: {tree.Error}");
    }

    [Property(MaxTest = 4000)]
    public void An_accepted_text_is_written_again_and_its_canonical_form_says_the_same(ushort which, byte[] choices)
    {
        var codec = Codec(which);
        var text = Draw(codec, choices);
        Assert.True(codec.TryParse(text, true, out var kept, out _));
        Assert.Equal(Show(text), Show(kept!.ToArray()));
        Assert.True(codec.TryParse(text, false, out var record, out _));
        Assert.NotNull(record);
        var canonical = record.ToArray();
        Assert.True(codec.TryParse(canonical, false, out var again, out var error), $"{codec.WireName} {Show(text)} canonical {Show(canonical)}: {error}");
        Assert.True(record.Equals(again), $"{codec.WireName} {Show(text)} canonical {Show(canonical)}");
        Assert.Equal(Show(canonical), Show(again!.ToArray()));
    }

    [Property(MaxTest = 6000)]
    public void Both_say_the_same_of_damaged_texts(ushort which, byte[] choices, byte[] damage)
    {
        var codec = Codec(which);
        var sequence = new Choices(damage);
        Compare(codec, TextDraw.Damage(Draw(codec, choices), ref sequence));
    }

    [Property(MaxTest = 2000)]
    public void Both_say_the_same_of_any_bytes(ushort which, byte[] text) => Compare(Codec(which), text);

    private static void Compare(ITextCodec codec, byte[] text)
    {
        var emitted = codec.Accepts(text, out var error);
        var tree = TextTree.Read(Rule(codec), text);
        Assert.True(emitted == tree.Root is not null && error.Kind == tree.Error.Kind && error.Offset == tree.Error.Offset,
            $"{codec.WireName} {Show(text)}: emitted {error.Kind} {error.Offset} {error.Path}, interpreter {tree.Error.Kind} {tree.Error.Offset} {tree.Error.Path}");
    }

    [Property(MaxTest = 2000)]
    public void A_number_out_of_range_is_refused_with_its_own_node(ushort which, byte[] choices)
    {
        var codec = Codec(which);
        foreach (var violation in TextRanges.Of(Rule(codec), Draw(codec, choices)))
        {
            Assert.False(codec.Accepts(violation.Text, out var error), $"{violation.Name} {Show(violation.Text)}");
            Assert.True((WireErrorKind.BadValue, violation.Node) == (error.Kind, error.Node), $"{violation.Name} {Show(violation.Text)}: {error}");
        }
    }

    [Fact]
    public void Every_type_has_a_codec() => Assert.Equal(TextGrammar.Default.Types.Count(), TextModules.Codecs.Count);
}
