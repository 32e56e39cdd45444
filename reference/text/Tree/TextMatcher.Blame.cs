using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>Which node an error names: that of the innermost rule that holds all that could have come at the first byte that no derivation explains.
/// Code that reads from left to right may name another one on the ways to what could have come: <see cref="Blamed"/>.</summary>
internal sealed partial class TextMatcher
{
    private readonly Dictionary<Key, uint?> _blames = new(new KeyComparer());

    /// <summary>The nodes of the rules that were being read at that byte.</summary>
    public HashSet<uint> Blamed { get; } = [];

    /// <summary>What several branches of a rule would have liked there is missed by the rule.</summary>
    private static uint? Both(uint? one, uint? other, Scope scope) => one is null ? other : other is null || one == other ? one : scope.Node;

    /// <summary>What misses the byte at <see cref="_furthest"/> in an element that begins at a place; null = nothing does.</summary>
    private uint? Blame(TextElement element, int at, Scope scope)
    {
        if (at > _furthest) return null;
        switch (element)
        {
            case TextBytes bytes: return at == _furthest && !(at < _limit && Contains(bytes, text[at])) ? scope.Node : null;
            case TextLiteral literal:
                for (var i = 0; i < literal.Text.Length; i++)
                {
                    if (at + i < _limit && IsSame(text[at + i], (byte)literal.Text[i], literal.AnyCase)) continue;
                    return at + i == _furthest ? scope.Node : null;
                }
                return null;
        }
        var key = new Key(element, at, scope.Plain ? "" : scope.Chain, scope.Node, scope.Plain, _limit);
        if (_blames.TryGetValue(key, out var known)) return known;
        var blame = BlameInside(element, at, scope);
        if (blame is { } node)
        {
            Blamed.Add(node);
            Blamed.Add(scope.Node);
        }
        _blames[key] = blame;
        return blame;
    }

    private uint? BlameInside(TextElement element, int at, Scope scope)
    {
        uint? blame = null;
        switch (element)
        {
            case TextReference reference:
                if (!scope.Plain && !IsInlined(scope, reference, out var type, out var union))
                {
                    if (union is not null) return BlameUnion(reference, union, at);
                    if (type is not null) return Blame(grammar.Rule(reference).Body, at, new(type, "", grammar.Node(reference), false));
                }
                return Blame(grammar.Rule(reference).Body, at, Inside(scope, reference));
            case TextSequence sequence:
            {
                HashSet<int> places = [at];
                foreach (var item in sequence.Items)
                {
                    var next = new HashSet<int>();
                    foreach (var place in places)
                    {
                        blame = Both(blame, Blame(item, place, scope), scope);
                        next.UnionWith(Ends(item, place, scope));
                    }
                    places = next;
                }
                return blame;
            }
            case TextAlternatives alternatives:
                foreach (var item in alternatives.Items) blame = Both(blame, Blame(item, at, scope), scope);
                return blame;
            case TextRepeat repeat:
            {
                var seen = new HashSet<(int, int)> { (at, 0) };
                var open = new Stack<(int At, int Count)>([(at, 0)]);
                while (open.TryPop(out var place))
                {
                    if (place.Count == repeat.Max) continue;
                    blame = Both(blame, Blame(repeat.Item, place.At, scope), scope);
                    foreach (var end in Ends(repeat.Item, place.At, scope))
                    {
                        var next = (end, repeat.Max < 0 ? 0 : place.Count + 1);
                        if (end > place.At && end <= _furthest && seen.Add(next)) open.Push(next);
                    }
                }
                return blame;
            }
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    /// <summary>Where all up to a place was wanted, what is left over is missed by the rule.</summary>
    private uint? BlameWhole(TextElement element, int at, Scope scope)
    {
        var blame = Blame(element, at, scope);
        return Ends(element, at, scope).Contains(_furthest) ? Both(blame, scope.Node, scope) : blame;
    }

    private uint? BlameUnion(TextReference reference, TextUnion union, int at)
    {
        var scope = new Scope(new TextType(union.Rule, union.CsName, default), "", grammar.Node(reference), false);
        var names = Ends(union.By, at, scope);
        if (names.Length == 0) return Blame(union.By, at, scope);
        var name = names.Max();
        var extension = Extension(union, at, name);
        var node = extension is null ? 0 : grammar.Number(extension.Module, extension.Node);
        var end = name;
        if (name < _limit && text[name] == ':')
        {
            if (extension is { Form: TextExtensionForm.Flag }) return name == _furthest ? node : null;
            var values = Ends(union.Value, name + 1, scope);
            if (values.Length == 0) return Blame(union.Value, name + 1, scope);
            end = values.Max();
        }
        switch (extension?.Form)
        {
            case null: return null;
            case TextExtensionForm.Flag: return name != end && name == _furthest ? node : null;
            case TextExtensionForm.Value when name == end: return end == _furthest ? node : null;
        }
        var rule = extension.Rule!;
        var type = grammar.Type(rule);
        var limit = _limit;
        _limit = end;
        var blame = BlameWhole(grammar.Rule(rule).Body, extension.Form == TextExtensionForm.Value ? name + 1 : at,
            new(type ?? new TextType(rule.Rule, "", default), "", grammar.Node(rule), type is null));
        _limit = limit;
        return blame;
    }
}
