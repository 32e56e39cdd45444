using System.Text;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>The credentials of both sides in one ICE session: what checks are named and protected with (RFC 8445 section 7.2.2).</summary>
internal sealed class IceKeys(IceCredentials local)
{
    private readonly byte[] _localFragment = Encoding.UTF8.GetBytes(local.Fragment);

    public IceCredentials Local => local;

    public byte[] LocalKey { get; } = StunCredentials.ShortTermKey(local.Password);

    /// <summary>Null until the peer's description has come.</summary>
    public IceCredentials? Remote { get; private set; }

    public byte[] RemoteKey { get; private set; } = [];

    public void SetRemote(IceCredentials remote)
    {
        Remote = remote;
        RemoteKey = StunCredentials.ShortTermKey(remote.Password);
    }

    /// <summary>RFC 8445 section 7.3: two values separated by a colon, the first equal to the local username fragment.</summary>
    public bool IsValidUsername(ReadOnlySpan<byte> username)
    {
        var colon = username.IndexOf((byte)':');
        return colon > 0
            && colon + 1 < username.Length
            && !username[(colon + 1)..].Contains((byte)':')
            && username[..colon].SequenceEqual(_localFragment);
    }

    /// <summary>The peer's fragment, as a request names it: what stands after the colon.</summary>
    public static string FragmentAfterColon(ReadOnlySpan<byte> username) => Encoding.UTF8.GetString(username[(username.IndexOf((byte)':') + 1)..]);
}
