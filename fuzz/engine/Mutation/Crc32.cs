namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>CRC-32 (polynomial 0x04C11DB7, reflected; ISO 3309, ITU-T V.42), for repairing checksums after a mutation. The fuzzer keeps one of
/// its own so that a defect in the code under test does not hide itself.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) state = Table[(byte)(state ^ b)] ^ (state >> 8);
        return state;
    }

    public const uint Start = 0xFFFFFFFF;

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
