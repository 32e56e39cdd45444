using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>How generated code of one module names types: by the last part of the namespace and the name, as long as the module itself has no such name.</summary>
internal sealed class TextNames
{
    public const string Root = "WebRtcConformance.Text";
    private readonly Grammar _grammar;
    private readonly HashSet<string> _own = [];

    public TextNames(Grammar grammar, TextModule module)
    {
        _grammar = grammar;
        ModuleNumber = module.Number;
        foreach (var type in module.Types)
        {
            _own.Add(type.CsName);
            foreach (var capture in type.Captures) _own.Add(capture.CsName);
        }
        foreach (var choice in module.Choices) _own.Add(choice.CsName);
        foreach (var union in module.Unions) _own.Add(union.CsName);
    }

    public ushort ModuleNumber { get; }

    public string Type(TextReference rule)
    {
        var space = _grammar.Module(rule.Module).Namespace;
        var name = _grammar.Type(rule)?.CsName ?? _grammar.Union(rule)?.CsName ?? _grammar.Choice(rule)?.CsName ?? "?";
        return _own.Contains(space) ? $"global::{Root}.{space}.{name}" : $"{space}.{name}";
    }
}
