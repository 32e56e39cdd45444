using System.Runtime.CompilerServices;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Reads a text by its grammar, as data: the second implementation, for everything that may be slow. For each element and place it
/// remembers where the element can end, the preferred end first; what is a match is then looked up from left to right. Polynomial time; the depth of
/// recursion is that of the grammar, which has no recursive rules.</summary>
internal sealed partial class TextMatcher(TextGrammar grammar, byte[] text)
{
    private readonly record struct Key(TextElement Element, int At, string Chain, uint Node, bool Plain, int Limit);

    private sealed class KeyComparer : IEqualityComparer<Key>
    {
        public bool Equals(Key x, Key y) => ReferenceEquals(x.Element, y.Element) && x.At == y.At && x.Node == y.Node && x.Plain == y.Plain && x.Limit == y.Limit && x.Chain == y.Chain;
        public int GetHashCode(Key key) => HashCode.Combine(RuntimeHelpers.GetHashCode(key.Element), key.At, key.Node, key.Limit);
    }

    /// <summary>Where in the grammar an element stands.</summary>
    /// <param name="Type">The type whose captures count.</param>
    /// <param name="Node">What an error names.</param>
    /// <param name="Plain">Within a rule without captures, which errors name as a whole.</param>
    private readonly record struct Scope(TextType Type, string Chain, uint Node, bool Plain);

    private readonly Dictionary<Key, int[]> _ends = new(new KeyComparer());
    private int _limit = text.Length;
    private int _furthest = -1;
    private WireError _refused;

    /// <summary>Elements looked at so far: the measure of work.</summary>
    public long Steps { get; private set; }

    public WireError Error { get; private set; }

    /// <summary>The whole text as the type; null when its syntax is wrong. Values may be outside their ranges: <see cref="Error"/> says so.</summary>
    public TextNode? Match(TextReference rule)
    {
        var type = grammar.Type(rule) ?? throw new ArgumentException($"{rule.Rule} is no type");
        var scope = new Scope(type, "", grammar.Node(rule), false);
        var body = grammar.Rule(rule).Body;
        if (!Whole(body, 0, text.Length, scope))
        {
            var kind = _furthest >= text.Length ? WireErrorKind.Truncated : WireErrorKind.Syntax;
            Error = new(kind, BlameWhole(body, 0, scope)!.Value, _furthest);
            Blamed.Add(Error.Node);
            Blamed.Add(scope.Node);
            return null;
        }
        var node = Build(rule, grammar.Type(rule)!.CsName, 0, text.Length);
        Error = _refused;
        return node;
    }

    /// <summary>Whether the element takes all up to a place. What is left over was not expected there.</summary>
    private bool Whole(TextElement element, int at, int end, Scope scope)
    {
        var ends = Ends(element, at, scope);
        if (ends.Contains(end)) return true;
        foreach (var stop in ends) Miss(stop);
        return false;
    }

    private void Miss(int at)
    {
        if (at > _furthest) _furthest = at;
    }

    /// <summary>Where the element can end that begins here, the preferred end first, each once.</summary>
    private int[] Ends(TextElement element, int at, Scope scope)
    {
        Steps++;
        switch (element)
        {
            case TextBytes bytes:
                if (at < _limit && Contains(bytes, text[at])) return [at + 1];
                Miss(at);
                return [];
            case TextLiteral literal:
                for (var i = 0; i < literal.Text.Length; i++)
                {
                    if (at + i < _limit && IsSame(text[at + i], (byte)literal.Text[i], literal.AnyCase)) continue;
                    Miss(at + i);
                    return [];
                }
                return [at + literal.Text.Length];
        }
        // Within a rule without captures, the way there means nothing.
        var key = new Key(element, at, scope.Plain ? "" : scope.Chain, scope.Node, scope.Plain, _limit);
        if (_ends.TryGetValue(key, out var known)) return known;
        var ends = Compute(element, at, scope);
        _ends[key] = ends;
        return ends;
    }

    private int[] Compute(TextElement element, int at, Scope scope)
    {
        switch (element)
        {
            case TextReference reference:
                if (!scope.Plain && !IsInlined(scope, reference, out var type, out var union))
                {
                    if (union is not null) return UnionEnd(reference, union, at) is var end and >= 0 ? [end] : [];
                    if (type is not null) return Ends(grammar.Rule(reference).Body, at, new(type, "", grammar.Node(reference), false));
                }
                return Ends(grammar.Rule(reference).Body, at, Inside(scope, reference));
            case TextSequence sequence:
            {
                List<int> current = [at];
                foreach (var item in sequence.Items)
                {
                    var next = new List<int>();
                    foreach (var place in current)
                    foreach (var end in Ends(item, place, scope))
                        if (!next.Contains(end)) next.Add(end);
                    current = next;
                    if (current.Count == 0) break;
                }
                return [.. current];
            }
            case TextAlternatives alternatives:
            {
                var all = new List<int>();
                foreach (var item in alternatives.Items)
                foreach (var end in Ends(item, at, scope))
                    if (!all.Contains(end)) all.Add(end);
                return [.. all];
            }
            case TextRepeat repeat: return Repeat(repeat, at, scope);
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    /// <summary>Depth first: what comes of one more item stands before stopping.</summary>
    private int[] Repeat(TextRepeat repeat, int at, Scope scope)
    {
        var found = new List<int>();
        var known = new HashSet<int>();
        var bounded = repeat.Max >= 0 || repeat.Min > 1;
        var seen = new HashSet<(int At, int Count)> { (at, 0) };
        var stack = new Stack<(int At, int Count, int[] Ends, int Next)>();
        stack.Push((at, 0, repeat.Max == 0 ? [] : Ends(repeat.Item, at, scope), 0));
        while (stack.Count > 0)
        {
            var (place, count, ends, next) = stack.Pop();
            if (next < ends.Length)
            {
                stack.Push((place, count, ends, next + 1));
                var to = ends[next];
                // An item of no bytes changes nothing but the count.
                if (to == place && count >= repeat.Min) continue;
                var more = bounded ? count + 1 : Math.Min(count + 1, 1);
                if (!seen.Add((to, more))) continue;
                stack.Push((to, more, repeat.Max >= 0 && more >= repeat.Max ? [] : Ends(repeat.Item, to, scope), 0));
            }
            else if (count >= repeat.Min && known.Add(place)) found.Add(place);
        }
        return [.. found];
    }

    private bool IsInlined(Scope scope, TextReference reference, out TextType? type, out TextUnion? union)
    {
        (type, union) = (null, null);
        var chain = TextGrammar.Chain(scope.Chain, reference);
        foreach (var capture in scope.Type.Captures)
        {
            if (capture.Path != chain) continue;
            if (capture.Kind == TextCaptureKind.Nested) type = grammar.Type(reference);
            if (capture.Kind == TextCaptureKind.Union) union = grammar.Union(reference);
            return type is null && union is null;
        }
        return true;
    }

    private Scope Inside(Scope scope, TextReference reference)
    {
        if (scope.Plain) return scope;
        var chain = TextGrammar.Chain(scope.Chain, reference);
        // A rule that is captured as a text, or holds no capture, is plain; the core rules have no name of their own.
        var deeper = scope.Type.Captures.Any(c => c.Path.StartsWith(chain + "/", StringComparison.Ordinal));
        if (deeper) return scope with { Chain = chain, Node = grammar.Node(reference) };
        return new(scope.Type, chain, grammar.IsCore(reference) ? scope.Node : grammar.Node(reference), true);
    }

    /// <summary>A union's text goes as far as its value's rule can go; a known name's value must be all of that.</summary>
    private int UnionEnd(TextReference reference, TextUnion union, int at)
    {
        var scope = new Scope(new TextType(union.Rule, union.CsName, default), "", grammar.Node(reference), false);
        // That name and value could be longer is no mistake of the text: only what their rules refuse counts.
        var before = _furthest;
        var names = Ends(union.By, at, scope);
        if (names.Length == 0) return -1;
        _furthest = before;
        var name = names.Max();
        var end = name;
        var extension = Extension(union, at, name);
        if (name < _limit && text[name] == ':')
        {
            if (extension is { Form: TextExtensionForm.Flag })
            {
                Miss(name);
                return -1;
            }
            var values = Ends(union.Value, name + 1, scope);
            if (values.Length == 0) return -1;
            _furthest = before;
            end = values.Max();
        }
        if (extension is null) return end;
        var limit = _limit;
        _limit = end;
        var good = Content(extension, at, name, end);
        _limit = limit;
        return good ? end : -1;
    }

    private TextExtension? Extension(TextUnion union, int at, int name)
    {
        var span = text.AsSpan(at, name - at);
        foreach (var extension in union.Extensions)
            if (span.SequenceEqual(System.Text.Encoding.Latin1.GetBytes(extension.Name))) return extension;
        return null;
    }

    private bool Content(TextExtension extension, int at, int name, int end)
    {
        if (extension.Form == TextExtensionForm.Flag)
        {
            if (name == end) return true;
            Miss(name);
            return false;
        }
        if (extension.Form == TextExtensionForm.Value && name == end)
        {
            Miss(end);
            return false;
        }
        var from = extension.Form == TextExtensionForm.Value ? name + 1 : at;
        var rule = extension.Rule!;
        var type = grammar.Type(rule);
        var scope = new Scope(type ?? new TextType(rule.Rule, "", default), "", grammar.Node(rule), type is null);
        return Whole(grammar.Rule(rule).Body, from, end, scope);
    }

    internal static bool Contains(TextBytes bytes, byte b)
    {
        foreach (var range in bytes.Ranges)
            if (range.From <= b && b <= range.To) return true;
        return false;
    }

    internal static bool IsSame(byte a, byte b, bool anyCase) => a == b || anyCase && TextScan.IsLetter(b) && (a ^ b) == 0x20;

    /// <summary>The first byte that a rule does not explain; the length and 1 when it takes the whole text.</summary>
    internal int Reach(TextReference rule)
    {
        var ends = Ends(rule, 0, new(new TextType("", "", default), "", 0, true));
        foreach (var end in ends) Miss(end);
        return ends.Contains(text.Length) ? text.Length + 1 : _furthest;
    }

    /// <summary>Whether an element takes the whole text.</summary>
    internal bool Takes(TextElement element) => Ends(element, 0, new(new TextType("", "", default), "", 0, true)).Contains(text.Length);
}
