using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Sdp;

/// <summary>Matching as RFC 5234 defines it, and nothing else: a rule takes a text when some derivation takes all of it. Every position at which an
/// element can end is kept, so no choice is ever made. Slow, and so short that it can be read as a definition: the measure of everything that is fast.</summary>
internal sealed class FullMatch(IEnumerable<TextModule> modules, IEnumerable<TextRelaxation>? relaxations = null)
{
    private readonly Dictionary<(string, string), TextRule> _rules = modules.SelectMany(m => m.Rules.Select(r => (m.Name, r)))
        .ToDictionary(p => (p.Name, p.r.Name.ToLowerInvariant()), p => p.r);
    private readonly Dictionary<(string, string), TextElement> _relaxed = (relaxations ?? []).ToDictionary(r => Key(r.Rule), r => r.Body);

    /// <param name="Furthest">The first byte that no derivation explains; the text's length when it ends too early.</param>
    /// <param name="Expected">For each element that was expected there: the rules that led to it, outermost first.</param>
    public sealed record Result(bool Matches, int Furthest, IReadOnlyList<IReadOnlyList<string>> Expected);

    public Result Match(string module, string rule, ReadOnlySpan<byte> text) => Match(new TextReference(module, rule), text);

    public Result Match(TextElement element, ReadOnlySpan<byte> text)
    {
        var run = new Run(this, text.ToArray());
        var ends = run.Ends(element, 0);
        if (ends.Contains(text.Length)) return new(true, text.Length, []);
        var furthest = Math.Max(run.Furthest, ends.Count == 0 ? 0 : ends.Max);
        return new(false, furthest, furthest == run.Furthest ? [.. run.Expected] : []);
    }

    private static (string, string) Key(TextReference reference) => (reference.Module, reference.Rule.ToLowerInvariant());

    private sealed class Run(FullMatch grammar, byte[] text)
    {
        private readonly Dictionary<(TextReference, int), (SortedSet<int> Ends, int Furthest)> _known = new();
        private readonly List<string> _path = [];
        private readonly HashSet<(string, string)> _strict = [];

        public int Furthest { get; private set; } = -1;
        public List<IReadOnlyList<string>> Expected { get; private set; } = [];

        /// <summary>Every position where the element can end that begins at <paramref name="at"/>.</summary>
        public SortedSet<int> Ends(TextElement element, int at)
        {
            switch (element)
            {
                case TextBytes bytes:
                    if (at < text.Length && bytes.Ranges.Any(r => r.From <= text[at] && text[at] <= r.To)) return [at + 1];
                    Miss(at);
                    return [];
                case TextLiteral literal:
                    for (var i = 0; i < literal.Text.Length; i++)
                    {
                        if (at + i < text.Length && Same((char)text[at + i], literal.Text[i], literal.AnyCase)) continue;
                        Miss(at + i);
                        return [];
                    }
                    return [at + literal.Text.Length];
                case TextSequence sequence:
                {
                    SortedSet<int> current = [at];
                    foreach (var item in sequence.Items) current = [.. current.SelectMany(p => Ends(item, p))];
                    return current;
                }
                case TextAlternatives alternatives: return [.. alternatives.Items.SelectMany(i => Ends(i, at))];
                case TextRepeat repeat:
                {
                    SortedSet<int> ends = [], current = [at];
                    for (var n = 0; current.Count > 0; n++)
                    {
                        if (n >= repeat.Min) ends.UnionWith(current);
                        if (n == repeat.Max) break;
                        current = [.. current.SelectMany(p => Ends(repeat.Item, p))];
                        if (n >= repeat.Min) current.ExceptWith(ends);
                    }
                    return ends;
                }
                case TextReference reference: return Ends(reference, at);
                default: throw new ArgumentOutOfRangeException(nameof(element));
            }
        }

        private SortedSet<int> Ends(TextReference reference, int at)
        {
            var key = Key(reference);
            // Within a relaxation the rule's own name stands for the strict rule.
            var relaxed = grammar._relaxed.TryGetValue(key, out var wider) && !_strict.Contains(key);
            if (!relaxed && _known.TryGetValue((reference, at), out var known))
            {
                if (known.Furthest >= Furthest) Miss(known.Furthest, grammar._rules[key].Name);
                return known.Ends;
            }
            var (outside, expected) = (Furthest, Expected);
            (Furthest, Expected) = (-1, []);
            _path.Add(grammar._rules[key].Name);
            if (relaxed) _strict.Add(key);
            var ends = Ends(relaxed ? wider! : grammar._rules[key].Body, at);
            if (relaxed) _strict.Remove(key);
            else _known[(reference, at)] = (ends, Furthest);
            _path.RemoveAt(_path.Count - 1);
            if (outside == Furthest) Expected.AddRange(expected);
            else if (outside > Furthest) (Furthest, Expected) = (outside, expected);
            return ends;
        }

        private void Miss(int at, string? within = null)
        {
            if (at < Furthest) return;
            if (at > Furthest) Expected.Clear();
            Furthest = at;
            Expected.Add(within is null ? [.. _path] : [.. _path, within]);
        }

        private static bool Same(char x, char y, bool anyCase) => x == y || anyCase && char.IsAsciiLetter(x) && (x | 0x20) == (y | 0x20);
    }
}
