using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace WebRtcConformance.Generator;

/// <summary>Diagnostics of spec files as the compiler's, at the spec file's own place.</summary>
internal static class SpecReport
{
    public static Diagnostic Of(SpecDiagnostic diagnostic, string category)
    {
        var (rule, position) = (diagnostic.Rule, diagnostic.Position);
        var start = new LinePosition(position.Line - 1, position.Column - 1);
        var end = new LinePosition(position.Line - 1, position.Column - 1 + position.Length);
        var location = Location.Create(diagnostic.Path, new TextSpan(0, 0), new LinePositionSpan(start, end));
        var descriptor = new DiagnosticDescriptor(rule.Id, rule.Title, "{0}", category, rule.IsWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error, isEnabledByDefault: true);
        return Diagnostic.Create(descriptor, location, diagnostic.Message);
    }
}
