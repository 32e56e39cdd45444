using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a registry of code points as an enum. Any other value may be held too, since registries grow.</summary>
internal static class RegistryEmitter
{
    public static void Emit(CodeWriter code, Registry registry)
    {
        code.Line();
        code.Summary($"{registry.Name} ({registry.Clause}){(registry.Open ? "; other values occur" : "; closed")}.");
        code.Open($"public enum {registry.CsName} : {Catalog.IntegerType(registry.Bits)}");
        foreach (var value in Distinct(registry.Values, v => v.CsName))
        {
            code.Summary($"{value.Name} ({value.Clause}).");
            code.Line($"{value.CsName} = 0x{value.Value:X},");
        }
        code.Close();
        code.Line();
        code.Summary($"What is known of a value of {registry.Name}.");
        code.Open($"public static class {registry.CsName}Extensions");
        var known = registry.Values.Select(v => $"0x{v.Value:X}").Distinct().ToList();
        var type = Catalog.IntegerType(registry.Bits);
        code.Summary("Whether the registry has the value.");
        code.Line($"public static bool IsKnown(this {registry.CsName} value) => {(known.Count == 0 ? "false" : $"({type})value is {string.Join(" or ", known)}")};");
        foreach (var range in Distinct(registry.Ranges, r => r.CsName))
        {
            code.Summary($"{range.Name}: 0x{range.From:X} to 0x{range.To:X} ({range.Clause}).");
            code.Line($"public static bool Is{range.CsName}(this {registry.CsName} value) => (ulong)value - 0x{range.From:X}UL <= 0x{range.To - range.From:X}UL;");
        }
        code.Close();
    }

    private static IEnumerable<T> Distinct<T>(IEnumerable<T> items, Func<T, string> name) => items.GroupBy(name).Select(g => g.First());
}
