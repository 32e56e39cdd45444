using WebRtcConformance.Cases;
using WebRtcConformance.Host;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Reference;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Cli;

/// <summary>The suite as it is: the cases of this repository, the catalogue of requirements, and the runner.</summary>
public sealed class Suite : ISuite
{
    private const ulong CoverageSeed = 1;

    private readonly IReadOnlyList<CaseDefinition> _cases = CaseRegistry.Discover(typeof(Confirmations).Assembly);
    private readonly Dictionary<string, CaseDefinition> _byId;

    public Suite()
    {
        _byId = _cases.ToDictionary(c => c.Id);
        Cases = [.. _cases.Select(c => new CaseInfo(c.Id, c.About, c.Requirements, LevelOf(c.Requirements), c.Parameters.ContainsKey("family") && c.Parameters["family"] == "ipv6" ? "pr" : "quick", c.Needs))];
    }

    public IReadOnlyList<CaseInfo> Cases { get; }

    /// <summary>Which cases gate implementations other than the reference.</summary>
    public Confirmations Confirmed { get; init; } = Confirmations.Embedded;

    /// <summary>How long adapters may take; the defaults forgive a busy machine.</summary>
    public WcapOptions Limits { get; init; } = new() { CommandDeadline = TimeSpan.FromSeconds(3), PingDeadline = TimeSpan.FromSeconds(3) };

    public RunEnd Run(RunRequest request, IRunObserver observer, CancellationToken stop)
    {
        var isReference = request is { Sut: "reference", Adapter: null };
        var plan = new RunPlan
        {
            Cases = [.. request.Cases.Select(id => _byId[id])],
            Seed = request.Seed,
            SutName = request.Adapter is { } command ? $"--adapter '{string.Join(' ', command)}'" : request.Sut,
            Quirks = Words.Quirks(request.Quirks),
            Jobs = request.Jobs,
            Budget = request.Budget,
            BundleFolder = request.BundleFolder,
            LevelOf = LevelOf,
            // The reference has to pass every case; others are gated by those that an independent implementation passes.
            IsConfirmed = id => isReference || Confirmed.Of(id).Count > 0,
            StartSut = isReference && !request.Real ? null : () => Start(request),
        };
        return new Runner(plan).Run(observer, stop);
    }

    public string? Explain(string caseId)
    {
        if (!_byId.TryGetValue(caseId, out var definition)) return null;
        var confirmedBy = Confirmed.Of(caseId);
        var lines = new List<string>
        {
            confirmedBy.Count == 0 ? "Unconfirmed: no independent implementation is known to pass it, so it gates nobody." : $"Passed by: {string.Join(", ", confirmedBy)}.",
        };
        if (definition.Level == CaseLevel.Codec) lines.Add("Level: codec (bytes in, values out).");
        if (definition.Fresh) lines.Add("Runs on a connection of its own.");
        var quirks = definition.Requirements.SelectMany(id => Catalogue.Embedded.TryFind(id, out var r) ? r.Quirks : []).Distinct().Order().ToList();
        if (quirks.Count > 0) lines.Add("Saboteurs of its requirements: " + string.Join(", ", quirks) + ".");
        return string.Join(Environment.NewLine, lines);
    }

    public CoverageReport Coverage(Action<string> tell, CancellationToken stop)
    {
        tell($"running {_cases.Count} cases clean and under each of {QuirkRegistry<Quirk>.All.Count} quirks");
        var evidence = Verification.Run(_cases, CoverageSeed, quirk => _cases.Where(c => c.Requirements.Any(id => Names(id, quirk.Name))), stop);
        var links = _cases.Select(c => new CaseLink(c.Id, c.Requirements));
        return Lab.Requirements.Coverage.Compute(Catalogue.Embedded, links, evidence.Clean, evidence.Quirks);

        static bool Names(string requirement, string quirk) => Catalogue.Embedded.TryFind(requirement, out var found) && found.Quirks.Contains(quirk);
    }

    public void ServeReference(IReadOnlyList<string> quirks, ulong seed, TextReader input, TextWriter output)
    {
        using var platform = new UdpPlatform();
        using var adapter = new ReferenceAdapter(platform, new Entropy(seed), Words.Quirks(quirks));
        WcapServer.Run(adapter, input, output);
    }

    private ISut Start(RunRequest request)
    {
        var options = Limits with { RecordDialogue = request.BundleFolder is not null };
        if (request.Adapter is { Count: > 0 } own) return WcapSut.Start(new WcapCommand(request.Sut, own[0], [.. own.Skip(1)]), options);
        if (request.Sut != "reference") return SutCatalogue.Open(request.SutsFolder).Start(request.Sut, options);
        var self = Environment.ProcessPath ?? throw new SutStartException("this program does not know its own path, so it cannot start the reference");
        List<string> command = ["adapter", "serve", "--seed", CaseSeed.Format(request.Seed)];
        foreach (var quirk in request.Quirks) command.AddRange(["--quirk", quirk]);
        // Under `dotnet wrc.dll` the path is that of dotnet itself; in a program that uses this one as a library it is that program's.
        if (Path.GetFileNameWithoutExtension(self) is var name && name != "wrc")
        {
            self = name == "dotnet" ? self : "dotnet";
            command.Insert(0, typeof(Suite).Assembly.Location);
        }
        return WcapSut.Start(new WcapCommand("reference", self, command), options);
    }

    /// <summary>The strongest level of the requirements; "MAY" when a case decides none.</summary>
    private static string LevelOf(IReadOnlyList<string> requirements)
    {
        var strongest = "MAY";
        foreach (var id in requirements)
        {
            if (!Catalogue.Embedded.TryFind(id, out var requirement)) continue;
            if (requirement.LevelInWebRtc is RequirementLevel.Must or RequirementLevel.MustNot) return "MUST";
            if (requirement.LevelInWebRtc is RequirementLevel.Should or RequirementLevel.ShouldNot) strongest = "SHOULD";
        }
        return strongest;
    }
}
