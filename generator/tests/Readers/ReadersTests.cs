using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Readers;

/// <summary>The reader's test: whoever opens a spec file beside the standard's section finds the same drawings, grammar rules and structs there, letter for
/// letter. It needs the standards' texts, which the project does not carry; `exceptions.txt` beside this file lists what differs on purpose, with the reason.</summary>
public sealed class ReadersTests
{
    private const string Variable = "WRC_RFC_TEXTS";

    [Fact]
    public void Spec_files_read_as_their_standards()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"needs the texts of the RFCs: set {Variable} to a folder with rfcNNNN.txt files");

        var exceptions = Exceptions();
        var unused = new HashSet<string>(exceptions.Keys, StringComparer.Ordinal);
        var texts = new Dictionary<string, StandardText?>(StringComparer.Ordinal);
        var faults = new List<string>();
        var compared = 0;
        foreach (var (name, text) in Files())
        foreach (var piece in SpecPieces.Of(name, text))
        {
            if (!texts.TryGetValue(piece.Document, out var standard)) texts[piece.Document] = standard = StandardText.Find(folder!, piece.Document);
            if (standard is null) continue;
            compared++;
            if (Fault(standard, piece) is not { } fault) continue;
            var key = $"{name}: {piece.Title}";
            if (exceptions.ContainsKey(key)) unused.Remove(key);
            else faults.Add($"{name}({piece.Line}): {fault}: {piece.Title}");
        }
        faults.AddRange(unused.Select(u => $"exceptions.txt: this is no exception any more: {u}"));
        TestContext.Current.SendDiagnosticMessage($"{compared} pieces compared with {texts.Count(t => t.Value is not null)} standards");
        Assert.True(compared > 0);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Theory]
    [InlineData("1.2", "  |V=2|  x |", null)]
    [InlineData("1.2", "  |V=3|  x |", "is not in")]
    [InlineData("1.1", "  |V=2|  x |", "stands in section 1.2")]
    public void A_changed_or_misplaced_drawing_is_found(string section, string row, string? fault)
    {
        var standard = StandardText.Of("1.1.  One\n\n   text\n\n1.2.  Two\n\n     +-+-+-+-+\n     |V=2|  x |\n     +-+-+-+-+\n");
        var spec = $"@document RFC1 \"x\"\n@section {section}\nmessage X\n  +-+-+-+-+\n{row}\n  +-+-+-+-+\nwhere\n";
        var found = Fault(standard, Assert.Single(SpecPieces.Of("x.pdu", spec)));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found);
    }

    [Theory]
    [InlineData("x.abnf", "a-rule = \"b\" /\n             \"c\"", null)]
    [InlineData("x.abnf", "a-rule = \"b\" /\n             \"d\"", "is not in")]
    [InlineData("x.tls", "struct {\n     uint8 x;  // ours\n  } T;", null)]
    [InlineData("x.tls", "struct {\n     uint16 x;\n  } T;", "is not in")]
    public void A_changed_rule_or_struct_is_found(string file, string text, string? fault)
    {
        var standard = StandardText.Of("1.  One\n\n   a-rule = \"b\" /\n         \"c\"\n\n   struct {\n     uint8 x;\n   } T;\n");
        var found = Fault(standard, Assert.Single(SpecPieces.Of(file, $"@document RFC1 \"x\"\n@section 1\n{text}\n")));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found);
    }

    private static string? Fault(StandardText standard, SpecPiece piece)
    {
        var found = (piece.IsDrawing ? standard.SectionsWith(piece.Lines) : standard.SectionsHolding(piece.Lines[0])).Distinct().ToList();
        if (found.Count == 0) return $"this is not in {piece.Document}";
        return found.Any(s => s == piece.Section || s.StartsWith(piece.Section + ".", StringComparison.Ordinal)) ? null
            : $"{piece.Document} section {piece.Section} does not have this; it stands in section {string.Join(", ", found)}";
    }

    private static IEnumerable<(string Name, string Text)> Files() => Directory
        .EnumerateFiles(SpecFiles.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => (Path.GetRelativePath(SpecFiles.Folder, f).Replace('\\', '/'), File.ReadAllText(f)));

    /// <summary>"x/y.pdu: first line of the piece" to the reason.</summary>
    private static Dictionary<string, string> Exceptions() => File
        .ReadLines(Path.Combine(SpecFiles.Folder, "../generator/tests/Readers/exceptions.txt"))
        .Where(l => l.Length > 0 && !l.StartsWith('#')).Select(l => l.Split(" => ", 2))
        .ToDictionary(p => p[0], p => p.Length == 2 && p[1].Length > 0 ? p[1] : throw new InvalidDataException($"{p[0]}: an exception needs its reason"));
}
