namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Whether values of two types can be told apart: Web IDL section 2.5.8, "distinguishable".</summary>
internal static class Distinguishing
{
    private enum Category
    {
        Undefined, Boolean, Numeric, BigInt, String, Object, Symbol, Interface, Callback, Dictionary, AsyncSequence, Sequence,
        /// <summary>A type that nothing is known about: it stays without complaint.</summary>
        Unknown,
        /// <summary>A type that the table leaves out.</summary>
        None,
    }

    // The table's upper half, a row for each category above, a column for each from Undefined to Sequence. 'x': distinguishable; letters as in
    // the standard: a, not the same interface, and no object implements both; c, unless the callback is [LegacyTreatNonObjectAsNull].
    private static readonly string[] Table =
    [
        ".xxxxxxxx.xx",
        "..xxxxxxxxxx",
        "...xxxxxxxxx",
        "....xxxxxxxx",
        ".....xxxxxxx",
        "......x.....",
        ".......xxxxx",
        ".......axxxx",
        ".........cxx",
        "..........xx",
        "............",
        "............",
    ];

    public static bool Apart(IdlScope scope, ResolvedType a, ResolvedType b)
    {
        if (scope.IncludesNullable(a) && MayBeNull(scope, b) || scope.IncludesNullable(b) && MayBeNull(scope, a)) return false;
        return scope.Flatten(a.Type).All(left => scope.Flatten(b.Type).All(right => SingleTypesApart(scope, left, right)));
    }

    private static bool MayBeNull(IdlScope scope, ResolvedType type) => scope.IncludesNullable(type) || scope.IncludedDictionary(type.Type) is not null;

    /// <summary>Step 4: types that are no unions, without regard to null.</summary>
    public static bool SingleTypesApart(IdlScope scope, ResolvedType a, ResolvedType b)
    {
        var (left, right) = (CategoryOf(a), CategoryOf(b));
        if (left == Category.Unknown || right == Category.Unknown) return true;
        if (left == Category.None || right == Category.None) return false;
        if (left > right) (a, b, left, right) = (b, a, right, left);
        return Table[(int)left][(int)right] switch
        {
            'x' => true,
            'a' => !Overlap(scope, a, b),
            'c' => a.Definition!.ExtendedAttributes.All(e => e.Name != "LegacyTreatNonObjectAsNull"),
            _ => false,
        };
    }

    public static bool IsBigInt(ResolvedType type) => CategoryOf(type) == Category.BigInt;
    public static bool IsNumeric(ResolvedType type) => CategoryOf(type) == Category.Numeric;

    private static bool Overlap(IdlScope scope, ResolvedType a, ResolvedType b)
    {
        if (a.Definition is not { } left || b.Definition is not { } right) return a.Simple is not null && a.Simple == b.Simple;
        return left.Name == right.Name
            || scope.Ancestors(left).Any(i => i.Name == right.Name) || scope.Ancestors(right).Any(i => i.Name == left.Name);
    }

    private static Category CategoryOf(ResolvedType type) => type.Type switch
    {
        IdlSimpleType { Kind: IdlSimple.Undefined } => Category.Undefined,
        IdlSimpleType { Kind: IdlSimple.Boolean } => Category.Boolean,
        IdlSimpleType { Kind: IdlSimple.BigInt } => Category.BigInt,
        IdlSimpleType { Kind: IdlSimple.Object } => Category.Object,
        IdlSimpleType { Kind: IdlSimple.Symbol } => Category.Symbol,
        IdlSimpleType simple => simple.Kind.IsNumeric() ? Category.Numeric : simple.Kind.IsString() ? Category.String
            : simple.Kind.IsBuffer() ? Category.Interface : Category.None,
        IdlGenericType { Kind: IdlGeneric.Sequence or IdlGeneric.FrozenArray } => Category.Sequence,
        IdlGenericType { Kind: IdlGeneric.AsyncSequence } => Category.AsyncSequence,
        IdlGenericType { Kind: IdlGeneric.Record } => Category.Dictionary,
        IdlGenericType => Category.None,
        _ => type.Definition switch
        {
            IdlInterface => Category.Interface,
            IdlEnum => Category.String,
            IdlCallback => Category.Callback,
            IdlDictionary or IdlCallbackInterface => Category.Dictionary,
            _ => Category.Unknown,
        },
    };
}
