using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using WebRtcConformance.Properties;

namespace WebRtcConformance.Wire.Tests;

public class ArbitraryTests
{
    [Property(Arbitrary = [typeof(WireArbitrary)], MaxTest = 300)]
    public bool Drawn_messages_are_accepted(DrawnMessage message) => WireTree.Accepts(message.Plan, message.Bytes(), out _);

    [Property(Arbitrary = [typeof(WireArbitrary)], MaxTest = 300)]
    public bool Shrunk_messages_are_accepted_and_never_longer_in_choices(DrawnMessage message) =>
        ChoiceArbitrary.Shrink(message.Choices).Take(20).All(c =>
            c.Length <= message.Choices.Length && WireTree.Accepts(message.Plan, (message with { Choices = c }).Bytes(), out _));

    [Property(Arbitrary = [typeof(WireArbitrary)], MaxTest = 300)]
    public bool Mutated_messages_are_read_and_written_back(MutatedMessage message) =>
        WireTree.Read(message.Plan, message.Bytes()).Encode().SequenceEqual(message.Bytes());

    [Property(Arbitrary = [typeof(FormatArbitrary)], MaxTest = 300)]
    public bool Whatever_is_drawn_or_shrunk_is_accepted(DrawnInput input) =>
        ChoiceArbitrary.Shrink(input.Choices).Take(5).Prepend(input.Choices).All(c => input.Format.Accepts((input with { Choices = c }).Bytes, out _));

    [Property(Arbitrary = [typeof(FormatArbitrary)], MaxTest = 300)]
    public bool Whatever_is_mutated_gets_one_verdict(MutatedInput input)
    {
        input.Format.Accepts(input.Bytes, out var error);
        input.Format.Interpret(input.Bytes, out var interpreted);
        return error == interpreted;
    }

    [Fact]
    public void Records_of_texts_are_drawn() =>
        Prop.ForAll(FormatArbitrary.Record<Text.IceSdp.Candidate>(), drawn => drawn.Value.ComponentId is >= 1 and <= 256).QuickCheckThrowOnFailure();

    [Fact]
    public void A_failing_property_shrinks_to_a_small_message()
    {
        var arbitrary = WireArbitrary.Of(TestModules.StunMessage);
        var random = new Random(11);
        var fails = Enumerable.Range(0, 200).Select(_ =>
        {
            var choices = new byte[200];
            random.NextBytes(choices);
            return new DrawnMessage(TestModules.StunMessage, choices);
        }).First(m => m.Tree.Find("Attributes[PRIORITY]") is not null && m.Bytes().Length > 80);
        var progress = true;
        while (progress)
        {
            progress = false;
            foreach (var smaller in arbitrary.Shrinker(fails))
            {
                if (smaller.Tree.Find("Attributes[PRIORITY]") is null) continue;
                (fails, progress) = (smaller, true);
                break;
            }
        }
        Assert.InRange(fails.Bytes().Length, 28, 44); // the message itself is 28 bytes; a shrinker may stop at another attribute
    }
}
