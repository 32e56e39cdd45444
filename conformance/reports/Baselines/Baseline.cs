using System.Text;

namespace WebRtcConformance.Reports.Baselines;

/// <summary>What is known to fail in one implementation: conformance/baselines/&lt;sut&gt;.txt, written and read by people (the README there).</summary>
public sealed class Baseline
{
    private const long LargestFile = 16 * 1024 * 1024;

    private Baseline(string name, IReadOnlyList<BaselineRow> rows)
    {
        Name = name;
        Rows = rows;
    }

    public static Baseline Empty { get; } = new("", []);

    /// <summary>The file's path as the user gave it; "" for the empty baseline.</summary>
    public string Name { get; }

    /// <summary>All rows in the file's order, comments and blank lines included.</summary>
    public IReadOnlyList<BaselineRow> Rows { get; }

    public IEnumerable<BaselineLine> Lines => Rows.Where(r => r.Line is not null).Select(r => r.Line!);

    /// <exception cref="ReportException">The file cannot be read, or a line is wrong: names file and line.</exception>
    public static Baseline Load(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
            {
                throw new ReportException($"'{OneLine.Of(path)}' is larger than 16 MiB: not a baseline");
            }

            // Not File.ReadAllText: it would take other encodings by their byte order mark.
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return Parse(text.TrimStart('\uFEFF'), path);
        }
        catch (DecoderFallbackException e)
        {
            throw new ReportException($"'{OneLine.Of(path)}' is not UTF-8 text: not a baseline", e);
        }
        catch (Exception e) when (OutputFile.IsFileTrouble(e))
        {
            throw ReportException.From("read the baseline", path, e);
        }
    }

    /// <param name="text">The file's content.</param>
    /// <param name="name">Its path, for errors.</param>
    public static Baseline Parse(string text, string name)
    {
        var rows = new List<BaselineRow>();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] lines = text.Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (int i = 0; i < count; i++)
        {
            string raw = lines[i].TrimEnd('\r');
            string trimmed = raw.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                rows.Add(new(i + 1, raw, null));
                continue;
            }

            BaselineLine? line = BaselineLine.TryParse(trimmed, out string fault);
            if (line is not null && !first.TryAdd(line.Pattern, i + 1))
            {
                fault = $"repeats line {first[line.Pattern]}";
            }

            if (fault.Length > 0)
            {
                string end = i == lines.Length - 1 ? " (the file ends inside this line: half-written?)" : "";
                throw new ReportException($"{OneLine.Of(name)}:{i + 1}: this line {fault.Trim()}{end}");
            }

            rows.Add(new(i + 1, raw, line));
        }

        return new(name, rows);
    }

    /// <summary>The entry that speaks for a case: its own line, else the longest prefix.</summary>
    public BaselineRow? For(string caseId) => Rows
        .Where(r => r.Line?.Matches(caseId) == true)
        .MaxBy(r => r.Line!.IsPrefix ? r.Line.Pattern.Length : int.MaxValue);
}

/// <param name="Number">1-based line of the file.</param>
/// <param name="Text">The line as it stands there.</param>
/// <param name="Line">Null for comments and blank lines.</param>
public sealed record BaselineRow(int Number, string Text, BaselineLine? Line);
