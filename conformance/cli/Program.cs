using System.Runtime.InteropServices;
using System.Text;
using WebRtcConformance.Cli;
using WebRtcConformance.Fuzz.Supervision;

if (args is [FuzzWorker.Command, ..])
{
    return FuzzWorker.Run(args[1..]);
}

using var stop = new CancellationTokenSource();
// The first signal ends the run in order, with its reports; the second ends the process.
void Ask(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
bool terminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
if (terminal)
{
    Console.OutputEncoding = new UTF8Encoding(false);
}

return CliApp.Run(args, new CliContext
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.In,
    Terminal = terminal,
    Environment = Environment.GetEnvironmentVariable,
    Today = DateOnly.FromDateTime(DateTime.Now),
    OpenSuite = () => new Suite(),
    Stop = stop.Token,
});
