using System.Text.Json;
using WebRtcConformance.Lab.Requirements;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>The numbers on the small catalogue: six items, of which 1-2 is for reading and 1-4 void.</summary>
public class CoverageTests
{
    private static readonly CaseLink[] s_links =
    [
        new("pot/warm", ["RFC9999:1-1", "RFC9999:1-2"]),
        new("milk/first", ["RFC9999:1.1-1"]),
        new("cups/near", ["RFC9999:1-3", "RFC9999:7-7"]),
    ];

    [Fact]
    public void Without_cases_there_is_only_the_denominator() =>
        Assert.Equal((6, 4, 0, 0, 0), Numbers(Compute([], [], []).Counts));

    [Fact]
    public void Untestable_items_are_counted_by_reason() =>
        Assert.Equal([new("human-judgement", 1), new("not used in WebRTC", 1)], Compute([], [], []).Counts.UntestableByReason);

    [Fact]
    public void Links_cite_and_untestable_items_stay_out() =>
        Assert.Equal((6, 4, 3, 0, 0), Numbers(Compute(s_links, [], []).Counts));

    [Fact]
    public void Links_to_nowhere_are_named() =>
        Assert.Equal(new UnknownCitation("cups/near", "RFC9999:7-7"), Assert.Single(Compute(s_links, [], []).UnknownCitations));

    [Fact]
    public void A_verdict_tests_whichever_way_it_went() =>
        Assert.Equal((6, 4, 3, 2, 0), Numbers(Compute(s_links, [new("pot/warm", true), new("milk/first", false)], []).Counts));

    [Fact]
    public void A_kill_by_a_named_quirk_verifies()
    {
        var report = Compute(s_links, [new("pot/warm", true)], [new("TeaColdPot", "pot/warm", false)]);
        Assert.Equal((6, 4, 3, 1, 1), Numbers(report.Counts));
        Assert.Equal(CoverageState.Verified, report.Requirements[0].State);
        Assert.Empty(report.TestedNotVerified);
    }

    [Theory]
    [InlineData("TeaMilkFirst", "pot/warm", false, true)] // a quirk that the requirement does not name
    [InlineData("TeaColdPot", "milk/first", false, true)] // a case that does not link it
    [InlineData("TeaColdPot", "pot/warm", true, true)]    // survived
    [InlineData("TeaColdPot", "pot/warm", false, false)]  // failed on the clean reference already
    public void Anything_less_does_not(string quirk, string caseId, bool passed, bool cleanPassed)
    {
        var report = Compute(s_links, [new("pot/warm", cleanPassed), new("milk/first", true)], [new(quirk, caseId, passed)]);
        Assert.Equal(CoverageState.Tested, report.Requirements[0].State);
        Assert.Equal("RFC9999:1-1", report.TestedNotVerified.First().Id.ToString());
    }

    [Theory]
    [InlineData("pot/warm")]
    [InlineData("pot/warm[ipv6]")]
    public void Variants_count_for_their_case_and_for_themselves(string linked)
    {
        var report = Compute(
            [new(linked, ["RFC9999:1-1"])],
            [new("pot/warm[ipv4]", true), new("pot/warm[ipv6]", true)],
            [new("TeaColdPot", "pot/warm[ipv6]", false)]);
        Assert.Equal(CoverageState.Verified, report.Requirements[0].State);
    }

    [Fact]
    public void A_kill_by_one_variant_says_nothing_of_another() =>
        Assert.Equal(CoverageState.Tested, Compute(
            [new("pot/warm[ipv4]", ["RFC9999:1-1"])],
            [new("pot/warm[ipv4]", true), new("pot/warm[ipv6]", true)],
            [new("TeaColdPot", "pot/warm[ipv6]", false)]).Requirements[0].State);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_failure_among_repeats_is_a_failure(bool failsFirst) =>
        Assert.Equal(CoverageState.Tested, Compute(
            s_links, [new("pot/warm", !failsFirst), new("pot/warm", failsFirst)], [new("TeaColdPot", "pot/warm", false)]).Requirements[0].State);

    [Fact]
    public void Absolute_items_without_a_case_are_listed() =>
        Assert.Equal(["RFC9999:1.1-a1"], Compute(s_links, [], []).AbsoluteWithoutCase.Select(item => item.Id.ToString()));

    [Fact]
    public void Sections_add_up()
    {
        var document = Compute(s_links, [new("milk/first", true)], [new("TeaMilkFirst", "milk/first", false)]).Documents.Single();
        Assert.Equal([(4, 2, 2, 0, 0), (2, 2, 1, 1, 1)], document.Sections.Select(section => Numbers(section.Counts)));
        Assert.Equal((6, 4, 3, 1, 1), Numbers(document.Counts));
    }

    [Fact]
    public void Table_has_a_line_a_section()
    {
        string table = CoverageText.Table(Compute(s_links, [new("pot/warm", true)], [new("TeaColdPot", "pot/warm", false)]));
        string[] expected =
        [
            "RFC9999  Tea (2026-04)",
            "  section                                        total  testable  cited  tested  verified  not testable",
            "  1 Pots                                             4         2      2       1         1  1 human-judgement, 1 not used in WebRTC",
            "  1.1 Milk                                           2         2      1       0         0",
            "  all                                                6         4      3       1         1  1 human-judgement, 1 not used in WebRTC",
            "",
            "case cups/near links RFC9999:7-7, which the catalogue does not have",
            "verified 1 of 4 testable requirements (25.0 %); 6 in all",
            "",
        ];
        Assert.Equal(expected, table.Split('\n'));
    }

    [Fact]
    public void Json_has_the_same_numbers()
    {
        using var json = JsonDocument.Parse(CoverageText.Json(Compute(s_links, [new("pot/warm", true)], [new("TeaColdPot", "pot/warm", false)])));
        var root = json.RootElement;
        Assert.Equal(4, root.GetProperty("testable").GetInt32());
        Assert.Equal(1, root.GetProperty("untestable").GetProperty("human-judgement").GetInt32());
        Assert.Equal("verified", root.GetProperty("requirements").GetProperty("RFC9999:1-1").GetString());
        Assert.Equal(1, root.GetProperty("documents")[0].GetProperty("sections")[0].GetProperty("verified").GetInt32());
        Assert.Equal("RFC9999:7-7", root.GetProperty("unknownCitations")[0].GetProperty("requirement").GetString());
    }

    private static CoverageReport Compute(CaseLink[] links, CleanResult[] clean, QuirkResult[] quirks) =>
        Coverage.Compute(SampleCatalogue.Load(), links, clean, quirks);

    private static (int, int, int, int, int) Numbers(CoverageCounts counts) =>
        (counts.Total, counts.Testable, counts.Cited, counts.Tested, counts.Verified);
}
