using System.Diagnostics;
using System.Runtime.CompilerServices;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>A piece of work, done by the generated code and by its hand-written twin.</summary>
/// <param name="Limit">The generated code may take this many times as long.</param>
internal sealed record Twin(string Name, double Limit, Func<long> Hand, Func<long> Generated)
{
    public static Twin Of(string name, double limit, Func<bool> hand, Func<bool> generated) => new(name, limit, Number(hand), Number(generated));

    /// <remarks>Without a profile, as <see cref="Row.Measure"/>: the rows share this lambda.</remarks>
    private static Func<long> Number(Func<bool> work) => [MethodImpl(MethodImplOptions.AggressiveOptimization)] () => work() ? 1 : 0;
}

/// <summary>The ratios in about 20 seconds: the shortest of many short interleaved rounds, so that other load on the machine disturbs few of them.</summary>
internal static class QuickRatios
{
    private const int CallsPerRound = 10_000, Samples = 400;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    private static readonly Twin[] Twins =
    [
        Twin.Of("STUN check: validate", 1.15, StunWork.HandValidate, StunWork.Validate),
        new("STUN check: validate, then visit", 1.5, StunWork.HandVisit, StunWork.Visit),
        Twin.Of("STUN check: reject", double.PositiveInfinity, StunWork.HandReject, StunWork.Reject),
        Twin.Of("RTP packet: validate", 1.15, RtpWork.HandValidate, RtpWork.Validate),
        Twin.Of("RTP with padding: validate", 1.15, RtpWork.HandValidatePadded, RtpWork.ValidatePadded),
        Twin.Of("RTCP compound: validate", 1.15, MoreWork.HandCompound, MoreWork.ValidateCompound),
        Twin.Of("SCTP packet: validate", 1.15, MoreWork.HandPacket, MoreWork.ValidatePacket),
        Twin.Of("DTLS record: validate", 1.15, MoreWork.HandRecord, MoreWork.ValidateRecord),
        Twin.Of("RTP packet: reject", double.PositiveInfinity, RtpWork.HandReject, RtpWork.Reject),
    ];

    private delegate bool Validator(ReadOnlySpan<byte> bytes, out HandFault fault);

    /// <summary>The hand-written validators, by the name of the format: each has to accept what the generated code accepts, and to say of the rest what is
    /// wrong, and where, as the generated code does.</summary>
    private static readonly (string Format, Validator Validate)[] Validators =
    [
        ("stun.message", HandStun.Validate),
        ("rtp.packet", HandRtp.Validate),
        ("rtcp.compound", HandRtcp.Validate),
        ("sctp.packet", HandSctp.Validate),
        ("dtls12.dtls-plaintext", HandDtls.Validate),
    ];

    /// <returns>0, or 1 when something allocated, a ratio is beyond its bound, or a twin does other work.</returns>
    public static int Run()
    {
        if (Complaint() is { } complaint)
        {
            Console.Error.WriteLine(complaint);
            return 1;
        }
        var rows = Twins.Select(twin => (Twin: twin, Hand: new Row(CallsPerRound, twin.Hand), Generated: new Row(CallsPerRound, twin.Generated))).ToArray();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Time;)
            foreach (var row in rows)
            {
                row.Hand.Measure();
                row.Generated.Measure();
            }

        var bad = false;
        Console.WriteLine($"{"",-34}{"hand",8}{"generated",11}{"ratio",8}   bound");
        foreach (var (twin, hand, generated) in rows)
        {
            var ratio = generated.Nanoseconds / hand.Nanoseconds;
            var broken = ratio > twin.Limit || generated.Allocated > 0;
            bad |= broken;
            Console.WriteLine($"{twin.Name,-34}{hand.Nanoseconds,5:F1} ns{generated.Nanoseconds,8:F1} ns{ratio,8:F2}   {(double.IsInfinity(twin.Limit) ? "none" : $"{twin.Limit:F2}")}"
                + $"{(generated.Allocated > 0 ? $", allocates {generated.Allocated} bytes" : "")}{(broken ? "  BROKEN" : "")}");
        }
        return bad ? 1 : 0;
    }

    /// <summary>Twins that do not do the same work, or null. Each validator is compared with the generated code on drawn and on mutated messages.</summary>
    private static string? Complaint()
    {
        foreach (var twin in Twins)
            if (twin.Hand() != twin.Generated()) return $"{twin.Name}: the hand-written twin says {twin.Hand()}, the generated code {twin.Generated()}";
        var random = new Random(1);
        foreach (var (name, validate) in Validators)
        {
            var format = WireFormat.All.First(format => format.Name == name);
            for (var i = 0; i < Samples; i++)
            {
                var seed = new byte[random.Next(300)];
                random.NextBytes(seed);
                var choices = new Choices(seed);
                var bytes = format.Draw(ref choices);
                if (i % 2 == 1) bytes = format.Mutate(bytes, default, ref choices);
                var accepts = format.Accepts(bytes, out var error);
                if (!IsStrict(name, bytes)) continue;
                var agrees = validate(bytes, out var fault) == accepts && fault == new HandFault(error.Kind, error.Offset);
                if (!agrees) return $"{name}: the twin says {fault}, the generated code '{error}', of {Convert.ToHexStringLower(bytes)}";
            }
        }
        return null;
    }

    /// <summary>The STUN twin knows the attributes of RFC 8489 and of checks only, the SCTP twin no chunk with parameters; what they do not know is left out.</summary>
    private static bool IsStrict(string format, ReadOnlySpan<byte> bytes)
    {
        if (format == "sctp.packet") return HandSctp.Knows(bytes);
        if (format != "stun.message") return true;
        return !StunTypes(bytes).Any(type => type is 0x0003 or 0x000C or 0x000D or (>= 0x0012 and <= 0x0013) or (>= 0x0016 and <= 0x001B) or (>= 0x0022 and <= 0x0027 and not (0x0024 or 0x0025))
            or 0x002A or 0x8000 or 0x8001 or 0x8004 or (>= 0x8027 and <= 0x8030 and not (0x8028 or 0x8029 or 0x802A)));
    }

    private static List<int> StunTypes(ReadOnlySpan<byte> bytes)
    {
        List<int> types = [];
        for (var at = HandStun.HeaderSize; at + 4 <= bytes.Length; at += 4 + ((bytes[at + 2] << 8 | bytes[at + 3]) + 3 & ~3)) types.Add(bytes[at] << 8 | bytes[at + 1]);
        return types;
    }
}
