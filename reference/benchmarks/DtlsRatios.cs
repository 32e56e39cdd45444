using System.Diagnostics;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Benchmarks;

/// <summary>What the DTLS machine costs, beside the cryptography that it cannot do without, in the same rounds: so a busy machine does not move the
/// ratio.</summary>
internal static class DtlsRatios
{
    private const int RecordSize = 1150;
    private const int LeastRounds = 300;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    private static readonly DtlsPolicy Policy = new();

    /// <summary>Signing as over real UDP, where no two runs are the same anyway.</summary>
    private static readonly LocalCertificate ClientCertificate = LocalCertificate.Generate(new Entropy(1), deterministic: false),
        ServerCertificate = LocalCertificate.Generate(new Entropy(2), deterministic: false);

    private sealed record NamedRow(string Name, int Calls, Row Row)
    {
        public NamedRow(string name, int calls, Action work) : this(name, calls, new Row(calls, () => { work(); return 0; }))
        {
        }

        public double Nanoseconds => Row.Nanoseconds;
        public long Allocated => Row.Allocated / Calls;
    }

    /// <summary>Prints the rows; 1 when a record allocates, or either ratio is beyond its bound.</summary>
    public static int Run()
    {
        var aead = new NamedRow($"AES-128-GCM alone, {RecordSize} B: seal + open", 1000, AeadAlone());
        var record = new NamedRow($"DTLS record, {RecordSize} B: send + receive", 1000, Records());
        var row = new List<NamedRow> { aead, record };
        var ratios = new List<(NamedRow Work, NamedRow Floor, double Limit)> { (record, aead, 1.4) };
        foreach (var group in new[] { NamedGroup.Secp256r1, NamedGroup.X25519 })
        {
            var floor = new NamedRow($"elliptic curves alone, {group}: 2 shares, 2 agreements, 2 signatures, 2 verifications", 2, () => CurvesAlone(group));
            var pair = new NamedRow($"DTLS handshake, {group}: both ends", 2, () => Handshake(group));
            row.AddRange([floor, pair]);
            ratios.Add((pair, floor, 1.6));
        }
        // Short rounds, so that some are not disturbed; and many, so that the code has been compiled for good even on a busy machine.
        var (started, rounds) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(started) < Time || rounds < LeastRounds; rounds++)
            foreach (var one in row) one.Row.Measure();

        foreach (var one in row) Console.WriteLine(FormattableString.Invariant($"{one.Name,-105} {one.Nanoseconds / 1000,9:F2} us {one.Allocated,8} B"));
        var bad = record.Allocated > 0;
        foreach (var (work, floor, limit) in ratios)
        {
            var ratio = work.Nanoseconds / floor.Nanoseconds;
            bad |= ratio > limit;
            Console.WriteLine(FormattableString.Invariant($"{work.Name}: {ratio:F2} times the cryptography alone (at most {limit:F2})"));
        }
        return bad ? 1 : 0;
    }

    private static Action AeadAlone()
    {
        var cipher = AeadCipher.Create(AeadAlgorithm.AesGcm, new byte[16]);
        byte[] nonce = new byte[AeadCipher.NonceSize], plaintext = new byte[RecordSize], sealedBytes = new byte[RecordSize + AeadCipher.TagSize], associated = new byte[13];
        return () =>
        {
            cipher.Seal(nonce, plaintext, associated, sealedBytes);
            if (!cipher.TryOpen(nonce, sealedBytes, associated, plaintext)) throw new InvalidOperationException("not authentic");
        };
    }

    private static Action Records()
    {
        var (client, server) = Handshake(NamedGroup.X25519);
        var data = new byte[RecordSize];
        return () =>
        {
            client.Send(Instant.Start, data);
            client.TryTake(out var sent);
            server.Receive(Instant.Start, sent.Bytes.Span);
            if (!server.TryTake(out var heard) || heard.Bytes.Length != RecordSize) throw new InvalidOperationException("the record is lost");
        };
    }

    private static void CurvesAlone(NamedGroup group)
    {
        using var one = EcdheShare.Create(group, new Entropy(1));
        using var other = EcdheShare.Create(group, new Entropy(2));
        one.TryAgree(other.PublicKey, out _);
        other.TryAgree(one.PublicKey, out _);
        foreach (var certificate in new[] { ClientCertificate, ServerCertificate })
        {
            var content = new byte[128];
            PeerCertificate.TryRead(certificate.Der.Span, out var peer, out _);
            if (!peer!.Verifies(SignatureScheme.EcdsaSecp256r1Sha256, content, certificate.Sign(SignatureScheme.EcdsaSecp256r1Sha256, content)))
                throw new InvalidOperationException("not verified");
        }
    }

    /// <summary>Both ends, in memory, with certificates that are there.</summary>
    public static (DtlsEndpoint Client, DtlsEndpoint Server) Handshake(NamedGroup group)
    {
        var policy = Policy with { Groups = [group] };
        var client = new DtlsEndpoint(DtlsRole.Client, policy, new Entropy(1), ClientCertificate);
        var server = new DtlsEndpoint(DtlsRole.Server, policy, new Entropy(2), ServerCertificate);
        client.SetPeerFingerprints(Instant.Start, [ServerCertificate.Fingerprint]);
        server.SetPeerFingerprints(Instant.Start, [ClientCertificate.Fingerprint]);
        client.Start(Instant.Start);
        while (Carry(client, server) | Carry(server, client))
        {
        }
        return client.IsConnected && server.IsConnected ? (client, server) : throw new InvalidOperationException("not connected");

        static bool Carry(DtlsEndpoint from, DtlsEndpoint to)
        {
            var any = false;
            while (from.TryTake(out var output))
            {
                if (output.Kind != DtlsOutputKind.Transmit) continue;
                to.Receive(Instant.Start, output.Bytes.Span);
                any = true;
            }
            return any;
        }
    }
}
