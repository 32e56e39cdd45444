namespace WebRtcConformance.Host;

/// <summary>
/// A file of key log lines in the NSS format, for Wireshark: "tls.keylog_file". What it holds opens the recorded sessions, so it is only written when asked for.
/// </summary>
public sealed class KeyLogFile : IDisposable
{
    private readonly StreamWriter _writer;

    /// <summary>Lines are added to what the file has already, and are there for a reader at once.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public KeyLogFile(string path) => _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true, NewLine = "\n" };

    public void Add(string line) => _writer.WriteLine(line);

    public void Dispose() => _writer.Dispose();
}
