using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Tls;

/// <summary>The project's own files in the presentation language.</summary>
public class TlsFileTests
{
    [Fact]
    public void They_are_read_without_a_mistake() => 
        Assert.Equal("", string.Join("\n", SpecLibrary.Load(SpecFiles.All).Diagnostics));
}
