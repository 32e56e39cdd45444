using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tests;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.TlsEcc;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Recorded flights of eleven implementations (tests/Wire/Dtls/packets): our server can talk with their clients, and what they said to
/// others does it no harm.</summary>
public class DtlsCorpusTests
{
    public static TheoryData<string> Files => new(DtlsPackets.All.Select(p => p.File).Distinct());

    /// <summary>The ClientHello of each, in all its fragments, is answered with a whole flight 4 that fits it.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_ClientHello_is_answered_with_flight_4(string file)
    {
        var (hello, datagrams) = ClientHelloOf(file);
        var server = new DtlsEndpoint(DtlsRole.Server, new DtlsPolicy(), new Entropy(1), DtlsPair.ServerCertificate);
        foreach (var datagram in datagrams) server.Receive(Instant.Start, datagram);
        var flight = Messages(server);
        Assert.Equal(
            [HandshakeType.ServerHello, HandshakeType.Certificate, HandshakeType.ServerKeyExchange, HandshakeType.CertificateRequest,
                HandshakeType.ServerHelloDone],
            flight.Select(m => m.MsgType));
        Assert.Equal(Enumerable.Range(hello.MessageSeq, 5), flight.Select(m => (int)m.MessageSeq));
        var answer = Assert.IsType<ServerHello>(flight[0]);
        Assert.Contains(answer.CipherSuite, hello.CipherSuites);
        Assert.Equal(ProtocolVersion.Dtls12, answer.ServerVersion);
        var offered = hello.Extensions!.Value.Select(e => e.ExtensionType).ToHashSet();
        if (hello.CipherSuites.Contains(CipherSuite.TlsEmptyRenegotiationInfoScsv)) offered.Add(ExtensionType.RenegotiationInfo); // RFC 5746 section 3.6
        Assert.Subset(offered, answer.Extensions.GetValueOrDefault().Select(e => e.ExtensionType).ToHashSet());
        Assert.Contains(answer.Extensions.GetValueOrDefault(), e => e.ExtensionType == ExtensionType.ExtendedMasterSecret);
        var group = Assert.IsType<ECParametersNamedCurve>(Assert.IsType<ServerKeyExchange>(flight[2]).Params.CurveParams).Namedcurve;
        Assert.Contains(group, hello.Extensions!.Value.OfType<ClientHelloSupportedGroups>().Single().NamedGroupList);
    }

    /// <summary>The fragments in any order, and each twice.</summary>
    [Theory]
    [InlineData("chromium")]
    [InlineData("firefox")]
    [InlineData("aiortc")]
    public void The_order_and_the_number_of_fragments_do_not_matter(string file)
    {
        var (_, datagrams) = ClientHelloOf(file);
        var server = new DtlsEndpoint(DtlsRole.Server, new DtlsPolicy(), new Entropy(1), DtlsPair.ServerCertificate);
        foreach (var datagram in datagrams.AsEnumerable().Reverse().SelectMany(d => new[] { d, d })) server.Receive(Instant.Start, datagram);
        Assert.Equal(5, Messages(server).Count);
    }

    /// <summary>A server that asks for a cookie keeps no state, so that the flights of all others do not keep a client of ours from
    /// connecting.</summary>
    [Fact]
    public void Foreign_flights_do_not_disturb_a_server_that_asks_for_cookies()
    {
        var pair = new DtlsPair(server: new DtlsPolicy { CookieExchange = true });
        Inject(pair, DtlsPair.ServerAddress, DtlsPair.ClientAddress);
        Assert.Null(pair.Server.End);
        Assert.True(pair.Connect(TimeSpan.FromSeconds(10)), pair.ToString());
    }

    /// <summary>What an association has agreed on stands: every recorded datagram is discarded, and data goes on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Foreign_flights_do_not_disturb_an_association(bool toServer)
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        if (toServer) Inject(pair, DtlsPair.ServerAddress, DtlsPair.ClientAddress);
        else Inject(pair, DtlsPair.ClientAddress, DtlsPair.ServerAddress);
        Assert.True(pair.AreConnected, pair.ToString());
        Assert.True((toServer ? pair.Server : pair.Client).Discards.Count() > 100);
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal("world", pair.Say(pair.Server, "world"));
        Assert.Equal(0, pair.Client.Endpoint.HeldBytes + pair.Server.Endpoint.HeldBytes);
    }

    private static void Inject(DtlsPair pair, TransportAddress to, TransportAddress from)
    {
        foreach (var packet in DtlsPackets.All) pair.World.Inject(new Datagram(from, to, packet.Bytes));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
    }

    private static (ClientHello Hello, List<byte[]> Datagrams) ClientHelloOf(string file)
    {
        var message = DtlsPackets.Messages.First(m => m.File == file && m.Bytes[0] == (byte)HandshakeType.ClientHello);
        Assert.True(Handshake.TryParse(message.Bytes, out var hello, out var error), error.ToString());
        var datagrams = DtlsPackets.All.Where(p => p.File == message.File && p.Sender == message.Sender
            && IsFragmentOf(p.Bytes, message.Sequence)).Select(p => p.Bytes).ToList();
        return (Assert.IsType<ClientHello>(hello), datagrams);

        static bool IsFragmentOf(byte[] datagram, ushort sequence) =>
            datagram.Length > 25 && datagram[0] == 22 && datagram[13] == (byte)HandshakeType.ClientHello && (datagram[17] << 8 | datagram[18]) == sequence;
    }

    /// <summary>The handshake messages of epoch 0 in what an endpoint has to send, put together by hand.</summary>
    private static List<Handshake> Messages(DtlsEndpoint endpoint)
    {
        var messages = new SortedDictionary<int, Handshake>();
        while (endpoint.TryTake(out var output))
        {
            if (output.Kind != DtlsOutputKind.Transmit) continue;
            Assert.True(DtlsDatagram.TryParse(output.Bytes.Span, out var datagram, out var error), error.ToString());
            foreach (var fragment in datagram.Records.Select(r => r.Content).OfType<HandshakeFragments>().SelectMany(f => f.Fragments))
            {
                Assert.Equal(fragment.Length, (uint)fragment.Body.Length);
                Assert.True(Handshake.TryParse(new UnknownHandshake(fragment.MsgType, fragment.Body) { MessageSeq = fragment.MessageSeq }.ToArray(),
                    out var message, out error), error.ToString());
                messages[fragment.MessageSeq] = message;
            }
        }
        return [.. messages.Values];
    }
}
