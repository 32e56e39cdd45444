using System.Text;
using FsCheck.Xunit;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>What the client makes of an adapter's lines and last words.</summary>
public class MessageTests
{
    private static WcapMessage Parse(string line) => WcapMessage.Parse(Encoding.UTF8.GetBytes(line));

    [Theory]
    [InlineData("""{"id":1,"ok":{}}""", SutReplyKind.Ok)]
    [InlineData("""{"id":1,"err":{"kind":"unsupported"}}""", SutReplyKind.Unsupported)]
    [InlineData("""{"id":1,"err":{"kind":"rejected","reason":"integrity"},"x":1}""", SutReplyKind.Rejected)]
    [InlineData("""{"id":1,"err":{"kind":"failed","detail":"x","native":{"code":"E"}}}""", SutReplyKind.Failed)]
    [InlineData("""{"id":1,"err":{"kind":"badRequest"}}""", SutReplyKind.BadRequest)]
    [InlineData("""{"id":1,"err":{"kind":"rejected"}}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1,"err":{"kind":"rejected","reason":"Integrity"}}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1,"err":{"kind":"busy"}}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1,"err":"no"}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1,"ok":null}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1}""", SutReplyKind.Garbage)]
    [InlineData("""{"id":1,"ok":{},"err":{"kind":"failed"}}""", SutReplyKind.Garbage)]
    public void Answers(string line, SutReplyKind kind) => Assert.Equal(kind, Assert.IsType<WcapMessage.Answer>(Parse(line)).Reply.Kind);

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"id":"1","ok":{}}""")]
    [InlineData("""{"id":1.5,"ok":{}}""")]
    [InlineData("""{"id":1,"id":2,"ok":{}}""")]
    [InlineData("""{"id":1,"ok":{}} trailing""")]
    [InlineData("""{"ev":5,"case":"c"}""")]
    [InlineData("""{"ev":"peer.state","case":5}""")]
    [InlineData("""{"ev":"peer.state","case":"c","peer":{}}""")]
    [InlineData("""{"ev":"peer.state","case":"c","data":[]}""")]
    [InlineData("""{"id":1,"ok":{"x":"\udfff"}}""")]
    public void BrokenLines(string line) => Assert.IsType<WcapMessage.Broken>(Parse(line));

    [Fact]
    public void DeepNestingIsRefused() =>
        Assert.IsType<WcapMessage.Broken>(Parse("{\"id\":1,\"ok\":" + string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000))));

    [Fact]
    public void InvalidUtf8IsRefused() => Assert.IsType<WcapMessage.Broken>(WcapMessage.Parse([.. "{\"id\":1,\"ok\":{\"a\":\""u8, 0xff, .. "\"}}"u8]));

    [Property]
    public bool AnyBytesGiveAMessage(byte[] bytes) => WcapMessage.Parse([(byte)'{', .. bytes]) is not null;

    [Property]
    public bool AnyMutationGivesAMessage(int position, byte value)
    {
        var line = """{"id":7,"ok":{"value":[1,"é",null,{"x":2.5e9}]}}"""u8.ToArray();
        line[(position & int.MaxValue) % line.Length] = value;
        return WcapMessage.Parse(line) is not null;
    }

    [Theory]
    [InlineData("exit-3", 3)]
    [InlineData("signal-11", 139)]
    [InlineData("exit-255", 255)]
    public void ExitCodes(string reason, int code) => Assert.Equal(reason, CrashReport.ReasonOf(code));

    [Theory]
    [InlineData("asan", "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1", "goroutine 1")]
    [InlineData("ubsan", "a.c:3:5: runtime error: signed integer overflow")]
    [InlineData("go-panic", "panic: runtime error: index out of range [5]", "", "goroutine 1 [running]:")]
    [InlineData("rust-panic", "thread 'main' panicked at src/main.rs:2:5:")]
    [InlineData("dotnet-unhandled", "Unhandled exception. System.InvalidOperationException: x")]
    [InlineData("node-uncaught", "TypeError: x is not a function", "    at a.mjs:1:1", "Node.js v20.20.2")]
    [InlineData(null, "bye")]
    public void LastWords(string? kind, params string[] lines) => Assert.Equal(kind, CrashReport.KindOf(lines));

    [Property]
    public bool LinesComeWholeWhateverTheChunks(byte[][] parts, byte chunk)
    {
        var lines = parts.Select(p => p.Where(b => b is not ((byte)'\n' or (byte)'\r')).Take(40).ToArray()).ToArray();
        var reader = new LineReader(new Dribble([.. lines.SelectMany(l => l.Append((byte)'\n'))], chunk % 7 + 1), 40);
        foreach (var line in lines)
        {
            if (!reader.TryRead(out var got, out var overlong) || overlong || !got.SequenceEqual(line))
                return false;
        }
        return !reader.TryRead(out _, out _);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void AnOverlongLineIsCutAndTheNextOneIsWhole(int chunk)
    {
        var reader = new LineReader(new Dribble("0123456789abcdef\r\nnext\r\n12345678\nlast"u8.ToArray(), chunk), 8);
        List<string> lines = [];
        while (reader.TryRead(out var line, out var overlong))
            lines.Add(Encoding.UTF8.GetString(line) + (overlong ? "~" : ""));
        Assert.Equal(["01234567~", "next", "12345678", "last"], lines);
    }

    private sealed class Dribble(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
