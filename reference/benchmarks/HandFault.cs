using System.Runtime.CompilerServices;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a hand-written validator reports, so that it does the work that the generated code does: the first fault by the order of checks of
/// reference/wire/README.md. (The generated code names the field as well.)</summary>
internal readonly record struct HandFault(WireErrorKind Kind, int Offset)
{
    /// <returns>false, for <c>return</c>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Report(out HandFault fault, WireErrorKind kind, int offset)
    {
        fault = new HandFault(kind, offset);
        return false;
    }

    /// <summary>Fields of these sizes do not all fit in the bytes that are left: the first one that does not is cut off.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool ReportCut(out HandFault fault, int at, int left, params ReadOnlySpan<int> sizes)
    {
        var end = 0;
        foreach (var size in sizes)
        {
            if (end + size > left) return Report(out fault, WireErrorKind.Truncated, at + end);
            end += size;
        }
        throw new ArgumentException("nothing is cut off");
    }
}
