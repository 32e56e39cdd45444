using WebRtcConformance.Lab.Cases;

namespace WebRtcConformance.Lab.Bench;

/// <summary>Where one worker runs its cases, one at a time.</summary>
public interface IBench : IDisposable
{
    Lab Open(CaseDefinition definition, ulong seed);
}
