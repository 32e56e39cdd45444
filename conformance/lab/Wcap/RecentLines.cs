namespace WebRtcConformance.Lab.Wcap;

/// <summary>The last lines that a child process wrote for people (stderr, and stdout lines that are not protocol). Bounded in both
/// directions; safe to use from several threads.</summary>
internal sealed class RecentLines(int maximum = 200, int width = 2000)
{
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == maximum)
                _lines.Dequeue();
            _lines.Enqueue(line.Length > width ? line[..width] + "..." : line);
        }
    }

    public IReadOnlyList<string> Snapshot()
    {
        lock (_lines)
            return [.. _lines];
    }
}
