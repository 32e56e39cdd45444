using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>A message that our peer sent, and what came back with its transaction id.</summary>
public sealed class Probe(string step, byte[] bytes, Instant at)
{
    private readonly List<Reply> _replies = [];

    /// <summary>What the message is, in a few words; also the packet's comment in the capture file.</summary>
    public string Step { get; } = step;

    public byte[] Bytes { get; } = bytes;

    public Instant At { get; } = at;

    public IReadOnlyList<Reply> Replies => _replies;

    public bool Silent => _replies.Count == 0;

    /// <summary>The first reply, or null.</summary>
    public Reply? Reply => _replies.Count == 0 ? null : _replies[0];

    public bool Succeeded => Reply is { IsSuccess: true };

    /// <summary>Whether the first reply is an error response with this code.</summary>
    public bool Failed(int code) => Reply is { IsError: true } reply && reply.ErrorCode == code;

    public string Describe() => Reply?.Describe() ?? "no reply";

    internal void Add(Reply reply)
    {
        if (_replies.Count < 32) _replies.Add(reply);
    }
}
