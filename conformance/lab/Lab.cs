using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack.Foundation;
using Verdict = WebRtcConformance.Lab.Results.Verdict;

namespace WebRtcConformance.Lab;

/// <summary>What a case's body works with: the system under test, our peer, time, and the judgement. The same body runs in virtual time
/// and over real UDP.</summary>
public sealed class Lab : IDisposable
{
    private readonly CaseDefinition _definition;
    private readonly ISut _sut;
    private readonly ConnectionPool? _pool;
    private readonly List<string> _outcomes = [];
    private Connection? _connection;
    private ISutSession? _codecSession;
    private ISutSession? _talk; // the latest session, also when it is over

    public Lab(CaseDefinition definition, IPlatform platform, ISut sut, Entropy entropy, ConnectionPool? pool)
    {
        _definition = definition;
        _sut = sut;
        _pool = pool;
        Platform = platform;
        Entropy = entropy;
    }

    public IPlatform Platform { get; }

    public Entropy Entropy { get; }

    public SutInfo Sut => _sut.Info;

    public Recorder Recorder { get; } = new();

    internal bool OwnsPlatform { get; init; }

    /// <summary>Lines of the dialogue with the adapter, when the system under test keeps one.</summary>
    public IReadOnlyList<string> Dialogue => _talk is IDialogueSource source ? source.Dialogue : [];

    /// <summary>A parameter of the case, e.g. "family".</summary>
    public string Parameter(string name, string fallback) => _definition.Parameters.GetValueOrDefault(name, fallback);

    /// <summary>A connection to the system under test for the case's parameters "family" (ipv4, ipv6) and "role" (what the system under
    /// test is: controlling, controlled): descriptions exchanged, its address known, nothing checked yet. Opened at the first call.</summary>
    /// <param name="answer">What our peer answers to checks, from the first one on; null = properly.</param>
    public Connection Connect(AnswerPolicy? answer = null)
    {
        if (_connection is not null) return _connection;
        var family = Parameter("family", "ipv4");
        var role = Parameter("role", "controlled");
        _connection = _definition.Fresh ? null : _pool?.Take(family, role);
        if (_connection is null)
        {
            _connection = Open(family, role, answer, "connection");
        }
        else
        {
            _talk = _connection.Session;
            _connection.Adopt(Recorder, Entropy.Fork("connection"));
            _connection.Peer.AnswerWith = answer;
        }
        return _connection;
    }

    /// <summary>Opens a connection. Over UDP a second try is allowed: cases are about what comes after, and gathering stalls now and then in some
    /// implementations.</summary>
    private Connection Open(string family, string role, AnswerPolicy? answer, string fork)
    {
        var connection = new Connection(_sut, Platform, _definition.Id, family, role, Entropy.Fork(fork), Recorder);
        connection.Peer.AnswerWith = answer;
        _talk = connection.Session;
        try
        {
            connection.Open();
            return connection;
        }
        catch (CaseEndedException e) when (fork == "connection" && !Platform.IsVirtual && e.Verdict is (Verdict.Timeout or Verdict.Infra))
        {
            connection.Dispose();
            Recorder.Note(Platform.Now, $"set-up failed, trying again: {e.Message}");
            return Open(family, role, answer, "connection again");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends a codec-level command; a reply of "rejected" or "failed" is an observation, every other failure ends the case.</summary>
    public SutReply Codec(string command, JsonObject arguments)
    {
        _talk = _codecSession ??= _sut.Begin(_definition.Id, TimeSpan.FromSeconds(10));
        Recorder.Note(Platform.Now, $"{command} {Short(arguments)}");
        var reply = _codecSession.Call(command, arguments);
        Recorder.Note(Platform.Now, $"{reply.Kind} {reply.Reason} {(reply.Value is null ? "" : Short(reply.Value))}");
        if (reply.Kind is not (SutReplyKind.Ok or SutReplyKind.Rejected or SutReplyKind.Failed)) SutFailure.Throw(reply, command, Sut, "codec." + arguments["type"]);
        return reply;
    }

    /// <summary>Names what was observed: the first outcome that matches. Anything but a legal outcome ends the case.</summary>
    /// <param name="describe">The observation for a person.</param>
    public void Expect<T>(T observation, Func<T, string> describe, params ReadOnlySpan<Outcome<T>> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (!outcome.Matches(observation)) continue;
            Recorder.Note(Platform.Now, $"outcome {outcome.Name} ({outcome.Kind.ToString().ToLowerInvariant()})");
            if (outcome.Kind != OutcomeKind.Legal)
            {
                throw new CaseEndedException(Verdict.Fail, outcome.Name, $"{_definition.About} Seen: {describe(observation)}.")
                {
                    Kind = outcome.Kind,
                    Violates = outcome.Violates.Count > 0 ? outcome.Violates : _definition.Requirements,
                };
            }
            _outcomes.Add(outcome.Name);
            return;
        }
        throw new CaseEndedException(Verdict.Fail, "unlisted", $"{_definition.About} Seen: {describe(observation)}.")
        {
            Kind = OutcomeKind.Forbidden,
            Violates = _definition.Requirements,
        };
    }

    /// <summary>Says that the case does not apply to this implementation, and why.</summary>
    public void NotApplicable(string outcome, string why) => throw new CaseEndedException(Verdict.Unsupported, outcome, why);

    /// <summary>Lets things happen until the condition holds.</summary>
    public bool Eventually(Func<bool> condition, TimeSpan within) => Platform.RunUntil(condition, within);

    internal CaseResult Conclude(CaseResult result)
    {
        if (_outcomes.Count == 0) throw new InvalidOperationException($"case {_definition.Id} ended without an expectation");
        return result with { Verdict = Verdict.Pass, Kind = OutcomeKind.Legal, Outcome = string.Join('+', _outcomes.Distinct()) };
    }

    internal void Close(bool reusable)
    {
        if (_connection is { } connection)
        {
            _connection = null;
            if (reusable && _pool is not null && !_definition.Fresh) _pool.Return(connection);
            else connection.Dispose();
        }
        _codecSession?.Dispose();
        _codecSession = null;
    }

    public void Dispose()
    {
        Close(reusable: false);
        if (!OwnsPlatform) return;
        _sut.Dispose();
        Platform.Dispose();
    }

    private static string Short(JsonObject json)
    {
        var text = json.ToJsonString();
        return text.Length > 400 ? text[..400] + "..." : text;
    }
}
