using System.Buffers.Binary;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for SCTP by hand: the packet of an established association. Chunks that hold parameters or causes are
/// beyond it (<see cref="Knows"/>).</summary>
internal static class HandSctp
{
    private const int HeaderSize = 12;

    /// <summary>The whole packet is valid, its checksum aside.</summary>
    public static bool Validate(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderSize) return false;
        var chunks = packet[HeaderSize..];
        while (!chunks.IsEmpty)
        {
            if (chunks.Length < 4) return false;
            var header = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            var length = (int)(header & 0xFFFF);
            var padded = length + 3 & ~3;
            if (length < 4 || padded > chunks.Length) return false;
            switch (header >> 24)
            {
                case 0: if (length < 16) return false; break; // DATA
                case 3: // SACK
                    if (length < 16) return false;
                    var counts = BinaryPrimitives.ReadUInt32BigEndian(chunks[12..]);
                    if (length != 16 + (int)(counts >> 16) * 4 + (int)(counts & 0xFFFF) * 4) return false;
                    break;
                case 7: if (length != 8) return false; break; // SHUTDOWN
                case 8 or 11 or 14: if (length != 4) return false; break; // SHUTDOWN ACK, COOKIE ACK, SHUTDOWN COMPLETE
            }
            chunks = chunks[padded..];
        }
        return true;
    }

    /// <summary>No chunk of the packet holds parameters or causes.</summary>
    public static bool Knows(ReadOnlySpan<byte> packet)
    {
        for (var at = HeaderSize; at + 4 <= packet.Length; at += Math.Max((packet[at + 2] << 8 | packet[at + 3]) + 3 & ~3, 4))
            if (packet[at] is 1 or 2 or 4 or 5 or 6 or 9) return false;
        return true;
    }
}
