namespace WebRtcConformance.Cases;

/// <summary>The parameters that most cases run over.</summary>
internal static class Axes
{
    public const string Family = "family";
    public const string Role = "role";
    public const string Ipv4 = "ipv4";
    public const string Ipv6 = "ipv6";
    /// <summary>The system under test offers.</summary>
    public const string Controlling = "controlling";
    /// <summary>The system under test answers.</summary>
    public const string Controlled = "controlled";
}
