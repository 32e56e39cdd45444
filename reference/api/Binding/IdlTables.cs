using System.Text;
using System.Text.Json;

namespace WebRtcConformance.Api;

/// <summary>The tables as text, for the script that installs them in an engine.</summary>
public static class IdlTables
{
    private static readonly Lazy<string> Installer = new(() =>
    {
        using var stream = typeof(IdlTables).Assembly.GetManifestResourceStream("binding.js")!;
        return new StreamReader(stream).ReadToEnd();
    });

    /// <summary>A script whose value is a function (tables, host, global); see the head of reference/api/Binding/binding.js.</summary>
    public static string Script => Installer.Value;

    /// <summary>The interfaces that are exposed in a global, and their parents, parents first, as JSON. Members are addressed by their place.</summary>
    /// <param name="exposure">Names of the global, such as "Window".</param>
    public static string Json(params string[] exposure)
    {
        var order = new List<IdlInterface>();
        foreach (var item in IdlInterfaces.All.Values.OrderBy(i => i.Name, StringComparer.Ordinal))
        foreach (var each in IdlInterfaces.Chain(item))
            if (!order.Contains(each)) order.Add(each);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var item in order) Write(json, item, item.Exposed.Any(e => e == "*" || exposure.Contains(e)));
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, IdlInterface item, bool visible)
    {
        json.WriteStartObject();
        json.WriteString("name", item.Name);
        json.WriteString("parent", item.Parent);
        json.WriteNumber("length", item.ConstructorLength);
        json.WriteBoolean("visible", visible);
        json.WriteString("iterator", item.Iterator);
        json.WriteStartArray("members");
        foreach (var member in item.Members)
        {
            json.WriteStartObject();
            json.WriteString("kind", member.Kind.ToString());
            json.WriteString("name", member.Name);
            json.WriteNumber("length", member.Length);
            json.WriteBoolean("isStatic", member.IsStatic);
            json.WriteBoolean("readOnly", member.Setter is null);
            json.WriteBoolean("unforgeable", (member.Flags & IdlMemberFlags.Unforgeable) != 0);
            if (member.Kind == IdlMemberKind.Constant && member.Value.Type == JsType.Number) json.WriteNumber("value", member.Value.Number);
            if (member.Kind == IdlMemberKind.Constant && member.Value.Type == JsType.Boolean) json.WriteBoolean("value", member.Value.Boolean);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
