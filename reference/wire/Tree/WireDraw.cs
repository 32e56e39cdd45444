using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Draws random valid messages from a sequence of choices. No choices at all give the smallest message.</summary>
public static class WireDraw
{
    private const int Attempts = 4, Seeds = 64;

    /// <summary>A message that a strict parser accepts.</summary>
    public static WireTree Draw(Pdu schema, ref Choices choices) => Draw(WirePlans.Default.Of(schema), ref choices);

    /// <inheritdoc cref="Draw(Pdu, ref Choices)"/>
    /// <exception cref="InvalidOperationException">No valid message was found: the schema's rules contradict each other, or are beyond
    /// what drawing can solve.</exception>
    public static WireTree Draw(WirePlan plan, ref Choices choices)
    {
        for (var i = 0; i < Attempts; i++)
        {
            var tree = Try(plan, ref choices);
            if (WireTree.Accepts(plan, tree.Encode(), out _)) return tree;
            if (choices.IsExhausted) break;
        }
        Span<byte> seed = stackalloc byte[64];
        for (var s = 0; s < Seeds; s++)
        {
            for (var i = 0; i < seed.Length; i++) seed[i] = (byte)((s * 131 + i * 31) * (s == 0 ? 0 : 1));
            var fixedChoices = new Choices(seed);
            var tree = Try(plan, ref fixedChoices);
            if (WireTree.Accepts(plan, tree.Encode(), out _)) return tree;
        }
        throw new InvalidOperationException($"{plan.Path}: no valid message found in {Seeds} attempts");
    }

    /// <summary>A message that is valid but for the rules that drawing could not satisfy; quicker, for mutators.</summary>
    internal static WireTree Try(WirePlan plan, ref Choices choices)
    {
        var draw = new TreeDraw(choices);
        var root = draw.Pdu(plan, 0);
        choices = draw.Choices;
        return new WireTree(plan, root);
    }
}
