using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>What happens to one datagram of a script.</summary>
[Flags]
public enum AgentStep : byte
{
    None = 0,
    /// <summary>Put the right MESSAGE-INTEGRITY and FINGERPRINT behind the other attributes, as a peer that knows the password does.</summary>
    Seal = 1,
    /// <summary>Put a right FINGERPRINT behind the other attributes.</summary>
    Fingerprint = 2,
    /// <summary>Answer the agent's latest check: take over its transaction id.</summary>
    Answer = 4,
    /// <summary>Comes from somebody off the path.</summary>
    FromElsewhere = 8,
    /// <summary>Time passes up to the agent's next deadline, at most a second.</summary>
    Advance = 16,
}

/// <summary>One datagram of a script.</summary>
internal readonly record struct AgentFrame(AgentStep Step, byte[] Datagram);

/// <summary>An input read as a sequence of datagrams: for each a byte of <see cref="AgentStep"/>, a length of two bytes, and its bytes; a length
/// that goes too far means the rest. Mutation would never guess an HMAC, so the script only says that one is to be made.</summary>
internal ref struct StunAgentScript(ReadOnlySpan<byte> input)
{
    /// <summary>Bytes of a frame before its datagram.</summary>
    public const int FrameSize = 3;

    private const int HeaderSize = 20, MaxSteps = 32;
    private const ushort MessageIntegrity = 0x0008, MessageIntegritySha256 = 0x001C, FingerprintType = 0x8028;
    private ReadOnlySpan<byte> _rest = input;
    private int _steps;

    /// <summary>Takes the next datagram; false at the end.</summary>
    public bool Next(out AgentStep step, out ReadOnlySpan<byte> datagram)
    {
        step = default;
        datagram = default;
        if (_rest.Length < FrameSize || _steps++ == MaxSteps) return false;
        step = (AgentStep)_rest[0];
        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(_rest[1..]), _rest.Length - FrameSize);
        datagram = _rest.Slice(FrameSize, length);
        _rest = _rest[(FrameSize + length)..];
        return true;
    }

    /// <summary>All frames of a script.</summary>
    public static List<AgentFrame> Frames(ReadOnlySpan<byte> input)
    {
        List<AgentFrame> frames = [];
        var script = new StunAgentScript(input);
        while (script.Next(out var step, out var datagram)) frames.Add(new(step, datagram.ToArray()));
        return frames;
    }

    /// <summary>One frame of a script.</summary>
    public static byte[] Frame(AgentStep step, ReadOnlySpan<byte> datagram) =>
        [(byte)step, (byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram];

    /// <summary>The datagram with a right FINGERPRINT (RFC 8489 section 14.7) and, with a key, MESSAGE-INTEGRITY (section 14.5). Bytes that are no
    /// STUN message stay as they are.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> key)
    {
        if (datagram.Length < HeaderSize) return datagram.ToArray();
        var message = new List<byte>(datagram[..HeaderSize].ToArray());
        for (var at = HeaderSize; at < datagram.Length;)
        {
            if (at + 4 > datagram.Length) return datagram.ToArray();
            var end = at + 4 + ((BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]) + 3) & ~3);
            if (end > datagram.Length) return datagram.ToArray();
            if (BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]) is not (MessageIntegrity or MessageIntegritySha256 or FingerprintType))
                message.AddRange(datagram[at..end]);
            at = end;
        }
        if (!key.IsEmpty)
        {
            SetLength(message, 24);
            Append(message, MessageIntegrity, HMACSHA1.HashData(key, message.ToArray()));
        }
        SetLength(message, 8);
        var crc = ~Crc32.Append(Crc32.Start, message.ToArray()) ^ 0x5354554E;
        Append(message, FingerprintType, [(byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
        return [.. message];
    }

    private static void SetLength(List<byte> message, int more)
    {
        var length = message.Count - HeaderSize + more;
        (message[2], message[3]) = ((byte)(length >> 8), (byte)length);
    }

    private static void Append(List<byte> message, ushort type, byte[] value)
    {
        message.AddRange([(byte)(type >> 8), (byte)type, 0, (byte)value.Length]);
        message.AddRange(value);
    }
}
