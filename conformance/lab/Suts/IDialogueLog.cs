namespace WebRtcConformance.Lab.Suts;

/// <summary>A session that remembers its conversation with the adapter, for bundles.</summary>
public interface IDialogueLog
{
    /// <summary>JSON lines with "&gt; " (to the adapter) or "&lt; " (from it) before them; bounded.</summary>
    IReadOnlyList<string> Lines { get; }
}
