namespace WebRtcConformance.Generator.WebIdl;

/// <summary>What the members of one definition, its partial ones, its mixins and its ancestors must be together.</summary>
internal sealed class InterfaceChecks(IdlScope scope, IdlReport report)
{
    private static readonly string[] IterationNames = ["entries", "forEach", "keys", "values"];

    private readonly OverloadChecks _overloads = new(scope, report);

    public void Run()
    {
        foreach (var group in scope.All.Where(p => p.Item is IdlContainer).GroupBy(p => p.Item.Name, StringComparer.Ordinal))
        {
            // Partial definitions without a whole one, or of another kind, have been reported; of two whole ones the first counts.
            if (scope.Find(group.Key) is not IdlContainer container || !group.Any(p => ReferenceEquals(p.Item, container))) continue;
            Names(container);
            if (container is IdlDictionary dictionary) Inherited(dictionary);
            if (container is not IdlInterface definition) continue;
            Special(definition);
            Iterables(definition);
            InheritingAttributes(definition);
        }
    }

    /// <summary>Names of members: one meaning each, but for overloads, which stand in one place.</summary>
    private void Names(IdlContainer container)
    {
        var parts = scope.Parts(container).Select(p => (p.Path, p.Item, Group: container.Name));
        if (container is IdlInterface)
            parts = parts.Concat(scope.Mixins(container.Name).SelectMany(m => scope.Parts(m).Select(p => (p.Path, p.Item, Group: m.Name))));
        var seen = new Dictionary<string, IdlMember>(StringComparer.Ordinal);
        var operations = new Dictionary<(string, bool), (IdlContainer Part, string Group, List<Placed<IdlOperation>> Overloads)>();
        var constructors = new List<Placed<IdlOperation>>();
        foreach (var (path, part, group) in parts.ToArray())
        {
            report.Path = path;
            foreach (var member in part.Members)
            {
                // A constructor is an operation without a result, where overloading is concerned.
                if (member is IdlConstructor c)
                    constructors.Add(new(path, new(c.At, container.Name, default, IdlOperationModifier.Static, null, c.Arguments)));
                if (member.Name.Length == 0) continue;
                var operation = member as IdlOperation;
                var isStatic = operation?.Modifier == IdlOperationModifier.Static || member is IdlAttribute { Modifier: IdlAttributeModifier.Static };
                if (isStatic && member.Name == "prototype") report.Add(IdlRules.Duplicate, member.At, "property", member.Name);
                if (!seen.TryGetValue(member.Name, out var other)) seen.Add(member.Name, member);
                else if (operation is null || other is not IdlOperation) report.Add(IdlRules.Duplicate, member.At, "member", member.Name);
                if (operation is null) continue;

                if (!operations.TryGetValue((member.Name, isStatic), out var first)) operations.Add((member.Name, isStatic), first = (part, group, []));
                first.Overloads.Add(new(path, operation));
                // Within a mixin, the mixin's own turn reports it.
                if (!ReferenceEquals(first.Part, part) && (first.Group != group || group == container.Name))
                    report.Add(IdlRules.CrossOverload, member.At, container.Name, member.Name);
            }
        }
        foreach (var overloads in operations.Values.Select(o => o.Overloads).Append(constructors)) _overloads.Check(overloads);
    }

    private void Inherited(IdlDictionary dictionary)
    {
        var inherited = scope.Ancestors(dictionary).Cast<IdlDictionary>().SelectMany(scope.Members);
        var names = new HashSet<string>(inherited.Select(m => m.Item.Name), StringComparer.Ordinal);
        if (names.Count == 0) return;
        foreach (var (path, member) in scope.Members(dictionary).Select(m => (m.Path, m.Item)).Where(m => names.Contains(m.Item.Name)))
        {
            report.Path = path;
            report.Add(IdlRules.Duplicate, member.At, "inherited member", member.Name);
        }
    }

    private void Special(IdlInterface definition)
    {
        var members = scope.Members(definition);
        var stringifiers = members.Where(m =>
            m.Item is IdlOperation { Modifier: IdlOperationModifier.Stringifier } or IdlAttribute { Modifier: IdlAttributeModifier.Stringifier });
        foreach (var extra in stringifiers.Skip(1))
        {
            report.Path = extra.Path;
            report.Add(IdlRules.OneOnly, extra.Item.At, definition.Name, "stringifier");
        }

        var seen = new HashSet<(IdlOperationModifier, bool)>();
        foreach (var (path, operation) in Operations(members))
        {
            report.Path = path;
            if (operation.Modifier is not (IdlOperationModifier.Getter or IdlOperationModifier.Setter or IdlOperationModifier.Deleter)) continue;
            if (MemberChecks.Variety(scope, operation) is { } indexed && !seen.Add((operation.Modifier, indexed)))
                report.Add(IdlRules.OneOnly, operation.At, definition.Name, (indexed ? "indexed " : "named ") + Called(operation));
        }
        if (seen.Count == 0) return;
        var getters = new HashSet<bool?>(Family(definition).SelectMany(d => Operations(scope.Members(d))).Select(o => o.Operation)
            .Where(o => o.Modifier == IdlOperationModifier.Getter).Select(o => MemberChecks.Variety(scope, o)));
        foreach (var (path, operation) in Operations(members))
        {
            report.Path = path;
            var indexed = MemberChecks.Variety(scope, operation) == true;
            if (operation.Modifier is IdlOperationModifier.Setter or IdlOperationModifier.Deleter && MemberChecks.Variety(scope, operation) is not null
                && !getters.Contains(indexed))
                report.Add(IdlRules.Needs, operation.At, "a " + Called(operation), indexed ? "an indexed getter" : "a named getter");
            if (operation.Modifier == IdlOperationModifier.Getter && indexed && !HasLength(definition))
                report.Add(IdlRules.Needs, operation.At, "an indexed getter", "an attribute 'length' of an integer type");
        }
    }

    private bool HasLength(IdlInterface definition) =>
        Family(definition).SelectMany(scope.Members).Select(m => m.Item).OfType<IdlAttribute>().Where(a => a.Name == "length")
            .Select(a => scope.Resolve(a.Type)).Any(type => type.IsUnknown || type.Simple?.IsInteger() == true)
        || scope.Ancestors(definition).LastOrDefault() is { } last && IdlScope.Parent(last) is not null;

    private void Iterables(IdlInterface definition)
    {
        var members = scope.Members(definition);
        var own = members.Where(m => m.Item is IdlIterable).Select(m => (m.Path, Item: (IdlIterable)m.Item)).ToArray();
        if (own.Length == 0) return;
        var inherited = scope.Ancestors(definition).Cast<IdlInterface>().SelectMany(scope.Members).ToArray();
        var (first, path) = (own[0].Item, own[0].Path);
        foreach (var (extraPath, extra) in own.Skip(1))
        {
            report.Path = extraPath;
            report.Add(IdlRules.OneOnly, extra.At, definition.Name, "iterable, maplike or setlike");
        }
        report.Path = path;
        if (inherited.Any(m => m.Item is IdlIterable))
            report.Add(IdlRules.OneOnly, first.At, definition.Name, "iterable, maplike or setlike, and inherits one");

        var indexed = Operations(members.Concat(inherited)).Select(o => o.Operation)
            .Any(o => o.Modifier == IdlOperationModifier.Getter && MemberChecks.Variety(scope, o) == true);
        var values = first.Kind == IdlIterableKind.Iterable && first.Types.Count == 1;
        if (values && !indexed) report.Add(IdlRules.Needs, first.At, "an iterable of one type", "an indexed getter");
        else if (indexed && !values && first.Kind != IdlIterableKind.AsyncIterable)
            report.Add(IdlRules.Excludes, first.At, Called(first), "an indexed getter");

        var taken = new HashSet<string>(ReservedNames(first), StringComparer.Ordinal);
        var readWrite = new HashSet<string>(first.ReadOnly ? [] : first.Kind switch
        {
            IdlIterableKind.Maplike => ["clear", "delete", "set"],
            IdlIterableKind.Setlike => ["add", "clear", "delete"],
            _ => [],
        }, StringComparer.Ordinal);
        foreach (var (memberPath, member) in members.Concat(inherited).Select(m => (m.Path, m.Item)))
        {
            var property = member is IdlConst or IdlAttribute { Modifier: not IdlAttributeModifier.Static };
            var regular = member is IdlOperation { Modifier: not IdlOperationModifier.Static };
            if (!((property || regular) && taken.Contains(member.Name)) && !(property && readWrite.Contains(member.Name))) continue;
            report.Path = memberPath;
            report.Add(IdlRules.Excludes, member.At, "a member '" + member.Name + "'", Called(first) + " of '" + definition.Name + "'");
        }
    }

    private static IEnumerable<string> ReservedNames(IdlIterable iterable) => iterable.Kind switch
    {
        IdlIterableKind.Iterable => IterationNames,
        IdlIterableKind.AsyncIterable => ["entries", "keys", "values"],
        IdlIterableKind.Maplike => [.. IterationNames, "get", "has", "size"],
        _ => [.. IterationNames, "has", "size"],
    };

    private static string Called(IdlIterable iterable) => iterable.Kind switch
    {
        IdlIterableKind.Iterable => iterable.Types.Count == 1 ? "the iterable of one type" : "the iterable of pairs",
        IdlIterableKind.AsyncIterable => "the asynchronous iterable",
        IdlIterableKind.Maplike => "the maplike",
        _ => "the setlike",
    };

    /// <summary>"inherit attribute" takes over the getter of an ancestor's attribute of that name and type, which is read only.</summary>
    private void InheritingAttributes(IdlInterface definition)
    {
        foreach (var (path, member) in scope.Members(definition).Select(m => (m.Path, m.Item)))
        {
            if (member is not IdlAttribute { Modifier: IdlAttributeModifier.Inherit } attribute) continue;
            var last = definition;
            IdlAttribute? found = null;
            foreach (var ancestor in scope.Ancestors(definition).Cast<IdlInterface>())
            {
                last = ancestor;
                found = scope.Members(ancestor).Select(m => m.Item).OfType<IdlAttribute>().FirstOrDefault(a => a.Name == attribute.Name);
                if (found is not null) break;
            }
            report.Path = path;
            // An ancestor that nobody knows might have it.
            if (found is null && last.Inheritance is not null) continue;
            if (found is null || found.Type.Spelling() != attribute.Type.Spelling())
                report.Add(IdlRules.Needs, attribute.At, "an attribute that inherits its getter", "one of the same name and type in an ancestor");
        }
    }

    private IEnumerable<IdlInterface> Family(IdlInterface definition) => scope.Ancestors(definition).Cast<IdlInterface>().Prepend(definition);

    private static string Called(IdlOperation operation) => operation.Modifier.ToString().ToLowerInvariant();

    private static IEnumerable<(string Path, IdlOperation Operation)> Operations(IEnumerable<Placed<IdlMember>> members) =>
        members.Where(m => m.Item is IdlOperation).Select(m => (m.Path, (IdlOperation)m.Item));
}
