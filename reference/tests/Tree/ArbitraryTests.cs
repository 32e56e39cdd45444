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
        WireArbitrary.ShrinkChoices(message.Choices).Take(20).All(c =>
            c.Length <= message.Choices.Length && WireTree.Accepts(message.Plan, (message with { Choices = c }).Bytes(), out _));

    [Property(Arbitrary = [typeof(WireArbitrary)], MaxTest = 300)]
    public bool Mutated_messages_are_read_and_written_back(MutatedMessage message) =>
        WireTree.Read(message.Plan, message.Bytes()).Encode().SequenceEqual(message.Bytes());

    [Fact]
    public void A_failing_property_shrinks_to_a_small_message()
    {
        var arbitrary = WireArbitrary.Of(TestModules.StunMessage);
        var fails = arbitrary.Generator.Sample(1000, 100).First(m => m.Tree.Find("Attributes[PRIORITY]") is not null);
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
        Assert.Equal(28, fails.Bytes().Length);
    }
}
