using System.Text;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports;

/// <summary>Writes the event stream (run.jsonl): one JSON object a line, each flushed, so that a run that is cut short leaves all it found.</summary>
/// <remarks>A disk that fills up does not end the run: the first failure is kept in <see cref="Failure"/> and nothing more is written.</remarks>
public sealed class RunLogWriter : IRunObserver, IDisposable
{
    private readonly TextWriter _writer;

    /// <exception cref="ReportException">The file cannot be written.</exception>
    public RunLogWriter(string path) : this(Open(path)) { }

    public RunLogWriter(TextWriter writer) => _writer = writer;

    /// <summary>Why the stream on disk is not complete; null when it is.</summary>
    public string? Failure { get; private set; }

    public void Started(RunHeader header) => Write(RunEvents.Header, header);
    public void CaseStarted(string caseId) => Write(RunEvents.CaseStart, new CaseStartEvent { Case = caseId });
    public void CaseEnded(CaseResult result) => Write(RunEvents.CaseEnd, result);
    public void Log(string level, string text) => Write(RunEvents.Log, new LogEvent { Level = level, Text = text });
    public void Ended(RunFooter footer) => Write(RunEvents.Footer, footer);

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException e)
        {
            Failure ??= OneLine.Of(e.Message);
        }
    }

    private void Write<T>(string type, T value)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            _writer.Write(RunEvents.Write(type, value) + "\n");
            _writer.Flush();
        }
        catch (IOException e)
        {
            Failure = OneLine.Of(e.Message);
        }
    }

    private static StreamWriter Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), new UTF8Encoding(false));
        }
        catch (Exception e) when (OutputFile.IsFileTrouble(e))
        {
            throw ReportException.From("write", path, e);
        }
    }
}
