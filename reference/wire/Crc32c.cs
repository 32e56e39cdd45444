using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Arm = System.Runtime.Intrinsics.Arm;

namespace WebRtcConformance.Wire;

/// <summary>The CRC32c of Castagnoli (SCTP, RFC 9260 appendix A): polynomial 0x1EDC6F41, reflected. By the processor's own instruction where it has
/// one, else by tables. The instruction takes three cycles and one can begin in each, so that longer input is cut in three that are folded together.</summary>
public static class Crc32c
{
    /// <summary>Table k, entry b: the CRC of byte b followed by k zero bytes.</summary>
    private static readonly uint[] Tables = MakeTables();

    /// <summary>Input from so many bytes on is cut in three, each of up to <see cref="MostWords"/> words of 8 bytes.</summary>
    private const int WorthThree = 192, MostWords = 512;

    /// <summary>Entry w: what a register is multiplied with (without carry) to move it over w words of zeros, before the instruction reduces the product:
    /// x to the power of 64 w - 33.</summary>
    private static readonly uint[] Moves = MakeMoves();

    /// <summary>The register before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    /// <summary>The CRC that a register stands for.</summary>
    public static uint Finish(uint register) => ~register;

    /// <summary>The register after more bytes.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes) =>
        Sse42.X64.IsSupported ? AppendSse(register, bytes) : Arm.Crc32.Arm64.IsSupported ? AppendArm(register, bytes) : AppendTables(register, bytes);

    private static uint AppendSse(uint register, ReadOnlySpan<byte> bytes)
    {
        if (Pclmulqdq.IsSupported)
            for (; bytes.Length >= WorthThree; bytes = bytes[(Math.Min(bytes.Length / 24, MostWords) * 24)..]) register = AppendThree(register, bytes);
        ulong crc = register;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = Sse42.X64.Crc32(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        register = (uint)crc;
        if (bytes.Length >= 4)
        {
            register = Sse42.Crc32(register, BinaryPrimitives.ReadUInt32LittleEndian(bytes)); // all that an SCTP packet has left: its length is divisible by 4
            bytes = bytes[4..];
        }
        foreach (var b in bytes) register = Sse42.Crc32(register, b);
        return register;
    }

    /// <summary>Three stretches of equal length at once, as long as they can be.</summary>
    private static uint AppendThree(uint register, ReadOnlySpan<byte> bytes)
    {
        var words = Math.Min(bytes.Length / 24, MostWords);
        // All reads lie in the first 24 * words bytes.
        ref var first = ref Unsafe.As<byte, ulong>(ref MemoryMarshal.GetReference(bytes));
        ref var second = ref Unsafe.Add(ref first, words);
        ref var third = ref Unsafe.Add(ref second, words);
        (ulong a, ulong b, ulong c) = (register, 0, 0);
        for (nint i = 0; i < words; i++)
        {
            a = Sse42.X64.Crc32(a, Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ulong, byte>(ref Unsafe.Add(ref first, i))));
            b = Sse42.X64.Crc32(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ulong, byte>(ref Unsafe.Add(ref second, i))));
            c = Sse42.X64.Crc32(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ulong, byte>(ref Unsafe.Add(ref third, i))));
        }
        return Move(a, 2 * words) ^ Move(b, words) ^ (uint)c;
    }

    private static uint Move(ulong register, int words)
    {
        var product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(register), Vector128.CreateScalar((ulong)Moves[words]), 0);
        return (uint)Sse42.X64.Crc32(0, product.ToScalar());
    }

    private static uint[] MakeMoves()
    {
        var moves = new uint[2 * MostWords + 1];
        var power = 1u; // x^31, reflected
        for (var words = 1; words < moves.Length; words++)
        {
            moves[words] = power;
            for (var bit = 0; bit < 64; bit++) power = (power & 1) != 0 ? power >> 1 ^ 0x82F63B78 : power >> 1;
        }
        return moves;
    }

    private static uint AppendArm(uint register, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) register = Arm.Crc32.Arm64.ComputeCrc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) register = Arm.Crc32.ComputeCrc32C(register, b);
        return register;
    }

    /// <summary>What the others do, without their instruction.</summary>
    public static uint AppendTables(uint register, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = register ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            register = tables[0x700 + (byte)low] ^ tables[0x600 + (byte)(low >> 8)] ^ tables[0x500 + (byte)(low >> 16)] ^ tables[0x400 + (low >> 24)]
                ^ tables[0x300 + (byte)high] ^ tables[0x200 + (byte)(high >> 8)] ^ tables[0x100 + (byte)(high >> 16)] ^ tables[high >> 24];
        }
        foreach (var b in bytes) register = register >> 8 ^ tables[(byte)register ^ b];
        return register;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var b = 0u; b < 256; b++)
        {
            var crc = b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
            tables[b] = crc;
        }
        for (var i = 256; i < tables.Length; i++) tables[i] = tables[i - 256] >> 8 ^ tables[(byte)tables[i - 256]];
        return tables;
    }
}
