using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire.Tests;

/// <summary>The vectors of all spec files: what a standard publishes, and what was written by hand from its text. Valid ones are read, verified and
/// written again to the same bytes, by both implementations; invalid ones are refused by both, with the same error.</summary>
public class VectorTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Vectors =>
        from module in WireModules.All
        from vector in module.Vectors
        select new TheoryDataRow<string, string>(module.Name, vector.Name) { Label = $"{module.Name}: {vector.Name}" };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Is_read_and_written_again(string moduleName, string name)
    {
        var module = WireModules.All.Single(m => m.Name == moduleName);
        var vector = module.Vectors.Single(v => v.Name == name);
        // A file may hold vectors of a message that another one draws: a chunk within its packet.
        var plan = WirePlans.Default.All.Single(p => p.Pdu.CsName == vector.Pdu);
        var bytes = WireBytes.FromHex(vector.Hex).ToArray();
        var key = vector.Key is { } hex ? new WireKey(WireBytes.FromHex(hex).ToArray()) : WireKey.None;

        Assert.True(vector.Valid == WireTree.TryParse(plan, bytes, out var tree, out var error), error.ToString());
        if (vector.Valid)
        {
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(tree!.Encode(key)));
            Assert.True(WireTree.Verify(plan, bytes, key, out error), error.ToString());
        }
        // Elements have no codec of their own.
        if (plan.Pdu.Kind != PduKind.Message) return;
        var codec = WireCodecs.All.Single(c => c.Pdu.CsName == vector.Pdu);
        var expected = error;
        Assert.True(vector.Valid == codec.TryParse(bytes, keepTrivia: true, out var message, out error), error.ToString());
        if (!vector.Valid)
        {
            Assert.Equal(expected, error);
            return;
        }
        Assert.True(codec.Verify(bytes, key, out error), error.ToString());
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(codec.Write(message!, key)));
    }
}
