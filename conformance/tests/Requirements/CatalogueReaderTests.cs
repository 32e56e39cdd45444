using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Requirements;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>A file that is not of the format gives one clear error with its place, and nothing else.</summary>
public class CatalogueReaderTests
{
    public static TheoryData<string, Action<JsonObject>> Faults => new()
    {
        { "$", d => d.Remove("items") },
        { "$", d => d["extra"] = 1 },
        { "$.items", d => d["items"] = "none" },
        { "$.header", d => d["header"]!.AsObject().Remove("title") },
        { "$.header.doc", d => d["header"]!["doc"] = 9999 },
        { "$.header.scope['1']", d => d["header"]!["scope"]!["1"] = false },
        { "$.items[0]", d => d.Item(0).Remove("gist") },
        { "$.items[0]", d => d.Item(0)["gits"] = "x" },
        { "$.items[1]", d => d["items"]![1] = 7 },
        { "$.items[0].id", d => d.Item(0)["id"] = "RFC9999:1" },
        { "$.items[0].section", d => d.Item(0)["section"] = "1.1" },
        { "$.items[0].ordinal", d => d.Item(0)["ordinal"] = 2 },
        { "$.items[0].ordinal", d => d.Item(0)["ordinal"] = 1.5 },
        { "$.items[2].level", d => d.Item(2)["level"] = "SHALL" },
        { "$.items[2].levelInWebRtc", d => d.Item(2)["levelInWebRtc"] = "must" },
        { "$.items[2].testability", d => d.Item(2)["testability"] = "soon" },
        { "$.items[2].features[0]", d => d.Item(2)["features"] = new JsonArray((JsonNode?)null) },
        { "$.items[0].related[0]", d => d.Item(0)["related"] = new JsonArray("1-1") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Faults_are_named_with_their_place(string path, Action<JsonObject> fault)
    {
        var error = Assert.Throws<CatalogueException>(() => SampleCatalogue.Load(fault));
        Assert.Equal(("tea.json", path), (error.File, error.Path));
        Assert.StartsWith($"tea.json at {path}: ", error.Message);
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public void Doubled_members_are_refused()
    {
        string json = SampleCatalogue.Document().ToJsonString().Replace("\"when\":", "\"when\":\"\",\"when\":");
        Assert.Throws<CatalogueException>(() => Catalogue.Parse([("tea.json", json)], ("f", SampleCatalogue.Features)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Half_a_surrogate_pair_is_refused(bool escaped)
    {
        string half = escaped ? "\\ud800" : new string('\ud800', 1);
        string json = SampleCatalogue.Document().ToJsonString().Replace("Nobody shakes", half);
        Assert.Throws<CatalogueException>(() => Catalogue.Parse([("tea.json", json)], ("f", SampleCatalogue.Features)));
    }

    /// <summary>Cut or changed anywhere, a file is read or refused; it never breaks the reader or the lint.</summary>
    [Fact]
    public void Reading_is_total()
    {
        string json = SampleCatalogue.Document().ToJsonString();
        int refused = 0;
        int read = 0;
        for (int i = 0; i < json.Length; i++)
        {
            foreach (string text in new[] { json[..i], json.Remove(i, 1), json.Remove(i, 1).Insert(i, "9"), json.Remove(i, 1).Insert(i, "\"") })
            {
                try
                {
                    CatalogueLint.Check(Catalogue.Parse([("tea.json", text)], ("f", SampleCatalogue.Features)));
                    read++;
                }
                catch (CatalogueException)
                {
                    refused++;
                }
            }
        }
        Assert.True(refused > json.Length && read > 100, $"refused {refused}, read {read}");
    }

    [Fact]
    public void Missing_folders_and_files_are_named()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Contains("no such folder", Assert.Throws<CatalogueException>(() => Catalogue.FromDirectory(Path.Combine(folder, "none"))).Message);
            Assert.Contains("no folder in it", Assert.Throws<CatalogueException>(() => Catalogue.FromDirectory(folder)).Message);
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "tea")).FullName, "requirements.json"), SampleCatalogue.Document().ToJsonString());
            var error = Assert.Throws<CatalogueException>(() => Catalogue.FromDirectory(folder));
            Assert.Equal(Path.Combine(folder, "features.json"), error.File);
            File.WriteAllText(error.File, SampleCatalogue.Features);
            Assert.Equal(6, Catalogue.FromDirectory(folder).Items.Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("RFC8489:9.1.3-7", true)]
    [InlineData("RFC8489:14.2-a12", true)]
    [InlineData("RFC8489:14.2-0", false)]
    [InlineData("RFC8489:14.2-01", false)]
    [InlineData("RFC8489:14..2-1", false)]
    [InlineData("RFC8489:14.2-A1", false)]
    [InlineData("RFC8489:14.2-", false)]
    [InlineData("RFC8489:-1", false)]
    [InlineData("rfc8489:1-1", false)]
    [InlineData("RFC8489-1", false)]
    [InlineData("RFC8489:14.2-99999", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Ids_have_one_form(string? text, bool valid)
    {
        Assert.Equal(valid, RequirementId.TryParse(text, out var id));
        if (valid)
            Assert.Equal(text, id.ToString());
    }

    [Fact]
    public void Sections_are_ordered_by_number()
    {
        string[] sorted = ["5", "6", "6.1", "6.2", "6.2.1", "6.10", "14"];
        for (int i = 1; i < sorted.Length; i++)
            Assert.True(SectionNumber.Compare(sorted[i - 1], sorted[i]) < 0);
    }
}
