using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Cli.Commands;

/// <summary>Which baseline a run is judged by, and where an updated one goes.</summary>
/// <param name="Path">Null when there is none.</param>
internal sealed record BaselineFile(string? Path, Baseline Baseline)
{
    /// <param name="given">The user's --baseline, "-" for none, null for the default place.</param>
    /// <param name="sut">Whose default to look for; null = no default.</param>
    /// <param name="mayBeMissing">A file to be written by --update-baseline need not exist yet.</param>
    public static BaselineFile Open(string? given, string? sut, bool mayBeMissing)
    {
        if (given == "-")
        {
            return new(null, Baseline.Empty);
        }

        string? path = given ?? Default(sut);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path) && (given is null || mayBeMissing)))
        {
            return new(path, Baseline.Empty);
        }

        return new(path, Baseline.Load(path));
    }

    public static string? Default(string? sut)
    {
        if (sut is null || sut.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || sut.StartsWith('.'))
        {
            return null;
        }

        foreach (string start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string baselines = System.IO.Path.Combine(folder.FullName, "conformance", "baselines");
                if (Directory.Exists(baselines))
                {
                    return System.IO.Path.Combine(baselines, sut + ".txt");
                }
            }
        }

        return null;
    }
}
