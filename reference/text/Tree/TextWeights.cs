using System.Collections.Concurrent;
using System.Numerics;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>How often drawing takes each alternative: in proportion to the logarithm of the number of different alternatives and known names behind it.
/// The alternative with the shortest texts comes first: it is what no choices give.</summary>
internal sealed class TextWeights(TextGrammar grammar)
{
    private const int UnknownNames = 3, UnionOdds = 6;

    private readonly record struct Table(int[] Order, int[] Below, int Total);

    private readonly ConcurrentDictionary<TextAlternatives, Table> _tables = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<TextElement, byte[]?> _bytes = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<TextElement, int> _odds = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<TextReference, int> _breadths = new(), _lengths = new();

    /// <summary>The number of an alternative.</summary>
    public int Choose(TextAlternatives alternatives, ref Choices choices)
    {
        var table = _tables.GetOrAdd(alternatives, Make);
        var at = Array.BinarySearch(table.Below, choices.Next(table.Total) + 1);
        return table.Order[at < 0 ? ~at : at];
    }

    /// <summary>The bytes that an element of exactly one byte can be, readable and simple ones first; null for others.</summary>
    public byte[]? Bytes(TextElement element) => _bytes.GetOrAdd(element, e =>
    {
        var set = new bool[256];
        return IsByte(e, set) ? [.. Enumerable.Range(0, 256).Where(b => set[b]).OrderBy(b => b is >= 'a' and <= 'z' ? 0 : b is > ' ' and <= '~' ? 1 : 2).Select(b => (byte)b)] : null;
    });

    private bool IsByte(TextElement element, bool[] set)
    {
        switch (element)
        {
            case TextBytes bytes:
                foreach (var range in bytes.Ranges) set.AsSpan(range.From, range.To - range.From + 1).Fill(true);
                return true;
            case TextLiteral { Text.Length: 1 } literal:
                set[literal.Text[0]] = true;
                return true;
            case TextAlternatives alternatives: return alternatives.Items.All(item => IsByte(item, set));
            case TextReference reference: return grammar.Type(reference) is null && grammar.Union(reference) is null && IsByte(grammar.Rule(reference).Body, set);
            default: return false;
        }
    }

    /// <summary>A repetition goes on in all but one of so many cases: longer where names stand that can be many different things.</summary>
    public int Odds(TextElement item) => _odds.GetOrAdd(item, e => HasUnion(e) ? UnionOdds : 2);

    private bool HasUnion(TextElement element) => element switch
    {
        TextSequence sequence => sequence.Items.Any(HasUnion),
        TextAlternatives alternatives => alternatives.Items.Any(HasUnion),
        TextRepeat repeat => HasUnion(repeat.Item),
        TextReference reference => grammar.Union(reference) is not null || HasUnion(grammar.Rule(reference).Body),
        _ => false,
    };

    private Table Make(TextAlternatives alternatives)
    {
        int[] order = [.. Enumerable.Range(0, alternatives.Items.Count).OrderBy(i => Length(alternatives.Items[i]))];
        var below = new int[order.Length];
        var total = 0;
        for (var i = 0; i < order.Length; i++) below[i] = total += 1 + BitOperations.Log2((uint)Breadth(alternatives.Items[order[i]]));
        return new(order, below, total);
    }

    /// <summary>The number of different things to choose from in an element; 1 at least.</summary>
    private int Breadth(TextElement element) => element switch
    {
        TextSequence sequence => 1 + sequence.Items.Sum(i => Breadth(i) - 1),
        TextAlternatives alternatives => alternatives.Items.Sum(Breadth),
        TextRepeat repeat => Breadth(repeat.Item) + (repeat.Min == 0 ? 1 : 0),
        TextReference reference => _breadths.GetOrAdd(reference, r => Math.Min(
            grammar.Union(r) is { } union ? UnknownNames + union.Extensions.Sum(e => e.Rule is null ? 1 : Breadth(e.Rule)) : Breadth(grammar.Rule(r).Body), 1 << 20)),
        _ => 1,
    };

    /// <summary>The length of the shortest text.</summary>
    private int Length(TextElement element) => element switch
    {
        TextBytes => 1,
        TextLiteral literal => literal.Text.Length,
        TextSequence sequence => sequence.Items.Sum(Length),
        TextAlternatives alternatives => alternatives.Items.Min(Length),
        TextRepeat repeat => repeat.Min * Length(repeat.Item),
        TextReference reference => _lengths.GetOrAdd(reference, r => Length(grammar.Rule(r).Body)),
        _ => 0,
    };
}
