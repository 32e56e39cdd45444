using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebRtcConformance.Stack.Foundation;

/// <summary>The version of an IP address, numbered as STUN's address family field (RFC 8489 section 14.1).</summary>
public enum IpFamily : byte
{
    None = 0,
    IPv4 = 1,
    IPv6 = 2,
}

/// <summary>
/// An IP address and a port (RFC 8489 section 4, "transport address"). A plain value: comparing and hashing allocate
/// nothing. Scope ids are not represented. <c>default</c> is no address at all.
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    private readonly ulong _high;
    private readonly ulong _low;

    private TransportAddress(IpFamily family, ulong high, ulong low, ushort port)
    {
        Family = family;
        _high = high;
        _low = low;
        Port = port;
    }

    public IpFamily Family { get; }

    public ushort Port { get; }

    /// <summary>Bytes of the address on the wire: 4, 16, or 0 for no address.</summary>
    public int AddressLength => Family switch { IpFamily.IPv4 => 4, IpFamily.IPv6 => 16, _ => 0 };

    /// <summary>127.0.0.0/8 (RFC 1122 section 3.2.1.3) or ::1 (RFC 4291 section 2.5.3).</summary>
    public bool IsLoopback => Family switch
    {
        IpFamily.IPv4 => _low >> 24 == 127,
        IpFamily.IPv6 => _high == 0 && _low == 1,
        _ => false,
    };

    /// <summary>fe80::/10 (RFC 4291 section 2.5.6) or 169.254.0.0/16 (RFC 3927 section 2.1).</summary>
    public bool IsLinkLocal => Family switch
    {
        IpFamily.IPv4 => _low >> 16 == 0xA9FE,
        IpFamily.IPv6 => _high >> 54 == 0x3FA,
        _ => false,
    };

    /// <summary>From 4 or 16 address bytes in network order.</summary>
    /// <exception cref="ArgumentException">Neither 4 nor 16 bytes.</exception>
    public static TransportAddress From(ReadOnlySpan<byte> address, ushort port) => address.Length switch
    {
        4 => new(IpFamily.IPv4, 0, BinaryPrimitives.ReadUInt32BigEndian(address), port),
        16 => new(IpFamily.IPv6, BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port),
        _ => throw new ArgumentException("an IP address is 4 or 16 bytes", nameof(address)),
    };

    /// <summary>Write the address bytes in network order and return how many (see <see cref="AddressLength"/>).</summary>
    public int CopyAddressTo(Span<byte> destination)
    {
        switch (Family)
        {
            case IpFamily.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
                return 4;
            case IpFamily.IPv6:
                BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
                BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
                return 16;
            default:
                return 0;
        }
    }

    /// <summary>The address bytes as a new array.</summary>
    public byte[] AddressBytes()
    {
        var bytes = new byte[AddressLength];
        CopyAddressTo(bytes);
        return bytes;
    }

    /// <summary>The same IP address with another port.</summary>
    public TransportAddress WithPort(ushort port) => new(Family, _high, _low, port);

    /// <summary>Whether the IP addresses are equal, whatever the ports.</summary>
    public bool SameIp(TransportAddress other) => Family == other.Family && _high == other._high && _low == other._low;

    /// <summary>Read "127.0.0.1:5000" or "[::1]:5000".</summary>
    /// <exception cref="FormatException">Neither of the two forms.</exception>
    public static TransportAddress Parse(string text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not a transport address; write 127.0.0.1:5000 or [::1]:5000");

    /// <summary>Read "127.0.0.1:5000" or "[::1]:5000"; dotted quad in full, no scope id.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TransportAddress address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        var host = text[..colon];
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
        {
            host = host[1..^1];
            if (host.Contains('%') || host.Contains('[') || !host.Contains(':')) return false;
        }
        else if (host.Count('.') != 3 || host.ContainsAnyExcept("0123456789."))
        {
            return false;
        }
        if (!IPAddress.TryParse(host, out var ip)) return false;
        if (ip.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!ip.TryWriteBytes(bytes, out var written)) return false;
        address = From(bytes[..written], port);
        return true;
    }

    public bool Equals(TransportAddress other) => SameIp(other) && Port == other.Port;

    public override bool Equals(object? other) => other is TransportAddress address && Equals(address);

    public override int GetHashCode() => HashCode.Combine(Family, _high, _low, Port);

    public static bool operator ==(TransportAddress a, TransportAddress b) => a.Equals(b);

    public static bool operator !=(TransportAddress a, TransportAddress b) => !a.Equals(b);

    /// <summary>"127.0.0.1:5000", "[::1]:5000" or "none".</summary>
    public override string ToString() => Family switch
    {
        IpFamily.IPv4 => string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(AddressBytes())}:{Port}"),
        IpFamily.IPv6 => string.Create(CultureInfo.InvariantCulture, $"[{new IPAddress(AddressBytes())}]:{Port}"),
        _ => "none",
    };
}
