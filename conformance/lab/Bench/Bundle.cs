using System.Globalization;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Simulation.Capture;

namespace WebRtcConformance.Lab.Bench;

/// <summary>The folder that a failed case leaves behind: the result, the dialogue with the adapter, and a capture file with the step named
/// on each packet.</summary>
internal static class Bundle
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the bundle; returns its files relative to the run's folder. A folder that cannot be written loses the
    /// bundle, never the result.</summary>
    public static IReadOnlyList<string> Write(string folder, CaseResult result, Lab lab)
    {
        var name = FolderName(result.Case);
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(path);
            using (var file = File.Create(Path.Combine(path, "packets.pcapng"))) WriteCapture(file, lab.Recorder);
            File.WriteAllLines(Path.Combine(path, "timeline.txt"), lab.Recorder.Timeline());
            File.WriteAllLines(Path.Combine(path, "dialogue.jsonl"), lab.Dialogue);
            File.WriteAllText(Path.Combine(path, "result.json"), JsonSerializer.Serialize(result, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        var parent = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return [.. new[] { "packets.pcapng", "timeline.txt", "dialogue.jsonl", "result.json" }.Select(f => $"{parent}/{name}/{f}")];
    }

    public static void WriteCapture(Stream stream, Recorder recorder)
    {
        var writer = new PcapngWriter(stream, "WebRtcConformance");
        var wire = writer.AddInterface("wire", "datagrams of our peer");
        foreach (var p in recorder.Packets)
            writer.WriteDatagram(wire, p.At, p.From, p.To, p.Bytes, p.Comment);
    }

    /// <summary>A case id as a folder name: letters, digits, dot, dash; everything else becomes a dash.</summary>
    internal static string FolderName(string caseId)
    {
        var name = new StringBuilder(caseId.Length);
        foreach (var c in caseId) name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-');
        return name.ToString().Trim('-').ToLower(CultureInfo.InvariantCulture);
    }
}
