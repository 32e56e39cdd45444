using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

// How a type's text is read, step by step, without backtracking. Every step knows the node that an error in it names: the innermost rule that holds
// captures or is a type, or the rule without captures that stands there as a whole.

/// <param name="Node">Module number times 65536 plus node number.</param>
internal abstract record Step(uint Node);

internal sealed record LiteralStep(uint Node, string Text, bool AnyCase) : Step(Node);

internal sealed record ByteStep(uint Node, SymbolSet Set) : Step(Node);

/// <summary>As many bytes of the set as there are.</summary>
internal sealed record RunStep(uint Node, SymbolSet Set, int Min, int Max) : Step(Node);

/// <summary>As far as the automaton goes; where it stops it must accept.</summary>
internal sealed record ScanStep(uint Node, Automaton Automaton) : Step(Node);

internal sealed record SequenceStep(uint Node, IReadOnlyList<Step> Items) : Step(Node);

/// <summary>The next byte decides: the sets are disjoint (and hold <see cref="SymbolSet.End"/> where an alternative may be empty at the end).</summary>
internal sealed record BranchStep(uint Node, IReadOnlyList<(SymbolSet On, Step Step)> Items) : Step(Node);

/// <summary>The automaton runs until one tag under <paramref name="Mask"/> is left, or to its end; the lowest one decides.</summary>
internal sealed record LookStep(uint Node, Automaton Automaton, ulong Mask, IReadOnlyList<Step> Items) : Step(Node);

/// <summary>A look, again and again: alternative 0 is one more item, alternative 1 is the end.</summary>
internal sealed record LoopStep(uint Node, int Min, int Max, LookStep Look) : Step(Node);

/// <summary>The item is there again when the next byte is in <paramref name="On"/>.</summary>
internal sealed record RepeatStep(uint Node, SymbolSet On, int Min, int Max, Step Item) : Step(Node);

internal sealed record EmptyStep(uint Node) : Step(Node);

/// <summary>What <paramref name="Inner"/> reads is the capture's text.</summary>
internal sealed record CaptureStep(uint Node, int Capture, Step Inner) : Step(Node);

internal sealed record NestedStep(uint Node, int Capture, TextReference Target) : Step(Node);

internal sealed record UnionStep(uint Node, int Capture, TextReference Target) : Step(Node);

/// <param name="Node">The rule's node: what trailing text names.</param>
internal sealed record TypePlan(TextReference Rule, TextType Type, uint Node, Step Body);

/// <param name="Name">Reads the name, <paramref name="Value"/> what stands after the colon.</param>
internal sealed record UnionPlan(TextReference Rule, TextUnion Union, uint Node, Step Name, Step Value, IReadOnlyList<ExtensionPlan> Extensions);

/// <param name="Plain">Reads the text of a rule that is no type.</param>
internal sealed record ExtensionPlan(TextExtension Extension, uint Node, Step? Plain);

/// <param name="Automaton">Its tags are the forms.</param>
internal sealed record ChoicePlan(TextReference Rule, TextChoiceType Choice, Automaton Automaton);

internal sealed record Plans(IReadOnlyList<TypePlan> Types, IReadOnlyList<UnionPlan> Unions, IReadOnlyList<ChoicePlan> Choices);
