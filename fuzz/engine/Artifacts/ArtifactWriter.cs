using System.Text.Json;

namespace WebRtcConformance.Fuzz.Artifacts;

/// <summary>Writes what is needed to look at a finding and to keep it from coming back: the input, the facts as JSON, the decoded text, and a
/// regression test to paste.</summary>
public sealed class ArtifactWriter(string directory, string target)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the files of one finding; returns the input's path.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Write(FuzzFinding finding, ulong seed, string decoded)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, finding.FileName);
        File.WriteAllBytes(path + ".bin", finding.Bytes);
        File.WriteAllBytes(path + ".json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            Target = target,
            Kind = finding.Kind.ToString().ToLowerInvariant(),
            finding.Oracle,
            finding.Bucket,
            finding.Detail,
            Sha1 = finding.Hash,
            finding.Bytes.Length,
            Hex = Convert.ToHexStringLower(finding.Bytes),
            Seed = seed,
            Replay = $"wrc fuzz {target} --replay {path}.bin",
        }, Indented));
        File.WriteAllText(path + ".txt", $"{finding.Bucket}\n{finding.Headline}\n\n{decoded}\n");
        File.WriteAllText(path + ".cs", Regression(finding));
        return path + ".bin";
    }

    /// <summary>An xUnit test that fails as long as the oracle objects.</summary>
    internal string Regression(FuzzFinding finding) =>
        $"""
        // {finding.Headline.ReplaceLineEndings(" ")}
        // Paste into a test class; or put the bytes, as hexadecimal text, into fuzz/corpus/{target}/regressions/{finding.FileName}.hex.
        [Fact]
        public void {finding.FileName[..1].ToUpperInvariant()}{finding.FileName[1..].Replace('-', '_')[..16]}() =>
            Assert.Null(WebRtcConformance.Fuzz.FuzzReplay.Run("{target}", Convert.FromHexString(
                "{Convert.ToHexStringLower(finding.Bytes)}")));

        """;
}
