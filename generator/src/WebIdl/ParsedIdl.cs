using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>A file as read. There is always a tree; where text had no meaning, <see cref="Diagnostics"/> says so and the tree leaves it out.</summary>
/// <param name="Positions">The place of each token, in the order of the text; an <c>At</c> of the tree is an index into it.</param>
public sealed record ParsedIdl(string Path, IdlSyntax Syntax, EquatableArray<SpecPosition> Positions, EquatableArray<LocalDiagnostic> Diagnostics);

/// <summary>What checking and linking take: a file's tree without its positions.</summary>
/// <param name="Sound">Whether the file was read without a mistake.</param>
public sealed record IdlFile(string Path, IdlSyntax Syntax, bool Sound);
