namespace WebRtcConformance.Wire.Tests.Tshark;

// What stands inside the handshake messages of DTLS, a whole message in a record of its own.
public partial class TsharkTests
{
    private static readonly Protocol Handshake12 = new("dtls12.handshake", "dtls", "dtls-handshake", IpProtocol.Udp) { Before = RecordBefore },
        Handshake13 = new("dtls13.handshake13", "dtls", "dtls-handshake", IpProtocol.Udp) { Before = RecordBefore };

    /// <summary>The header of a record that holds the message; before a message that depends on what has been negotiated, also a record with the
    /// ServerHello that tells tshark DTLS 1.2 and TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.</summary>
    private static byte[] RecordBefore(byte[] message)
    {
        byte[] hello = [2, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0, 38, 0xFE, 0xFD, .. new byte[32], 0, 0xC0, 0x2B, 0];
        const byte ServerKeyExchange = 12, CertificateRequest = 13, CertificateVerify = 15, ClientKeyExchange = 16;
        return message[0] is ServerKeyExchange or CertificateRequest or CertificateVerify or ClientKeyExchange
            ? [.. HeaderOf(0, hello), .. hello, .. HeaderOf(1, message)] : HeaderOf(0, message);
    }

    /// <summary>RFC 6347 section 4.1: a handshake record of epoch 0.</summary>
    private static byte[] HeaderOf(byte sequenceNumber, byte[] message) =>
        [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, sequenceNumber, (byte)(message.Length >> 8), (byte)message.Length];

    /// <summary>The handshake messages that were sent in clear, put together from their fragments (RFC 6347 section 4.2.3).</summary>
    [Fact]
    public void Recorded_handshake_messages()
    {
        const byte ClientHello = 1, ServerHello = 2;
        var (of12, of13) = (new List<(string, byte[])>(), new List<(string, byte[])>());
        foreach (var file in RecordedPackets.FromTo(22, 22).GroupBy(packet => packet.Source.Split(':')[0]))
        {
            var fragments = file.SelectMany(packet => Records(packet.Bytes).Where(record => record[0] == 22 && record[3] == 0 && record[4] == 0)).SelectMany(Fragments);
            // The second ClientHello, which answers a HelloVerifyRequest or HelloRetryRequest, has another sequence number.
            foreach (var message in fragments.GroupBy(fragment => (Type: fragment[0], Sequence: fragment[4] << 8 | fragment[5])))
            {
                var body = new SortedDictionary<int, byte[]>();
                foreach (var fragment in message) body[fragment[6] << 16 | fragment[7] << 8 | fragment[8]] = fragment[12..];
                var whole = body.Values.SelectMany(part => part).ToArray();
                var head = message.First();
                if (whole.Length != (head[1] << 16 | head[2] << 8 | head[3])) continue;
                // A ServerHello that was recorded is of DTLS 1.3; a ClientHello is a message of either version.
                byte[] bytes = [.. head[..6], 0, 0, 0, .. head[1..4], .. whole];
                if (message.Key.Type != ServerHello) of12.Add((file.Key, bytes));
                if (message.Key.Type == ServerHello || message.Key.Type == ClientHello && file.Key.Contains("dtls13", StringComparison.Ordinal)) of13.Add((file.Key, bytes));
            }
        }
        // All their certificates in one message: a chain.
        var chain = of12.Where(message => message.Item2[0] == 11).SelectMany(message => message.Item2[15..]).ToArray();
        of12.Add(("all", Message(11, [.. Length(chain.Length), .. chain])));
        Compare(Handshake12, of12);
        Compare(Handshake13, of13);
    }

    private static byte[] Message(byte type, byte[] body) => [type, .. Length(body.Length), 0, 0, 0, 0, 0, .. Length(body.Length), .. body];

    private static byte[] Length(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static IEnumerable<byte[]> Fragments(byte[] record)
    {
        for (var at = 13; at + 12 <= record.Length;)
        {
            var end = at + 12 + (record[at + 9] << 16 | record[at + 10] << 8 | record[at + 11]);
            yield return record[at..end];
            at = end;
        }
    }

    private static readonly (string, Func<WireTree, bool>) Names =
        ("tshark looks into distinguished names, and drawn ones are no DER", tree => Any(tree.Root, item => item.Pdu?.CsName == "DistinguishedName")),
        Extensions = ("tshark looks into an extension wherever it stands; in a message that may not have it, or without a spec file, it is any bytes to us", tree => Any(tree.Root, IsOpaque));

    /// <summary>An extension that tshark has a dissector for, but whose content is just bytes here.</summary>
    private static bool IsOpaque(WireItem item)
    {
        const ulong RenegotiationInfo = 0xFF01, MostDissected = 64;
        return item.Children.Any(child => child is { Field.CsName: "ExtensionType", Number: <= MostDissected or RenegotiationInfo })
            && item.Children.Any(child => child is { Field.CsName: "ExtensionData", Kind: WireItemKind.Bytes, Length: > 0 });
    }

    [Fact]
    public void Drawn_handshake_messages_of_DTLS_1_2() => CompareDrawn(Handshake12, Names, Extensions,
        ("tshark takes a message of a type that it does not know for encrypted", tree => tree.Find("MsgType")!.Number is not (<= 6 or 8 or (>= 11 and <= 16) or >= 20 and <= 25)),
        ("tshark looks into certificates, and drawn ones are no DER", tree => Any(tree.Root, item => item.Pdu?.CsName == "Asn1Cert")));

    [Fact]
    public void Drawn_handshake_messages_of_DTLS_1_3() => CompareDrawn(Handshake13, Names, Extensions,
        ("tshark 4.0 knows no DTLS 1.3, and takes what is sent encrypted there for messages of DTLS 1.2", tree => tree.Find("MsgType")!.Number is not (1 or 2)),
        ("tshark takes a HelloRetryRequest for a ServerHello, which has more in that place", tree => Any(tree.Root, item => item.Pdu?.CsName == "HelloRetryRequestKeyShare")));
}
