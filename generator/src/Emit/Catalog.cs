using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>A PDU and the module that defines it.</summary>
internal sealed record PduRef(SpecModule Module, Pdu Pdu);

/// <summary>One way to fill a union: selector codes and the PDU that they select.</summary>
internal sealed record Variant(ulong From, ulong To, PduRef Ref)
{
    /// <summary>A C# pattern for the codes.</summary>
    public string Pattern => From == To ? $"0x{From:X}" : $">= 0x{From:X} and <= 0x{To:X}";
}

/// <summary>The PDU that a variant is a case of: its record derives from that PDU's record.</summary>
internal sealed record VariantOwner(PduRef Owner, Field Union, Variant Variant);

/// <summary>Look-ups over all linked modules.</summary>
internal sealed class Catalog
{
    private readonly EquatableArray<SpecModule> _modules;
    private readonly Dictionary<(string Module, string CsName), VariantOwner> _owners = new();

    public Catalog(EquatableArray<SpecModule> modules)
    {
        _modules = modules;
        foreach (var module in modules)
        foreach (var pdu in module.Pdus)
        foreach (var field in pdu.Fields)
        {
            if (field.Shape is not UnionShape union) continue;
            var owner = new PduRef(module, pdu);
            foreach (var variant in Variants(module, union))
            {
                var key = (variant.Ref.Module.Name, variant.Ref.Pdu.CsName);
                if (!_owners.ContainsKey(key)) _owners.Add(key, new VariantOwner(owner, field, variant));
            }
        }
    }

    public IEnumerable<PduRef> AllPdus => _modules.SelectMany(m => m.Pdus.Select(p => new PduRef(m, p)));

    /// <summary>The PDU of that C# name, in the module itself or else in any other.</summary>
    public PduRef Pdu(SpecModule from, string csName)
    {
        foreach (var module in _modules.OrderBy(m => m.Name == from.Name ? 0 : 1))
        foreach (var pdu in module.Pdus)
            if (pdu.CsName == csName) return new PduRef(module, pdu);
        throw new UnsupportedShapeException($"no PDU {csName}");
    }

    public (SpecModule Module, Registry Registry) Registry(SpecModule from, string name)
    {
        foreach (var module in _modules.OrderBy(m => m.Name == from.Name ? 0 : 1))
        foreach (var registry in module.Registries)
            if (registry.Name == name || registry.CsName == name) return (module, registry);
        throw new UnsupportedShapeException($"no registry {name}");
    }

    public IReadOnlyList<Variant> Variants(SpecModule from, UnionShape union)
    {
        var variants = union.Cases.Select(c => new Variant(c.From, c.To, Pdu(from, c.Pdu))).ToList();
        if (union.Registry is null) return variants;
        foreach (var value in Registry(from, union.Registry).Registry.Values)
        {
            if (value.Variant is null) continue;
            var module = _modules.FirstOrDefault(m => m.Name == value.Module) ?? from;
            variants.Add(new Variant(value.Value, value.Value, Pdu(module, value.Variant)));
        }
        return variants;
    }

    public VariantOwner? OwnerOf(PduRef pdu) => _owners.TryGetValue((pdu.Module.Name, pdu.Pdu.CsName), out var owner) ? owner : null;

    public static string Namespace(SpecModule module) => "WebRtcConformance.Wire." + module.Namespace;

    /// <summary>How code of module <paramref name="from"/> names a type of module <paramref name="module"/>.</summary>
    public static string TypeName(SpecModule from, SpecModule module, string csName) =>
        from.Name == module.Name ? csName : $"global::{Namespace(module)}.{csName}";

    public static string TypeName(SpecModule from, PduRef pdu) => TypeName(from, pdu.Module, pdu.Pdu.CsName);

    /// <summary>The smallest C# integer for so many bits.</summary>
    public static string IntegerType(int bits) => bits <= 8 ? "byte" : bits <= 16 ? "ushort" : bits <= 32 ? "uint" : "ulong";

    public static int IntegerBits(int bits) => bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;

    /// <summary>The C# type of an integer value: its registry's enum, bool for one bit, or an unsigned integer.</summary>
    public string ValueType(SpecModule from, int bits, string? registry)
    {
        if (registry is null) return bits == 1 ? "bool" : IntegerType(bits);
        var found = Registry(from, registry);
        return TypeName(from, found.Module, found.Registry.CsName);
    }
}

/// <summary>The model has a shape that no C# is emitted for. The front ends refuse such models with a diagnostic of their own where they can.</summary>
public sealed class UnsupportedShapeException(string message) : Exception(message);
