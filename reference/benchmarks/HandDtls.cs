using System.Buffers.Binary;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write by hand for a DTLS 1.2 record that is not encrypted: its header, and the fragments of handshake
/// messages, the alert or the change of the cipher in it.</summary>
internal static class HandDtls
{
    private const int HeaderSize = 13, FragmentHeaderSize = 12;

    /// <summary>The whole record is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderSize || BinaryPrimitives.ReadUInt16BigEndian(record[11..]) != record.Length - HeaderSize) return false;
        var content = record[HeaderSize..];
        switch (record[0])
        {
            case 20: return content is [1];
            case 21: return content.Length == 2;
            case 22: break;
            default: return true;
        }
        while (!content.IsEmpty)
        {
            if (content.Length < FragmentHeaderSize) return false;
            var first = BinaryPrimitives.ReadUInt32BigEndian(content);
            var second = BinaryPrimitives.ReadUInt64BigEndian(content[4..]);
            var (offset, length) = ((uint)(second >> 24) & 0xFFFFFF, (uint)second & 0xFFFFFF);
            if (length > content.Length - FragmentHeaderSize || offset + length > (first & 0xFFFFFF)) return false;
            content = content[(FragmentHeaderSize + (int)length)..];
        }
        return true;
    }
}
