using System.Collections.Concurrent;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>One way to break one rule of a text format: a near miss. Every text that it makes is proved to be outside the language by the interpreter, which
/// also says what a parser has to name.</summary>
/// <param name="Id">Permanent name: module, rule, element, and what is done to it, e.g. "ice-sdp/foundation/1*32ice-char/too-many".</param>
public sealed record TextViolation(string Id, uint Node, Clause Clause, WireErrorKind Kind) : IMessageViolation
{
    private const int Places = 8;

    internal TextFormat Format { get; init; } = null!;
    internal NearMiss Miss { get; init; } = null!;

    public Force Force => Force.Reject;

    /// <inheritdoc/>
    public bool TryShow(ref Choices choices, WireKey key, out byte[] bad) => TryApply(Format.Draw(ref choices), out bad);

    /// <summary>Breaks a good text in this one way. False when the text has no place for it.</summary>
    public bool TryApply(ReadOnlySpan<byte> good, out byte[] bad)
    {
        bad = [];
        if (TextStep.Of(Format.Rule, good) is not { } root) return false;
        foreach (var candidate in Miss.Candidates(root, good.ToArray()).Take(Places))
        {
            Format.Interpret(candidate, out var error);
            if ((error.Node, error.Kind) != (Node, Kind)) continue;
            bad = candidate;
            return true;
        }
        return false;
    }

    public bool Equals(TextViolation? other) => other?.Id == Id;
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => Id;
}

/// <summary>The violations of a text format: for each literal, byte, repetition and range of its rules the texts that just miss it. Types inside have
/// their own.</summary>
public static class TextViolations
{
    private const int Witnesses = 32, WitnessBytes = 160, Tries = 6;

    private static readonly ConcurrentDictionary<TextReference, IReadOnlyList<TextViolation>> s_cache = new();

    /// <summary>Only violations that some text shows are listed. Order and ids are deterministic.</summary>
    public static IReadOnlyList<TextViolation> For(TextReference type) => s_cache.GetOrAdd(type, t => Find(TextFormat.Of(t)));

    private static List<TextViolation> Find(TextFormat format)
    {
        var witnesses = new List<(byte[] Text, TextStep Root)>();
        for (var w = 0; w < Witnesses; w++)
        {
            var choices = new Choices(w == 0 ? [] : Seed(w));
            var text = format.Draw(ref choices);
            if (TextStep.Of(format.Rule, text) is { } root) witnesses.Add((text, root));
        }
        var found = new List<TextViolation>();
        var names = new Dictionary<string, int>();
        foreach (var miss in NearMiss.Of(format.Rule, TextGrammar.Default))
        {
            if (Observe(format, miss, witnesses) is not { } error) continue;
            names[miss.Id] = names.GetValueOrDefault(miss.Id) + 1;
            var id = names[miss.Id] == 1 ? miss.Id : $"{miss.Id}-{names[miss.Id]}";
            found.Add(new(id, error.Node, error.Clause!, error.Kind) { Format = format, Miss = miss });
        }
        return found;
    }

    /// <summary>The error that most witnesses show; null when none does.</summary>
    private static WireError? Observe(TextFormat format, NearMiss miss, List<(byte[] Text, TextStep Root)> witnesses)
    {
        var seen = new Dictionary<WireError, int>();
        foreach (var (text, root) in witnesses)
        {
            foreach (var candidate in miss.Candidates(root, text).Take(2))
            {
                if (format.Interpret(candidate, out var error)) continue;
                var place = error with { Offset = 0 };
                seen[place] = seen.GetValueOrDefault(place) + 1;
            }
            if (seen.Values.Sum() >= Tries) break;
        }
        return seen.Count == 0 ? null : seen.MaxBy(pair => pair.Value).Key;
    }

    private static byte[] Seed(int number)
    {
        var seed = new byte[WitnessBytes];
        var state = (uint)number * 2654435761u + 12345;
        for (var i = 0; i < seed.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            seed[i] = (byte)(state >> 24);
        }
        return seed;
    }
}
