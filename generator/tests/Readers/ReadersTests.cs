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

        var texts = new Dictionary<string, StandardText?>(StringComparer.Ordinal);
        var faults = Faults(Files(), Exceptions(File.ReadLines(ExceptionsPath)), document =>
        {
            if (!texts.TryGetValue(document, out var standard)) texts[document] = standard = StandardText.Find(folder!, document);
            return standard;
        }, out var compared);
        TestContext.Current.SendDiagnosticMessage($"{compared} pieces compared with {texts.Count(t => t.Value is not null)} standards");
        Assert.True(compared > 0);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    /// <summary>Needs no texts: what a mark or an exception says is there to be read.</summary>
    [Fact]
    public void Marks_and_exceptions_say_why()
    {
        var marks = Files().SelectMany(f => SpecPieces.Marks(f.Name, f.Text).Select(m => (f.Name, Mark: m))).ToList();
        Assert.True(marks.Count(m => m.Name.EndsWith(".tls", StringComparison.Ordinal)) > 10 && marks.Exists(m => m.Name.EndsWith(".pdu", StringComparison.Ordinal)));
        Assert.Equal([], marks.Where(m => m.Mark.Says.Length == 0).Select(m => $"{m.Name}({m.Mark.Line}): {m.Mark.Text}"));
        Assert.NotEmpty(Exceptions(File.ReadLines(ExceptionsPath)));
    }

    [Theory]
    [InlineData("x.tls", "@own", "")]
    [InlineData("x.tls", "@own \" \"", "")]
    [InlineData("x.tls", "@own \"it is\"", "it is")]
    [InlineData("x.pdu", "# Figure: here", "")]
    [InlineData("x.pdu", "# Figure: RFC1 1.2", "RFC1 1.2")]
    public void A_mark_without_a_reason_is_found(string file, string line, string says) => Assert.Equal(says, Assert.Single(SpecPieces.Marks(file, line)).Says);

    [Theory]
    [InlineData("x.tls: struct {} T; =>")]
    [InlineData("x.tls: struct {} T; =>  ")]
    [InlineData("x.tls: struct {} T;")]
    public void An_exception_without_a_reason_is_refused(string line) => Assert.Throws<InvalidDataException>(() => Exceptions([line]));

    [Fact]
    public void An_exception_that_none_is_and_an_own_struct_of_the_standard_are_found()
    {
        var standard = StandardText.Of("1.  One\n\n   struct {\n     uint8 x;  // of theirs\n   } T;\n");
        const string same = "struct { uint8 x; } T;", other = "struct { uint8 y; } T;";
        Assert.Equal([], Compared(same));
        Assert.Equal([], Compared(other, $"x.tls: {other} => a reason"));
        Assert.Contains("no exception any more", Assert.Single(Compared(same, $"x.tls: {same} => a reason")));
        Assert.Contains("no exception any more", Assert.Single(Compared(same, "x.tls: gone => a reason")));
        Assert.Equal([], Compared("@own \"a reason\"\n" + other));
        Assert.Contains("is not ours", Assert.Single(Compared("@own \"a reason\"\n" + same)));
        Assert.Contains("is not in RFC1", Assert.Single(Compared("@own \"a reason\"\n" + other + "\n" + other)));

        List<string> Compared(string declarations, params string[] exceptions) =>
            Faults([("x.tls", $"@document RFC1 \"x\"\n@section 1\n{declarations}\n")], Exceptions(exceptions), _ => standard, out _);
    }

    [Theory]
    [InlineData("# Figure: 1.2\n", null)]
    [InlineData("", "stands in section 1.2")]
    [InlineData("# Figure: 1.1\n", "stands in section 1.2")]
    public void A_figure_is_looked_for_where_the_mark_says(string mark, string? fault)
    {
        var standard = StandardText.Of("1.1.  One\n\n   text\n\n1.2.  Two\n\n     +-+-+-+-+\n     |V=2|  x |\n     +-+-+-+-+\n");
        var spec = $"@document RFC1 \"x\"\n@section 1.1\nmessage X\n{mark}  +-+-+-+-+\n  |V=2|  x |\n  +-+-+-+-+\nwhere\n";
        var found = Fault(standard, Assert.Single(SpecPieces.Of("x.pdu", spec)));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found);
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
    [InlineData("x.abnf", "a-rule = \"b\" /  ; a remark\n   ; and another\n             \"c\"", null)]
    [InlineData("x.tls", "struct {\n     uint8 x;  // ours\n  } T;", null)]
    [InlineData("x.tls", "struct {\n     uint8 x;  /* ours */\n  } T;", null)]
    [InlineData("x.tls", "struct {\n     uint16 x;\n  } T;", "is not in")]
    public void A_changed_rule_or_struct_is_found(string file, string text, string? fault)
    {
        var standard = StandardText.Of("1.  One\n\n   a-rule = \"b\" /\n         \"c\"\n\n   struct {\n     uint8 x;\n   } T;\n");
        var found = Fault(standard, Assert.Single(SpecPieces.Of(file, $"@document RFC1 \"x\"\n@section 1\n{text}\n")));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found);
    }

    private static List<string> Faults(IEnumerable<(string Name, string Text)> files, Dictionary<string, string> exceptions, Func<string, StandardText?> find, out int compared)
    {
        var unused = new HashSet<string>(exceptions.Keys, StringComparer.Ordinal);
        var faults = new List<string>();
        compared = 0;
        foreach (var (name, text) in files)
        foreach (var piece in SpecPieces.Of(name, text))
        {
            if (find(piece.Document) is not { } standard) continue;
            compared++;
            if (Fault(standard, piece) is not { } fault) continue;
            var key = $"{name}: {piece.Title}";
            if (exceptions.ContainsKey(key)) unused.Remove(key);
            else faults.Add($"{name}({piece.Line}): {fault}: {piece.Title}");
        }
        faults.AddRange(unused.Select(u => $"exceptions.txt: this is no exception any more: {u}"));
        return faults;
    }

    private static string? Fault(StandardText standard, SpecPiece piece)
    {
        var found = (piece.Notation == SpecNotation.Drawing ? standard.SectionsWith(piece.Lines) : standard.SectionsHolding(piece.Lines[0], piece.Notation)).Distinct().ToList();
        if (piece.IsOwn) return found.Count == 0 ? null : $"this is not ours: {piece.Document} section {string.Join(", ", found)} has it";
        if (found.Count == 0) return $"this is not in {piece.Document}";
        return found.Any(s => s == piece.Section || s.StartsWith(piece.Section + ".", StringComparison.Ordinal)) ? null
            : $"{piece.Document} section {piece.Section} does not have this; it stands in section {string.Join(", ", found)}";
    }

    private static IEnumerable<(string Name, string Text)> Files() => Directory
        .EnumerateFiles(SpecFiles.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => (Path.GetRelativePath(SpecFiles.Folder, f).Replace('\\', '/'), File.ReadAllText(f)));

    /// <summary>"x/y.pdu: first line of the piece" to the reason.</summary>
    private static Dictionary<string, string> Exceptions(IEnumerable<string> lines) => lines
        .Where(l => l.Length > 0 && !l.StartsWith('#')).Select(l => l.Split(" =>", 2))
        .ToDictionary(p => p[0], p => p.Length == 2 && p[1].Trim().Length > 0 ? p[1].Trim() : throw new InvalidDataException($"{p[0]}: an exception needs its reason"));

    private static string ExceptionsPath => Path.Combine(SpecFiles.Folder, "../generator/tests/Readers/exceptions.txt");
}
