using System.Text.Json;
using FsCheck.Xunit;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire.Tests;

public class MutationTests
{
    [Property(MaxTest = 200)]
    public void Mutation_is_total_bounded_and_a_function_of_the_choices(byte[] choices, byte[] mutation, byte[] raw)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var good = WireDraw.Draw(plan, ref c).Encode();
            foreach (var input in new[] { good, raw })
            {
                var one = new Choices(mutation);
                var two = new Choices(mutation);
                var bytes = WireMutator.Mutate(plan, input, ref one, good);
                Assert.Equal(bytes, WireMutator.Mutate(plan, input, ref two, good));
                Assert.True(bytes.Length <= input.Length * 3 + 20_000);
                Assert.Equal(bytes, WireTree.Read(plan, bytes).Encode());
            }
        }
    }

    [Fact]
    public void Mutants_are_both_valid_and_invalid_and_differ()
    {
        foreach (var plan in TestModules.Messages)
        {
            var random = new Random(1);
            var seen = new HashSet<string>();
            var accepted = 0;
            for (var i = 0; i < 400; i++)
            {
                var seed = new byte[200];
                random.NextBytes(seed);
                var c = new Choices(seed);
                var good = WireDraw.Draw(plan, ref c).Encode();
                random.NextBytes(seed);
                c = new Choices(seed);
                var bytes = WireMutator.Mutate(plan, good, ref c, good);
                seen.Add(Convert.ToHexString(bytes));
                if (WireTree.Accepts(plan, bytes, out _)) accepted++;
            }
            // Audio levels of a mixer: any bytes are some.
            if (accepted == 400) Assert.DoesNotContain(WireViolations.For(plan), v => v.Force == Force.Reject);
            Assert.NotEqual(0, accepted);
            Assert.True(seen.Count > 20, $"{plan}: {seen.Count}");
        }
    }

    [Property(MaxTest = 100)]
    public void Repeated_mutation_of_a_tree_stays_bounded(byte[] choices)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var tree = WireDraw.Draw(plan, ref c);
            var more = new Choices([.. choices, .. choices, .. choices, .. choices]);
            for (var i = 0; i < 50; i++) WireMutator.Mutate(tree, ref more, tree.Clone());
            Assert.InRange(tree.Encode().Length, 0, WireLimits.MaxBytes);
        }
    }

    [Property(MaxTest = 200)]
    public void Json_round_trip_of_mutants(byte[] choices, byte[] mutation)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var m = new Choices(mutation);
            var bytes = WireMutator.Mutate(plan, WireDraw.Draw(plan, ref c).Encode(), ref m);
            RoundTrip(WireTree.Read(plan, bytes), bytes);
            c = new Choices(choices);
            var tree = WireDraw.Draw(plan, ref c);
            WireMutator.Mutate(tree, ref m);
            RoundTrip(tree, tree.Encode());
        }
    }

    [Property(MaxTest = 300)]
    public void Json_round_trip_of_any_bytes(byte[] bytes)
    {
        foreach (var plan in TestModules.Messages) RoundTrip(WireTree.Read(plan, bytes), bytes);
    }

    private static void RoundTrip(WireTree tree, byte[] bytes)
    {
        var text = WireJson.Text(tree);
        using var json = JsonDocument.Parse(text);
        Assert.True(WireJson.TryRead(tree.Plan, json.RootElement, out var again, out var error), error + "\n" + text);
        Assert.True(bytes.AsSpan().SequenceEqual(again!.Encode()), $"{tree.Plan} {text}\n{Convert.ToHexStringLower(bytes)}\n{Convert.ToHexStringLower(again.Encode())}");
        text = WireJson.Text(again);
        using var canonical = JsonDocument.Parse(text);
        Assert.True(WireJson.TryRead(tree.Plan, canonical.RootElement, out again, out error), error + "\n" + text);
        Assert.Equal(text, WireJson.Text(again!));
    }

    [Property(MaxTest = 30)]
    public void Minimising_keeps_the_predicate(byte[] choices, byte wanted)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var bytes = WireDraw.Draw(plan, ref c).Encode();
            var calls = 0;
            var small = WireMinimizer.Minimize(bytes, plan, b => { calls++; return b.Contains(wanted); }, 300);
            Assert.InRange(calls, 1, 301);
            Assert.True(small.Length <= bytes.Length);
            Assert.Equal(bytes.Contains(wanted), small.Contains(wanted));
            if (bytes.Contains(wanted) && calls < 300) Assert.Equal([wanted], small);
        }
    }

    [Fact]
    public void Minimising_repairs_lengths()
    {
        var seed = new byte[4000];
        new Random(5).NextBytes(seed);
        var plan = TestModules.StunMessage;
        var tree = WireTree.Read(plan, []);
        for (var at = 0; ; at += 7)
        {
            var c = new Choices(seed.AsSpan(at));
            tree = WireDraw.Draw(plan, ref c);
            if (tree.Find("Attributes[USERNAME].Username") is { Length: > 5 } && tree.Find("Attributes")!.Children.Count > 5) break;
        }
        bool IsValidWithLongUsername(byte[] b) => WireTree.TryParse(plan, b, out var t, out _) && t!.Find("Attributes[USERNAME].Username") is { Length: > 2 };
        var small = WireMinimizer.Minimize(tree.Encode(), plan, IsValidWithLongUsername);
        Assert.True(IsValidWithLongUsername(small));
        Assert.Equal(20 + 4 + 4, small.Length);
    }

    [Fact]
    public void Dictionary_has_constants_codes_and_whole_elements()
    {
        var tokens = WireDictionary.For(TestModules.Stun, TestModules.Plans);
        Assert.Contains(tokens, t => t.Bytes.Span.SequenceEqual(new byte[] { 0x21, 0x12, 0xA4, 0x42 }));
        Assert.Contains(tokens, t => t.Bytes.Span.SequenceEqual(new byte[] { 0x80, 0x28 }));
        Assert.Contains(tokens, t => t.Bytes.Span.SequenceEqual(new byte[] { 0, 0x24, 0, 4, 0, 0, 0, 0 }));
        Assert.Contains("=\"\\x21\\x12\\xA4\\x42\"\n", WireDictionary.ToFile(tokens));
        Assert.Equal(tokens.Count, tokens.Select(t => t.Name).Distinct().Count());
    }

    [Fact]
    public void Coverage_separates_accepted_from_refused_and_names_rules()
    {
        var coverage = new WireCoverage(TestModules.Plans);
        var none = default(Choices);
        var good = WireDraw.Draw(TestModules.StunMessage, ref none).Encode();
        Assert.True(WireTree.TryParse(TestModules.StunMessage, good, out _, out _, coverage));
        var after = coverage.Count;
        Assert.True(after > 0);
        Assert.True(WireTree.TryParse(TestModules.StunMessage, good, out _, out _, coverage));
        Assert.Equal(after, coverage.Count);
        good[3] = 1;
        Assert.False(WireTree.TryParse(TestModules.StunMessage, good, out _, out _, coverage));
        var named = Assert.Single(coverage.Report(), r => r.Named);
        Assert.Equal("like-stun/StunMessage/length-multiple-of-4", named.Node.Path);
        Assert.Contains(coverage.Report(), r => r is { Accepted: true, Refused: false });
        var merged = new WireCoverage(TestModules.Plans);
        merged.Merge(coverage);
        Assert.Equal(coverage.Count, merged.Count);
    }
}
