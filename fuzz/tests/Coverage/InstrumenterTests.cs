using System.Reflection;
using System.Runtime.Loader;
using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz.Tests.Coverage;

public class InstrumenterTests
{
    [Fact]
    public unsafe void Instrumented_code_works_as_before_and_counts_its_blocks()
    {
        var directory = Directory.CreateTempSubdirectory("wrc-instrument-");
        try
        {
            var copy = Path.Combine(directory.FullName, "WebRtcConformance.Fuzz.dll");
            var blocks = Instrumenter.Instrument(typeof(FuzzFiles).Assembly.Location, copy, type => type.StartsWith("WebRtcConformance.Fuzz.Fuzz", StringComparison.Ordinal));
            Assert.InRange(blocks, 100, 5000);

            var assembly = new AssemblyLoadContext("instrumented").LoadFromAssemblyPath(copy);
            var counters = assembly.GetType(Instrumenter.CountersType)!;
            Assert.Equal(blocks, counters.GetField(Instrumenter.CountField)!.GetValue(null));
            var start = (byte*)Pointer.Unbox((Pointer)counters.GetField(Instrumenter.StartField)!.GetValue(null)!);

            var parse = assembly.GetType(typeof(FuzzFiles).FullName!)!.GetMethod(nameof(FuzzFiles.TryParseHex))!;
            Assert.Equal(0, Hit());
            object?[] bad = ["xyz", null];
            Assert.False((bool)parse.Invoke(null, bad)!);
            var afterBad = Hit();
            object?[] good = ["01 02 # a comment\n03", null];
            Assert.True((bool)parse.Invoke(null, good)!);
            Assert.Equal([1, 2, 3], (byte[])good[1]!);
            // A longer way through the method hits more blocks.
            Assert.True(afterBad > 0 && Hit() > afterBad, $"{afterBad} then {Hit()} blocks");

            int Hit()
            {
                var hit = 0;
                for (var i = 0; i < blocks; i++) if (start[i] != 0) hit++;
                return hit;
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
