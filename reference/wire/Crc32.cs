using System.Buffers.Binary;

namespace WebRtcConformance.Wire;

/// <summary>The CRC-32 of ITU-T V.42 (ISO 3309, zlib, STUN's FINGERPRINT): polynomial 0x04C11DB7, reflected, 8 bytes at a time.</summary>
public static class Crc32
{
    /// <summary>Table k, entry b: the CRC of byte b followed by k zero bytes.</summary>
    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[0x700 + (byte)low] ^ tables[0x600 + (byte)(low >> 8)] ^ tables[0x500 + (byte)(low >> 16)] ^ tables[0x400 + (low >> 24)]
                ^ tables[0x300 + (byte)high] ^ tables[0x200 + (byte)(high >> 8)] ^ tables[0x100 + (byte)(high >> 16)] ^ tables[high >> 24];
            bytes = bytes[8..];
        }
        foreach (var b in bytes) crc = crc >> 8 ^ tables[(byte)crc ^ b];
        return ~crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var b = 0u; b < 256; b++)
        {
            var crc = b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
            tables[b] = crc;
        }
        for (var i = 256; i < tables.Length; i++) tables[i] = tables[i - 256] >> 8 ^ tables[(byte)tables[i - 256]];
        return tables;
    }
}
