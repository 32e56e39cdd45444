using System.Reflection;
using System.Text;

namespace WebRtcConformance.Fuzz;

/// <summary>Corpus files: `.hex` (and a single `.txt` that is named) hold hexadecimal digits with blanks and `#` comments; every other file is the input itself.</summary>
public static class FuzzFiles
{
    /// <summary>Longest file that is read, in bytes.</summary>
    private const int MaxSize = 1 << 20;

    /// <summary>Reads one file; false with a reason for a person when it cannot be read or holds no input.</summary>
    public static bool TryRead(string path, out byte[] bytes, out string error)
    {
        bytes = [];
        try
        {
            if (new FileInfo(path).Length > MaxSize)
            {
                error = $"{path}: longer than {MaxSize} bytes, not an input";
                return false;
            }
            if (Path.GetExtension(path) is not (".hex" or ".txt"))
            {
                bytes = File.ReadAllBytes(path);
                error = "";
                return true;
            }
            var text = File.ReadAllText(path);
            error = TryParseHex(text, out bytes) ? "" : $"{path}: not hexadecimal (digits, blanks and # comments)";
            return error.Length == 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            error = $"{path}: {exception.Message}";
            return false;
        }
    }

    /// <summary>Reads hexadecimal digits with blanks and `#` comments.</summary>
    public static bool TryParseHex(string text, out byte[] bytes)
    {
        bytes = [];
        var digits = string.Concat(text.Split('\n').Select(line => line.Split('#')[0]).SelectMany(line => line.Where(c => !char.IsWhiteSpace(c))));
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit)) return false;
        bytes = Convert.FromHexString(digits);
        return true;
    }

    /// <summary>The inputs of a folder and the folders in it, in a fixed order. What stands beside an artifact's input is none.</summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is not (".json" or ".txt" or ".cs" or ".md"))
            .Order(StringComparer.Ordinal);

    /// <summary>The inputs that come with the suite (fuzz/corpus/TARGET/KIND), in a fixed order: `.hex` files, `.lines` of which each is an input (without `#` comments), and descriptions.</summary>
    /// <param name="kind">"seeds" or "regressions".</param>
    public static IEnumerable<(string Name, byte[] Bytes)> Shipped(string target, string kind)
    {
        var assembly = typeof(FuzzFiles).Assembly;
        var prefix = $"corpus/{target}/{kind}/";
        foreach (var name in assembly.GetManifestResourceNames().Select(name => name.Replace('\\', '/')).Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            using var stream = Resource(assembly, name);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            var text = Encoding.UTF8.GetString(content.ToArray());
            switch (Path.GetExtension(name))
            {
                case ".sdp": yield return (name, content.ToArray()); break;
                case ".lines":
                    foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line[0] != '#')) yield return ($"{name}: {line}", Encoding.UTF8.GetBytes(line));
                    break;
                default: if (TryParseHex(text, out var bytes)) yield return (name, bytes); break;
            }
        }
    }

    private static Stream Resource(Assembly assembly, string name) =>
        assembly.GetManifestResourceStream(name) ?? assembly.GetManifestResourceStream(name.Replace('/', '\\'))!;
}
