using FsCheck.Xunit;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Stun;

/// <summary>RFC 8489 section 9.2: client and server against each other, in memory.</summary>
public class LongTermTests
{
    private const string Name = "マトリックス";
    private const string Secret = "TheMatrIX";
    private static readonly TransportAddress Source = TransportAddress.From([192, 0, 2, 1], 4000);
    private static readonly TransportAddress Elsewhere = TransportAddress.From([192, 0, 2, 1], 4001);
    private static readonly Instant Begin = Instant.Start + TimeSpan.FromSeconds(5);
    private static readonly Dictionary<string, string> Users = new() { [Name] = Secret };

    private static LongTermPolicy Policy(bool userhash, params StunPasswordAlgorithm[] algorithms) =>
        new("example.org", TimeSpan.FromMinutes(10), algorithms, userhash);

    private static StunLongTermServer Server(LongTermPolicy policy) => new(policy, Users, new Entropy(1));
    private static readonly LongTermPolicy Modern = Policy(false, StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5);

    private static StunMessage Binding(StunClass @class = StunClass.Request, byte id = 1) => new()
    {
        Method = StunMethod.Binding, Class = @class, TransactionId = new byte[] { id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, Attributes = [],
    };

    private static byte[] Sealed(LongTermRequest request) => StunSealer.Protect(request.Message.ToArray(), request.Seal);

    private static StunReading Read(byte[] bytes)
    {
        Assert.True(StunReading.TryRead(bytes, QuirkSet.None, out var reading, out var discard), discard.ToString());
        return reading;
    }

    /// <summary>The server's code, and its response: success as the usage would make it, or the error.</summary>
    private static (int Code, byte[] Response) Ask(StunLongTermServer server, byte[] request, Instant now, TransportAddress? source = null)
    {
        var reading = Read(request);
        var verdict = server.Judge(now, reading, source ?? Source);
        var response = verdict.IsGood
            ? Binding(StunClass.SuccessResponse) with { TransactionId = reading.Message.TransactionId.ToArray() }
            : server.Error(now, reading, verdict, source ?? Source);
        Assert.Equal(verdict.IsGood ? Name : null, verdict.Username);
        return (verdict.ErrorCode, StunSealer.Protect(response.ToArray(), verdict.Seal));
    }

    /// <summary>Send, and retry as the client says; the codes, and what it ends with.</summary>
    private static string Run(StunLongTermServer server, StunLongTermClient client, Instant now, List<byte[]>? sent = null)
    {
        var request = client.Begin(Binding());
        var codes = new List<int>();
        while (true)
        {
            var bytes = Sealed(request);
            sent?.Add(bytes);
            var (code, response) = Ask(server, bytes, now);
            codes.Add(code);
            var reaction = client.Receive(request, Read(response), new TransactionId(7, (uint)codes.Count), out var next);
            if (reaction != LongTermReaction.Retry) return $"{string.Join(" ", codes)} {reaction}";
            request = next!;
        }
    }

    /// <summary>An authenticated request of a client that has been challenged by this server.</summary>
    private static LongTermRequest Authenticated(StunLongTermServer server, string name = Name, string password = Secret)
    {
        var client = new StunLongTermClient(name, password);
        var first = client.Begin(Binding());
        var response = Read(Ask(server, Sealed(first), Begin).Response);
        Assert.Equal(LongTermReaction.Retry, client.Receive(first, response, new TransactionId(7, 7), out var next));
        return next!;
    }

    private static byte[] Without(LongTermRequest request, params Type[] types) =>
        Sealed(request with { Message = request.Message with { Attributes = [.. request.Message.Attributes.Where(a => !types.Contains(a.GetType()))] } });

    [Theory]
    [InlineData(false, new StunPasswordAlgorithm[0], false)]
    [InlineData(false, new[] { StunPasswordAlgorithm.Md5 }, true)]
    [InlineData(false, new[] { StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5 }, true)]
    [InlineData(true, new[] { StunPasswordAlgorithm.Sha256 }, true)]
    [InlineData(true, new StunPasswordAlgorithm[0], false)]
    public void A_challenge_is_answered_and_then_remembered(bool userhash, StunPasswordAlgorithm[] algorithms, bool sha256)
    {
        var server = Server(Policy(userhash, algorithms));
        var client = new StunLongTermClient(Name, Secret);
        var sent = new List<byte[]>();
        Assert.Equal("401 0 Deliver", Run(server, client, Begin, sent));
        Assert.Equal("0 Deliver", Run(server, client, Begin, sent));

        Assert.Equal([StunAttributeType.Fingerprint], Read(sent[0]).TypesWhere(_ => true));
        foreach (var bytes in sent.Skip(1))
        {
            Assert.Equal(sha256 ? StunIntegrityAlgorithms.Sha256 : StunIntegrityAlgorithms.Sha1, StunAuthenticator.AlgorithmOf(Read(bytes)));
            Assert.Equal(userhash, Read(bytes).Has(StunAttributeType.Userhash));
            Assert.Equal(!userhash, Read(bytes).Has(StunAttributeType.Username));
            Assert.Equal(algorithms.Length > 0, Read(bytes).Has(StunAttributeType.PasswordAlgorithm));
        }
        if (algorithms.Length > 0) Assert.Equal(algorithms[0], Authenticated(server).Challenge!.Algorithm);
    }

    [Fact]
    public void A_stale_nonce_is_replaced_once()
    {
        var server = Server(Modern);
        var client = new StunLongTermClient(Name, Secret);
        Assert.Equal("401 0 Deliver", Run(server, client, Begin));
        Assert.Equal("0 Deliver", Run(server, client, Begin + TimeSpan.FromMinutes(10)));
        Assert.Equal("438 0 Deliver", Run(server, client, Begin + TimeSpan.FromMinutes(11)));
        // A server whose nonces never live does not keep the client busy.
        var deaf = Server(Modern with { NonceLifetime = TimeSpan.FromTicks(-1) });
        Assert.Equal("401 438 438 Rejected", Run(deaf, new StunLongTermClient(Name, Secret), Begin));
    }

    [Theory]
    [InlineData(Name, "wrong")]
    [InlineData("nobody", Secret)]
    public void Wrong_credentials_are_rejected_without_another_attempt(string name, string password)
    {
        Assert.Equal("401 401 Rejected", Run(Server(Modern), new StunLongTermClient(name, password), Begin));
        Assert.Equal("401 401 Rejected", Run(Server(Policy(true)), new StunLongTermClient(name, password), Begin));
    }

    [Fact]
    public void A_nonce_is_good_for_its_address_and_its_server_only()
    {
        var server = Server(Modern);
        var bytes = Sealed(Authenticated(server));
        Assert.Equal(0, Ask(server, bytes, Begin).Code);
        Assert.Equal(438, Ask(server, bytes, Begin, Elsewhere).Code);
        Assert.Equal(438, Ask(new StunLongTermServer(Modern, Users, new Entropy(2)), bytes, Begin).Code);
        Assert.Equal(438, Ask(server, bytes, Begin - TimeSpan.FromSeconds(1)).Code); // not issued yet
    }

    /// <summary>Section 9.2.4 checks the nonce last: who does not know the password is not told about it.</summary>
    [Fact]
    public void Wrong_integrity_goes_before_a_stale_nonce() =>
        Assert.Equal(401, Ask(Server(Modern), Sealed(Authenticated(Server(Modern), password: "wrong")), Instant.Never).Code);

    [Theory]
    [InlineData(typeof(Username))]
    [InlineData(typeof(Realm))]
    [InlineData(typeof(Nonce))]
    [InlineData(typeof(PasswordAlgorithms))] // the bid-down of section 9.2.1
    [InlineData(typeof(PasswordAlgorithm))]
    public void A_missing_attribute_is_a_bad_request(Type type)
    {
        var server = Server(Modern);
        var (code, response) = Ask(server, Without(Authenticated(server), type), Begin);
        Assert.Equal(400, code);
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.Fingerprint], Read(response).TypesWhere(_ => true));
    }

    [Fact]
    public void Without_integrity_the_challenge_is_whole()
    {
        var server = Server(Modern);
        var request = Authenticated(server);
        var (code, response) = Ask(server, Sealed(request with { Seal = default }), Begin);
        Assert.Equal(401, code);
        Assert.Equal([StunAttributeType.ErrorCode, StunAttributeType.Realm, StunAttributeType.Nonce, StunAttributeType.PasswordAlgorithms],
            Read(response).TypesWhere(_ => true));
    }

    /// <summary>With both attributes gone the key is MD5's (section 9.2.4), so a request made with SHA-256 does not pass.</summary>
    [Fact]
    public void Without_both_algorithm_attributes_the_key_is_MD5()
    {
        var server = Server(Modern);
        var request = Authenticated(server);
        Type[] both = [typeof(PasswordAlgorithms), typeof(PasswordAlgorithm)];
        Assert.Equal(401, Ask(server, Without(request, both), Begin).Code);
        var key = StunCredentials.LongTermKey(Name, "example.org", Secret);
        var (code, response) = Ask(server, Without(request with { Seal = new StunSeal(StunIntegrityAlgorithms.Sha1, key, true) }, both), Begin);
        Assert.Equal(0, code);
        Assert.Equal(StunIntegrityAlgorithms.Sha1, StunAuthenticator.AlgorithmOf(Read(response)));
    }

    /// <summary>Section 9.2.5: no retry when the nonce announces what is not there.</summary>
    [Fact]
    public void The_client_does_not_follow_a_bid_down()
    {
        var server = Server(Modern);
        var client = new StunLongTermClient(Name, Secret);
        var first = client.Begin(Binding());
        var request = Read(Sealed(first));
        var error = server.Error(Begin, request, server.Judge(Begin, request, Source), Source);
        var bare = error with { Attributes = [.. error.Attributes.Where(a => a is not PasswordAlgorithms)] };
        Assert.Equal(LongTermReaction.Rejected, client.Receive(first, Read(bare.ToArray()), default, out _));
        Assert.Equal(LongTermReaction.Retry, client.Receive(first, Read(error.ToArray()), default, out _));
    }

    /// <summary>Section 9.2.5: once algorithms were offered, only SHA-256; a nonce without cookie does not undo that.</summary>
    [Fact]
    public void The_client_does_not_go_back_to_SHA1()
    {
        var client = new StunLongTermClient(Name, Secret);
        var first = client.Begin(Binding());
        Assert.Equal(LongTermReaction.Retry, client.Receive(first, Read(Ask(Server(Modern), Sealed(first), Begin).Response), new TransactionId(7, 7), out var next));
        var stale = new LongTermVerdict(438, null, default);
        var older = Server(Policy(false)).Error(Begin, Read(Sealed(next!)), stale, Source);
        var same = Server(Modern).Error(Begin, Read(Sealed(next!)), stale, Source);
        Assert.Equal(LongTermReaction.Rejected, client.Receive(next!, Read(older.ToArray()), default, out _));
        Assert.Equal(LongTermReaction.Retry, client.Receive(next!, Read(same.ToArray()), default, out _));
    }

    [Fact]
    public void A_response_without_right_integrity_is_discarded()
    {
        var server = Server(Modern);
        var client = new StunLongTermClient(Name, Secret);
        var request = Authenticated(server);
        var good = Ask(server, Sealed(request), Begin).Response;
        var plain = Binding(StunClass.SuccessResponse) with { TransactionId = request.Message.TransactionId };
        Assert.Equal(LongTermReaction.Deliver, client.Receive(request, Read(good), default, out _));
        Assert.Equal(LongTermReaction.Discard, client.Receive(request, Read(plain.ToArray()), default, out _));
        good[30] ^= 1; // within the HMAC
        Assert.Equal(LongTermReaction.Discard, client.Receive(request, Read(good), default, out _));
    }

    private sealed class OneNonce(string value) : IStunNonces
    {
        public string Issue(StunSecurityFeatures features, Instant now, TransportAddress source) => value;
        public bool IsFresh(string nonce, Instant now, TransportAddress source) => nonce == value;
    }

    /// <summary>RFC 5769 section 2.4.</summary>
    [Theory]
    [InlineData("f//499k954d6OL34oL9FSTvy64sA", "example.org", Secret, 0)]
    [InlineData("another", "example.org", Secret, 438)]
    [InlineData("f//499k954d6OL34oL9FSTvy64sA", "example.com", Secret, 401)]
    [InlineData("f//499k954d6OL34oL9FSTvy64sA", "example.org", "wrong", 401)]
    public void The_published_request_is_good_for_its_nonce_realm_and_password(string nonce, string realm, string password, int code)
    {
        var vector = Convert.FromHexString(
            "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c"
            + "662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f726700"
            + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666");
        var server = new StunLongTermServer(Modern with { Realm = realm }, new Dictionary<string, string> { [Name] = password }, new OneNonce(nonce));
        Assert.Equal(code, server.Judge(Begin, Read(vector), Source).ErrorCode);
    }

    /// <summary>Any bytes, and any damage to a good message, give a verdict and a reaction.</summary>
    [Property(MaxTest = 500)]
    public bool Nothing_throws(byte[] bytes, int at, byte value)
    {
        var server = Server(Modern);
        var client = new StunLongTermClient(Name, Secret);
        var first = client.Begin(Binding());
        var challenge = Ask(server, Sealed(first), Begin).Response;
        foreach (var good in new[] { bytes ?? [], Sealed(Authenticated(server)), challenge })
        {
            if (good.Length > 0) good[(int)((uint)at % good.Length)] = value;
            if (!StunReading.TryRead(good, QuirkSet.None, out var reading, out _)) continue;
            var verdict = server.Judge(Begin, reading, Source);
            if (!verdict.IsGood) server.Error(Begin, reading, verdict, Source).ToArray();
            if (client.Receive(first, reading, default, out var next) == LongTermReaction.Retry) Sealed(next!);
        }
        return true;
    }

    [Property]
    public bool No_text_is_a_fresh_nonce(string text) => !new StunNonces(new Entropy(1), TimeSpan.MaxValue).IsFresh(text ?? "", Instant.Never, Source)
        & StunNonceCookie.Read(text ?? "") == StunSecurityFeatures.None;
}
