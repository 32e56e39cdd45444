using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>
/// RFC 9260 section 5.1.3: all that is needed to set up an association, kept by the peer. Its form is nobody else's business: fields of fixed size, big-endian,
/// and the HMAC-SHA-256 of them.
/// </summary>
internal sealed record StateCookie
{
    private const int MacSize = 32;
    private const int BodySize = 8 + 8 + 4 * 5 + 2 * 6 + 4 * 2 + 1 + 4;
    private const byte ForwardTsnFlag = 1, ReConfigFlag = 2, InterleavingFlag = 4, IForwardTsnFlag = 8;

    public required Instant CreatedAt { get; init; }
    public required TimeSpan Life { get; init; }
    public required uint LocalTag { get; init; }
    public required uint LocalInitialTsn { get; init; }
    public required uint LocalTieTag { get; init; }
    public required uint PeerTieTag { get; init; }
    public required ushort LocalPort { get; init; }
    public required ushort RemotePort { get; init; }
    public required PeerParameters Peer { get; init; }

    public byte[] Seal(ReadOnlySpan<byte> key)
    {
        var bytes = new byte[BodySize + MacSize];
        var writer = new Cursor(bytes);
        writer.Put64((ulong)CreatedAt.Nanoseconds);
        writer.Put64((ulong)Life.Ticks);
        foreach (var number in (ReadOnlySpan<uint>)[LocalTag, LocalInitialTsn, LocalTieTag, PeerTieTag, Peer.Tag]) writer.Put32(number);
        foreach (var number in (ReadOnlySpan<ushort>)[LocalPort, RemotePort, Peer.OutboundStreams, Peer.InboundStreams, 0, 0]) writer.Put16(number);
        writer.Put32(Peer.Window);
        writer.Put32(Peer.InitialTsn);
        writer.Put8((byte)((Peer.ForwardTsn ? ForwardTsnFlag : 0) | (Peer.ReConfig ? ReConfigFlag : 0)
            | (Peer.Interleaving ? InterleavingFlag : 0) | (Peer.IForwardTsn ? IForwardTsnFlag : 0)));
        writer.Put32((uint)Peer.ZeroChecksum);
        HMACSHA256.HashData(key, bytes.AsSpan(0, BodySize), bytes.AsSpan(BodySize));
        return bytes;
    }

    /// <summary>Section 5.1.5 steps 1 and 2: null when this machine has not made the cookie.</summary>
    public static StateCookie? Open(ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> key, QuirkSet quirks)
    {
        if (cookie.Length != BodySize + MacSize) return null;
        Span<byte> mac = stackalloc byte[MacSize];
        HMACSHA256.HashData(key, cookie[..BodySize], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, cookie[BodySize..]) && !quirks.Has(SctpQuirk.SctpAcceptsForgedCookie)) return null;
        var reader = new Reader(cookie);
        var (created, life) = (new Instant((long)reader.Get64()), new TimeSpan((long)reader.Get64()));
        var (localTag, localTsn, localTie, peerTie, peerTag) = (reader.Get32(), reader.Get32(), reader.Get32(), reader.Get32(), reader.Get32());
        var (localPort, remotePort, outbound, inbound) = (reader.Get16(), reader.Get16(), reader.Get16(), reader.Get16());
        reader.Get32();
        var (window, initialTsn, flags) = (reader.Get32(), reader.Get32(), reader.Get8());
        return new StateCookie
        {
            CreatedAt = created, Life = life, LocalTag = localTag, LocalInitialTsn = localTsn, LocalTieTag = localTie, PeerTieTag = peerTie,
            LocalPort = localPort, RemotePort = remotePort,
            Peer = new PeerParameters
            {
                Tag = peerTag, Window = window, InitialTsn = initialTsn, OutboundStreams = outbound, InboundStreams = inbound,
                ForwardTsn = (flags & ForwardTsnFlag) != 0, ReConfig = (flags & ReConfigFlag) != 0,
                Interleaving = (flags & InterleavingFlag) != 0, IForwardTsn = (flags & IForwardTsnFlag) != 0,
                ZeroChecksum = (ErrorDetectionMethod)reader.Get32(),
            },
        };
    }

    private ref struct Cursor(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Put8(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }

        public void Put16(ushort value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void Put32(uint value)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void Put64(ulong value)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_rest, value);
            _rest = _rest[8..];
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public byte Get8() => Take(1)[0];
        public ushort Get16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        public uint Get32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        public ulong Get64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

        private ReadOnlySpan<byte> Take(int size)
        {
            var taken = _rest[..size];
            _rest = _rest[size..];
            return taken;
        }
    }
}
