using System.Buffers.Binary;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>CRC-32 (polynomial 0x04C11DB7, reflected; ISO 3309, ITU-T V.42), for sealing what the script of a target composes, eight bytes at a step.
/// The fuzzer keeps one of its own so that a defect in the code under test does not hide itself.</summary>
internal static class Crc32
{
    private const int Slices = 8;

    /// <summary>Entry [slice * 256 + b]: what byte b adds when so many bytes follow it.</summary>
    private static readonly uint[] Table = MakeTable();

    public const uint Start = 0xFFFFFFFF;

    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            var first = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = table[(7 << 8) + (byte)first] ^ table[(6 << 8) + (byte)(first >> 8)] ^ table[(5 << 8) + (byte)(first >> 16)] ^ table[(4 << 8) + (int)(first >> 24)]
                ^ table[(3 << 8) + (byte)second] ^ table[(2 << 8) + (byte)(second >> 8)] ^ table[(1 << 8) + (byte)(second >> 16)] ^ table[(int)(second >> 24)];
        }
        foreach (var b in bytes) state = table[(byte)(state ^ b)] ^ (state >> 8);
        return state;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices << 8];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        for (var i = 256; i < table.Length; i++) table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        return table;
    }
}
