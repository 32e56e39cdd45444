using System.Collections.Concurrent;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>One way to break one rule of a message format.</summary>
/// <param name="Id">Permanent name, e.g. "stun/StunMessage.MessageLength/off-by-one".</param>
/// <param name="Node">The node that a strict parser names for messages that it must refuse; for others the node that is changed.</param>
/// <param name="Force">Reject: the broken message must be refused. Ignore, Warn: it must be accepted.</param>
/// <param name="Kind">The kind of the error; None for messages that must be accepted.</param>
public sealed record WireViolation(string Id, uint Node, Clause Clause, Force Force, EquatableArray<string> Requirements, WireErrorKind Kind)
    : IMessageViolation
{
    internal WirePlan Message { get; init; } = null!;
    internal Breakage Breakage { get; init; } = null!;

    /// <summary>Breaks a good message in this one way. The message is left as it is. False when the message has no place for it
    /// (a variant that is not there is put in where its list allows it).</summary>
    /// <param name="key">Key of the checksums, which are right over the broken bytes unless they are what is broken.</param>
    public bool TryApply(WireTree good, out byte[] bad, WireKey key = default) => ViolationSearch.TryApply(this, good, key, out bad);

    /// <inheritdoc/>
    public bool TryShow(ref Choices choices, WireKey key, out byte[] bad) => TryApply(WireDraw.Draw(Message, ref choices), out bad, key);

    public bool Equals(WireViolation? other) => other?.Id == Id;
    public override int GetHashCode() => Id.GetHashCode();
    public override string ToString() => Id;
}

/// <summary>The violations of a message format: one or more for every rule, constant, reserved field, length, padding, closed registry,
/// text, order and checksum of the message and of everything that it can contain.</summary>
public static class WireViolations
{
    private static readonly ConcurrentDictionary<WirePlan, IReadOnlyList<WireViolation>> s_cache = new();

    /// <inheritdoc cref="For(WirePlan)"/>
    public static IReadOnlyList<WireViolation> For(Pdu schema) => For(WirePlans.Default.Of(schema));

    /// <summary>Only violations that some message shows are listed: a witness was found, refused with exactly that node and kind (or
    /// accepted, as the force demands). A rule that another one always forestalls has none. Order and ids are deterministic.</summary>
    public static IReadOnlyList<WireViolation> For(WirePlan plan) => s_cache.GetOrAdd(plan, Find);

    private static IReadOnlyList<WireViolation> Find(WirePlan plan)
    {
        var goods = new ViolationSearch.Hosts(ViolationSearch.Witnesses(plan));
        var found = new List<WireViolation>();
        var names = new Dictionary<string, int>();
        foreach (var breakage in Breakages.Of(plan))
        {
            if (ViolationSearch.Observe(plan, breakage, goods) is not { } error) continue;
            var node = plan.Plans.Find(error.IsError ? error.Node : breakage.Target.Global(breakage.Node));
            names[breakage.Id] = names.GetValueOrDefault(breakage.Id) + 1;
            var id = names[breakage.Id] == 1 ? breakage.Id : $"{breakage.Id}-{names[breakage.Id]}";
            found.Add(new WireViolation(id, error.IsError ? error.Node : breakage.Target.Global(breakage.Node), node.Clause ?? breakage.Target.Pdu.Clause,
                breakage.Force, new EquatableArray<string>(node.Requirements), error.Kind)
            { Message = plan, Breakage = breakage });
        }
        return found;
    }
}
