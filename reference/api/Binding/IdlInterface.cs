namespace WebRtcConformance.Api;

/// <summary>Reads an attribute of a platform object. Conversion errors are the context's.</summary>
public delegate JsValue IdlGetter(IdlContext cx, object self);

/// <summary>Sets an attribute from a script's value.</summary>
public delegate void IdlSetter(IdlContext cx, object self, JsValue value);

/// <summary>Calls an operation or a constructor with a script's arguments; overloads are resolved inside.</summary>
public delegate JsValue IdlInvoker(IdlContext cx, object self, ReadOnlySpan<JsValue> arguments);

public enum IdlMemberKind : byte { Attribute, Operation, Constant }

[Flags]
public enum IdlMemberFlags : byte
{
    None = 0,
    Static = 1,

    /// <summary>It stands on each instance and cannot be redefined.</summary>
    Unforgeable = 2,

    /// <summary>Errors become a rejected promise.</summary>
    Promise = 4,

    /// <summary>An attribute that the default toJSON operation includes.</summary>
    Json = 8,

}

/// <summary>A member of an interface, with what an engine needs to install it (Web IDL section 3.7).</summary>
/// <param name="Length">Of an operation: the number of arguments that have to be given, its function's "length".</param>
/// <param name="Origin">The standard that declares it, by the name of its spec file.</param>
/// <param name="Setter">Null for what is read only.</param>
public sealed record IdlMember(
    IdlMemberKind Kind, string Name, string Origin, IdlMemberFlags Flags, int Length, IdlGetter? Getter, IdlSetter? Setter, IdlInvoker? Invoker, JsValue Value)
{
    public bool IsStatic => (Flags & IdlMemberFlags.Static) != 0;
    public bool IsPromise => (Flags & IdlMemberFlags.Promise) != 0;

    public static IdlMember Attribute(string name, string origin, IdlMemberFlags flags, IdlGetter getter, IdlSetter? setter = null) =>
        new(IdlMemberKind.Attribute, name, origin, flags, 0, getter, setter, null, default);

    public static IdlMember Operation(string name, string origin, IdlMemberFlags flags, int length, IdlInvoker invoker) =>
        new(IdlMemberKind.Operation, name, origin, flags, length, null, null, invoker, default);

    public static IdlMember Constant(string name, string origin, JsValue value) =>
        new(IdlMemberKind.Constant, name, origin, IdlMemberFlags.None, 0, null, null, null, value);
}

/// <summary>An interface as an engine has to install it.</summary>
/// <param name="Type">The generated C# interface that platform objects implement.</param>
/// <param name="Exposed">Names of the globals that it is exposed in; "*" for all.</param>
/// <param name="StaticsType">The generated C# interface with constructor and static members; null when there are none.</param>
/// <param name="Constructor">Null when the interface has none. Its self is a <paramref name="StaticsType"/>, its result a platform object's.</param>
/// <param name="ConstructorLength">The number of arguments that have to be given.</param>
public sealed record IdlInterface(
    string Name, string Origin, string? Parent, Type Type, IReadOnlyList<string> Exposed, bool Global, Type? StaticsType, IdlInvoker? Constructor, int ConstructorLength,
    IReadOnlyList<IdlMember> Members)
{
    /// <summary>The iteration method's name, which [Symbol.iterator] equals; null without one.</summary>
    public string? Iterator { get; init; }
}

/// <summary>The interfaces of all spec files.</summary>
public static partial class IdlInterfaces
{
    private static readonly Lazy<IReadOnlyDictionary<string, IdlInterface>> Loaded = new(() =>
    {
        var all = new List<IdlInterface>();
        AddGenerated(all);
        return all.ToDictionary(i => i.Name, StringComparer.Ordinal);
    });

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, IdlInterface> All => Loaded.Value;

    static partial void AddGenerated(List<IdlInterface> interfaces);

    /// <summary>The interface and its parents, the furthest first.</summary>
    public static IReadOnlyList<IdlInterface> Chain(IdlInterface item)
    {
        var chain = new List<IdlInterface> { item };
        while (chain[0].Parent is { } parent && All.TryGetValue(parent, out var next) && !chain.Contains(next)) chain.Insert(0, next);
        return chain;
    }
}
