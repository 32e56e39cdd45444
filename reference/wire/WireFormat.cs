using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WebRtcConformance.Wire;

/// <summary>A format of packets: a generated codec, and the interpreter of its schema.</summary>
public sealed class WireFormat(IWireCodec codec) : IMessageFormat
{
    private static readonly Lazy<IReadOnlyList<WireFormat>> Generated = new(() => [.. WireCodecs.All.Select(codec => new WireFormat(codec))]);

    private readonly WirePlan _plan = WirePlans.Default.Of(codec.Pdu);
    private HashSet<string>? _namespaces;

    /// <summary>The format of every message PDU of every spec file.</summary>
    public static IReadOnlyList<WireFormat> All => Generated.Value;

    public IWireCodec Codec => codec;
    public WirePlan Plan => _plan;
    public string Name => codec.Name;
    public string Title => $"{codec.Pdu.Name} ({codec.Pdu.Clause})";
    public bool IsText => false;

    public bool Accepts(ReadOnlySpan<byte> bytes, out WireError error) => codec.Accepts(bytes, out error);

    public bool Interpret(ReadOnlySpan<byte> bytes, out WireError error) => WireTree.Accepts(_plan, bytes, out error);

    public bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out object? message, out WireError error)
    {
        var parsed = codec.TryParse(bytes, keepTrivia, out var typed, out error);
        message = typed;
        return parsed;
    }

    public byte[] Write(object message, WireKey key = default) => codec.Write((IWireMessage)message, key);

    public bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) => codec.Verify(bytes, key, out error);

    public bool InterpretVerify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) => WireTree.Verify(_plan, bytes, key, out error);

    public byte[] Draw(ref Choices choices, WireKey key = default) => WireDraw.Draw(_plan, ref choices).Encode(key);

    public byte[] Mutate(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> donor, ref Choices choices, WireKey key = default) =>
        WireMutator.Mutate(_plan, bytes, ref choices, donor, key);

    public byte[] Minimize(ReadOnlySpan<byte> bytes, Func<byte[], bool> predicate, int maxTests) => WireMinimizer.Minimize(bytes, _plan, predicate, maxTests);

    public string Dump(ReadOnlySpan<byte> bytes) => WireText.Dump(WireTree.Read(_plan, bytes));

    public void WriteJson(ReadOnlySpan<byte> bytes, Utf8JsonWriter writer) => WireJson.Write(WireTree.Read(_plan, bytes), writer);

    public string ElementAt(ReadOnlySpan<byte> bytes, int offset)
    {
        var item = WireTree.Read(_plan, bytes).Root;
        while (item.Children.LastOrDefault(child => child.Offset <= offset && offset < child.Offset + child.Length) is { } inner) item = inner;
        return item.Field?.CsName ?? item.Pdu?.CsName ?? "end";
    }

    public IReadOnlyList<byte[]> Dictionary => [.. WireDictionary.For(codec.Module).Select(token => token.Bytes.ToArray())];

    public JsonObject JsonSchema() => WireJsonSchema.Of(_plan);

    public IReadOnlyList<IMessageViolation> Violations => WireViolations.For(_plan);

    public WireCoverage NewCoverage() => new(_plan.Plans);

    public void Cover(ReadOnlySpan<byte> bytes, WireCoverage coverage) => WireTree.TryParse(_plan, bytes, out _, out _, coverage);

    public bool IsOwnCode(string type)
    {
        const string own = "WebRtcConformance.Wire.";
        _namespaces ??= Namespaces();
        return type.StartsWith(own + nameof(WireRead), StringComparison.Ordinal)
            || _namespaces.Any(name => type.StartsWith(name + ".", StringComparison.Ordinal));
    }

    private HashSet<string> Namespaces()
    {
        var plans = new HashSet<WirePlan>();
        Collect(_plan, plans);
        return plans.Select(plan => $"{typeof(WireFormat).Namespace}.{plan.Module.Namespace}").ToHashSet();
    }

    private static void Collect(WirePlan plan, HashSet<WirePlan> plans)
    {
        if (!plans.Add(plan)) return;
        foreach (var field in plan.Fields)
        {
            if (field.Element is { } element) Collect(element, plans);
            foreach (var known in field.Cases) Collect(known.Plan, plans);
        }
    }

    public override string ToString() => Name;
}
