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

    [Fact]
    public void Bytes_are_taken_out_and_zeroed_while_it_fails()
    {
        byte[] input = [9, 8, 7, 6, 5, 4, 3];
        var calls = 0;
        var smaller = ByteMinimizer.Minimize(input, candidate => { calls++; return candidate.Length >= 3 && candidate.Contains((byte)6); }, 1000);
        Assert.Equal(3, smaller.Length);
        Assert.Equal(6, smaller.Sum(b => b));
        Assert.InRange(calls, 1, 1000);
        calls = 0;
        ByteMinimizer.Minimize(input, _ => { calls++; return false; }, 10);
        Assert.Equal(10, calls);
    }

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        // The check value of CRC-32/ISO-HDLC.
        Assert.Equal(0xCBF43926, ~Crc32.Append(Crc32.Start, "123456789"u8));
    }
}
