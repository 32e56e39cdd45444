using System.Text.Json.Nodes;

namespace WebRtcConformance.BadAdapter;

/// <summary>Plays the adapter's side of a transcript; ends with exit code 9 at the first command that is not the recorded one.</summary>
internal static class Replay
{
    public static int Run(string file)
    {
        var lines = new Queue<JsonObject>(File.ReadLines(file).Select(line => JsonNode.Parse(line)!.AsObject()));
        while (Console.In.ReadLine() is { } text)
        {
            var command = JsonNode.Parse(text)!.AsObject();
            if ((string?)command["cmd"] == "bye")
            {
                Console.Out.WriteLine(new JsonObject { ["id"] = command["id"]!.DeepClone(), ["ok"] = new JsonObject() }.ToJsonString());
                return 0;
            }
            if (!lines.TryDequeue(out var next) || next["send"] is not JsonObject expected || !Same(expected, command))
            {
                Console.Error.WriteLine($"expected {next?["send"]?.ToJsonString()}, got {text}");
                return 9;
            }
            while (lines.TryPeek(out var said) && said["receive"] is JsonObject message)
            {
                Console.Out.WriteLine(message.ToJsonString());
                lines.Dequeue();
            }
            Console.Out.Flush();
        }
        return 0;
    }

    // The honesty probe asks for another random feature each time; deadlines are the runner's affair.
    private static bool Same(JsonObject expected, JsonObject command) =>
        (expected["id"], expected["cmd"], expected["case"]) is var (id, cmd, theCase)
        && JsonNode.DeepEquals(id, command["id"]) && JsonNode.DeepEquals(cmd, command["cmd"]) && JsonNode.DeepEquals(theCase, command["case"])
        && ((string?)cmd == "probe" || JsonNode.DeepEquals(expected["args"], command["args"]));
}
