using System.Text;

namespace WebRtcConformance.Reports;

/// <summary>Files that a run leaves behind. A file is written beside its place and moved there, so a reader never meets half of it.</summary>
public static class OutputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the whole text; makes missing folders.</summary>
    /// <exception cref="ReportException">The path cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (File.Exists(full) && (File.GetAttributes(full) & FileAttributes.ReadOnly) != 0)
            {
                throw new UnauthorizedAccessException();
            }

            // Devices and pipes (/dev/stdout) have no neighbour to move from.
            if (full.StartsWith("/dev/", StringComparison.Ordinal))
            {
                File.WriteAllText(full, text, Utf8);
                return;
            }

            string partial = full + ".partial";
            File.WriteAllText(partial, text, Utf8);
            File.Move(partial, full, overwrite: true);
        }
        catch (Exception e) when (IsFileTrouble(e))
        {
            throw ReportException.From("write", path, e);
        }
    }

    /// <summary>Tells before a long run that a report could not be written after it. Leaves nothing behind.</summary>
    /// <exception cref="ReportException">The path cannot be written.</exception>
    public static void Probe(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            if (Directory.Exists(full))
            {
                throw new UnauthorizedAccessException();
            }

            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            bool existed = Path.Exists(full);
            using (new FileStream(full, FileMode.OpenOrCreate, FileAccess.Write)) { }
            if (!existed)
            {
                File.Delete(full);
            }
        }
        catch (Exception e) when (IsFileTrouble(e))
        {
            throw ReportException.From("write", path, e);
        }
    }

    internal static bool IsFileTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException;
}
