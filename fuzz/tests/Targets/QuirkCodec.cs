using System.Diagnostics.CodeAnalysis;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Tests.Targets;

/// <summary>One defect that an oracle must find.</summary>
public enum CodecQuirk
{
    None, Throws, Allocates, AcceptsTrailing, NamesAnotherNode, RecordDisagrees, IgnoresChecksums, LosesPadding, CanonicalIsRefused, CanonicalIsAnother,
    WritesDifferently, Hoards, IsSlow,
}

/// <summary>A codec with one planted defect over a good one.</summary>
public sealed class QuirkCodec(IWireCodec good, CodecQuirk quirk) : IWireCodec
{
    private static object? _sink;
    private int _writes;

    public string Name => good.Name;
    public SpecModule Module => good.Module;
    public Pdu Pdu => good.Pdu;

    public bool Accepts(ReadOnlySpan<byte> bytes, out WireError error)
    {
        switch (quirk)
        {
            // At a certain value and size only, as real defects are.
            case CodecQuirk.Throws when bytes.Length > 60 && bytes[24] > 0x70: throw new IndexOutOfRangeException("planted");
            case CodecQuirk.Allocates when bytes.Length > 30: _sink = new byte[16]; break;
            case CodecQuirk.IsSlow when bytes.Length > 60: Thread.SpinWait(100_000); break;
            case CodecQuirk.AcceptsTrailing when !good.Accepts(bytes, out error) && error.Kind == WireErrorKind.Trailing: error = default; return true;
            case CodecQuirk.NamesAnotherNode when !good.Accepts(bytes, out error): error = error with { Node = error.Node ^ 1 }; return false;
        }
        return good.Accepts(bytes, out error);
    }

    public bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out IWireMessage? message, out WireError error)
    {
        if (quirk == CodecQuirk.Hoards && bytes.Length > 30) _sink = new byte[1 << 20];
        if (quirk == CodecQuirk.RecordDisagrees && bytes.Length > 100) return good.TryParse([], keepTrivia, out message, out error);
        if (!good.TryParse(bytes, keepTrivia, out message, out error)) return false;
        if (quirk == CodecQuirk.CanonicalIsAnother) message = new Unequal(message);
        return true;
    }

    public byte[] Write(IWireMessage message, WireKey key)
    {
        var bytes = good.Write(message is Unequal unequal ? unequal.Inner : message, key);
        // Of each input the first writing is the round trip, the second the canonical form, the third the form of the canonical form.
        var writing = _writes++ % 3;
        if (quirk == CodecQuirk.LosesPadding && writing == 0) bytes[^1] ^= 1;
        if (quirk == CodecQuirk.CanonicalIsRefused && writing == 1) bytes[0] |= 0xC0;
        if (quirk == CodecQuirk.WritesDifferently && writing == 2) bytes[^1] ^= 1;
        return bytes;
    }

    public bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error)
    {
        if (quirk != CodecQuirk.IgnoresChecksums) return good.Verify(bytes, key, out error);
        error = default;
        return true;
    }

    /// <summary>A message that no other one equals.</summary>
    private sealed class Unequal(IWireMessage inner) : IWireMessage
    {
        public IWireMessage Inner => inner;
        public int Measure() => inner.Measure();
        public int Write(Span<byte> destination, WireKey key = default) => inner.Write(destination, key);
    }
}
