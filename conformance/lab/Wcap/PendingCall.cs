using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>A command that waits for its answer.</summary>
internal sealed class PendingCall(long id, DialogueLog? dialogue)
{
    private readonly TaskCompletionSource<SutReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id { get; } = id;
    public DialogueLog? Dialogue { get; } = dialogue;

    public void Complete(SutReply reply) => _reply.TrySetResult(reply);

    /// <returns>Null when there is no answer in time.</returns>
    public SutReply? Wait(TimeSpan deadline) => _reply.Task.Wait(deadline) ? _reply.Task.Result : null;
}
