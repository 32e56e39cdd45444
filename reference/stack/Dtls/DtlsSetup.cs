namespace WebRtcConformance.Stack.Dtls;

/// <summary>The values of the SDP attribute "setup" (RFC 4145 section 4).</summary>
public enum DtlsSetup
{
    Active,
    Passive,
    Actpass,

    /// <summary>RFC 8842 section 5.1: not to be used with DTLS.</summary>
    Holdconn,
}

/// <summary>From offer and answer to roles (RFC 8842 section 5).</summary>
public static class DtlsSetups
{
    /// <summary>
    /// The role of the side that said <paramref name="own"/>; null for a pair that is no answer to an offer (RFC 4145 section 4.1). The answer is
    /// active or passive; the offer, if it is not actpass, the other of the two.
    /// </summary>
    public static DtlsRole? RoleOf(DtlsSetup own, DtlsSetup peer) => (own, peer) switch
    {
        (DtlsSetup.Active, DtlsSetup.Passive or DtlsSetup.Actpass) or (DtlsSetup.Actpass, DtlsSetup.Passive) => DtlsRole.Client,
        (DtlsSetup.Passive, DtlsSetup.Active or DtlsSetup.Actpass) or (DtlsSetup.Actpass, DtlsSetup.Active) => DtlsRole.Server,
        _ => null,
    };
}
