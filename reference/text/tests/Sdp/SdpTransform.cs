using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Sdp;

namespace WebRtcConformance.SdpTests;

/// <summary>The sdp-transform package in generator/tests/oracles. A test that finds it not installed is skipped and says how to install it.</summary>
internal static class SdpTransform
{
    /// <summary>Each description, as sdp-transform reads it: the path of every value (e.g. "media[0].candidates[1].port"), and the value as text.</summary>
    public static Dictionary<string, SortedDictionary<string, string>> Parse(IEnumerable<(string Name, byte[] Text)> descriptions)
    {
        var folder = Path.Combine(SdpCorpus.Folder, "..", "..", "oracles");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "sdp-transform")),
            "sdp-transform is not installed: npm ci --no-audit --no-fund in generator/tests/oracles");
        var start = new ProcessStartInfo("node", ["sdp-transform.mjs"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed (it runs sdp-transform)");
        }
        using var process = started!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(new JsonObject(descriptions.Select(d => KeyValuePair.Create(d.Name, (JsonNode?)Encoding.UTF8.GetString(d.Text)))).ToJsonString());
        process.StandardInput.Close();
        using var output = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.RootElement.EnumerateObject().ToDictionary(p => p.Name, p =>
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
            Flatten(p.Value, "", values);
            return values;
        });
    }

    private static void Flatten(JsonElement element, string path, SortedDictionary<string, string> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject()) Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", values);
                break;
            case JsonValueKind.Array:
                for (var i = 0; i < element.GetArrayLength(); i++) Flatten(element[i], $"{path}[{i}]", values);
                break;
            default:
                values.Add(path, element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());
                break;
        }
    }
}
