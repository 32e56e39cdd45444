using System.Text;
using System.Text.Json;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

public static partial class WireJson
{
    /// <summary>Reads canonical JSON. Properties that the schema does not know are ignored (so is "name"). <paramref name="error"/> says
    /// which property is wrong and why.</summary>
    public static bool TryRead(Pdu schema, JsonElement json, out WireTree? tree, out string? error) => TryRead(WirePlans.Default.Of(schema), json, out tree, out error);

    /// <inheritdoc cref="TryRead(Pdu, JsonElement, out WireTree?, out string?)"/>
    public static bool TryRead(WirePlan plan, JsonElement json, out WireTree? tree, out string? error)
    {
        tree = null;
        if (TryRaw(json, out var raw))
        {
            tree = WireTree.Read(plan, raw);
            error = null;
            return true;
        }
        var reader = new WireJsonReader();
        if (reader.Pdu(plan, json, plan.Pdu.CsName, 0) is not { } root) { error = reader.Problem; return false; }
        TreeLayout.All(root);
        if (root.Length > WireLimits.MaxBytes) { error = $"the message would have more than {WireLimits.MaxBytes} bytes"; return false; }
        reader.Settle(root);
        (tree, error) = (new WireTree(plan, root), null);
        return true;
    }
}

/// <summary>Builds items from JSON.</summary>
internal sealed class WireJsonReader
{
    /// <summary>Derived integers and padding that the JSON gives, to be overridden where they are not what writing computes.</summary>
    private readonly List<(WireItem Item, ulong Number, byte[]? Bytes)> _given = [];

    public string? Problem { get; private set; }

    private T? Fail<T>(string at, string problem) where T : class
    {
        Problem ??= $"{at}: {problem}";
        return null;
    }

    public WireItem? Pdu(WirePlan plan, JsonElement json, string at, int depth)
    {
        if (depth > WireLimits.MaxDepth) return Fail<WireItem>(at, "nested too deeply");
        if (json.ValueKind != JsonValueKind.Object) return Fail<WireItem>(at, "an object is expected");
        var pdu = new WireItem(WireItemKind.Pdu) { Plan = plan, ChildList = [] };
        foreach (var f in plan.Fields)
        {
            var path = $"{at}.{WireJson.NameOf(f.Field.CsName)}";
            var isThere = json.TryGetProperty(WireJson.NameOf(f.Field.CsName), out var value);
            if (f.IsVirtual) continue;
            var item = f.Kind == FieldKind.Split && !isThere ? Split(f, json, at) : isThere ? Field(f, value, pdu, path, depth) : Missing(f, path);
            if (Problem is not null) return null;
            if (item is not null) pdu.ChildList.Add(item);
        }
        if (json.TryGetProperty("$tail", out var tail))
        {
            if (!WireJson.TryHex(tail, out var bytes)) return Fail<WireItem>(at + ".$tail", "hex digits are expected");
            pdu.ChildList.Add(WireItem.OfRaw(bytes));
        }
        return pdu;
    }

    /// <summary>A field that the JSON leaves out: absent when its presence is conditional, else what writing puts there.</summary>
    private WireItem? Missing(FieldPlan f, string at)
    {
        if (f.When is not null || f.IsVirtual) return null;
        switch (f.Field.Shape)
        {
            case ConstShape c: return Number(f, c.Value);
            case ReservedShape r: return Number(f, r.Sent);
            case BytesShape when f.Field.Role == Role.Free: return new WireItem(WireItemKind.Bytes) { Slot = f };
            case PadShape: return new WireItem(WireItemKind.Bytes) { Slot = f };
            case ChecksumShape: return new WireItem(WireItemKind.Bytes) { Slot = f, Bytes = new byte[f.ChecksumBytes] };
            default: return f.Derive is not null && f.IsNumber ? Number(f, 0) : Fail<WireItem>(at, "is missing");
        }
    }

    private static WireItem Number(FieldPlan f, ulong value) => new(WireItemKind.Number) { Slot = f, Number = value };

    private WireItem? Split(FieldPlan f, JsonElement json, string at)
    {
        ulong value = 0;
        var found = 0;
        foreach (var part in f.Parts)
        {
            var name = WireJson.NameOf(part.Part.CsName);
            if (!json.TryGetProperty(name, out var given)) continue;
            found++;
            if (!WireJson.TryNumber(given, out var number) || number > Bits.Low(part.Part.WireBits.Count))
                return Fail<WireItem>($"{at}.{name}", $"an integer of {part.Part.WireBits.Count} bits is expected");
            value = part.Write(value, number);
        }
        if (found == f.Parts.Length) return Number(f, value);
        return found == 0 && f.When is not null ? null : Fail<WireItem>(at, $"{string.Join(" and ", f.Parts.Select(p => WireJson.NameOf(p.Part.CsName)))} are expected");
    }

    private WireItem? Field(FieldPlan f, JsonElement json, WireItem pdu, string at, int depth)
    {
        if (WireJson.TryRaw(json, out var raw))
        {
            if (!f.Leb128 || WireLeb128.Read(raw, 0, raw.Length, out var value) != raw.Length) return OfRaw(f, raw);
            var padded = Number(f, value);
            padded.Width = raw.Length;
            if (f.Derive is not null) _given.Add((padded, value, null));
            return padded;
        }
        switch (f.Kind)
        {
            case FieldKind.UInt or FieldKind.Split or FieldKind.Const or FieldKind.Reserved:
                if (!WireJson.TryNumber(f, json, out var number)) return Fail<WireItem>(at, $"an integer of {f.Bits} bits is expected");
                var item = Number(f, number);
                if (f.Derive is not null) _given.Add((item, number, null));
                return item;
            case FieldKind.Bytes when f.Text != TextEncoding.None:
                if (json.ValueKind != JsonValueKind.String) return Fail<WireItem>(at, "text is expected");
                return OfBytes(f, TryText(json) ?? [], at);
            case FieldKind.Sequence or FieldKind.UIntSequence: return List(f, json, at, depth);
            case FieldKind.Nested: return Nested(f, f.Element!, json, at, depth);
            case FieldKind.Union when json.ValueKind == JsonValueKind.Object && f.Peek is not null:
                var type = json.TryGetProperty("$type", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
                return f.Plans.FirstOrDefault(p => p.Pdu.CsName == type) is { } chosen
                    ? Nested(f, chosen, json, at, depth) : Fail<WireItem>(at, "\"$type\" has to be one of " + string.Join(", ", f.Plans.Select(p => p.Pdu.CsName).Distinct()));
            case FieldKind.Union when json.ValueKind == JsonValueKind.Object:
                return f.PlanFor(pdu.ValueOfSlot(f.Selector) ?? 0) is { } known
                    ? Nested(f, known, json, at, depth) : Fail<WireItem>(at, "the type selects no known variant: hex digits are expected");
            // Hex for a known variant means that the bytes are not in its shape.
            case FieldKind.Union when (f.Peek is not null || f.PlanFor(pdu.ValueOfSlot(f.Selector) ?? 0) is not null) && WireJson.TryHex(json, out var unshaped): return OfRaw(f, unshaped);
            default: return WireJson.TryHex(json, out var bytes) ? OfBytes(f, bytes, at) : Fail<WireItem>(at, "hex digits are expected, two for each byte");
        }
    }

    /// <summary>UTF-8 of a string; null when it holds half of a surrogate pair.</summary>
    private static byte[]? TryText(JsonElement json)
    {
        try { return Encoding.UTF8.GetBytes(json.GetString()!); }
        catch (InvalidOperationException) { return null; }
    }

    private WireItem? OfBytes(FieldPlan f, byte[] bytes, string at)
    {
        if (bytes.Length > WireLimits.MaxBytes) return Fail<WireItem>(at, "too long");
        var item = new WireItem(WireItemKind.Bytes) { Slot = f, Bytes = bytes };
        if (f.Kind == FieldKind.Pad) _given.Add((item, 0, bytes));
        if (f.Kind == FieldKind.Checksum && !WireChecksum.IsKeyed(f.Checksum!.Algorithm)) item.Override = WireOverride.Is;
        return item;
    }

    private static WireItem OfRaw(FieldPlan f, byte[] raw) => f.Packed > 0 ? PackedOfRaw(f, raw) : f.IsNumber && f.Bits % 8 != 0
        ? Number(f, Bits.Read(raw, 0, f.Bits)) : WireItem.OfRaw(raw, f);

    private static WireItem PackedOfRaw(FieldPlan f, byte[] raw) => new(WireItemKind.List)
    {
        Slot = f, ChildList = [.. Enumerable.Range(0, f.Packed).Select(i => Number(f, Bits.Read(raw, i * f.Bits, f.Bits)))],
    };

    private WireItem? List(FieldPlan f, JsonElement json, string at, int depth)
    {
        if (json.ValueKind != JsonValueKind.Array) return Fail<WireItem>(at, "an array is expected");
        var list = new WireItem(WireItemKind.List) { Slot = f, ChildList = [] };
        var index = 0;
        foreach (var e in json.EnumerateArray())
        {
            var path = $"{at}[{index++}]";
            if (f.Packed == 0 && WireJson.TryRaw(e, out var raw)) list.ChildList.Add(WireItem.OfRaw(raw));
            else if (f.Kind == FieldKind.Sequence)
            {
                if (Pdu(f.Element!, e, path, depth + 1) is not { } element) return null;
                list.ChildList.Add(element);
            }
            else if (WireJson.TryNumber(f, e, out var number)) list.ChildList.Add(Number(f, number));
            else return Fail<WireItem>(path, $"an integer of {f.Bits} bits is expected");
        }
        if (f.Packed > 0 && index != f.Packed) return Fail<WireItem>(at, $"{f.Packed} integers are expected");
        return list;
    }

    private WireItem? Nested(FieldPlan f, WirePlan plan, JsonElement json, string at, int depth) =>
        Pdu(plan, json, at, depth + 1) is { } child ? new WireItem(WireItemKind.Nested) { Slot = f, ChildList = [child] } : null;

    /// <summary>Overrides given derived values that are not what writing computes. A derived value may depend on another: repeats until all
    /// are as given.</summary>
    public void Settle(WireItem root)
    {
        for (var round = 0; round < 16; round++)
        {
            TreeEncoder.Encode(root, WireKey.None);
            var settled = true;
            foreach (var (item, number, bytes) in _given)
            {
                if (bytes is null ? item.Number == number : item.Bytes.Span.SequenceEqual(bytes)) continue;
                (item.Override, item.OverrideBy, settled) = (WireOverride.Is, number, false);
                if (bytes is not null) item.Bytes = bytes;
            }
            if (settled) return;
        }
    }
}
