using System.Buffers.Binary;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for RTP by hand: the measure for the generated code. It checks what the spec files say: the
/// header, the elements of the header extension in both forms, and the padding.</summary>
internal static class HandRtp
{
    private const int HeaderSize = 12;

    /// <summary>The whole packet is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderSize) return false;
        uint first = packet[0];
        if (first >> 6 != 2) return false;
        var at = HeaderSize + (int)(first & 15) * 4;
        if ((first & 0x10) != 0)
        {
            if (at + 4 > packet.Length) return false;
            var both = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            var size = (int)(both & 0xFFFF) * 4;
            at += 4;
            if (at + size > packet.Length || !ValidateExtension(both >> 16, packet.Slice(at, size))) return false;
            at += size;
        }
        else if (at > packet.Length) return false;
        if ((first & 0x20) == 0) return true;
        if (at == packet.Length) return false;
        var padding = packet[^1];
        return padding > 0 && padding <= packet.Length - at;
    }

    private static bool ValidateExtension(uint profile, ReadOnlySpan<byte> content)
    {
        if (profile == 0xBEDE)
        {
            for (var at = 0; at < content.Length;)
            {
                uint both = content[at++];
                if (both >> 4 == 15 || both >> 4 == 0) { if ((both & 15) != 0 || both >> 4 == 15) return both == 0xF0; continue; }
                at += (int)(both & 15) + 1;
                if (at > content.Length) return false;
            }
        }
        else if (profile >> 4 == 0x100)
        {
            for (var at = 0; at < content.Length;)
            {
                if (content[at++] == 0) continue;
                if (at >= content.Length || at + 1 + content[at] > content.Length) return false;
                at += 1 + content[at];
            }
        }
        return true;
    }
}
