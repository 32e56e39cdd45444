using System.Runtime.InteropServices;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host.Linux;

/// <summary>Datagrams that wait for one sendmmsg(2). The ports of a host share it; it holds those of one socket at a time.</summary>
internal sealed unsafe class SendBatch : IDisposable
{
    private const int AddressBytes = 32; // struct sockaddr_in6 takes 28
    private const int RoomBytes = 128 * 1024;

    private byte* _bytes;
    private MessageHeader* _messages;
    private IoVector* _vectors;
    private byte* _addresses;
    private readonly int _size;
    private int _count, _used;
    private BatchedUdpPort? _owner;

    public SendBatch(int size)
    {
        _size = size;
        _bytes = (byte*)NativeMemory.Alloc(RoomBytes);
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(IoVector));
        _addresses = (byte*)NativeMemory.AllocZeroed((nuint)size, AddressBytes);
        for (var i = 0; i < size; i++) _messages[i] = new MessageHeader { Name = _addresses + i * AddressBytes, Vectors = _vectors + i, VectorCount = 1 };
    }

    /// <summary>Keep a copy until <see cref="Flush"/>.</summary>
    /// <param name="owner">Whose socket it goes out on.</param>
    /// <param name="remote">Of the owner's family.</param>
    /// <param name="bytes">At most 65,535.</param>
    public void Add(BatchedUdpPort owner, TransportAddress remote, ReadOnlySpan<byte> bytes)
    {
        if (_owner != owner || _count == _size || _used + bytes.Length > RoomBytes) Flush();
        _owner = owner;
        var name = new Span<byte>(_addresses + _count * AddressBytes, AddressBytes);
        owner.Name.CopyTo(name);
        SocketAddresses.Write(remote, name);
        bytes.CopyTo(new Span<byte>(_bytes + _used, RoomBytes - _used));
        _vectors[_count] = new IoVector { Base = _bytes + _used, Length = (nuint)bytes.Length };
        _messages[_count].NameLength = (uint)owner.Name.Length;
        _used += bytes.Length;
        _count++;
    }

    /// <summary>Send what waits. A datagram that the kernel refuses is left out and counted with its owner; those behind it are sent.</summary>
    public void Flush()
    {
        if (_owner is { } owner)
        {
            for (var at = 0; at < _count;)
            {
                var sent = MessageCalls.Send(owner.Descriptor, _messages + at, (uint)(_count - at), MessageCalls.DontWait);
                if (sent > 0)
                {
                    at += sent;
                }
                else if (sent == 0 || Marshal.GetLastPInvokeError() != MessageCalls.Interrupted)
                {
                    owner.CountUnsent();
                    at++;
                }
            }
        }
        (_owner, _count, _used) = (null, 0, 0);
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        _bytes = _addresses = null; // freeing nothing again does no harm
        _messages = null;
        _vectors = null;
    }
}
