namespace WebRtcConformance.Lab.Cases;

/// <summary>Marks a static method <c>void (Lab)</c> as the body of a case. The id is permanent: area/topic/what, kebab case.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}

/// <summary>What the case shows, in one sentence; printed by <c>wrc explain</c> and in reports.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AboutAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>Requirements of the catalogue that the case decides. MUST or SHOULD follows from them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CoversAttribute(params string[] requirements) : Attribute
{
    public IReadOnlyList<string> Requirements { get; } = requirements;
}

/// <summary>The case decides no requirement: no text says what a receiver does. It shows that the implementation lives, and names what it does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RobustnessAttribute : Attribute;

/// <summary>Features (spec/features.json) without which the case is not applicable.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsAttribute(params string[] features) : Attribute
{
    public IReadOnlyList<string> Features { get; } = features;
}

/// <summary>One parameter of the case; the case runs once for each combination of values.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MatrixAttribute(string parameter, params string[] values) : Attribute
{
    public string Parameter { get; } = parameter;
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The case wants a connection of its own: it changes, or looks at, more than the answer to one message.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FreshAttribute : Attribute;

/// <summary>The level at which the case talks to the system under test; <see cref="CaseLevel.Wire"/> when absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LevelAttribute(CaseLevel level) : Attribute
{
    public CaseLevel Level { get; } = level;
}

/// <summary>A static method <c>IEnumerable&lt;CaseDefinition&gt; ()</c> that makes cases from data, e.g. from the spec's rules.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseSourceAttribute : Attribute;

/// <summary>How a case reaches the system under test (adapter protocol levels).</summary>
public enum CaseLevel
{
    /// <summary>Bytes in, fields out.</summary>
    Codec,
    /// <summary>Datagrams between our peer and the implementation's.</summary>
    Wire,
}
