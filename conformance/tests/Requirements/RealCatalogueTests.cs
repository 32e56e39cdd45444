using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>The catalogue that ships.</summary>
public class RealCatalogueTests
{
    [Fact]
    public void Is_sound() =>
        Assert.Empty(CatalogueLint.Check(Catalogue.Embedded, QuirkRegistry<Quirk>.All.Select(quirk => quirk.Name).ToHashSet()));

    public static TheoryData<string, string> Quirks => [.. QuirkRegistry<Quirk>.All.Select(quirk => (quirk.Name, quirk.Rule))];

    /// <summary>Each saboteur breaks something that is written down, and an item of the section that it claims to break.</summary>
    [Theory]
    [MemberData(nameof(Quirks))]
    public void Each_quirk_breaks_an_item_of_its_section(string quirk, string section) =>
        Assert.Contains(Catalogue.Embedded.Items, item => item.Quirks.Contains(quirk) && $"{item.Id.Document}:{item.Id.Section}" == section);

    [Fact]
    public void Covers_what_it_promises()
    {
        string[] stun = Scope("RFC8489");
        Assert.Superset(new HashSet<string> { "5", "6.1", "6.2.1", "6.3.4", "7", "9.1.3", "14", "14.1", "14.16" }, stun.ToHashSet());
        string[] ice = Scope("RFC8445");
        Assert.Superset(new HashSet<string> { "7", "7.1.1", "7.2.5.3.4", "7.3", "7.3.1.5", "7.3.2" }, ice.ToHashSet());
    }

    [Fact]
    public void Each_keyword_item_has_a_digest() =>
        Assert.All(Catalogue.Embedded.Items.Where(item => item.Id.HasKeyword), item => Assert.Matches("^[0-9a-f]{12}$", item.Digest));

    /// <summary>Three sentences of section 9.1.3 recur for three causes; the ordinal tells them apart, not the digest.</summary>
    [Fact]
    public void Repeated_sentences_keep_their_own_items()
    {
        var items = new[] { "RFC8489:9.1.3-1", "RFC8489:9.1.3-4", "RFC8489:9.1.3-7" }.Select(Find).ToList();
        Assert.Single(items.Select(item => item.Digest).Distinct());
        Assert.Equal(3, items.Select(item => item.Gist).Distinct().Count());
        Assert.Contains("StunAcceptsBadIntegrity", Find("RFC8489:9.1.3-7").Quirks);
    }

    [Fact]
    public void Files_on_disk_are_those_embedded()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "WebRtcConformance.sln")))
            root = Path.GetDirectoryName(root.TrimEnd('/')) ?? throw new InvalidOperationException("run the tests inside the repository");
        var fromDisk = Catalogue.FromDirectory(Path.Combine(root, "spec"));
        Assert.Equal(Catalogue.Embedded.Items.Select(item => item.Id.ToString()), fromDisk.Items.Select(item => item.Id.ToString()));
        Assert.Equal(Catalogue.Embedded.Features.Select(feature => feature.Id), fromDisk.Features.Select(feature => feature.Id));
    }

    private static Requirement Find(string id)
    {
        Assert.True(Catalogue.Embedded.TryFind(id, out var item), id);
        return item;
    }

    private static string[] Scope(string doc) =>
        [.. Catalogue.Embedded.Documents.Single(document => document.Doc == doc).Scope.Select(section => section.Key)];
}
