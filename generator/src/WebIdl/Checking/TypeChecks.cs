using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Types on their own: that their names exist, that "?" and "or" stand where they may, and what extended attributes are on them.</summary>
internal sealed class TypeChecks(IdlScope scope, IdlReport report)
{
    /// <param name="around">The extended attributes of what has the type.</param>
    /// <param name="whole">Whether this is the whole type of an attribute, where alone an observable array may stand.</param>
    public void Check(IdlType type, EquatableArray<IdlExtendedAttribute> around = default, bool whole = false)
    {
        var resolved = scope.Resolve(type);
        Annotations(type, resolved, type.ExtendedAttributes);
        switch (type)
        {
            case IdlNamedType named:
                var definition = scope.Find(named.Name);
                if (definition is null) report.Add(IdlRules.UnknownType, type.At, named.Name);
                else if (definition is IdlMixin or IdlNamespace) report.Add(IdlRules.NotType, type.At, named.Name, "a " + NameChecks.Kind(definition));
                if (named.Name == "BufferSource" && type.ExtendedAttributes.Concat(around).Any(e => e.Name == "AllowShared"))
                    report.Add(IdlRules.Obsolete, type.At, "[AllowShared] BufferSource", "AllowSharedBufferSource");
                break;
            case IdlGenericType generic:
                foreach (var argument in generic.Arguments) Check(argument);
                break;
            case IdlUnionType union:
                Union(union);
                break;
        }
        if (!whole && type is IdlGenericType { Kind: IdlGeneric.ObservableArray })
            report.Add(IdlRules.WrongType, type.At, "anything but a regular attribute", type.Spelling());
        if (type.Nullable) Nullable(type);
    }

    public void Annotations(IdlType type, ResolvedType resolved, EquatableArray<IdlExtendedAttribute> attributes)
    {
        foreach (var attribute in attributes.Where(e => e.Name is "EnforceRange" or "Clamp"))
        {
            if (!resolved.IsUnknown && !scope.Flatten(type).Any(t => t.IsUnknown || t.Simple?.IsInteger() == true))
                report.Add(IdlRules.WrongAnnotation, attribute.At, attribute.Name, "the type '" + type.Spelling() + "'");
            else if (attribute.Name == "Clamp" && attributes.Any(e => e.Name == "EnforceRange"))
                report.Add(IdlRules.WrongAnnotation, attribute.At, "Clamp", "a type with [EnforceRange]");
        }
    }

    private void Nullable(IdlType type)
    {
        // What would be nullable, were it not for this "?".
        var inner = scope.Resolve(type with { Nullable = false });
        if (inner.Nullable || inner.Simple == IdlSimple.Any || inner.Generic is IdlGeneric.Promise or IdlGeneric.ObservableArray)
            report.Add(IdlRules.NotNullable, type.At, inner.Nullable ? "a type that is nullable already" : "'" + inner.Type.Spelling() + "'");
        else if (inner.Type is IdlUnionType union && (scope.NullableMembers(union) > 0 || scope.IncludedDictionary(inner.Type) is not null))
            report.Add(IdlRules.NullableUnion, type.At);
    }

    private void Union(IdlUnionType union)
    {
        foreach (var member in union.Members)
        {
            Check(member);
            var resolved = scope.Resolve(member);
            if (resolved.Simple == IdlSimple.Any || resolved.Generic == IdlGeneric.Promise)
                report.Add(IdlRules.NotInUnion, member.At, "'" + resolved.Type.Spelling() + "'");
        }
        if (scope.Flatten(union).Count > IdlScope.MaxUnion)
        {
            report.Add(IdlRules.TooMany, union.At, "a union holds", IdlScope.MaxUnion, "types");
            return;
        }
        if (!union.Nullable && scope.NullableMembers(union) is var count && (count > 1 || (count == 1 && scope.IncludedDictionary(union) is not null)))
            report.Add(IdlRules.NullableUnion, union.At);

        var parts = union.Members.Select(m => (Member: m, Types: scope.Flatten(m))).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // One complaint for each member.
                var clash = parts[j].Types.SelectMany(a => parts[i].Types.Select(b => (a, b)))
                    .FirstOrDefault(p => !HasOwnComplaint(p.a) && !HasOwnComplaint(p.b) && !Distinguishing.SingleTypesApart(scope, p.a, p.b));
                if (clash.a is null) continue;
                report.Add(IdlRules.NotDistinguishable, parts[i].Member.At, clash.a.Type.Spelling(), clash.b.Type.Spelling());
                break;
            }
        }
    }

    private static bool HasOwnComplaint(ResolvedType type) =>
        type.Simple == IdlSimple.Any || type.Generic is IdlGeneric.Promise or IdlGeneric.ObservableArray;
}
