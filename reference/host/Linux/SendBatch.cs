using System.Runtime.InteropServices;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host.Linux;

/// <summary>
/// Datagrams that wait for one sendmmsg(2). The ports of a host share it; it holds those of one socket at a time. Neighbours of one size to one address go as
/// one message that the kernel cuts (udp(7), UDP_SEGMENT), so that they take the way through it together; where it does not know that, each goes as its own.
/// </summary>
internal sealed unsafe class SendBatch : IDisposable
{
    private const int AddressBytes = 32; // struct sockaddr_in6 takes 28
    private const int RoomBytes = 128 * 1024;
    private const int MostSegments = 44, LargestSegment = 1400; // 44 of 1400 bytes fit a datagram; the kernel takes 64 at least

    // struct cmsghdr and the two bytes that follow it, padded.
    private const int ControlBytes = 24, ControlLength = 18, UdpLevel = 17, UdpSegment = 103;

    private byte* _bytes;
    private MessageHeader* _messages;
    private IoVector* _vectors;
    private byte* _addresses, _controls;
    private readonly MessageCalls _calls;
    private readonly int _size;
    private readonly (TransportAddress Remote, int Segment, int Segments)[] _what;
    private bool _merges = true, _isOpen;
    private int _count, _used;
    private BatchedUdpPort? _owner;

    public SendBatch(MessageCalls calls, int size)
    {
        (_calls, _size) = (calls, size);
        _bytes = (byte*)NativeMemory.Alloc(RoomBytes);
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(IoVector));
        _addresses = (byte*)NativeMemory.AllocZeroed((nuint)size, AddressBytes);
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)size, ControlBytes);
        _what = new (TransportAddress, int, int)[size];
        for (var i = 0; i < size; i++) _messages[i] = new MessageHeader { Name = _addresses + i * AddressBytes, Vectors = _vectors + i, VectorCount = 1 };
    }

    /// <summary>Keep a copy until <see cref="Flush"/>.</summary>
    /// <param name="owner">Whose socket it goes out on.</param>
    /// <param name="remote">Of the owner's family.</param>
    /// <param name="bytes">At most 65,535.</param>
    public void Add(BatchedUdpPort owner, TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (TryExtend(owner, remote, bytes)) return;
        if (_owner != owner || _count == _size || _used + bytes.Length > RoomBytes) Flush();
        _owner = owner;
        var name = new Span<byte>(_addresses + _count * AddressBytes, AddressBytes);
        owner.Name.CopyTo(name);
        SocketAddresses.Write(remote, name);
        bytes.CopyTo(new Span<byte>(_bytes + _used, RoomBytes - _used));
        _vectors[_count] = new IoVector { Base = _bytes + _used, Length = (nuint)bytes.Length };
        _messages[_count].NameLength = (uint)owner.Name.Length;
        _messages[_count].ControlLength = 0;
        _what[_count] = (remote, bytes.Length, 1);
        _isOpen = _merges && bytes.Length is > 0 and <= LargestSegment;
        _used += bytes.Length;
        _count++;
    }

    /// <summary>Put it behind the last one, when that has the same way and no smaller size; one that is smaller is the last of its message.</summary>
    private bool TryExtend(BatchedUdpPort owner, TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (!_isOpen || _owner != owner || _count == 0 || _used + bytes.Length > RoomBytes) return false;
        ref var last = ref _what[_count - 1];
        if (bytes.IsEmpty || bytes.Length > last.Segment || last.Segments == MostSegments || remote != last.Remote) return false;
        bytes.CopyTo(new Span<byte>(_bytes + _used, RoomBytes - _used));
        _vectors[_count - 1].Length += (nuint)bytes.Length;
        _used += bytes.Length;
        last.Segments++;
        _isOpen = bytes.Length == last.Segment;
        var control = _controls + (_count - 1) * ControlBytes;
        *(nuint*)control = ControlLength;
        *(int*)(control + 8) = UdpLevel;
        *(int*)(control + 12) = UdpSegment;
        *(ushort*)(control + 16) = (ushort)last.Segment;
        _messages[_count - 1].Control = control;
        _messages[_count - 1].ControlLength = ControlBytes;
        return true;
    }

    /// <summary>Send what waits. A datagram that the kernel refuses is left out and counted with its owner; those behind it are sent.</summary>
    public void Flush()
    {
        if (_owner is { } owner)
        {
            for (var at = 0; at < _count;)
            {
                var sent = _calls.Send(owner.Descriptor, _messages + at, _count - at);
                if (sent > 0)
                {
                    at += sent;
                }
                else if (sent != -MessageCalls.Interrupted)
                {
                    if (_what[at].Segments == 1) owner.CountUnsent();
                    else SendOneByOne(owner, at);
                    at++;
                }
            }
        }
        (_owner, _count, _used, _isOpen) = (null, 0, 0, false);
    }

    /// <summary>A message that the kernel would not cut; if it takes the parts, it does not know how to.</summary>
    private void SendOneByOne(BatchedUdpPort owner, int at)
    {
        ref var message = ref _messages[at];
        ref var vector = ref _vectors[at];
        message.ControlLength = 0;
        var end = vector.Base + vector.Length;
        for (; vector.Base < end; vector.Base += _what[at].Segment)
        {
            vector.Length = (nuint)Math.Min(_what[at].Segment, end - vector.Base);
            int sent;
            do sent = _calls.Send(owner.Descriptor, _messages + at, 1);
            while (sent == -MessageCalls.Interrupted);
            if (sent > 0) _merges = false;
            else owner.CountUnsent();
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_controls);
        _bytes = _addresses = _controls = null; // freeing nothing again does no harm
        _messages = null;
        _vectors = null;
    }
}
