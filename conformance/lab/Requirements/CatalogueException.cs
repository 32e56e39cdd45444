namespace WebRtcConformance.Lab.Requirements;

/// <summary>A catalogue file is missing, unreadable or not of the format. The message says what to do.</summary>
public sealed class CatalogueException : Exception
{
    /// <summary>Builds the message: file, path inside, what is wrong, what to do.</summary>
    public CatalogueException(string file, string path, string problem, string advice, Exception? inner = null)
        : base($"{file}{(path.Length == 0 ? "" : " at " + path)}: {problem} {advice}", inner)
    {
        File = file;
        Path = path;
    }

    /// <summary>The file or embedded resource.</summary>
    public string File { get; }

    /// <summary>The place inside, as a JSON path such as <c>$.items[3].level</c>; empty for the whole file.</summary>
    public string Path { get; }
}
