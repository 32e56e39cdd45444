using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>The command line program openssl, as a DTLS peer over loopback UDP.</summary>
internal sealed class OpenSsl : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private OpenSsl(Process process)
    {
        _process = process;
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (_output) _output.AppendLine(line.Data);
        }
    }

    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? Missing { get; } = Probe();

    /// <summary>Everything that it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>A line for the peer.</summary>
    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public static OpenSsl Start(params string[] arguments) => new(Launch(arguments));

    /// <summary>A key and a self-signed certificate, as PEM in one file, and the certificate as DER.</summary>
    public static (string File, byte[] Der) MakeCertificate(string folder, bool rsa)
    {
        var file = Path.Combine(folder, rsa ? "rsa.pem" : "ec.pem");
        string[] kind = rsa ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        using var process = Launch(["req", "-x509", .. kind, "-nodes", "-subj", "/CN=openssl", "-days", "30", "-keyout", file, "-out", file + ".crt"]);
        process.StandardInput.Close();
        process.StandardOutput.ReadToEndAsync();
        process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(30_000) && process.ExitCode == 0, "openssl req");
        File.AppendAllText(file, File.ReadAllText(file + ".crt"));
        return (file, System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(File.ReadAllText(file + ".crt")).RawData);
    }

    /// <summary>The keying material that it prints with -keymatexport; null while it has not.</summary>
    public string? KeyingMaterial
    {
        get
        {
            const string Mark = "Keying material: ";
            var line = Output.Split('\n').FirstOrDefault(l => l.Contains(Mark, StringComparison.Ordinal));
            return line?[(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Trim();
        }
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(5_000);
        _process.Dispose();
    }

    private static Process Launch(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("openssl", arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private static string? Probe()
    {
        try
        {
            using var process = Launch(["version"]);
            process.StandardInput.Close();
            var version = process.StandardOutput.ReadToEnd();
            return version.StartsWith("OpenSSL ", StringComparison.Ordinal) ? null : $"'openssl version' says '{version.Trim()}', and OpenSSL is needed";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "openssl is not installed: apt-get install openssl";
        }
    }
}
