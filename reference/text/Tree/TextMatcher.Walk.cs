using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>The derivation that counts, and the typed parts in it: found again by the ends that are known.</summary>
internal sealed partial class TextMatcher
{
    private TextStep? _step;

    /// <summary>The derivation of a text, values outside their ranges included; null when the syntax is wrong.</summary>
    public TextStep? Derive(TextReference rule)
    {
        var root = new TextStep(rule, 0, text.Length, null, "", null);
        _step = root;
        var there = Match(rule) is not null;
        _step = null;
        return there ? root : null;
    }

    private bool IsDeriving => _step is not null;

    private TextNode Build(TextReference rule, string name, int start, int end)
    {
        var type = grammar.Type(rule)!;
        var children = new List<TextNode>();
        Walk(grammar.Rule(rule).Body, start, end, new(type, "", grammar.Node(rule), false), children);
        var clause = grammar.Rule(rule).Clause;
        return new(name, rule, grammar.Node(rule), clause, TextCaptureKind.Nested, start, end, null, children);
    }

    private void Walk(TextElement element, int start, int end, Scope scope, List<TextNode> children)
    {
        var outer = _step;
        if (outer is not null) _step = outer.Add(element, start, end, scope.Plain ? null : scope.Type, scope.Plain ? "" : scope.Chain);
        WalkIn(element, start, end, scope, children);
        _step = outer;
    }

    private void WalkIn(TextElement element, int start, int end, Scope scope, List<TextNode> children)
    {
        switch (element)
        {
            case TextReference reference:
            {
                if (scope.Plain)
                {
                    if (IsDeriving) Walk(grammar.Rule(reference).Body, start, end, Inside(scope, reference), children);
                    return;
                }
                var chain = TextGrammar.Chain(scope.Chain, reference);
                var capture = scope.Type.Captures.FirstOrDefault(c => c.Path == chain);
                if (capture is not null) Capture(capture, reference, start, end, scope, children);
                else if (IsDeriving || TextGrammar.Holds(scope.Type, chain)) Walk(grammar.Rule(reference).Body, start, end, Inside(scope, reference), children);
                return;
            }
            case TextSequence sequence:
            {
                var at = start;
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    var rest = sequence.Items.Skip(i + 1).ToArray();
                    foreach (var to in Ends(sequence.Items[i], at, scope))
                    {
                        if (!Reaches(rest, to, end, scope)) continue;
                        Walk(sequence.Items[i], at, to, scope, children);
                        at = to;
                        break;
                    }
                }
                return;
            }
            case TextAlternatives alternatives:
                for (var i = 0; i < alternatives.Items.Count; i++)
                {
                    if (!Ends(alternatives.Items[i], start, scope).Contains(end)) continue;
                    if (_step is not null) _step.Alternative = i;
                    Walk(alternatives.Items[i], start, end, scope, children);
                    return;
                }
                return;
            case TextRepeat repeat: WalkRepeat(repeat, start, end, scope, children); return;
        }
    }

    private bool Reaches(TextElement[] items, int at, int end, Scope scope)
    {
        HashSet<int> current = [at];
        foreach (var item in items)
        {
            var next = new HashSet<int>();
            foreach (var place in current) next.UnionWith(Ends(item, place, scope));
            current = next;
        }
        return current.Contains(end);
    }

    private void WalkRepeat(TextRepeat repeat, int start, int end, Scope scope, List<TextNode> children)
    {
        if (!scope.Plain && repeat.Item is TextReference reference && repeat.Max != 1
            && scope.Type.Captures.FirstOrDefault(c => c.Path == TextGrammar.Chain(scope.Chain, reference)) is { Many: false, Kind: TextCaptureKind.Text or TextCaptureKind.Integer } run)
        {
            // The run is one value, not steps of one byte each.
            var deriving = _step;
            _step = null;
            if (end > start) Capture(run, reference, start, end, scope, children);
            _step = deriving;
            return;
        }
        // The first way, depth first, that stops at the end.
        var stack = new Stack<(int At, int Count, int Next)>();
        var failed = new HashSet<(int, int)>();
        stack.Push((start, 0, 0));
        while (stack.Count > 0)
        {
            var (at, count, next) = stack.Pop();
            var ends = repeat.Max >= 0 && count >= repeat.Max ? [] : Ends(repeat.Item, at, scope);
            if (next < ends.Length)
            {
                stack.Push((at, count, next + 1));
                if (ends[next] <= end && (ends[next] > at || count < repeat.Min) && failed.Add((ends[next], count + 1))) stack.Push((ends[next], count + 1, 0));
            }
            else if (at == end && count >= repeat.Min)
            {
                var way = stack.Reverse().Select(s => s.At).Append(at).ToArray();
                for (var i = 0; i + 1 < way.Length; i++) Walk(repeat.Item, way[i], way[i + 1], scope, children);
                return;
            }
        }
    }

    private void Capture(TextCapture capture, TextReference reference, int start, int end, Scope scope, List<TextNode> children)
    {
        if (capture.Kind == TextCaptureKind.Nested)
        {
            children.Add(Build(reference, capture.CsName, start, end));
            return;
        }
        var inner = new List<TextNode>();
        if (capture.Kind == TextCaptureKind.Union) WalkUnion(reference, start, end, inner);
        else if (IsDeriving || scope.Type.Captures.Any(c => c.Path.StartsWith(capture.Path + "/", StringComparison.Ordinal)))
            Walk(grammar.Rule(reference).Body, start, end, Inside(scope, reference), children);
        var node = grammar.Node(reference);
        string? form = null;
        if (capture.Kind == TextCaptureKind.Integer)
        {
            if (end == start) return;
            node = grammar.Number(grammar.Owner(scope.Type), capture.Node);
            var leading = capture.Canonical && text[start] == '0' && end - start > 1;
            if ((leading || !TextScan.InRange(text, start, end, capture.Min, capture.Max)) && !_refused.IsError) _refused = new(WireErrorKind.BadValue, node, start);
        }
        if (capture.Kind == TextCaptureKind.Choice)
            form = grammar.Choice(reference)!.Forms.FirstOrDefault(f => new TextMatcher(grammar, text[start..end]).Takes(f.Body))?.CsName;
        children.Add(new(capture.CsName, reference, node, capture.Clause, capture.Kind, start, end, form, inner));
    }

    private void WalkUnion(TextReference reference, int start, int end, List<TextNode> children)
    {
        var union = grammar.Union(reference)!;
        var scope = new Scope(new TextType(union.Rule, union.CsName, default), "", grammar.Node(reference), false);
        var name = Ends(union.By, start, scope).Max();
        var extension = Extension(union, start, name);
        if (_step is not null) _step.Extension = extension;
        if (extension is not { Rule: { } rule })
        {
            if (!IsDeriving || extension is not null) return;
            Walk(union.By, start, name, scope, []);
            if (name < end) Walk(union.Value, name + 1, end, scope, []);
            return;
        }
        var type = grammar.Type(rule);
        if (type is null && !IsDeriving) return;
        var (limit, outer) = (_limit, _step);
        _limit = end;
        var from = extension.Form == TextExtensionForm.Value ? name + 1 : start;
        if (outer is not null) _step = outer.Add(rule, from, end, null, "");
        if (type is not null) children.Add(Build(rule, extension.CsName, from, end));
        else Walk(grammar.Rule(rule).Body, from, end, new(new TextType(rule.Rule, "", default), "", grammar.Node(rule), true), []);
        (_limit, _step) = (limit, outer);
    }
}
