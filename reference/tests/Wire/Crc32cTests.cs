namespace WebRtcConformance.Wire.Tests;

/// <summary>CRC32c against the vectors of RFC 3720 appendix B.4 (there in the order of the wire: least significant byte first).</summary>
public class Crc32cTests
{
    public static TheoryData<string, uint> Vectors => new()
    {
        { Convert.ToHexString(new byte[32]), 0x8A9136AA },
        { string.Concat(Enumerable.Repeat("FF", 32)), 0x62A8AB43 },
        { Convert.ToHexString(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()), 0x46DD794E },
        { Convert.ToHexString(Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray()), 0x113FDB5C },
        { Convert.ToHexString("123456789"u8), 0xE3069283 },
        { "", 0 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Published_vectors(string hex, uint crc)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(crc, Crc32c.Compute(bytes));
        Assert.Equal(crc, Crc32c.Finish(Crc32c.AppendTables(Crc32c.Start, bytes)));
    }

    /// <summary>Lengths around those at which the way to compute changes: 192 bytes, multiples of 24, 12288 bytes.</summary>
    [Fact]
    public void Long_input_is_what_the_tables_say()
    {
        var bytes = new byte[40_000];
        new Random(8).NextBytes(bytes);
        foreach (var length in Enumerable.Range(150, 400).Concat([1100, 1200, 4095, 4096, 12_287, 12_288, 12_289, 12_500, 24_576, 40_000]))
        {
            var part = bytes.AsSpan(length % 7, Math.Min(length, bytes.Length - 7));
            Assert.Equal(Crc32c.AppendTables(0x12345678, part), Crc32c.Append(0x12345678, part));
        }
    }

    [Fact]
    public void In_parts_or_at_once_by_instruction_or_by_tables()
    {
        var bytes = new byte[100];
        new Random(7).NextBytes(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var parts = Crc32c.Append(Crc32c.Append(Crc32c.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut));
            Assert.Equal(Crc32c.AppendTables(Crc32c.Start, bytes), parts);
            Assert.Equal(Crc32c.AppendTables(Crc32c.Start, bytes.AsSpan(cut)), Crc32c.Append(Crc32c.Start, bytes.AsSpan(cut)));
        }
    }
}
