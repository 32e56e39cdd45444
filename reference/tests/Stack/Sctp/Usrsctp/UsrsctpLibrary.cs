using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp.Usrsctp;

/// <summary>libusrsctp by P/Invoke, without threads: its time is what it is told, its network is a queue.</summary>
internal static unsafe class UsrsctpLibrary
{
    public const string HowToInstall = "libusrsctp is missing: apt-get install libusrsctp2";

    private static readonly ConcurrentDictionary<nint, Queue<byte[]>> Outputs = new();
    private static readonly Lazy<nint> Handle = new(Load);

    public static bool IsThere => Handle.Value != 0;

    private static nint Load()
    {
        foreach (var name in (string[])["libusrsctp.so.2", "libusrsctp.so.1", "libusrsctp.so", "usrsctp"])
        {
            if (!NativeLibrary.TryLoad(name, out var handle)) continue;
            var init = (delegate* unmanaged<ushort, delegate* unmanaged<nint, byte*, nuint, byte, byte, int>, nint, void>)NativeLibrary.GetExport(handle, "usrsctp_init_nothreads");
            init(0, &Output, 0);
            ((delegate* unmanaged<uint, int>)NativeLibrary.GetExport(handle, "usrsctp_sysctl_set_sctp_ecn_enable"))(0);
            ((delegate* unmanaged<uint, int>)NativeLibrary.GetExport(handle, "usrsctp_sysctl_set_sctp_nrsack_enable"))(0);
            return handle;
        }
        return 0;
    }

    public static nint Export(string name) => NativeLibrary.GetExport(Handle.Value, name);

    /// <summary>Packets that an address sends go into that queue.</summary>
    public static void Register(nint address, Queue<byte[]> output)
    {
        Outputs[address] = output;
        ((delegate* unmanaged<nint, void>)Export("usrsctp_register_address"))(address);
    }

    public static void Deregister(nint address)
    {
        ((delegate* unmanaged<nint, void>)Export("usrsctp_deregister_address"))(address);
        Outputs.TryRemove(address, out _);
    }

    public static void HandleTimers(uint milliseconds) => ((delegate* unmanaged<uint, void>)Export("usrsctp_handle_timers"))(milliseconds);

    [UnmanagedCallersOnly]
    private static int Output(nint address, byte* bytes, nuint length, byte tos, byte dontFragment)
    {
        if (Outputs.TryGetValue(address, out var queue)) queue.Enqueue(new ReadOnlySpan<byte>(bytes, (int)length).ToArray());
        return 0;
    }
}

/// <summary>One socket of usrsctp with one association. Numbers are those of usrsctp.h.</summary>
internal sealed unsafe class UsrsctpSocket : IDisposable
{
    private const int AfConn = 123, SockStream = 1, IpprotoSctp = 132, SolSocket = 1, SoSndbuf = 7;
    private const int SctpInitmsg = 3, SctpNodelay = 4, SctpPeerAddrParams = 10, SctpEvent = 0x1E, SctpRecvRcvInfo = 0x1F, SctpEnableStreamReset = 0x900, SctpResetStreams = 0x901, SctpAddStreams = 0x903, SctpFragmentInterleave = 0x10, SctpPartialDeliveryPoint = 0x11, SctpInterleavingSupported = 0x1206;
    private const int NotificationFlag = 0x2000, EndOfRecord = 0x80;

    private static int s_addresses;

    private readonly nint _address = 0x1000 + Interlocked.Increment(ref s_addresses);
    private readonly nint _listener;
    private readonly Dictionary<(ushort Stream, bool Unordered), List<byte>> _partial = []; // interleaved messages come in parts
    private readonly Queue<(ushort Stream, uint Protocol, bool Unordered, byte[] Bytes)> _echoes = new();
    private nint _socket;

    /// <param name="port">Of both sides.</param>
    /// <param name="connects">Client; otherwise it listens.</param>
    /// <param name="interleaves">RFC 8260 section 4.3: SCTP_INTERLEAVING_SUPPORTED, which needs SCTP_FRAGMENT_INTERLEAVE 2 (RFC 6458 section 8.1.20).</param>
    /// <param name="partialDeliveryPoint">Bytes of a message after which it hands out the beginning (RFC 6458 section 8.1.21); 0 for half its receive buffer of 128 KB.</param>
    /// <param name="sendBuffer">Bytes, SO_SNDBUF; 0 for its own choice.</param>
    public UsrsctpSocket(ushort port, bool connects, ushort streams = 1024, bool interleaves = false, int partialDeliveryPoint = 0, int sendBuffer = 0)
    {
        UsrsctpLibrary.Register(_address, Packets);
        var create = (delegate* unmanaged<int, int, int, nint, nint, uint, nint, nint>)UsrsctpLibrary.Export("usrsctp_socket");
        _socket = create(AfConn, SockStream, IpprotoSctp, 0, 0, 0, 0);
        Assert.NotEqual(0, _socket);
        NonBlocking(_socket);
        if (sendBuffer > 0) Assert.Equal(0, SetBytes(SoSndbuf, BitConverter.GetBytes(sendBuffer), SolSocket));
        Set(SctpEnableStreamReset, [2, 7]); // all associations; streams, association, number of streams
        Set(SctpNodelay, [1]);
        if (interleaves)
        {
            Assert.Equal(0, Set(SctpFragmentInterleave, [2]));
            Assert.Equal(0, Set(SctpInterleavingSupported, [0, 1])); // association, value
        }
        if (partialDeliveryPoint > 0) Assert.Equal(0, Set(SctpPartialDeliveryPoint, [(uint)partialDeliveryPoint]));
        Set(SctpRecvRcvInfo, [1]);
        Set(SctpInitmsg, [streams | (uint)streams << 16, 0]);
        foreach (var type in (uint[])[1, 5, 9, 13]) Set(SctpEvent, [2, type | 1 << 16]); // association, shutdown, stream reset, stream change
        var parameters = new uint[38];
        (parameters[34], parameters[35]) = (1100, 0x10); // path MTU, no discovery
        Set(SctpPeerAddrParams, parameters);
        var name = Name(port);
        fixed (byte* p = name) Assert.Equal(0, ((delegate* unmanaged<nint, byte*, uint, int>)UsrsctpLibrary.Export("usrsctp_bind"))(_socket, p, (uint)name.Length));
        if (connects)
        {
            fixed (byte* p = name) ((delegate* unmanaged<nint, byte*, uint, int>)UsrsctpLibrary.Export("usrsctp_connect"))(_socket, p, (uint)name.Length);
            return;
        }
        Assert.Equal(0, ((delegate* unmanaged<nint, int, int>)UsrsctpLibrary.Export("usrsctp_listen"))(_socket, 1));
        (_listener, _socket) = (_socket, 0);
    }

    /// <summary>What it wants to send.</summary>
    public Queue<byte[]> Packets { get; } = new();

    public List<(ushort Stream, uint Protocol, bool Unordered, byte[] Bytes)> Messages { get; } = [];

    /// <summary>Types of notifications, in order (sn_type, and the state of an association change or the flags).</summary>
    public List<(ushort Type, ushort State)> Notifications { get; } = [];

    public bool IsUp => Notifications.Any(n => n is (1, 1));

    public bool EchoesBack { get; set; }

    public void Receive(ReadOnlySpan<byte> packet)
    {
        fixed (byte* p = packet) ((delegate* unmanaged<nint, byte*, nuint, byte, void>)UsrsctpLibrary.Export("usrsctp_conninput"))(_address, p, (nuint)packet.Length, 0);
        Poll();
    }

    /// <summary>Take what there is to read.</summary>
    public void Poll()
    {
        if (_socket == 0)
        {
            _socket = ((delegate* unmanaged<nint, nint, nint, nint>)UsrsctpLibrary.Export("usrsctp_accept"))(_listener, 0, 0);
            if (_socket == 0) return;
            NonBlocking(_socket);
            Set(SctpRecvRcvInfo, [1]);
            foreach (var type in (uint[])[1, 5, 9, 13]) Set(SctpEvent, [2, type | 1 << 16]);
        }
        // Its send buffer may be full for now.
        while (_echoes.TryPeek(out var echo) && Send(echo.Stream, echo.Protocol, echo.Bytes, echo.Unordered)) _echoes.Dequeue();
        var receive = (delegate* unmanaged<nint, byte*, nuint, byte*, uint*, byte*, uint*, uint*, int*, nint>)UsrsctpLibrary.Export("usrsctp_recvv");
        var buffer = new byte[70_000];
        var info = stackalloc byte[64];
        var from = stackalloc byte[128];
        while (true)
        {
            uint fromLength = 128, infoLength = 64, infoType = 0;
            var flags = 0;
            nint length;
            fixed (byte* p = buffer) length = receive(_socket, p, (nuint)buffer.Length, from, &fromLength, info, &infoLength, &infoType, &flags);
            if (length <= 0) return;
            if ((flags & NotificationFlag) != 0)
            {
                var type = BitConverter.ToUInt16(buffer);
                Notifications.Add((type, BitConverter.ToUInt16(buffer, type == 1 ? 8 : 2)));
                continue;
            }
            var rcv = (ushort*)info;
            var (stream, unordered) = (rcv[0], (rcv[2] & 0x400) != 0);
            if (!_partial.TryGetValue((stream, unordered), out var partial)) _partial[(stream, unordered)] = partial = [];
            partial.AddRange(buffer.AsSpan(0, (int)length));
            if ((flags & EndOfRecord) == 0) continue;
            var protocol = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(*(uint*)(info + 8));
            Messages.Add((stream, protocol, unordered, [.. partial]));
            if (EchoesBack) _echoes.Enqueue(Messages[^1]);
            partial.Clear();
        }
    }

    /// <param name="retransmissions">RFC 7496; null for reliable.</param>
    public bool Send(ushort stream, uint protocol, byte[] bytes, bool unordered = false, uint? retransmissions = null)
    {
        var info = new byte[32];
        BitConverter.TryWriteBytes(info.AsSpan(0), retransmissions is null ? 1u : 3u);
        BitConverter.TryWriteBytes(info.AsSpan(4), stream);
        BitConverter.TryWriteBytes(info.AsSpan(6), (ushort)(0x2000 | (unordered ? 0x400 : 0)));
        BitConverter.TryWriteBytes(info.AsSpan(8), System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(protocol));
        if (retransmissions is { } most)
        {
            BitConverter.TryWriteBytes(info.AsSpan(20), (ushort)3);
            BitConverter.TryWriteBytes(info.AsSpan(24), most);
        }
        var send = (delegate* unmanaged<nint, byte*, nuint, nint, int, byte*, uint, uint, int, nint>)UsrsctpLibrary.Export("usrsctp_sendv");
        fixed (byte* p = bytes)
        fixed (byte* i = info) return send(_socket, p, (nuint)bytes.Length, 0, 0, i, (uint)info.Length, 4, 0) == bytes.Length;
    }

    /// <summary>Reset outgoing streams.</summary>
    public int Reset(params ushort[] streams)
    {
        var option = new byte[8 + streams.Length * 2];
        BitConverter.TryWriteBytes(option.AsSpan(4), (ushort)2); // outgoing
        BitConverter.TryWriteBytes(option.AsSpan(6), (ushort)streams.Length);
        for (var i = 0; i < streams.Length; i++) BitConverter.TryWriteBytes(option.AsSpan(8 + i * 2), streams[i]);
        return SetBytes(SctpResetStreams, option);
    }

    public int AddStreams(ushort outgoing, ushort incoming) => SetBytes(SctpAddStreams, [0, 0, 0, 0, .. BitConverter.GetBytes(incoming), .. BitConverter.GetBytes(outgoing)]);

    public void Shutdown() => ((delegate* unmanaged<nint, int, int>)UsrsctpLibrary.Export("usrsctp_shutdown"))(_socket, 1);

    public void Dispose()
    {
        var close = (delegate* unmanaged<nint, void>)UsrsctpLibrary.Export("usrsctp_close");
        if (_socket != 0) close(_socket);
        if (_listener != 0) close(_listener);
        UsrsctpLibrary.Deregister(_address);
    }

    private byte[] Name(ushort port)
    {
        var name = new byte[16];
        BitConverter.TryWriteBytes(name, (ushort)AfConn);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(name.AsSpan(2), port);
        BitConverter.TryWriteBytes(name.AsSpan(8), _address);
        return name;
    }

    private static void NonBlocking(nint socket) => ((delegate* unmanaged<nint, int, int>)UsrsctpLibrary.Export("usrsctp_set_non_blocking"))(socket, 1);

    private int Set(int option, uint[] value) => SetBytes(option, MemoryMarshal.AsBytes(value.AsSpan()).ToArray());

    private int SetBytes(int option, byte[] value, int level = IpprotoSctp)
    {
        fixed (byte* p = value)
            return ((delegate* unmanaged<nint, int, int, byte*, uint, int>)UsrsctpLibrary.Export("usrsctp_setsockopt"))(_socket, level, option, p, (uint)value.Length);
    }
}
