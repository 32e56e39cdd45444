// An adapter that does one thing wrong, named by its first argument; "good" does everything right, "runner" is the other side: it starts
// a hanging adapter and says its process id, to see what becomes of it when its runner is killed. "replay FILE" says what a recorded
// adapter said (docs/wcap/transcripts).
using System.Text.Json.Nodes;
using WebRtcConformance.BadAdapter;
using WebRtcConformance.Lab.Wcap;

var mode = args is [var given, ..] ? given : "good";
var output = Console.Out;
var busy = 0; // commands after case.begin

switch (mode)
{
    case "runner":
        using (var sut = WcapSut.Start(new WcapCommand("hang", Environment.ProcessPath!, "hang")))
        {
            Console.WriteLine(sut.ProcessId);
            sut.Begin("orphan", TimeSpan.FromMinutes(5)).Call("x", null, TimeSpan.FromMinutes(5));
        }
        return 0;
    case "replay":
        return Replay.Run(args[1]);
    case "crash-on-start":
        Console.Error.WriteLine("cannot open libfoo.so");
        return 3;
    case "slow-hello":
        Thread.Sleep(Timeout.Infinite);
        break;
    case "stderr-flood":
        for (var i = 0; i < 200_000; i++)
            Console.Error.WriteLine($"flood {i} {new string('x', 50)}");
        break;
    case "log-on-stdout":
        output.WriteLine("[INFO] a library that prints to stdout\n\n  {indented is not protocol}");
        break;
}

while (Console.In.ReadLine() is { } line)
{
    var message = JsonNode.Parse(line)!.AsObject();
    var id = (long)message["id"]!;
    var command = (string)message["cmd"]!;
    var theCase = (string?)message["case"];
    switch (command)
    {
        case "hello":
            Say($$$"""{"id":{{{id}}},"ok":{{{HelloOk()}}}}""");
            continue;
        case "probe":
            Say(mode == "dishonest" ? $$$"""{"id":{{{id}}},"ok":{"value":"yes"}}""" : Error(id, "unsupported"));
            continue;
        case "bye":
            Ok(id);
            return 0;
        case "ping" when mode != "hang" || busy == 0:
        case "case.begin" when mode != "crash-on-case":
        case "case.end" or "case.abort" when mode is not "keeps-cases":
            Ok(id);
            continue;
    }
    busy++;
    switch (mode)
    {
        case "crash-on-case":
            throw new InvalidOperationException("no case for me");
        case "dies-by-signal":
            Environment.FailFast("boom");
            break;
        case "exits-mid-dialogue":
            return 7;
        case "hang":
            Thread.Sleep(Timeout.Infinite);
            break;
        case "hang-but-ping" or "keeps-cases": // keeps-cases does not answer case.end either
            continue;
        case "late" when command == "late":
            new Thread(() => { Thread.Sleep(400); lock (output) Ok(id); }).Start();
            continue;
        case "rubbish":
            Say("{\"id\":" + id + ",\"ok\":{oops}");
            continue;
        case "half-surrogate":
            Say("{\"id\":" + id + ",\"ok\":{\"text\":\"\\ud800\"}}");
            continue;
        case "wrong-shape":
            Say("{\"id\":" + id + ",\"ok\":[1]}");
            continue;
        case "wrong-reason":
            Say(Error(id, "rejected", "because"));
            continue;
        case "huge-line":
            output.Write("{\"id\":" + id + ",\"ok\":{\"bytes\":\"");
            for (var i = 0; i < 100; i++)
                output.Write(new string('0', 1_000_000));
            Say("\"}}");
            continue;
        case "wrong-ids":
            Say($$$"""{"id":{{{id + 1000}}},"ok":{}}""");
            continue;
        case "event-flood":
            for (var i = 0; i < 50_000; i++)
                output.WriteLine($$$"""{"ev":"peer.state","case":"{{{theCase}}}","peer":"p","data":{"n":{{{i}}}}}""");
            Ok(id);
            continue;
        case "events":
            Say("""{"ev":"peer.state","case":"some other case","peer":"p","data":{}}""");
            Say("""{"ev":"log","level":"info","text":"a log event"}""");
            Say($$$"""{"ev":"peer.state","case":"{{{theCase}}}","peer":"p","t":5,"data":{"ice":"new"},"x-unknown":1}""");
            Ok(id);
            continue;
        case "false-claim":
            Say(Error(id, "unsupported"));
            continue;
        case "dishonest":
            Ok(id);
            continue;
        default:
            Say(command == "echo" ? $$$"""{"id":{{{id}}},"ok":{{{message["args"]!.ToJsonString()}}}}""" : Error(id, "unsupported"));
            continue;
    }
}
if (mode == "outlives-stdin")
    Thread.Sleep(Timeout.Infinite);
return 0;

void Say(string text)
{
    lock (output)
    {
        output.WriteLine(text);
        output.Flush();
    }
}

void Ok(long id) => Say($$$"""{"id":{{{id}}},"ok":{}}""");

string Error(long id, string kind, string? reason = null) =>
    new JsonObject { ["id"] = id, ["err"] = new JsonObject { ["kind"] = kind, ["reason"] = reason, ["detail"] = mode } }.ToJsonString();

string HelloOk() => mode switch
{
    "old-version" => """{"version":0,"sut":{"name":"bad"},"levels":[]}""",
    "nameless" => """{"version":1,"levels":[]}""",
    "false-claim" => """{"version":1,"sut":{"name":"bad"},"levels":["codec"],"features":{"codec.stun.message":"yes"}}""",
    _ => """{"version":1,"sut":{"name":"bad","version":"1.2"},"adapter":{"name":"bad-adapter"},"levels":["codec","wire"],"concurrency":4,"features":{"dtls.version":["1.2","1.3"]},"x-unknown":[]}""",
};
