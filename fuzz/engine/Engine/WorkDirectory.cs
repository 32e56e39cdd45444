namespace WebRtcConformance.Fuzz;

/// <summary>A folder of this process under the system's temporary one, gone at the end.</summary>
internal sealed class WorkDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("wrc-fuzz-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A worker that was just killed may still hold a file; the system cleans its temporary folder itself.
        }
    }
}
