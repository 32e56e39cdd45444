namespace WebRtcConformance.Generator.WebIdl;

/// <summary>What holds more than any standard does is reported, and not followed any further.</summary>
public class LimitTests
{
    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    public void Types_in_a_union(int count, int reports) =>
        Expect(reports, "WI024", string.Concat(Numbers(count).Select(i => $"[Exposed=*] interface I{i} {{ }};\n")) + $"typedef ({string.Join(" or ", Numbers(count).Select(i => "I" + i))}) U;");

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    public void Arguments(int count, int reports) => Expect(reports, "WI024", $"callback C = undefined ({string.Join(", ", Numbers(count).Select(i => "long a" + i))});");

    [Theory]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    public void Overloads(int count, int reports) =>
        Expect(reports, "WI024", "[Exposed=*] interface A { " + string.Concat(Numbers(count).Select(i => $"undefined f({string.Join(", ", Numbers(i).Select(j => "long a" + j))}); ")) + "};");

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    [InlineData(1000, 1)]
    public void Typedefs_of_typedefs(int count, int reports) => Expect(reports, "WI005", "typedef long T0;" + string.Concat(Numbers(count - 1).Select(i => $"typedef sequence<T{i - 1}> T{i};")));

    [Theory]
    [InlineData(65, 0)]
    [InlineData(66, 1)]
    [InlineData(1000, 1)]
    public void Inheritance(int count, int reports) => Expect(reports, "WI005", "dictionary D0 { };" + string.Concat(Numbers(count - 1).Select(i => $"dictionary D{i} : D{i - 1} {{ }};")));

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    public void Types_in_types(int count, int reports) => Expect(reports, "WI005", "typedef " + string.Concat(Enumerable.Repeat("sequence<", count - 1)) + "long" + new string('>', count - 1) + " T;");

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(1, count);

    private static void Expect(int reports, string id, string text) =>
        Assert.Equal(Enumerable.Repeat(id, reports), IdlLibrary.Load([("a", text)]).Diagnostics.Select(d => d.Rule.Id));
}
