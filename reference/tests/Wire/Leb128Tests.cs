using System.Text.Json;
using WebRtcConformance.Wire.Av1;

namespace WebRtcConformance.Wire.Tests;

/// <summary>Lengths in leb128, in every form that they have: those of the OBU elements of AV1 (AV1-RTP section 4.5).</summary>
public class Leb128Tests
{
    [Theory]
    [InlineData("00", 0u, 1)]
    [InlineData("7F", 127u, 1)]
    [InlineData("8001", 128u, 2)]
    [InlineData("E58E26", 624485u, 3)]
    [InlineData("FFFFFFFF0F", uint.MaxValue, 5)]
    [InlineData("8000", 0u, 2)]
    [InlineData("FFFFFFFF8F8080" + "00", uint.MaxValue, 8)]
    public void Its_value_is_that_of_its_septets(string hex, uint value, int size)
    {
        // Nothing follows, so that only what is 0 long is whole; what was read stands in the tree all the same.
        var bytes = Convert.FromHexString("00" + hex);
        Assert.Equal(value == 0, Av1Payload.Accepts(bytes, out var error));
        if (value > 0) Assert.Equal((WireErrorKind.Truncated, 1 + size, "av1/ObuElement.Data"), (error.Kind, error.Offset, error.Path));
        var length = WireTree.Read(Av1Payload.Schema, bytes).Find("ObuElements[0].Length")!;
        Assert.Equal((WireItemKind.Number, value, size), (length.Kind, (uint)length.Number, length.Length));
        Assert.False(Av1Payload.Accepts(bytes[..^1], out error) && size > 1);
        if (size > 1) Assert.Equal((WireErrorKind.Truncated, 1, "av1/ObuElement.Length"), (error.Kind, error.Offset, error.Path));
    }

    [Theory]
    [InlineData("8080808010")]
    [InlineData("FFFFFFFFFFFFFF7F")]
    [InlineData("808080808080808000")]
    public void More_than_32_bits_or_8_bytes_is_refused(string hex)
    {
        var error = Wire.Refuse<Av1Payload>("00 01 AA " + hex + " 00");
        Assert.Equal((WireErrorKind.BadValue, 3, "av1/ObuElement.Length"), (error.Kind, error.Offset, error.Path));
    }

    [Fact]
    public void Elements_follow_their_lengths_and_the_last_one_may_have_none()
    {
        var all = Wire.Read<Av1Payload>("08 02 0A0B 00 01 10");
        Assert.Equal(["0a0b", "", "10"], all.ObuElements.Select(e => e.Data.ToString()));
        Assert.Null(all.LastObuElement);
        var two = Wire.Read<Av1Payload>("28 02 0A0B 1011");
        Assert.Equal(("0a0b", "1011"), (Assert.Single(two.ObuElements).Data.ToString(), two.LastObuElement.ToString()));
        Assert.Equal(3, Wire.Read<Av1Payload>("10 0A0B0C").LastObuElement!.Value.Length);
        Assert.Equal((WireErrorKind.Truncated, "av1/ObuElement.Data"), Why("00 03 0A0B"));
        Assert.Equal((WireErrorKind.Truncated, "av1/ObuElement.Length"), Why("00 83"));
        Assert.Equal((WireErrorKind.BadValue, "av1/Av1Payload/as-many-elements-as-counted"), Why("30 01 0A"));

        static (WireErrorKind, string) Why(string hex) => Wire.Refuse<Av1Payload>(hex) is var error ? (error.Kind, error.Path) : default;
    }

    [Fact]
    public void The_bytes_that_a_length_has_are_kept_and_as_few_as_can_be_by_default()
    {
        var read = Wire.Read<Av1Payload>("00 8200 0A0B 81808080808080" + "00 10 01 20");
        Assert.Equal([2, 8, 0], read.ObuElements.Select(e => e.LengthSize));
        Assert.Equal("00020A0B0110" + "0120", Convert.ToHexString((read with { ObuElements = [.. read.ObuElements.Select(e => e with { LengthSize = 0 })] }).ToArray()));
        Assert.Equal("008100" + "AA", Convert.ToHexString(With(new ObuElement { Data = new byte[] { 0xAA }, LengthSize = 2 })));
        Assert.Equal("0001AA", Convert.ToHexString(With(new ObuElement { Data = new byte[] { 0xAA }, LengthSize = 1 })));
        var long130 = With(new ObuElement { Data = new byte[130] });
        Assert.Equal("008201", Convert.ToHexString(long130[..3]));
        Assert.Equal(133, long130.Length);
        Assert.Throws<WireValueException>(() => With(new ObuElement { Data = default, LengthSize = 9 }));
        Assert.Throws<WireValueException>(() => With(new ObuElement { Data = default, LengthSize = -1 }));

        static byte[] With(ObuElement element) => new Av1Payload { ElementCount = 0, ObuElements = [element] }.ToArray();
    }

    [Fact]
    public void A_view_reads_elements_without_allocation()
    {
        var bytes = Convert.FromHexString("008200" + "0A0B" + "0110");
        Assert.Equal((2, 3u, 2), Walk(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Walk(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static (int Count, uint Length, int Padded) Walk(ReadOnlySpan<byte> bytes)
        {
            var (count, length, padded) = (0, 0u, 0);
            if (!Av1Payload.View.TryParse(bytes, out var view, out _)) return default;
            foreach (var element in view.ObuElements) (count, length, padded) = (count + 1, length + element.Length, padded + element.LengthSize);
            return (count, length, padded);
        }
    }

    [Fact]
    public void A_length_is_forged_in_more_bytes_or_as_another_one()
    {
        var good = Wire.Read<Av1Payload>("00 02 0A0B");
        var forge = good.ToForge();
        forge.ObuElements[0].Length.InBytes(3);
        Assert.Equal("0082" + "8000" + "0A0B", Convert.ToHexString(forge.ToArray()));
        forge.ObuElements[0].Length.Off(200);
        Assert.Equal("00CA81000A0B", Convert.ToHexString(forge.ToArray()));
        Assert.Throws<ArgumentException>(() => forge.ObuElements[0].Length.InBytes(9));
        Assert.Throws<ArgumentException>(() => forge.ElementCount.InBytes(1));
        // What was left to be derived follows, also where it then needs another byte.
        var data = good.ToForge();
        data.ObuElements[0].Data.Is(new byte[128]);
        Assert.Equal("008001", Convert.ToHexString(data.ToArray()[..3]));
    }

    [Fact]
    public void Json_has_a_length_only_where_it_is_not_what_it_would_be()
    {
        Assert.DoesNotContain("length", Text("00 02 0A0B"));
        Assert.Contains("{\"length\":{\"raw\":\"8200\"},\"data\":\"0a0b\"}", Text("00 8200 0A0B"));
        foreach (var hex in new[] { "00020A0B", "0082000A0B", "00820A", "00808080" + "8010", "0085800001" })
        {
            using var parsed = JsonDocument.Parse(Text(hex));
            Assert.True(WireJson.TryRead(Av1Payload.Schema, parsed.RootElement, out var tree, out var error), error);
            Assert.Equal(hex, Convert.ToHexString(tree!.Encode()));
        }
        Assert.Contains("Length = 2 in 2 bytes", WireText.Dump(WireTree.Read(Av1Payload.Schema, Convert.FromHexString("0082000A0B"))));

        static string Text(string hex) => WireJson.Text(WireTree.Read(Av1Payload.Schema, Convert.FromHexString(hex.Replace(" ", ""))));
    }

    [Fact]
    public void Drawing_mutation_and_dictionary_reach_lengths_of_more_bytes()
    {
        var plan = WirePlans.Default.Of(Av1Payload.Schema);
        var (drawn, mutated) = (0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var bytes = new byte[40];
            new Random(seed).NextBytes(bytes);
            var choices = new Choices(bytes);
            drawn += Sizes(WireDraw.Draw(plan, ref choices).Encode());
            choices = new Choices(bytes);
            mutated += Sizes(WireMutator.Mutate(plan, Convert.FromHexString("00020A0B0110"), ref choices));
        }
        Assert.True(drawn > 0 && mutated > 0, $"{drawn} drawn, {mutated} mutated");
        Assert.Contains(WireDictionary.For(plan.Module), token => Convert.ToHexString(token.Bytes.Span) == "8080808010");

        static int Sizes(byte[] bytes) => Av1Payload.TryParse(bytes, out var read, out _) ? read.ObuElements.Count(e => e.LengthSize > 0) : 0;
    }
}
