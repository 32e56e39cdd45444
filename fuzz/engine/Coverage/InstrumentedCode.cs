using System.Reflection;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Fuzz.Coverage;

/// <summary>Finds the counters of the instrumented assemblies in this process: ours (<see cref="Instrumenter"/>) and those that the `sharpfuzz`
/// tool has rewritten.</summary>
public static class InstrumentedCode
{
    private const int SharpFuzzMapSize = 1 << 16;
    private const string SharpFuzzCommon = "SharpFuzz.Common";

    private static readonly Lazy<CounterRegions> Found = new(Search);

    /// <summary>The counters of every instrumented assembly that is loaded or that this program refers to. Code that the `sharpfuzz` tool has
    /// rewritten crashes until it was called once, because only then it has a place for its counters.</summary>
    public static CounterRegions Find() => Found.Value;

    private static unsafe CounterRegions Search()
    {
        var regions = new CounterRegions();
        foreach (var assembly in Assemblies())
        {
            if (assembly.GetType(Instrumenter.CountersType) is { } dense)
            {
                var start = (nint)Pointer.Unbox((Pointer)dense.GetField(Instrumenter.StartField)!.GetValue(null)!);
                regions.Add(start, (int)dense.GetField(Instrumenter.CountField)!.GetValue(null)!);
            }
        }
        // Rewritten assemblies share one map, which SharpFuzz.Common holds. Without any, that assembly may be there all the same.
        if (Assemblies().Any(assembly => assembly.GetName().Name != "SharpFuzz" && RefersToMap(assembly)))
        {
            var map = (nint)NativeMemory.AllocZeroed(SharpFuzzMapSize);
            var trace = Assembly.Load(SharpFuzzCommon).GetType("SharpFuzz.Common.Trace", throwOnError: true)!;
            trace.GetField("SharedMem")!.SetValue(null, Pointer.Box((void*)map, typeof(byte*)));
            regions.Add(map, SharpFuzzMapSize);
        }
        regions.Clear();
        return regions;
    }

    private static bool RefersToMap(Assembly assembly) => assembly.GetReferencedAssemblies().Any(name => name.Name == SharpFuzzCommon);

    private static IEnumerable<Assembly> Assemblies()
    {
        foreach (var name in Assembly.GetExecutingAssembly().GetReferencedAssemblies())
            if (name.Name!.StartsWith("WebRtcConformance", StringComparison.Ordinal)) Assembly.Load(name);
        return AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic).OrderBy(assembly => assembly.FullName, StringComparer.Ordinal);
    }
}
