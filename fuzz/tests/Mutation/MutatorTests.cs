using System.Buffers.Binary;
using FsCheck.Xunit;
using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Fuzz.Targets;

namespace WebRtcConformance.Fuzz.Tests.Mutation;

public class MutatorTests
{
    [Property]
    public void Havoc_stays_inside_the_buffer(byte[] input, byte[] donor, ulong seed, byte room)
    {
        var random = new FuzzRandom(seed);
        var buffer = new byte[Math.Max(1, input.Length + room)];
        for (var round = 0; round < 50; round++)
        {
            input.CopyTo(buffer, 0);
            var length = HavocMutator.Mutate(buffer, input.Length, donor, [[1, 2, 3], new byte[200]], ref random);
            Assert.InRange(length, 0, buffer.Length);
        }
    }

    [Property]
    public void Structure_stays_inside_the_buffer(ulong seed, byte room)
    {
        var target = new ToyTarget();
        byte[] input = [.. ((IFuzzTarget)target).Seeds.First()];
        var random = new FuzzRandom(seed);
        var buffer = new byte[input.Length + room];
        for (var round = 0; round < 100; round++)
        {
            input.CopyTo(buffer, 0);
            var length = StructureMutator.Mutate(buffer, input.Length, target.Layout(input)!, input, target.Layout(input), ref random);
            Assert.InRange(length, 0, buffer.Length);
        }
    }

    /// <summary>Two attributes and a FINGERPRINT: header of 20 bytes, elements at 20, 28 and 36.</summary>
    private static (byte[] Bytes, FieldMap Map) Sample()
    {
        var bytes = new byte[44];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), 24);
        new byte[] { 0, 0x24, 0, 4, 1, 2, 3, 4 }.CopyTo(bytes, 20);
        new byte[] { 0, 0x25, 0, 4, 5, 6, 7, 8 }.CopyTo(bytes, 28);
        new byte[] { 0x80, 0x28, 0, 4 }.CopyTo(bytes, 36);
        var map = new FieldMap
        {
            Elements = [new(20, 8, 20, 44), new(28, 8, 20, 44), new(36, 8, 20, 44)],
            Blocks = [new(24, 4), new(32, 4)],
            Lengths = [new(16, 16, 20, 44, 1), new(22 * 8, 16, 24, 28, 1), new(30 * 8, 16, 32, 36, 1)],
            Checksums = [new(40, 0, 36, 0x5354554E, 0, 44)],
        };
        return (bytes, map);
    }

    [Fact]
    public void Removing_an_element_repairs_the_length_and_the_checksum()
    {
        var (bytes, map) = Sample();
        var length = StructureMutator.RemoveElement(bytes, bytes.Length, map, 0);
        Assert.Equal(36, length);
        Assert.Equal(16, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)));
        Assert.Equal(0x25, bytes[21]);
        var crc = ~Crc32.Append(Crc32.Start, bytes.AsSpan(0, 28)) ^ 0x5354554E;
        Assert.Equal(crc, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(32)));
    }

    [Fact]
    public void Shortening_a_value_repairs_every_length_around_it()
    {
        var (bytes, map) = Sample();
        Assert.Equal(40, StructureMutator.ShortenBlock(bytes, bytes.Length, map, 1, 4));
        Assert.Equal(20, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)));
        Assert.Equal(4, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(22)));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(30)));
    }

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        // The check value of CRC-32/ISO-HDLC.
        Assert.Equal(0xCBF43926, ~Crc32.Append(Crc32.Start, "123456789"u8));
    }

    [Property]
    public void Bits_written_are_the_bits_read(ulong value, byte offset, byte size)
    {
        var bits = 1 + size % 64;
        var buffer = new byte[48];
        Array.Fill(buffer, (byte)0xA5);
        var kept = buffer.ToArray();
        var all = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        Bits.Write(buffer, offset, bits, value & all);
        Assert.Equal(value & all, Bits.Read(buffer, offset, bits));
        // And no other bit has changed.
        Bits.Write(buffer, offset, bits, Bits.Read(kept, offset, bits));
        Assert.Equal(kept, buffer);
    }
}
