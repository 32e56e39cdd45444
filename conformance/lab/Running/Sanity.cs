using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Running;

/// <summary>Three small questions before and after a run. An implementation that fails them is not worth hundreds of failures.</summary>
internal static class Sanity
{
    /// <summary>Null when all is well, or what is not.</summary>
    public static string? Check(ISut sut)
    {
        for (var i = 0; i < 3; i++)
        {
            using var session = sut.Begin($"sanity/{i + 1}", TimeSpan.FromSeconds(10));
            var reply = session.Call("ping");
            if (!reply.IsOk) return $"ping: {reply.Kind} {reply.Reason} {reply.Detail}".TrimEnd();
        }
        return null;
    }
}
