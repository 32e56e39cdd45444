namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Compares a text with the one that was approved (NAME.verified.txt beside the tests); where they differ, NAME.received.txt holds the
/// new one. File names as in Verify.</summary>
internal static class Approval
{
    public static void Check(string name, string text)
    {
        var path = Path.Combine(Notation.SpecFiles.Folder, "..", "generator", "tests", name);
        var approved = File.Exists(path + ".verified.txt") ? File.ReadAllText(path + ".verified.txt") : "";
        if (approved == text) return;
        File.WriteAllText(path + ".received.txt", text);
        Assert.Equal(approved, text);
    }
}
