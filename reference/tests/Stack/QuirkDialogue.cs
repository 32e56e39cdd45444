using WebRtcConformance.Stack;

namespace WebRtcConformance.Reference.Tests.Stack;

/// <summary>How a quirk shows: one dialogue, how it goes with the clean machine, and how with the quirk.</summary>
public sealed record QuirkDialogue<TQuirk, TSet>(TQuirk Quirk, Func<TSet, string> Dialogue, string Clean, string Broken);

internal static class QuirkDialogue
{
    /// <summary>The quirk has one dialogue, breaks its rule there, and the clean machine keeps it.</summary>
    public static void Shows<TQuirk, TSet>(IEnumerable<QuirkDialogue<TQuirk, TSet>> rows, TQuirk quirk, TSet none, TSet only) where TQuirk : struct, Enum
    {
        var row = Assert.Single(rows, r => r.Quirk.Equals(quirk));
        Assert.Equal(row.Clean, row.Dialogue(none));
        Assert.Equal(row.Broken, row.Dialogue(only));
        Assert.NotEqual(row.Clean, row.Broken);
    }

    /// <summary>Every quirk is documented, has a name and a bit of its own, and the set of it says its name.</summary>
    /// <param name="rules">Matches the rules that they break.</param>
    public static void RegistryIsSound<TQuirk>(string rules) where TQuirk : struct, Enum
    {
        var all = QuirkRegistry<TQuirk>.All;
        Assert.Equal(Enum.GetValues<TQuirk>().Length, all.Count);
        Assert.True(all.Count <= 64, "no protocol has that many");
        Assert.All(all, q =>
        {
            Assert.Matches(rules, q.Rule);
            Assert.False(q.Summary.EndsWith('.'));
            Assert.Equal(q.Name, QuirkSet<TQuirk>.Of(q.Quirk).ToString());
            Assert.Equal([q.Quirk], Enum.GetValues<TQuirk>().Where(QuirkSet<TQuirk>.Of(q.Quirk).Has));
        });
        Assert.Equal("none", QuirkSet<TQuirk>.None.ToString());
        Assert.Equal(all.Count, all.Select(q => q.Name).Distinct().Count());
    }
}
