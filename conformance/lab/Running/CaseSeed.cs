using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebRtcConformance.Lab.Running;

/// <summary>Seeds: a run has one, and each case's follows from it and from the case's id, so that selecting other cases changes nothing.</summary>
public static class CaseSeed
{
    public static ulong For(ulong runSeed, string caseId)
    {
        var input = new byte[8 + Encoding.UTF8.GetByteCount(caseId)];
        BinaryPrimitives.WriteUInt64BigEndian(input, runSeed);
        Encoding.UTF8.GetBytes(caseId, input.AsSpan(8));
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(input));
    }

    /// <summary>"0x" and 16 hex digits.</summary>
    public static string Format(ulong seed) => "0x" + seed.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Decimal, or hex after "0x".</summary>
    public static bool TryParse(string text, out ulong seed) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out seed)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
