namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Names of definitions: that they are unique, that those which are used exist, and that nothing needs itself.</summary>
internal sealed class NameChecks(IdlScope scope, IdlReport report)
{
    public void Run()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var included = new HashSet<(string, string)>();
        foreach (var (path, definition) in scope.All.Select(p => (p.Path, p.Item)))
        {
            report.Path = path;
            switch (definition)
            {
                case IdlIncludes includes:
                    var mixin = includes.Mixin;
                    if (scope.Find(includes.Name) is not IdlInterface) report.Add(IdlRules.UnknownDefinition, includes.At, "interface", includes.Name);
                    if (scope.Find(mixin.Text) is not IdlMixin) report.Add(IdlRules.UnknownDefinition, mixin.At, "mixin", mixin.Text);
                    if (!included.Add((includes.Name, mixin.Text))) report.Add(IdlRules.Duplicate, mixin.At, "mixin", mixin.Text);
                    break;
                case IdlContainer { Partial: true }:
                    if (scope.Find(definition.Name) is not { } whole || whole.GetType() != definition.GetType())
                        report.Add(IdlRules.UnknownDefinition, definition.At, Kind(definition), definition.Name);
                    break;
                default:
                    if (!seen.Add(definition.Name)) report.Add(IdlRules.Duplicate, definition.At, Kind(scope.Find(definition.Name)!), definition.Name);
                    else Cycles(definition);
                    break;
            }
        }
    }

    private void Cycles(IdlDefinition definition)
    {
        var name = definition.Name;
        if (IdlScope.Parent(definition) is { } parent)
        {
            if (scope.Find(parent.Text) is not { } found || found.GetType() != definition.GetType())
                report.Add(IdlRules.UnknownDefinition, parent.At, Kind(definition), parent.Text);
            if (scope.Inheritance.IsCyclic(name)) report.Add(IdlRules.Cycle, definition.At, name, "inherits from");
            else if (scope.Inheritance.Depth(name) == IdlScope.MaxDepth + 2)
                report.Add(IdlRules.TooDeep, definition.At, "interfaces and dictionaries", IdlScope.MaxDepth);
        }
        if (definition is IdlDictionary && scope.Containment.IsCyclic(name) && !scope.Inheritance.IsCyclic(name))
            report.Add(IdlRules.Cycle, definition.At, name, "holds");
        if (definition is not IdlTypedef) return;
        if (scope.Typedefs.IsCyclic(name)) report.Add(IdlRules.Cycle, definition.At, name, "stands for");
        else if (scope.Typedefs.Depth(name) == IdlScope.MaxDepth + 1) report.Add(IdlRules.TooDeep, definition.At, "typedefs", IdlScope.MaxDepth);
    }

    /// <summary>What a definition is called in messages.</summary>
    public static string Kind(IdlDefinition definition) => definition switch
    {
        IdlInterface => "interface",
        IdlMixin => "mixin",
        IdlCallbackInterface => "callback interface",
        IdlNamespace => "namespace",
        IdlDictionary => "dictionary",
        IdlEnum => "enumeration",
        IdlTypedef => "typedef",
        _ => "callback",
    };
}
