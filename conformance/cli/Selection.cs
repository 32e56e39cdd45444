using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WebRtcConformance.Reports;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Cli;

/// <summary>Which cases to run. Everything given must hold; of several patterns one is enough.</summary>
public sealed record Selection
{
    private static readonly string[] Levels = ["must", "should", "may"], Tiers = ["quick", "pr", "full"];

    public IReadOnlyList<string> Patterns { get; init; } = [];
    public IReadOnlyList<string> Requirements { get; init; } = [];
    public string? Level { get; init; }
    public string? Tier { get; init; }
    /// <summary>From 1.</summary>
    public int Shard { get; init; } = 1;
    public int Shards { get; init; } = 1;

    /// <exception cref="CliException">A level or tier that does not exist.</exception>
    public IReadOnlyList<CaseInfo> Choose(IReadOnlyList<CaseInfo> cases)
    {
        int level = Rank(Level, Levels, "--level"), tier = Rank(Tier, Tiers, "--tier");
        Regex[] patterns = Patterns.Select(Glob).ToArray();
        return cases.Where(c =>
            (patterns.Length == 0 || patterns.Any(p => p.IsMatch(c.Id)))
            && (Requirements.Count == 0 || c.Requirements.Any(r => Requirements.Any(p => IsUnder(r, p))))
            && (level < 0 || Array.IndexOf(Levels, c.Level.Split(' ')[0].ToLowerInvariant()) <= level)
            && (tier < 0 || Array.IndexOf(Tiers, c.Tier) <= tier)
            && (int)(Hash(c.Id) % (uint)Shards) == Shard - 1).ToArray();
    }

    /// <summary>"*" stays within a part of the id, "**" does not; a pattern without parameters takes all of them.</summary>
    private static Regex Glob(string pattern)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            bool two = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            regex.Append(two ? ".*" : pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", char c => Regex.Escape(c.ToString()) });
            i += two ? 1 : 0;
        }

        regex.Append(pattern.Contains('[') ? "$" : @"(?:\[.*\])?$");
        return new Regex(regex.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>"RFC8489:9.1" holds RFC8489:9.1-2 and RFC8489:9.1.3-8, not RFC8489:9.10-1; a final "*" is a plain prefix.</summary>
    private static bool IsUnder(string requirement, string prefix)
    {
        if (prefix.EndsWith('*'))
        {
            return requirement.StartsWith(prefix.TrimEnd('*'), StringComparison.OrdinalIgnoreCase);
        }

        return requirement.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && (requirement.Length == prefix.Length || prefix.EndsWith(':') || requirement[prefix.Length] is '.' or '-' or ':');
    }

    private static int Rank(string? word, string[] known, string option)
    {
        int rank = word is null ? -1 : Array.IndexOf(known, word.ToLowerInvariant());
        return word is null || rank >= 0 ? rank : throw CliException.Usage($"{option} {OneLine.Of(word, 40)}: write {string.Join(", ", known[..^1])} or {known[^1]}");
    }

    /// <summary>FNV-1a: the same case falls into the same shard on every machine and in every version.</summary>
    private static uint Hash(string id) => Encoding.UTF8.GetBytes(id).Aggregate(2166136261u, (h, b) => unchecked((h ^ b) * 16777619u));
}

/// <summary>Reads the words of options. Wrong ones end the command with one line.</summary>
internal static class Words
{
    /// <summary>Quirks by name.</summary>
    /// <param name="ofCases">Only those of the protocols that cases speak.</param>
    public static QuirkSet Quirks(IEnumerable<string> names, bool ofCases = false)
    {
        var set = QuirkSet.None;
        foreach (string name in names)
        {
            if (AllQuirks.Find(name) is not { } quirk)
            {
                string? near = Nearest.Of(name, AllQuirks.List.Select(q => q.Name));
                throw CliException.Usage($"there is no quirk '{OneLine.Of(name, 60)}'", (near is null ? "" : $"did you mean {near}? ") + "see: wrc explain quirks");
            }

            if (ofCases && !QuirkRegistry<Quirk>.TryFind(name, out _)) throw CliException.Usage($"no case speaks the protocol of {name} yet", $"try it in a whole peer: wrc peer --quirk {name}");
            set = quirk.AddTo(set);
        }

        return set;
    }

    public static (int Shard, int Shards) Shard(string? text)
    {
        if (text is null)
        {
            return (1, 1);
        }

        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int shard)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int shards) && shard >= 1 && shard <= shards
            ? (shard, shards) : throw CliException.Usage($"--shard {OneLine.Of(text, 40)}: write it as 2/4, the second of four");
    }

    public static TimeSpan? Time(string option, string? text) =>
        text is null ? null : Fuzz.FuzzOptions.TryParseTime(text, out TimeSpan time) ? time
            : throw CliException.Usage($"{option} {OneLine.Of(text, 40)}: write a time such as 500ms, 30s, 5m or 1h");

    public static ulong Seed(string? text)
    {
        if (text is null)
        {
            return 1;
        }

        if (text == "random")
        {
            return BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        }

        return Lab.Running.CaseSeed.TryParse(text, out ulong seed) ? seed
            : throw CliException.Usage($"--seed {OneLine.Of(text, 40)}: write a number such as 7 or 0x5f3c, or random");
    }

    public static T Choice<T>(string option, string? text, T otherwise) where T : struct, Enum
    {
        if (text is null)
        {
            return otherwise;
        }

        string[] names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        int index = Array.IndexOf(names, text.ToLowerInvariant());
        return index >= 0 ? Enum.GetValues<T>()[index]
            : throw CliException.Usage($"{option} {OneLine.Of(text, 40)}: write {string.Join(", ", names[..^1])} or {names[^1]}");
    }
}
