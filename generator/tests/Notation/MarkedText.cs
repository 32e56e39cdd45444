using System.Text;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Files with mistakes, in which marks stand where diagnostics are expected.</summary>
internal static class MarkedText
{
    private const string Header = "@document RFC1 \"Test\"\n@module a\n@namespace A\n";

    /// <summary>Takes the marks out. "{{WS012@X}}" expects the diagnostic at the label X instead of here.</summary>
    public static (string Text, List<string> Expected) Unmark(string marked)
    {
        if (!marked.Contains("@document")) marked = Header + marked;
        var text = new StringBuilder();
        var expected = new List<(string Id, string? Label, int Line, int Column)>();
        var (line, column) = (1, 1);
        for (var i = 0; i < marked.Length; i++)
        {
            if (string.CompareOrdinal(marked, i, "{{", 0, 2) == 0)
            {
                var end = marked.IndexOf("}}", i, StringComparison.Ordinal);
                var parts = marked[(i + 2)..end].Split('@');
                expected.Add((parts[0], parts.Length > 1 ? parts[1] : null, line, column));
                i = end + 1;
                continue;
            }
            text.Append(marked[i]);
            (line, column) = marked[i] == '\n' ? (line + 1, 1) : (line, column + 1);
        }
        var lines = text.ToString().Split('\n');
        return (text.ToString(), expected.Select(e =>
        {
            var at = e.Label is null ? e.Line : Array.FindIndex(lines, l => l.TrimStart().StartsWith(e.Label + ":", StringComparison.Ordinal)) + 1;
            return $"{e.Id} {at}:{(e.Label is null ? e.Column : lines[at - 1].Length - lines[at - 1].TrimStart().Length + 1)}";
        }).ToList());
    }

    /// <summary>The cases of a file of the generator's tests, by name.</summary>
    public static Dictionary<string, string> Read(string name)
    {
        var file = Path.Combine(SpecFiles.Folder, "..", "generator", "tests", name);
        return File.ReadAllText(file).Split("\n=== ").Skip(1).ToDictionary(c => c[..c.IndexOf('\n')], c => c[(c.IndexOf('\n') + 1)..]);
    }
}
