using System.Reflection;

namespace WebRtcConformance.Api.Tests;

/// <summary>An implementation of every generated interface that remembers what is set and gives defaults otherwise: enough to ask a shape. Single members
/// can be given a body.</summary>
public class StandIn : DispatchProxy
{
    private readonly Dictionary<string, object?> _values = [];
    private Dictionary<string, Func<object?[], object?>> _bodies = [];

    public static object Of(Type type, params (string Member, Func<object?[], object?> Body)[] bodies)
    {
        var made = Create(type, typeof(StandIn));
        ((StandIn)made)._bodies = bodies.ToDictionary(b => b.Member, b => b.Body, StringComparer.Ordinal);
        return made;
    }

    public static T Of<T>(params (string Member, Func<object?[], object?> Body)[] bodies) where T : class => (T)Of(typeof(T), bodies);

    /// <summary>Implementations of all interface objects.</summary>
    public static Dictionary<string, object> Statics() =>
        IdlInterfaces.All.Values.Where(i => i.StaticsType is not null).ToDictionary(i => i.Name, i => Of(i.StaticsType!), StringComparer.Ordinal);

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        if (_bodies.TryGetValue(method!.Name, out var body)) return body(arguments ?? []);
        if (method.Name.StartsWith("set_", StringComparison.Ordinal))
        {
            _values[method.Name[4..]] = arguments![0];
            return null;
        }
        if (method.Name.StartsWith("get_", StringComparison.Ordinal) && _values.TryGetValue(method.Name[4..], out var value)) return value;
        return Default(method.ReturnType);
    }

    private static object? Default(Type type)
    {
        if (type == typeof(void)) return null;
        if (type == typeof(string)) return "";
        if (type.IsInterface && IdlInterfaces.All.Values.Any(i => i.Type == type)) return Of(type);
        return type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance(type) : null;
    }
}
