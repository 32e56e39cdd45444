using System.CommandLine;
using WebRtcConformance.Host;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Reference;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc peer`: the reference as a peer for somebody else's test.</summary>
internal static class PeerCommand
{
    public static Command Make(CliContext context)
    {
        Option<string> seed = RunOptions.One("--seed", "N", "Seed of all that is random: decimal, 0x-hexadecimal, or random. Default: random.");
        Option<string> keyLog = RunOptions.One("--key-log", "FILE", "Add the secrets of each DTLS session to this file, for Wireshark (tls.keylog_file).");
        Option<string> role = RunOptions.One("--answer-as", "ROLE", "DTLS role in answers: client (setup:active) or server (setup:passive). Default: client.");
        Option<string[]> quirks = RunOptions.Many("--quirk", "NAME", "Break a rule on purpose, of any protocol. May be repeated.");
        var command = new WrcCommand("peer", "Plays WebRTC peers with data channels, told by the adapter protocol on standard input and output (docs/adapter-protocol.md).",
            "wrc peer", "wrc peer --key-log keys.txt", "wrc peer --answer-as server --seed 1", "wrc peer --quirk SctpAcceptsForgedCookie") { seed, keyLog, role, quirks };
        command.SetAction(parsed =>
        {
            var word = parsed.GetValue(role) ?? "client";
            if (word is not ("client" or "server")) throw CliException.Usage($"--answer-as is client or server, not '{OneLine.Of(word, 60)}'", "see: wrc peer --help");
            using KeyLogFile? log = Open(parsed.GetValue(keyLog));
            var entropy = new Entropy(Words.Seed(parsed.GetValue(seed) ?? "random"));
            using var platform = new UdpPlatform();
            using var adapter = new PeerAdapter(platform, entropy, new PeerPolicy { RoleInAnswer = word == "server" ? DtlsRole.Server : DtlsRole.Client },
                Words.Quirks(parsed.GetValue(quirks) ?? []), log);
            WcapServer.Run(adapter, context.In, context.Out);
            return ExitCode.AsExpected;
        });
        return command;
    }

    private static KeyLogFile? Open(string? path)
    {
        try
        {
            return path is null ? null : new KeyLogFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CliException.Usage($"the key log '{OneLine.Of(path!, 200)}' cannot be written: {OneLine.Of(e.Message, 300)}", "see: wrc peer --help");
        }
    }
}
