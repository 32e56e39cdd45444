namespace WebRtcConformance.Reports;

/// <summary>A file the user gave cannot be used, or one he asked for cannot be written. The message is one line and says what to do.</summary>
public sealed class ReportException : Exception
{
    public ReportException(string message) : base(message) { }
    public ReportException(string message, Exception cause) : base(message, cause) { }

    /// <summary>Makes one line of an input-output failure: what was tried, on which path, and why it failed.</summary>
    public static ReportException From(string attempt, string path, Exception cause)
    {
        string why = cause switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder",
            UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "permission denied",
            PathTooLongException => "the path is too long",
            _ => OneLine.Of(cause.Message),
        };
        return new ReportException($"cannot {attempt} '{OneLine.Of(path)}': {why}", cause);
    }
}
