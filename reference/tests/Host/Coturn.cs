using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Host;

/// <summary>Debian's TURN server as a process of its own, on loopback only.</summary>
internal sealed class Coturn : IDisposable
{
    private static readonly string? Program = ((string[])["/usr/bin/turnserver", "/usr/local/bin/turnserver"]).FirstOrDefault(File.Exists);

    private readonly Process _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wrc-coturn-");
    private readonly StringBuilder _log = new();

    /// <summary>Needs <see cref="SkipUnlessInstalled"/>.</summary>
    public Coturn(string user, string password)
    {
        using (var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = TransportAddress.Parse($"127.0.0.1:{((IPEndPoint)probe.LocalEndPoint!).Port}");
        }
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _folder.FullName,
            ArgumentList =
            {
                "-n", "-L", "127.0.0.1", "-E", "127.0.0.1", "-p", $"{Address.Port}", "-a", "-u", $"{user}:{password}", "-r", "example.org", "--allow-loopback-peers",
                "--no-tcp", "--no-tls", "--no-dtls", "--no-cli", "--no-rfc5780", "--relay-threads", "1", "--log-file", "stdout", "--simple-log",
                "--pidfile", Path.Combine(_folder.FullName, "pid"), "--userdb", Path.Combine(_folder.FullName, "users"),
            },
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Write;
        _process.ErrorDataReceived += Write;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public TransportAddress Address { get; }

    public static void SkipUnlessInstalled() => Assert.SkipUnless(Program is not null, "no coturn here: apt-get install -y --no-install-recommends coturn");

    public override string ToString()
    {
        lock (_log) return $"coturn at {Address}{(_process.HasExited ? $", ended with {_process.ExitCode}" : "")}\n{_log}";
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(10_000);
        }
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (_log) _log.AppendLine(line.Data);
    }
}
