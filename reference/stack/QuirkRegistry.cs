using System.Reflection;

namespace WebRtcConformance.Stack;

/// <summary>One registered quirk.</summary>
/// <param name="Quirk">The member.</param>
/// <param name="Name">Its name, as written in requirement files and on command lines, where those of all protocols stand together.</param>
/// <param name="Rule">Document and section it breaks, "RFC8489:9.1.3".</param>
/// <param name="Summary">What happens, in one sentence.</param>
public sealed record QuirkInfo<TQuirk>(TQuirk Quirk, string Name, string Rule, string Summary) where TQuirk : struct, Enum;

/// <summary>What the names of an enum's quirks begin with, when its members leave it out.</summary>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class QuirkPrefixAttribute(string prefix) : Attribute
{
    public string Prefix => prefix;
}

/// <summary>All quirks of an enum, whose members are documented by <see cref="BreaksAttribute"/>.</summary>
public static class QuirkRegistry<TQuirk> where TQuirk : struct, Enum
{
    /// <summary>In the order of the enum.</summary>
    public static IReadOnlyList<QuirkInfo<TQuirk>> All { get; } = [.. Enum.GetValues<TQuirk>().Select(Describe)];

    /// <summary>Find by exact name.</summary>
    public static bool TryFind(string name, out QuirkInfo<TQuirk> quirk)
    {
        quirk = All.FirstOrDefault(q => q.Name == name)!;
        return quirk is not null;
    }

    private static QuirkInfo<TQuirk> Describe(TQuirk quirk)
    {
        var name = quirk.ToString();
        var breaks = typeof(TQuirk).GetField(name)!.GetCustomAttribute<BreaksAttribute>()
            ?? throw new InvalidOperationException($"quirk {name} does not say what it breaks");
        return new(quirk, typeof(TQuirk).GetCustomAttribute<QuirkPrefixAttribute>()?.Prefix + name, breaks.Rule, breaks.Summary);
    }
}
