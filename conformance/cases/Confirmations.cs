namespace WebRtcConformance.Cases;

/// <summary>Which independent implementations pass which case (confirmed.txt, one "case sut,sut" a line, sorted). A case that none passes is
/// not a gate for anybody: it may be the suite that is wrong.</summary>
public sealed class Confirmations
{
    private readonly Dictionary<string, IReadOnlyList<string>> _bySut = [];

    /// <exception cref="FormatException">A line that is not "case sut,sut".</exception>
    public Confirmations(TextReader text)
    {
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2) throw new FormatException($"confirmed.txt line {number}: expected \"case sut,sut\"");
            _bySut[parts[0]] = parts[1].Split(',');
        }
    }

    /// <summary>The list that the suite ships with.</summary>
    public static Confirmations Embedded { get; } = Load();

    /// <summary>Implementations that pass the case; empty = unconfirmed.</summary>
    public IReadOnlyList<string> Of(string caseId) => _bySut.GetValueOrDefault(caseId, []);

    public IEnumerable<string> Cases => _bySut.Keys;

    private static Confirmations Load()
    {
        using var stream = typeof(Confirmations).Assembly.GetManifestResourceStream("confirmed.txt")
            ?? throw new InvalidOperationException("confirmed.txt is not embedded");
        using var reader = new StreamReader(stream);
        return new Confirmations(reader);
    }
}
