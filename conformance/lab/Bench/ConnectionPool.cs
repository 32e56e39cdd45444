namespace WebRtcConformance.Lab.Bench;

/// <summary>Connections that passed their last case and may serve the next one of the same family and role. They are put away after a
/// number of cases, so that a slow leak in one cannot colour a whole run.</summary>
public sealed class ConnectionPool : IDisposable
{
    private const int CasesPerConnection = 40;
    private readonly Dictionary<(string Family, string Role), Connection> _idle = [];

    public Connection? Take(string family, string role) => _idle.Remove((family, role), out var connection) ? connection : null;

    public void Return(Connection connection)
    {
        if (++connection.CasesServed >= CasesPerConnection || !_idle.TryAdd((connection.Family, connection.Role), connection)) connection.Dispose();
    }

    public void Dispose()
    {
        foreach (var connection in _idle.Values) connection.Dispose();
        _idle.Clear();
    }
}
