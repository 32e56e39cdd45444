using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Benchmarks;

/// <summary>The work that is measured: an ICE connectivity check of 88 bytes with USERNAME, PRIORITY, ICE-CONTROLLING, MESSAGE-INTEGRITY and
/// FINGERPRINT, and the same with a wrong length at its first attribute.</summary>
internal static class StunWork
{
    public static readonly byte[] Check = MakeCheck();
    public static readonly byte[] BadCheck = Spoil(Check);

    private static byte[] MakeCheck() => new StunMessage
    {
        Method = StunMethod.Binding,
        Class = StunClass.Request,
        TransactionId = "0123456789ab"u8,
        Attributes =
        [
            new Username { Value = "9b4424d9" },
            Raw(0x0024, "6e0001ff"),
            Raw(0x802A, "932ff9b151263b36"),
            new MessageIntegrity(),
            new Fingerprint(),
        ],
    }.ToArray(new WireKey("password"u8.ToArray()));

    /// <summary>By way of its bytes, so that the benchmark does not depend on which spec files there are.</summary>
    private static StunAttribute Raw(ushort type, string hex) => new UnknownStunAttribute((StunAttributeType)type, WireBytes.FromHex(hex));

    private static byte[] Spoil(byte[] check)
    {
        var bad = check.ToArray();
        bad[22] = 0x7F;
        return bad;
    }

    public static bool HandValidate() => HandStun.Validate(Check, out _);

    public static long HandVisit() => HandStun.Validate(Check, out _) ? HandStun.Visit(Check) : 0;

    public static bool Validate() => StunMessage.View.TryParse(Check, out _, out _);

    public static bool Reject() => StunMessage.View.TryParse(BadCheck, out _, out _);

    public static bool HandReject() => HandStun.Validate(BadCheck, out _);

    public static long Visit()
    {
        if (!StunMessage.View.TryParse(Check, out var message, out _)) return 0;
        long sum = 0;
        foreach (var attribute in message.Attributes)
        {
            switch ((ushort)attribute.Type)
            {
                case 0x0006: sum += attribute.Value.Length; break;
                case 0x0008: sum += attribute.Value[0]; break;
                case 0x0024: sum += System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(attribute.Value); break;
                case 0x802A: sum += (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(attribute.Value); break;
                case 0x8028: sum += System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(attribute.Value); break;
            }
        }
        return sum;
    }
}
