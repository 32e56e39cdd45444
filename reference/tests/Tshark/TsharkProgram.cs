using System.Diagnostics;
using System.Globalization;
using System.Xml;

namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>One field of a dissection.</summary>
/// <param name="Name">tshark's name, e.g. "stun.att.length".</param>
/// <param name="Offset">Bytes from the start of the protocol's own bytes.</param>
/// <param name="Size">Bytes; 0 for what tshark derived.</param>
/// <param name="Show">The value as tshark shows it.</param>
/// <param name="Value">The bytes in hex; of a bit field, its value shifted down.</param>
internal sealed record TsharkField(string Name, int Offset, int Size, string Show, string Value)
{
    public override string ToString() => $"{Name} at byte {Offset} ({Size} bytes), shown as '{Show}'";
}

/// <summary>Runs tshark, the dissector of Wireshark: an implementation of the same standards that nobody of this project wrote.</summary>
internal static class TsharkProgram
{
    public const string Missing = "tshark is not installed; on Debian: apt-get install --no-install-recommends tshark";

    /// <summary>The name of what stands for the fields of which tshark can make nothing.</summary>
    public const string Malformed = "_ws.malformed";

    private const int TimeoutMilliseconds = 120_000;

    private static readonly Lazy<bool> Installed = new(() =>
    {
        try
        {
            Run(["--version"]);
            return true;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    });

    public static bool IsInstalled => Installed.Value;

    /// <summary>Dissects each datagram by itself.</summary>
    /// <param name="protocol">tshark's name, e.g. "stun".</param>
    /// <param name="options">More arguments, e.g. preferences.</param>
    /// <returns>For each datagram the fields of the protocol, every one of them if it stands several times in the datagram; none where tshark saw something else.</returns>
    public static IReadOnlyList<IReadOnlyList<TsharkField>> Dissect(string protocol, IReadOnlyList<byte[]> datagrams, IpProtocol ip, params string[] options)
    {
        var path = Path.Combine(Path.GetTempPath(), $"wrc-{Guid.NewGuid():N}.pcap");
        try
        {
            File.WriteAllBytes(path, PcapFile.Of(datagrams, ip));
            string[] decode = ip == IpProtocol.Udp ? ["-d", $"udp.port=={PcapFile.Port},{protocol}"] : [];
            var result = Read(protocol, Run(["-n", "-r", path, "-T", "pdml", .. decode, .. options]));
            Assert.Equal(datagrams.Count, result.Count);
            return result;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Reads a whole capture.</summary>
    /// <param name="capture">The bytes of a pcap or pcapng file.</param>
    /// <param name="fields">tshark's names.</param>
    /// <param name="options">More arguments, e.g. preferences.</param>
    /// <returns>For each packet what tshark shows for each of the fields; several values of one are separated by commas.</returns>
    public static IReadOnlyList<string[]> Fields(byte[] capture, IReadOnlyList<string> fields, params string[] options)
    {
        var path = Path.Combine(Path.GetTempPath(), $"wrc-{Guid.NewGuid():N}.pcapng");
        try
        {
            File.WriteAllBytes(path, capture);
            var output = Run(["-n", "-r", path, "-T", "fields", .. fields.SelectMany(f => (string[])["-e", f]), .. options]);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<IReadOnlyList<TsharkField>> Read(string protocol, string pdml)
    {
        var packets = new List<IReadOnlyList<TsharkField>>();
        using var reader = XmlReader.Create(new StringReader(pdml), new() { DtdProcessing = DtdProcessing.Ignore });
        List<TsharkField>? packet = null;
        // The first of them is where the protocol begins; a compound or a datagram of records has several.
        var (depth, start) = (-1, -1);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.Name == "proto" && reader.Depth == depth) depth = -1;
            if (reader.NodeType != XmlNodeType.Element) continue;
            var name = reader.GetAttribute("name") ?? "";
            if (reader.Name == "packet")
            {
                packets.Add(packet = []);
                depth = start = -1;
            }
            else if (reader.Name == "proto" && name == protocol && depth < 0)
            {
                if (start < 0) start = Number(reader, "pos");
                if (!reader.IsEmptyElement) depth = reader.Depth;
            }
            else if (reader.Name == "proto" && name == Malformed) packet!.Add(new(name, 0, 0, reader.GetAttribute("showname") ?? "", ""));
            // What has no name is a heading or a remark; the wrapper of a remark is told by the remark's own name inside it.
            else if (reader.Name == "field" && depth >= 0 && name.Length > 0 && !name.StartsWith("_ws.expert", StringComparison.Ordinal))
                packet!.Add(new(name, Number(reader, "pos") - start, Number(reader, "size"), reader.GetAttribute("show") ?? "", reader.GetAttribute("value") ?? ""));
        }
        return packets;
    }

    private static int Number(XmlReader reader, string attribute) => int.Parse(reader.GetAttribute(attribute) ?? "0", CultureInfo.InvariantCulture);

    private static string Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds)) process.Kill();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"tshark ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
    }
}
