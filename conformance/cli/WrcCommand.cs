using System.CommandLine;

namespace WebRtcConformance.Cli;

/// <summary>A command with examples for its help text.</summary>
public class WrcCommand(string name, string sentence, params IReadOnlyList<string> examples) : Command(name, sentence)
{
    public IReadOnlyList<string> Examples { get; } = examples;
    /// <summary>A paragraph below the options; "" for none.</summary>
    public string Notes { get; init; } = "";
}
