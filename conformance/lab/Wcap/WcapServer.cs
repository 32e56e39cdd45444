using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>The adapter's side of the protocol over stdin and stdout, for adapters written in C#.</summary>
public static class WcapServer
{
    private const int LineLimit = 4 * 1024 * 1024;
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(2);

    /// <summary>Answers commands until "bye" or the end of the input. Commands, events and <see cref="IWcapHandler.Idle"/> all happen on
    /// the calling thread. Nothing else may write to <paramref name="output"/>. An exception of the handler is not caught: it
    /// ends the process, which the runner reports as a crash.</summary>
    public static void Run(IWcapHandler handler, TextReader input, TextWriter output)
    {
        using var lines = new BlockingCollection<string>(boundedCapacity: 64);
        var reader = new Thread(() => Read(input, lines)) { IsBackground = true, Name = "wcap-input" };
        reader.Start();
        while (!lines.IsCompleted)
        {
            if (lines.TryTake(out var line, Nap))
            {
                output.WriteLine(Respond(handler, line, out var bye));
                if (bye)
                {
                    output.Flush();
                    return;
                }
            }
            handler.Idle();
            while (handler.TryTakeEvent(out var taken))
                output.WriteLine(WcapText.Event(taken.CaseId, taken.Event));
            output.Flush();
        }
    }

    private static string Respond(IWcapHandler handler, string line, out bool bye)
    {
        bye = false;
        long id = 0;
        try
        {
            if (JsonNode.Parse(line) is not JsonObject message
                || message["id"] is not JsonValue number || !number.TryGetValue(out id)
                || WcapMessage.Text(message["cmd"]) is not { } command)
                return WcapText.Answer(id, Bad("a command has \"id\" and \"cmd\""));
            if (message["args"] is not null and not JsonObject)
                return WcapText.Answer(id, Bad("\"args\" is not an object"));
            bye = command == "bye";
            return WcapText.Answer(id, WcapCommands.Carry(handler, WcapMessage.Text(message["case"]), command,
                message["args"] as JsonObject ?? []));
        }
        catch (JsonException e)
        {
            return WcapText.Answer(id, Bad("not JSON: " + e.Message));
        }
    }

    private static SutReply Bad(string what) => new(SutReplyKind.BadRequest, null, null, what);

    private static void Read(TextReader input, BlockingCollection<string> lines)
    {
        try
        {
            var line = new System.Text.StringBuilder();
            for (int c; (c = input.Read()) >= 0;)
            {
                if (c != '\n')
                {
                    if (line.Length < LineLimit) // a cut line is not JSON, and is answered so
                        line.Append((char)c);
                    continue;
                }
                if (line.Length > 0)
                    lines.Add(line.ToString());
                line.Clear();
            }
            lines.CompleteAdding();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            try
            {
                lines.CompleteAdding();
            }
            catch (ObjectDisposedException)
            {
                // "bye" came first
            }
        }
    }
}
