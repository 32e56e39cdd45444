using FsCheck.Xunit;

namespace WebRtcConformance.Wire.Tests;

/// <summary>What every generated codec promises, on drawn messages and on spoilt ones; new spec files are covered without new tests.</summary>
public class CodecProperties
{
    private static readonly WireKey Key = new("properties"u8.ToArray());

    [Property(MaxTest = 2000)]
    public void A_parsed_message_writes_bytes_that_parse_to_it(byte[] seed) => Each(seed, (codec, bytes) =>
    {
        Assert.True(codec.TryParse(bytes, out var message, out var error), error.ToString());
        var canonical = codec.Write(message, Key);
        Assert.True(codec.TryParse(canonical, out var again, out error), error.ToString());
        Assert.Equal(message, again);
        Assert.Equal(canonical, codec.Write(again, Key));
        Assert.Equal(canonical.Length, message.Measure());
        Assert.True(codec.Verify(canonical, Key, out error), error.ToString());
    });

    [Property(MaxTest = 2000)]
    public void With_its_trivia_a_message_writes_the_bytes_that_it_was_read_from(byte[] seed) => Each(seed, (codec, bytes) =>
    {
        bytes = Spoil(bytes, seed);
        if (!codec.TryParse(bytes, keepTrivia: true, out var message, out _)) return;
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(codec.Write(message)));
    });

    [Property(MaxTest = 2000)]
    public void Trivia_make_no_difference_to_equality(byte[] seed) => Each(seed, (codec, bytes) =>
    {
        Assert.True(codec.TryParse(bytes, keepTrivia: true, out var with, out _));
        Assert.True(codec.TryParse(bytes, keepTrivia: false, out var without, out _));
        Assert.Equal(with, without);
        Assert.Equal(with.GetHashCode(), without.GetHashCode());
    });

    [Property(MaxTest = 4000)]
    public void Straight_line_code_and_interpreter_agree(byte[] seed) => Each(seed, (codec, drawn) =>
    {
        foreach (var bytes in new[] { drawn, Spoil(drawn, seed), seed })
        {
            var plan = WirePlans.Default.Of(codec.Pdu);
            var interpreted = WireTree.TryParse(plan, bytes, out _, out var expected);
            Assert.Equal((interpreted, expected), (codec.Accepts(bytes, out var error), error));
            Assert.Equal(
                (WireTree.Verify(plan, bytes, Key, out expected), expected),
                (codec.Verify(bytes, Key, out error), error));
        }
    });

    private static void Each(byte[] seed, Action<IWireCodec, byte[]> check)
    {
        Assert.NotEmpty(WireCodecs.All);
        foreach (var codec in WireCodecs.All)
        {
            var choices = new Choices(seed);
            check(codec, WireDraw.Draw(codec.Pdu, ref choices).Encode(seed.Length % 2 == 0 ? Key : WireKey.None));
        }
    }

    /// <summary>Up to three small changes that the seed decides.</summary>
    private static byte[] Spoil(byte[] bytes, byte[] seed)
    {
        var random = new Random(seed.Aggregate(17, (hash, b) => unchecked(hash * 31 + b)));
        for (var count = random.Next(4); count > 0 && bytes.Length > 0; count--)
        {
            bytes = bytes.ToArray();
            var at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] += (byte)random.Next(-4, 5); break;
                case 3: bytes = bytes[..at]; break;
                default: bytes = [.. bytes, (byte)random.Next(256)]; break;
            }
        }
        return bytes;
    }
}
