using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>A session that can hand over what was said.</summary>
public interface IDialogueSource
{
    /// <summary>JSON lines: {"ms":1.2,"send":{...}}, {"ms":1.9,"receive":{...}}; empty unless recording is on. The format of
    /// docs/wcap/transcripts.</summary>
    IReadOnlyList<string> Dialogue { get; }
}

/// <summary>Collects a dialogue, bounded; safe to use from several threads.</summary>
internal sealed class DialogueLog(int byteLimit = 8 * 1024 * 1024)
{
    private readonly List<string> _lines = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _bytes;

    public void Sent(string json) => Add("send", json);

    public void Received(string json) => Add("receive", json);

    public IReadOnlyList<string> Snapshot()
    {
        lock (_lines)
            return [.. _lines];
    }

    private void Add(string direction, string json)
    {
        lock (_lines)
        {
            if (_bytes > byteLimit)
                return;
            var ms = Math.Round(Stopwatch.GetElapsedTime(_start).TotalMilliseconds, 1);
            var line = _bytes + json.Length > byteLimit
                ? new JsonObject { ["ms"] = ms, ["note"] = "the dialogue is longer than what is kept" }.ToJsonString()
                : FormattableString.Invariant($"{{\"ms\":{ms},\"{direction}\":{json}}}");
            _bytes += json.Length;
            _lines.Add(line);
        }
    }
}
