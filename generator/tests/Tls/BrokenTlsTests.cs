using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Each kind of mistake in the presentation language is reported with its id, at its line and column, and nothing else is reported.</summary>
public class BrokenTlsTests
{
    private static readonly Dictionary<string, string> Cases = MarkedText.Read("Tls/BrokenTls.txt");

    /// <summary>A sound file that cases import from.</summary>
    private const string Other = """
        @document RFC2
        @module b
        @namespace B
        enum { one(1), (255) } Kind;
        @message Whole
        struct { Kind kind; Thing things<0..9>; } Whole;
        @choice Thing.data by kind
        struct { Kind kind; opaque data<0..255>; } Thing;
        @variant Thing: one = empty
        """;

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_is_reported_at_its_place(string name)
    {
        var (text, expected) = MarkedText.Unmark(Cases[name]);
        var found = SpecLibrary.Load([("a.tls", text), ("b.tls", Other)]).Diagnostics.Select(d => $"{d.Rule.Id} {d.Position}").OrderBy(d => d, StringComparer.Ordinal);
        Assert.Equal(string.Join("\n", expected.OrderBy(d => d, StringComparer.Ordinal)), string.Join("\n", found));
    }

    [Fact]
    public void Every_mistake_has_a_case()
    {
        var shown = Cases.Values.SelectMany(c => MarkedText.Unmark(c).Expected).Select(e => e[..5]).ToHashSet();
        Assert.Equal("", string.Join(" ", TlsRules.All.Select(r => r.Id).Where(id => !shown.Contains(id))));
    }
}
