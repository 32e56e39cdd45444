using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Each definition and member by itself: its extended attributes, its types where they stand, its values, its arguments.</summary>
internal sealed class MemberChecks(IdlScope scope, IdlReport report, TypeChecks types)
{
    /// <summary>How many arguments an operation may have; standards know 15.</summary>
    public const int MaxArguments = 64;

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["NoInterfaceObject"] = "LegacyNoInterfaceObject", ["LenientSetter"] = "LegacyLenientSetter", ["LenientThis"] = "LegacyLenientThis",
        ["TreatNonObjectAsNull"] = "LegacyTreatNonObjectAsNull", ["Unforgeable"] = "LegacyUnforgeable",
        ["NamedConstructor"] = "LegacyFactoryFunction", ["OverrideBuiltins"] = "LegacyOverrideBuiltIns", ["TreatNullAs"] = "LegacyNullToEmptyString",
    };

    private readonly ValueChecks _values = new(scope, report);

    public void Definition(IdlDefinition definition)
    {
        Attributes(definition.ExtendedAttributes);
        switch (definition)
        {
            case IdlContainer container:
                if (container is IdlInterface or IdlNamespace && !container.Partial && container.ExtendedAttributes.All(e => e.Name != "Exposed"))
                    report.Add(IdlRules.NotExposed, container.At, container.Name);
                if (container is IdlInterface i) Interface(i);
                foreach (var member in container.Members) Member(member);
                break;
            case IdlEnum e:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var value in e.Values.Where(v => !seen.Add(v.Value))) report.Add(IdlRules.Duplicate, value.At, "value", value.Value);
                break;
            case IdlTypedef typedef:
                types.Check(typedef.Type, typedef.ExtendedAttributes);
                break;
            case IdlCallback callback:
                types.Check(callback.ReturnType);
                Arguments(callback.Arguments);
                foreach (var argument in callback.Arguments.Where(a => scope.Resolve(a.Type).Generic == IdlGeneric.AsyncSequence))
                    report.Add(IdlRules.WrongType, argument.Type.At, "a callback's argument", argument.Type.Spelling());
                break;
        }
    }

    private void Interface(IdlInterface definition)
    {
        foreach (var old in definition.ExtendedAttributes.Where(e => e.Name == "Constructor"))
            report.Add(IdlRules.Obsolete, old.At, "[Constructor]", "constructor()");
        if (definition.ExtendedAttributes.All(e => e.Name != "Global")) return;
        foreach (var factory in definition.ExtendedAttributes.Where(e => e.Name == "LegacyFactoryFunction"))
            report.Add(IdlRules.ConstructibleGlobal, factory.At, definition.Name);
        foreach (var constructor in definition.Members.OfType<IdlConstructor>())
            report.Add(IdlRules.ConstructibleGlobal, constructor.At, definition.Name);
    }

    private void Member(IdlMember member)
    {
        Attributes(member.ExtendedAttributes);
        switch (member)
        {
            case IdlConst constant:
                types.Check(constant.Type);
                var type = scope.Resolve(constant.Type);
                var primitive = type.Simple is { } simple && (simple.IsNumeric() || simple is IdlSimple.Boolean or IdlSimple.BigInt);
                if (!type.IsUnknown && (!primitive || type.Nullable))
                    report.Add(IdlRules.WrongType, constant.Type.At, "a constant", constant.Type.Spelling());
                else _values.Check(constant.Type, constant.Value);
                break;
            case IdlAttribute attribute:
                types.Check(attribute.Type, attribute.ExtendedAttributes, whole: attribute.Modifier == IdlAttributeModifier.None);
                Attribute(attribute);
                break;
            case IdlOperation operation:
                Arguments(operation.Arguments);
                if (operation.Name.Length == 0 && operation.Modifier is IdlOperationModifier.None or IdlOperationModifier.Static)
                    report.Add(IdlRules.Nameless, operation.At);
                if (operation.ReturnType is { } returns)
                {
                    types.Check(returns);
                    if (scope.Resolve(returns).Generic == IdlGeneric.AsyncSequence)
                        report.Add(IdlRules.WrongType, returns.At, "what an operation returns", returns.Spelling());
                }
                if (operation.Modifier is IdlOperationModifier.Getter or IdlOperationModifier.Setter or IdlOperationModifier.Deleter) Special(operation);
                break;
            case IdlConstructor constructor:
                Arguments(constructor.Arguments);
                break;
            case IdlIterable iterable:
                foreach (var t in iterable.Types) types.Check(t);
                Arguments(iterable.Arguments);
                foreach (var argument in iterable.Arguments.Where(a => !a.Optional && !a.Variadic))
                    report.Add(IdlRules.WrongSignature, argument.At, "an asynchronous iterable", "optional arguments only");
                break;
            case IdlDictionaryMember field:
                types.Check(field.Type, field.ExtendedAttributes);
                types.Annotations(field.Type, scope.Resolve(field.Type), field.ExtendedAttributes);
                Passed(field.Type, "a dictionary's member");
                if (field.Default is { } value) _values.Check(field.Type, value);
                break;
        }
    }

    private void Attribute(IdlAttribute attribute)
    {
        var type = scope.Resolve(attribute.Type);
        if (scope.Flatten(attribute.Type).Any(t => t.IsDictionary || t.Generic is IdlGeneric.Sequence or IdlGeneric.AsyncSequence or IdlGeneric.Record))
            report.Add(IdlRules.WrongType, attribute.Type.At, "an attribute", attribute.Type.Spelling());
        if (type.Generic == IdlGeneric.Promise && !attribute.ReadOnly)
            report.Add(IdlRules.WrongType, attribute.Type.At, "an attribute that can be set", attribute.Type.Spelling());
        if (attribute.Modifier == IdlAttributeModifier.Stringifier && !type.IsUnknown && type.Simple?.IsString() != true)
            report.Add(IdlRules.WrongType, attribute.Type.At, "a stringifier", attribute.Type.Spelling());
        var annotations = attribute.Type.ExtendedAttributes;
        if (attribute.Type is IdlNamedType named && scope.Find(named.Name) is IdlTypedef typedef)
            annotations = new(annotations.Concat(typedef.Type.ExtendedAttributes));
        if (attribute.ReadOnly && annotations.FirstOrDefault(e => e.Name is "EnforceRange" or "Clamp") is { } range)
            report.Add(IdlRules.WrongAnnotation, attribute.Type.At, range.Name, "an attribute that is read only");
    }

    private void Special(IdlOperation operation)
    {
        var (kind, count) = operation.Modifier switch
        {
            IdlOperationModifier.Getter => ("a getter", 1),
            IdlOperationModifier.Setter => ("a setter", 2),
            _ => ("a deleter", 1),
        };
        var arguments = operation.Arguments;
        var named = operation.Modifier == IdlOperationModifier.Deleter ? "a string" : "an index (unsigned long) or a string";
        if (arguments.Count != count || arguments.Any(a => a.Optional || a.Variadic) || Variety(scope, operation) is null)
            report.Add(IdlRules.WrongSignature, operation.At, kind, named + (count == 2 ? ", and a value" : "") + ", none optional");
    }

    /// <summary>True if a special operation takes an index, false if a name, null if neither.</summary>
    public static bool? Variety(IdlScope scope, IdlOperation operation)
    {
        if (operation.Arguments.Count == 0) return null;
        var key = scope.Resolve(operation.Arguments[0].Type);
        if (key.Simple == IdlSimple.UnsignedLong && operation.Modifier != IdlOperationModifier.Deleter) return true;
        return key.IsUnknown || key.Simple?.IsString() == true ? false : null;
    }

    private void Arguments(EquatableArray<IdlArgument> arguments)
    {
        if (arguments.Count > MaxArguments) report.Add(IdlRules.TooMany, arguments[MaxArguments].At, "an operation has", MaxArguments, "arguments");
        var names = new HashSet<string>(StringComparer.Ordinal);
        IdlArgument? optional = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            Attributes(argument.ExtendedAttributes);
            if (!names.Add(argument.Name)) report.Add(IdlRules.Duplicate, argument.At, "argument", argument.Name);
            if (argument.Variadic && i < arguments.Count - 1) report.Add(IdlRules.VariadicNotLast, argument.At);
            if (argument.Optional) optional = argument;
            else if (optional is not null && !argument.Variadic) report.Add(IdlRules.RequiredAfterOptional, argument.At, argument.Name, optional.Name);
            types.Check(argument.Type, argument.ExtendedAttributes);
            types.Annotations(argument.Type, scope.Resolve(argument.Type), argument.ExtendedAttributes);
            Passed(argument.Type, "an argument");
            if (argument.Default is { } value) _values.Check(argument.Type, value);
            if (scope.IncludedDictionary(argument.Type) is not { } dictionary || scope.HasRequiredMember(dictionary)) continue;
            if (scope.Resolve(argument.Type).Nullable) continue;
            if (argument.Optional && argument.Default is null) report.Add(IdlRules.NoDefault, argument.At, dictionary.Name);
            else if (!argument.Optional && !argument.Variadic && arguments.Skip(i + 1).All(a => a.Optional || a.Variadic))
                report.Add(IdlRules.RequiredDictionary, argument.At, dictionary.Name);
        }
    }

    /// <summary>Types of what is passed in: neither undefined nor a nullable dictionary.</summary>
    private void Passed(IdlType type, string what)
    {
        var resolved = scope.Resolve(type);
        if ((resolved.IsDictionary && resolved.Nullable) || scope.Flatten(type).Any(t => t.Simple == IdlSimple.Undefined))
            report.Add(IdlRules.WrongType, type.At, what, type.Spelling());
    }

    private void Attributes(EquatableArray<IdlExtendedAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (Renamed.TryGetValue(attribute.Name, out var now))
                report.Add(IdlRules.Obsolete, attribute.At, "[" + attribute.Name + "]", "[" + now + "]");
            if (attribute.Name == "LegacyNoInterfaceObject") report.Add(IdlRules.NoInterfaceObject, attribute.At);
            if (attribute.Arguments is { } arguments) Arguments(arguments);
        }
    }
}
