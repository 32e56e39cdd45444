using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using WebRtcConformance.Lab.Requirements;

namespace WebRtcConformance.Conformance.Tests.Requirements;

/// <summary>The comparison with the texts, on a text written for it.</summary>
public sealed class CatalogueExtractTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Sections_and_sentences_are_cut_as_documented()
    {
        var sections = RfcText.Sections(SampleCatalogue.Text);
        Assert.Equal(["1 Pots", "1.1 Milk"], sections.Select(section => $"{section.Number} {section.Title}"));
        Assert.Equal(
            [
                "A pot MUST be warm before leaves go in.",
                "This matters, e.g. MUST not even the hand feel cold.",
                "The lid of a TEA-POT is round.",
                "Cups SHOULD stand near; spoons MAY lie anywhere.",
                "The water boils.",
                "In the range 0 .. 7 a pot is NOT RECOMMENDED to be shaken.",
            ],
            sections[0].Sentences.Select(sentence => sentence.Text));
        Assert.Equal(["Milk MUST NOT be poured first.", "Sugar is put in before stirring."], sections[1].Sentences.Select(sentence => sentence.Text));
    }

    [Theory]
    [InlineData("It MAY, SHOULD and MUST NOT.", RequirementLevel.MustNot)]
    [InlineData("It is REQUIRED, and SHALL NOT.", RequirementLevel.Must)]
    [InlineData("It is NOT RECOMMENDED, yet OPTIONAL.", RequirementLevel.ShouldNot)]
    [InlineData("It is OPTIONAL.", RequirementLevel.May)]
    [InlineData("It must, MUSTARD.", null)]
    public void The_strongest_keyword_wins(string sentence, RequirementLevel? level) => Assert.Equal(level, RfcText.Level(sentence));

    /// <summary>Known answer: first 6 bytes of SHA-256("abc"), FIPS 180-4.</summary>
    [Fact]
    public void Digest_is_sha256() => Assert.Equal("ba7816bf8f01", RfcText.Digest("abc"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_complete_catalogue_has_no_differences(bool packed)
    {
        WriteText(SampleCatalogue.Text, packed);
        Assert.Empty(CatalogueExtract.Compare(SampleCatalogue.Load(), _folder));
    }

    public static TheoryData<string, Action<JsonObject>> CatalogueFaults => new()
    {
        { "RFC9999:1-4: missing: ", d => d["items"]!.AsArray().RemoveAt(3) },
        { "RFC9999:1-1: changed: ", d => d.Item(0)["digest"] = "000000000000" },
        { "RFC9999:1.1-a1: changed: ", d => d.Item(5)["digest"] = "000000000000" },
        { "RFC9999:1-3: changed level: ", d => d.Item(2)["level"] = "MAY" },
        { "RFC9999:1.1-2: extra: ", d => { d.Item(5)["id"] = "RFC9999:1.1-2"; d.Item(5)["ordinal"] = 2; } },
        { "RFC9999:1.1: changed heading: ", d => d["header"]!["scope"]!["1.1"] = "Cream" },
        { "RFC9999:3: missing section: ", d => d["header"]!["scope"]!.AsObject().Add("3", "Sugar") },
    };

    [Theory]
    [MemberData(nameof(CatalogueFaults))]
    public void Differences_are_named(string beginning, Action<JsonObject> fault)
    {
        WriteText(SampleCatalogue.Text, packed: false);
        Assert.StartsWith(beginning, Assert.Single(CatalogueExtract.Compare(SampleCatalogue.Load(fault), _folder)));
    }

    [Fact]
    public void A_changed_word_in_the_text_is_found()
    {
        WriteText(SampleCatalogue.Text.Replace("poured first", "poured last"), packed: false);
        Assert.StartsWith("RFC9999:1.1-1: changed: ", Assert.Single(CatalogueExtract.Compare(SampleCatalogue.Load(), _folder)));
    }

    [Fact]
    public void A_missing_text_is_a_difference_and_a_bad_one_an_error()
    {
        Assert.StartsWith("RFC9999: there is no rfc9999.txt", Assert.Single(CatalogueExtract.Compare(SampleCatalogue.Load(), _folder)));
        Assert.Throws<CatalogueException>(() => CatalogueExtract.Compare(SampleCatalogue.Load(), Path.Combine(_folder, "none")));
        File.WriteAllText(Path.Combine(_folder, "rfc9999.txt.gz"), "not packed");
        Assert.Contains("cannot be read", Assert.Throws<CatalogueException>(() => CatalogueExtract.Compare(SampleCatalogue.Load(), _folder)).Message);
    }

    /// <summary>No text breaks the cutting, and no character but white space and drawings gets lost between sentences.</summary>
    [Property(MaxTest = 300)]
    public void Cutting_is_total(string? text)
    {
        string page = "1.  One\n\n   " + (text ?? "").Replace("\n", "\n   ");
        foreach (var sentence in RfcText.Sections(page).SelectMany(section => section.Sentences))
        {
            Assert.False(string.IsNullOrWhiteSpace(sentence.Text));
            Assert.Equal(RfcText.Digest(sentence.Text), sentence.Digest);
        }
    }

    private void WriteText(string text, bool packed)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "standards")).FullName;
        if (!packed)
        {
            File.WriteAllText(Path.Combine(folder, "rfc9999.txt"), text);
            return;
        }
        using var gzip = new GZipStream(File.Create(Path.Combine(folder, "rfc9999.txt.gz")), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }
}
