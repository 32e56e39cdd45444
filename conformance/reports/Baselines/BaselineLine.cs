using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Reports.Baselines;

/// <summary>What a baseline line says of its cases.</summary>
public enum BaselineStatus
{
    /// <summary>Fails with the outcome that the line names.</summary>
    Fail,
    /// <summary>Passes or fails; crashes and hangs are still unexpected.</summary>
    Flaky,
    /// <summary>Takes the implementation's process down.</summary>
    Crash,
    /// <summary>Makes the implementation stop answering.</summary>
    Hang,
    /// <summary>Declared out of scope, with a reason; counted apart, never as passed.</summary>
    Na,
}

/// <summary>One entry: <c>FAIL case-or-prefix/** got=outcome issue=... since=2026-01-31  # comment</c>.</summary>
public sealed partial record BaselineLine
{
    public required BaselineStatus Status { get; init; }
    /// <summary>A case id, or a prefix that ends in "**".</summary>
    public required string Pattern { get; init; }
    /// <summary>FAIL: the known outcome, "*" for any.</summary>
    public string? Got { get; init; }
    /// <summary>FLAKY: the share of failures that is tolerated when a case runs more than once.</summary>
    public double? Share { get; init; }
    public string? Issue { get; init; }
    public DateOnly? Since { get; init; }
    /// <summary>After this day the line is an error: somebody promised to look again.</summary>
    public DateOnly? Expires { get; init; }
    /// <summary>CRASH: the known signal or exit code, e.g. "SIGSEGV" or "exit-3"; null for any.</summary>
    public string? Signal { get; init; }
    public string? Reason { get; init; }
    /// <summary>CRASH, HANG: run alone, after all others.</summary>
    public bool Isolate { get; init; }
    /// <summary>Text after "#", without it.</summary>
    public string? Comment { get; init; }

    public bool IsPrefix => Pattern.EndsWith("**", StringComparison.Ordinal);

    public bool Matches(string caseId) => IsPrefix
        ? caseId.StartsWith(Pattern.AsSpan(0, Pattern.Length - 2), StringComparison.Ordinal)
        : caseId == Pattern;

    /// <summary>Reads one entry.</summary>
    /// <returns>Null, with a sentence in <paramref name="fault"/>, when the line is wrong.</returns>
    public static BaselineLine? TryParse(string text, out string fault)
    {
        (List<string> words, string? comment, string? unclosed) = Split(text);
        if (unclosed is not null)
        {
            fault = unclosed;
            return null;
        }

        string known = "FAIL, FLAKY, CRASH, HANG or NA";
        if (!Enum.TryParse(words[0], ignoreCase: true, out BaselineStatus status) || words[0] != Word(status))
        {
            fault = $"starts with '{OneLine.Of(words[0], 40)}'; write {known}";
            return null;
        }

        if (words.Count < 2)
        {
            fault = "names no case";
            return null;
        }

        string pattern = words[1];
        if (!PatternShape().IsMatch(pattern))
        {
            fault = $"'{OneLine.Of(pattern, 80)}' is no case id and no prefix ending in '**'";
            return null;
        }

        var line = new BaselineLine { Status = status, Pattern = pattern, Comment = comment };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in words.Skip(2))
        {
            string key = word.StartsWith("p<=", StringComparison.Ordinal) ? "p<" : word.Split('=')[0];
            string value = word.Length > key.Length ? word[(key.Length + 1)..] : "";
            if (!seen.Add(key))
            {
                fault = $"says {key} twice";
                return null;
            }

            if (key != "isolate" && value.Length == 0)
            {
                fault = $"'{OneLine.Of(word, 40)}' has no value; write {key}=...";
                return null;
            }

            if (line.With(key, value) is not { } next)
            {
                fault = key is "since" or "expires" ? $"{key}={OneLine.Of(value, 40)} is no date; write it as 2026-01-31"
                    : key == "p<" ? $"p<={OneLine.Of(value, 40)} is no share; write a number between 0 and 1"
                    : $"'{OneLine.Of(word, 40)}' is not understood on a {Word(status)} line";
                return null;
            }

            line = next;
        }

        fault = status switch
        {
            BaselineStatus.Fail when line.Got is null => "does not say got=<outcome> (got=* means any failure)",
            BaselineStatus.Na when line.Reason is null => "does not say reason=\"...\"",
            _ => "",
        };
        return fault.Length == 0 ? line : null;
    }

    /// <summary>The line as a person would write it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Word(Status).PadRight(8)).Append(' ').Append(Pattern);
        void Add(string key, string? value)
        {
            if (value is not null)
            {
                bool quote = value.Any(char.IsWhiteSpace);
                text.Append("  ").Append(key).Append('=').Append(quote ? $"\"{value}\"" : value);
            }
        }

        Add("got", Got);
        Add("p<", Share?.ToString(CultureInfo.InvariantCulture));
        Add("sig", Signal);
        Add("reason", Reason);
        Add("issue", Issue);
        Add("since", Date(Since));
        Add("expires", Date(Expires));
        text.Append(Isolate ? "  isolate" : "");
        return text.Append(Comment is null ? "" : "  # " + Comment).ToString();

        static string? Date(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    internal static string Word(BaselineStatus status) => status.ToString().ToUpperInvariant();

    private BaselineLine? With(string key, string value) => (Status, key) switch
    {
        (BaselineStatus.Fail, "got") => this with { Got = value },
        (BaselineStatus.Flaky, "p<") when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double p)
            && p is >= 0 and <= 1 => this with { Share = p },
        (BaselineStatus.Crash, "sig") => this with { Signal = value },
        (BaselineStatus.Crash or BaselineStatus.Hang, "isolate") when value.Length == 0 => this with { Isolate = true },
        (_, "reason") => this with { Reason = value },
        (_, "issue") => this with { Issue = value },
        (_, "since") when Day(value) is { } day => this with { Since = day },
        (_, "expires") when Day(value) is { } day => this with { Expires = day },
        _ => null,
    };

    private static DateOnly? Day(string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    /// <summary>Words between blanks; a value may be quoted; "#" at the start of a word begins the comment.</summary>
    private static (List<string> Words, string? Comment, string? Unclosed) Split(string text)
    {
        var words = new List<string>();
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] == '#')
            {
                return (words, text[(at + 1)..].Trim(), null);
            }
            else
            {
                var word = new StringBuilder();
                bool quoted = false;
                for (; at < text.Length && (quoted || !char.IsWhiteSpace(text[at])); at++)
                {
                    if (text[at] == '"')
                    {
                        quoted = !quoted;
                    }
                    else
                    {
                        word.Append(text[at]);
                    }
                }

                if (quoted)
                {
                    return (words, null, "a quotation mark is not closed (half-written line?)");
                }

                words.Add(word.ToString());
            }
        }

        return (words, null, null);
    }

    [GeneratedRegex(@"^(?:[A-Za-z0-9][A-Za-z0-9._\-/]*(?:\[[^\[\]\s*]*\])?|(?:[A-Za-z0-9][A-Za-z0-9._\-/]*(?:\[[^\[\]\s*]*)?)?\*\*)$")]
    private static partial Regex PatternShape();
}
