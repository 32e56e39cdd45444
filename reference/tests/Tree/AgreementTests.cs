using FsCheck.Xunit;

namespace WebRtcConformance.Wire.Tests;

/// <summary>The interpreter and the straight-line code are two readings of one schema: verdict, kind and node have to be the same on every
/// input.</summary>
public class AgreementTests
{
    [Fact]
    public void There_are_codecs_to_compare() => Assert.NotEmpty(WireCodecs.All);

    [Property(MaxTest = 200)]
    public void On_any_bytes(byte[] bytes)
    {
        foreach (var codec in WireCodecs.All) Agree(codec, bytes);
    }

    [Property(MaxTest = 200)]
    public void On_drawn_messages(byte[] choices, byte[] key)
    {
        foreach (var codec in WireCodecs.All)
        {
            var c = new Choices(choices);
            var bytes = WireDraw.Draw(codec.Pdu, ref c).Encode(key.Length == 0 ? default : new WireKey(key));
            Agree(codec, bytes);
            Assert.True(codec.Accepts(bytes, out var error), error.ToString());
            if (key.Length > 0) Assert.True(codec.Verify(bytes, new WireKey(key), out error), error.ToString());
        }
    }

    [Property(MaxTest = 300)]
    public void On_mutated_messages(byte[] choices, byte[] mutation, byte[] donor, byte[] key)
    {
        foreach (var codec in WireCodecs.All)
        {
            var plan = WirePlans.Default.Of(codec.Pdu);
            var c = new Choices(choices);
            var d = new Choices(donor);
            var m = new Choices(mutation);
            var bytes = WireDraw.Draw(plan, ref c).Encode();
            var other = WireDraw.Draw(plan, ref d).Encode();
            for (var round = 0; round < 3; round++)
            {
                bytes = WireMutator.Mutate(plan, bytes, ref m, other, key.Length == 0 ? default : new WireKey(key));
                Agree(codec, bytes, key);
            }
        }
    }

    [Property(MaxTest = 4)]
    public void On_violations(byte[] choices)
    {
        foreach (var codec in WireCodecs.All)
        {
            var c = new Choices(choices);
            var good = WireDraw.Draw(codec.Pdu, ref c);
            foreach (var violation in WireViolations.For(codec.Pdu))
            {
                if (!violation.TryApply(good, out var bad, "k"u8.ToArray())) continue;
                Agree(codec, bad, "k"u8.ToArray());
                if (violation.Force != Ir.Force.Reject) Assert.True(codec.Accepts(bad, out _), violation.Id);
                else
                {
                    var accepted = violation.Kind == WireErrorKind.Checksum ? codec.Verify(bad, "k"u8.ToArray(), out var error) : codec.Accepts(bad, out error);
                    Assert.False(accepted, violation.Id);
                    Assert.Equal((violation.Node, violation.Kind), (error.Node, error.Kind));
                }
            }
        }
    }

    private static void Agree(IWireCodec codec, byte[] bytes, byte[]? key = null)
    {
        var plan = WirePlans.Default.Of(codec.Pdu);
        var straight = codec.Accepts(bytes, out var one);
        var interpreted = WireTree.TryParse(plan, bytes, out var tree, out var other);
        Assert.True((straight, one) == (interpreted, other),
            $"{codec.Name} {Convert.ToHexStringLower(bytes)}\nstraight-line: {straight} {one}\ninterpreter: {interpreted} {other}");
        Assert.Equal(straight, codec.TryParse(bytes, out _, out one));
        Assert.Equal(other, one);
        if (key is not { Length: > 0 }) return;
        Assert.Equal((WireTree.Verify(plan, bytes, new WireKey(key), out other), other), (codec.Verify(bytes, new WireKey(key), out one), one));
        // The record's canonical bytes are read alike, and both writers write the same.
        if (straight && codec.TryParse(bytes, out var message, out _)) Agree(codec, codec.Write(message, new WireKey(key)));
    }
}
