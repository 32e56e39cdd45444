using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 9: ICE restarts.</summary>
public sealed partial class IceAgent
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int RememberedSessions = 16;

    private readonly Queue<string> _outdated = new();

    /// <summary>
    /// Begin a new session with new credentials. The role stays (section 6.1.1); data goes over the old pair until the new session has one (section 12.1), and
    /// consent is kept up there (RFC 7675 section 5.1). <see cref="LocalParameters"/> then are the new ones, and candidates are told anew.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="credentials">The new fragment and password; drawn when null.</param>
    public void Restart(Instant now, IceCredentials? credentials = null)
    {
        // Section 9: both the password and the username fragment MUST change.
        credentials ??= Quirked(IceAgentQuirk.KeepsCredentialsOnRestart) ? _current.Keys.Local : DrawCredentials();
        if (_current.Keys.Remote is { } remote)
        {
            _outdated.Enqueue(remote.Fragment);
            if (_outdated.Count > RememberedSessions) _outdated.Dequeue();
        }
        var old = (IceSession?)_current;
        if (_current.Selected is { IsRevoked: false })
        {
            Drop(ref _previous);
            _previous = _current;
            EndChecksOf(_current.Keys);
            if (Quirked(IceAgentQuirk.ForgetsPairOnRestart)) Drop(ref _previous);
        }
        else
        {
            Drop(ref old);
        }
        _generation++;
        _current = NewSession(credentials);
        _gatherer.Stop();
        _gatherer = NewGatherer();
        _deadlines.Stop(IceTimer.Freeing);
        _deadlines.Stop(IceTimer.Nomination);
        if (Quirked(IceAgentQuirk.ReversesRoleOnRestart)) SwitchTo(now, Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        if (_hasBegun) BeginGathering(now);
        AfterEvent(now);
    }

    private IceSession NewSession(IceCredentials credentials) =>
        new(new IceKeys(credentials), Quirked(IceAgentQuirk.IgnoresPairLimit) ? int.MaxValue : Policy.MaxPairs);

    /// <summary>Forget a session and its checks.</summary>
    private void Drop(ref IceSession? session)
    {
        if (session is null) return;
        var keys = session.Keys;
        EndChecksOf(keys);
        foreach (var transaction in _consentChecks.InProgress.Where(t => t.Tag.Keys == keys).ToArray()) _consentChecks.Finish(transaction);
        session = null;
    }

    private void EndChecksOf(IceKeys keys)
    {
        foreach (var transaction in Checks.InProgress.Where(t => t.Tag.Keys == keys).ToArray()) Checks.Finish(transaction);
    }

    /// <summary>Section 5.3: at least 24 bits of randomness in the fragment and 128 in the password; here 48 and 144, six to an ice-char (RFC 8839 section 5.1).</summary>
    private IceCredentials DrawCredentials() => new(DrawText(8), DrawText(24));

    private string DrawText(int length)
    {
        var text = new char[length];
        for (var i = 0; i < length; i++) text[i] = IceChars[(int)_credentialEntropy.UniformBelow(64)];
        return new string(text);
    }
}
