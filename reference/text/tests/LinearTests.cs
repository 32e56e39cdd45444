using System.Text;
using WebRtcConformance.Ir;
using WebRtcConformance.Text.Sdp;

namespace WebRtcConformance.Text;

/// <summary>Work and memory grow with the text and no faster; parsing allocates nothing.</summary>
public class LinearTests
{
    private static byte[] Description(int lines)
    {
        var text = new StringBuilder("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n");
        for (var i = 0; i < lines; i++) text.Append($"a=candidate:{i} 1 UDP {1 + i} 192.168.1.2 {i % 65536} typ srflx raddr 10.0.0.1 rport 9 generation 0\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    [Fact]
    public void A_thousand_lines_take_ten_times_the_work_of_a_hundred()
    {
        var rule = new TextReference("sdp", "session-description");
        var hundred = TextTree.Read(rule, Description(100));
        var thousand = TextTree.Read(rule, Description(1000));
        Assert.NotNull(thousand.Root);
        Assert.InRange(thousand.Steps, hundred.Steps * 8, hundred.Steps * 11);
    }

    [Fact]
    public void The_table_grows_with_the_text()
    {
        Assert.True(Cells(1000) <= Cells(100) * 10);

        static int Cells(int lines)
        {
            var table = new TextTable();
            Assert.True(SessionDescription.View.TryParse(Description(lines), table, out _, out var error), error.ToString());
            return table.Count;
        }
    }

    [Fact]
    public void Parsing_and_refusing_allocate_nothing()
    {
        var good = Description(100);
        var bad = good[..^3];
        var table = new TextTable();
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) Work();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Work()
        {
            Assert.True(SessionDescription.View.TryParse(good, table, out var view, out _));
            var ports = 0;
            foreach (var media in view.MediaDescriptions)
            foreach (var attribute in media.Attributes)
                if (attribute.TryGet(out IceSdp.Candidate.View candidate)) ports += candidate.Port;
            Assert.True(ports == 4950);
            Assert.True(SessionDescription.Accepts(good));
            Assert.False(SessionDescription.View.TryParse(bad, table, out _, out _));
            Assert.True(SessionDescription.View.TryParseLazily(good, table, out _, out _));
        }
    }

    [Fact]
    public void A_lazy_reading_finds_a_mistake_when_asked()
    {
        var text = Encoding.ASCII.GetBytes("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=candidate:1 1 UDP x\r\na=rtcp-mux:1\r\na=unknown:x\r\n");
        Assert.False(SessionDescription.Accepts(text));
        Assert.True(SessionDescription.View.TryParseLazily(text, new TextTable(), out var view, out _));
        var said = new List<string>();
        foreach (var attribute in view.Attributes) said.Add($"{attribute.Kind} {attribute.Check(out var error)} {error.Offset}");
        Assert.Equal(["Candidate False 61", "RtcpMux False 74", "Unknown True 0"], said);
    }
}
