using System.Text.Json.Nodes;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>The JSON Schemas of message formats, held by an independent validator against the JSON of drawn and of damaged messages.</summary>
public sealed class MessageSchemaTests
{
    private const int Messages = 60;

    public static TheoryData<string> Formats => [.. WirePlans.Default.All.Where(p => p.Pdu.Kind == Ir.PduKind.Message).Select(p => p.Path)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Json_of_messages_fits_their_schema(string path)
    {
        var plan = WirePlans.Default.All.Single(p => p.Path == path);
        var validator = new SchemaValidator(WireJsonSchema.Of(plan));
        var random = new Random(path.Length);
        var format = WireFormat.All.Single(f => f.Name == WireCodecs.All.Single(c => c.Pdu == plan.Pdu).Name);
        for (var i = 0; i < Messages; i++)
        {
            var bytes = new byte[random.Next(160)];
            random.NextBytes(bytes);
            var choices = new Choices(bytes);
            var message = format.Draw(ref choices);
            if (i % 2 == 1) message = format.Mutate(message, [], ref choices);
            var json = JsonNode.Parse(WireJson.Text(WireTree.Read(plan, message)))!;
            var fault = validator.Fault(json);
            Assert.True(fault is null, $"{fault}\n{Convert.ToHexString(message)}\n{json.ToJsonString()}");

            if (json is not JsonObject whole || whole.ContainsKey("raw")) continue;
            whole["notOfThisWorld"] = 1;
            Assert.NotNull(validator.Fault(whole));
        }
    }

    [Theory]
    [InlineData("""{"class":0,"method":1,"transactionId":"000102030405060708090a0b","attributes":[]}""", true)]
    [InlineData("""{"class":0,"method":1,"transactionId":"000102030405060708090a0b"}""", false)]
    [InlineData("""{"class":4,"method":1,"transactionId":"000102030405060708090a0b","attributes":[]}""", false)]
    [InlineData("""{"class":0,"method":1,"transactionId":"00010203040506070809","attributes":[{"type":6,"value":{"value":"a"}}]}""", true)]
    [InlineData("""{"class":0,"method":1,"transactionId":"0","attributes":[]}""", false)]
    [InlineData("""{"raw":"00ff"}""", true)]
    [InlineData("""{"raw":"00f"}""", false)]
    public void A_schema_refuses_what_is_no_message(string json, bool fits) =>
        Assert.Equal(fits, new SchemaValidator(WireJsonSchema.Of(WireCodecs.All.Single(c => c.Name == "stun.message").Pdu)).Fault(JsonNode.Parse(json)) is null);
}
