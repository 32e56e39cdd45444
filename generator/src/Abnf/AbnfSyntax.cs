using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

// What one ABNF spec file says, before names are looked up. `At` is the number of a place in the file's position table, so that moving text
// changes the table and not the syntax.

public sealed record AbnfSyntax(
    int At, string Document, string Title, string Module, string Namespace, EquatableArray<NameUse> Relaxes, EquatableArray<ImportSyntax> Imports,
    EquatableArray<AbnfRuleSyntax> Rules, EquatableArray<AbnfRuleSyntax> Proses, EquatableArray<StartSyntax> Starts, EquatableArray<CaptureTypeSyntax> Types,
    EquatableArray<ChoiceTypeSyntax> Choices, EquatableArray<PreferSyntax> Prefers, EquatableArray<UnionSyntax> Unions,
    EquatableArray<ExtendSyntax> Extends, EquatableArray<RelaxSyntax> Relaxations);

/// <summary><paramref name="Rule"/> of module <paramref name="Module"/>, known here as <paramref name="As"/>.</summary>
public sealed record ImportSyntax(NameUse Rule, string As, NameUse Module);

/// <param name="Own">Written by us (<c>@define</c>), not by the standard.</param>
public sealed record AbnfRuleSyntax(int At, string Name, Clause Clause, ElementSyntax Body, bool Own);

public abstract record ElementSyntax(int At);
public sealed record BytesElementSyntax(int At, EquatableArray<TextRange> Ranges) : ElementSyntax(At);
public sealed record LiteralElementSyntax(int At, string Text, bool AnyCase) : ElementSyntax(At);
public sealed record ReferenceSyntax(int At, string Name) : ElementSyntax(At);
public sealed record ProseSyntax(int At, string Text) : ElementSyntax(At);
public sealed record ConcatenationSyntax(int At, EquatableArray<ElementSyntax> Items) : ElementSyntax(At);
public sealed record AlternationSyntax(int At, EquatableArray<ElementSyntax> Items) : ElementSyntax(At);
/// <param name="Max">-1 = without bound.</param>
public sealed record RepetitionSyntax(int At, int Min, int Max, ElementSyntax Item) : ElementSyntax(At);

public sealed record StartSyntax(NameUse Rule, string? As);

public sealed record CaptureTypeSyntax(NameUse Rule, string? As, Clause Clause, EquatableArray<CaptureSyntax> Captures);

/// <param name="Path">Names of rules, from outside in.</param>
/// <param name="Min">For integers; null = not an integer.</param>
public sealed record CaptureSyntax(
    int At, EquatableArray<string> Path, string? As, bool Integer, ulong Min, ulong Max, Clause? Clause, EquatableArray<string> Covers, bool Canonical = false);

public sealed record ChoiceTypeSyntax(NameUse Rule, string? As, EquatableArray<FormSyntax> Forms);

/// <summary>A rule's name or a literal.</summary>
public sealed record FormSyntax(int At, string Text, bool IsLiteral, string? As);

/// <param name="Order">Empty: as printed.</param>
public sealed record PreferSyntax(NameUse Rule, EquatableArray<FormSyntax> Order);

public sealed record UnionSyntax(NameUse Rule, string? As, NameUse By);

public sealed record ExtendSyntax(
    int At, NameUse Union, string Name, string? As, TextExtensionForm Form, NameUse? Rule, EquatableArray<string> Levels, Clause Clause);

public sealed record RelaxSyntax(int At, string Name, NameUse Rule, ElementSyntax Body, Clause Clause);

/// <summary>A file as it was read.</summary>
public sealed record ParsedAbnf(string Path, AbnfSyntax? Syntax, EquatableArray<SpecPosition> Positions, EquatableArray<LocalDiagnostic> Diagnostics);
