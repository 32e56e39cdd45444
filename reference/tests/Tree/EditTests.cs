using System.Buffers.Binary;
using System.Text.Json;
using FsCheck.Xunit;

namespace WebRtcConformance.Wire.Tests;

public class EditTests
{
    private static readonly WirePlan s_plan = TestModules.StunMessage;

    /// <summary>USERNAME "evtj", PRIORITY, FINGERPRINT.</summary>
    private static WireTree Message()
    {
        const string json = """
            {"method":1,"class":0,"transactionId":"b7e7a701bc34d686fa87dfae","attributes":[
             {"type":6,"value":{"username":"evtj"}},{"type":36,"value":{"priority":1845494271}},{"type":32808,"value":{}}]}
            """;
        using var parsed = JsonDocument.Parse(json);
        Assert.True(WireJson.TryRead(s_plan, parsed.RootElement, out var tree, out var error), error);
        return tree!;
    }

    [Fact]
    public void Json_is_the_meaning_of_a_good_message()
    {
        var text = WireJson.Text(Message());
        Assert.Equal("{\"method\":1,\"class\":0,\"transactionId\":\"b7e7a701bc34d686fa87dfae\",\"attributes\":["
            + "{\"type\":6,\"name\":\"USERNAME\",\"value\":{\"username\":\"evtj\"}},{\"type\":36,\"name\":\"PRIORITY\",\"value\":{\"priority\":1845494271}},"
            + "{\"type\":32808,\"name\":\"FINGERPRINT\",\"value\":{}}]}", text);
        Assert.True(WireTree.Verify(s_plan, Message().Encode(), default, out _));
    }

    [Fact]
    public void A_wrong_length_stands_under_a_right_fingerprint()
    {
        var bytes = Message().Set("MessageLength", WireEdit.Off(4)).Encode();
        Assert.Equal(24 + 4, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)));
        bytes[3] -= 4; // the fingerprint is computed with the length that the message should have
        Assert.True(WireTree.Verify(s_plan, bytes, default, out var error), s_plan.Describe(error));
        var wrong = Message().Set("Attributes[FINGERPRINT].Value.Crc", WireEdit.Flip(1)).Encode();
        Assert.False(WireTree.Verify(s_plan, wrong, default, out error));
        Assert.Equal((WireErrorKind.Checksum, 20 + 8 + 8 + 4), (error.Kind, error.Offset));
    }

    [Fact]
    public void Edits_do_what_they_say()
    {
        byte[] With(string at, WireEdit edit) => Message().Set(at, edit).Encode();
        var good = Message().Encode();
        Assert.Equal(good[..2], With("Method", WireEdit.Is(1))[..2]);
        Assert.Equal(0x0002, BinaryPrimitives.ReadUInt16BigEndian(With("method", WireEdit.Is(2))));
        Assert.Equal(0x0110, BinaryPrimitives.ReadUInt16BigEndian(With("CLASS", WireEdit.Is(3))) & 0x0110);
        Assert.Equal(good.Length - 8, With("Attributes[PRIORITY]", WireEdit.Remove).Length);
        Assert.Equal(good.Length + 8, With("Attributes[Priority]", WireEdit.Duplicate).Length);
        Assert.Equal(0x80, With("Attributes[-1]", WireEdit.MoveTo(0))[20]);
        Assert.Equal([1, 2, 3, 4], With("Attributes[0]", WireEdit.InsertBefore(new byte[] { 1, 2, 3, 4 }))[20..24]);
        Assert.Equal(10, With("", WireEdit.Truncate(10)).Length);
        var cut = With("Attributes[1]", WireEdit.Truncate(5));
        Assert.Equal(good.Length - 3, cut.Length);
        Assert.Equal(good.Length - 3 - 20, BinaryPrimitives.ReadUInt16BigEndian(cut.AsSpan(2)));
        var cutChecksum = Message().Set("Attributes[2]", WireEdit.MoveTo(0)).Set("Attributes[0]", WireEdit.Truncate(5)).Encode();
        Assert.Equal(6, cutChecksum[20 + 5 + 1]); // what is cut off a checksum is not written over what follows
        Assert.Equal(0, With("Attributes[0].Length", WireEdit.Is(0))[23]);
        Assert.Equal([0xAB], With("Attributes[0].Username", WireEdit.Raw(new byte[] { 0xAB }))[24..25]);
        Assert.Equal(1, With("Attributes[0].Username", WireEdit.Raw(new byte[] { 0xAB }))[23]);
        Assert.Equal(5, With("Attributes[0].Padding", WireEdit.Raw(new byte[5])).Length - good.Length);
        Assert.Equal(good.Length, With("Attributes[0]", WireEdit.InsertBefore(Message())).Length - good.Length);
    }

    [Theory]
    [InlineData("Nope", "no field 'Nope'")]
    [InlineData("Attributes[9]", "there are 3 elements")]
    [InlineData("Attributes[NOPE]", "no element 'NOPE'")]
    [InlineData("Attributes[1", "']' is missing")]
    [InlineData("MessageLength[0]", "not a list")]
    [InlineData("Attributes", "is not a number")]
    [InlineData("Zero", "does not fit 2 bits")]
    public void Bad_paths_say_why(string path, string why)
    {
        Assert.False(Message().TrySet(path, WireEdit.Is(9), out var problem));
        Assert.Contains(why, problem);
        Assert.Throws<ArgumentException>(() => Message().Set(path, WireEdit.Is(9)));
    }

    [Fact]
    public void Growth_is_bounded()
    {
        var tree = Message();
        Assert.True(tree.TrySet("Attributes[0]", WireEdit.InsertBefore(new byte[WireLimits.MaxBytes - 1000]), out _));
        Assert.False(tree.TrySet("Attributes[0]", WireEdit.Duplicate, out var problem));
        Assert.Contains("bytes", problem);
    }

    [Property(MaxTest = 300)]
    public void Edits_survive_json(string at, int op, ulong by, byte[] bytes)
    {
        WireEdit edit = (op & 7) switch
        {
            0 => WireEdit.Is(by),
            1 => WireEdit.Off(unchecked((long)by)),
            2 => WireEdit.Flip(by),
            3 => WireEdit.Raw(bytes),
            4 => WireEdit.InsertBefore(bytes),
            5 => WireEdit.MoveTo((int)(by & 0xFFFF)),
            6 => WireEdit.Truncate((int)(by & 0xFFFF)),
            _ => (op & 8) == 0 ? WireEdit.Remove : WireEdit.Duplicate,
        };
        using var stream = new MemoryStream();
        at = string.Concat((at ?? "").Where(char.IsAscii));
        using (var writer = new Utf8JsonWriter(stream)) WireEditJson.Write(new WireChange(at, edit), writer);
        using var json = JsonDocument.Parse(stream.ToArray());
        Assert.True(WireEditJson.TryRead(json.RootElement, out var change, out var problem), problem);
        Assert.Equal(new WireChange(at, edit), change);
    }

    [Theory]
    [InlineData("[]", "an object")]
    [InlineData("{}", "\"at\"")]
    [InlineData("{\"at\":1}", "\"at\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"explode\"}", "\"op\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"3\"}", "\"op\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"is\"}", "\"by\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"off\",\"by\":\"z\"}", "\"by\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"raw\",\"by\":\"abc\"}", "\"by\"")]
    [InlineData("{\"at\":\"x\",\"op\":\"move\",\"by\":99999999999}", "\"by\"")]
    public void Bad_edit_json_says_why(string text, string why)
    {
        using var json = JsonDocument.Parse(text);
        Assert.False(WireEditJson.TryRead(json.RootElement, out _, out var problem));
        Assert.Contains(why, problem);
    }

    [Theory]
    [InlineData("[]", "an object is expected")]
    [InlineData("{\"method\":1}", "method and class")]
    [InlineData("{\"method\":1,\"class\":9}", "2 bits")]
    [InlineData("{\"method\":1,\"class\":0}", "transactionId: is missing")]
    [InlineData("{\"method\":1,\"class\":0,\"transactionId\":\"0\"}", "hex")]
    [InlineData("{\"method\":1,\"class\":0,\"transactionId\":\"\",\"attributes\":{}}", "array")]
    [InlineData("{\"method\":1,\"class\":0,\"transactionId\":\"\",\"attributes\":[{\"type\":6,\"value\":{\"username\":5}}]}", "attributes[0].value.username: text")]
    [InlineData("{\"method\":1,\"class\":0,\"transactionId\":\"\",\"attributes\":[{\"type\":7,\"value\":{}}]}", "no known variant")]
    [InlineData("{\"method\":1,\"class\":0,\"transactionId\":\"\",\"attributes\":[],\"$tail\":7}", "$tail")]
    public void Bad_message_json_says_where_and_why(string text, string why)
    {
        using var json = JsonDocument.Parse(text);
        Assert.False(WireJson.TryRead(s_plan, json.RootElement, out _, out var error));
        Assert.Contains(why, error);
    }

    [Fact]
    public void Dump_shows_offset_name_value_and_clause()
    {
        var text = Message().Set("MessageLength", WireEdit.Off(1)).ToString();
        Assert.Contains("    2    MessageLength = 25 !    RFC0000 section 3\n", text);
        Assert.Contains("   20      [0] USERNAME    RFC0000 section 1\n", text);
        Assert.Contains("   24            Username = \"evtj\"    RFC0000 section 3\n", text);
    }
}
