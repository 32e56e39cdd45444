using System.Runtime.InteropServices;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host.Linux;

/// <summary>Room for the datagrams that one recvmmsg(2) brings. The ports of a host share it: what one has received is dealt with before the next receives.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    private const int AddressBytes = 32; // struct sockaddr_in6 takes 28

    // 64 KiB and a bit, so that datagrams do not all begin in the same set of the processor's caches.
    private const int Stride = 65_536 + 1280;

    private readonly byte[] _buffers;
    private MessageHeader* _messages;
    private IoVector* _vectors;
    private byte* _addresses;
    private readonly MessageCalls _calls;
    private readonly int _size;

    public ReceiveBatch(MessageCalls calls, int size)
    {
        (_calls, _size) = (calls, size);
        _buffers = GC.AllocateUninitializedArray<byte>(size * Stride, pinned: true);
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(IoVector));
        _addresses = (byte*)NativeMemory.AllocZeroed((nuint)size, AddressBytes);
        var buffers = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers, 0);
        for (var i = 0; i < size; i++)
        {
            _vectors[i] = new IoVector { Base = buffers + i * Stride, Length = 65_536 };
            _messages[i] = new MessageHeader { Name = _addresses + i * AddressBytes, Vectors = _vectors + i, VectorCount = 1 };
        }
    }

    /// <summary>Returns how many datagrams came; none for every error, as when none waits.</summary>
    public int Receive(int socket)
    {
        for (var i = 0; i < _size; i++) _messages[i].NameLength = AddressBytes; // the kernel has written there
        while (true)
        {
            var count = _calls.Receive(socket, _messages, _size);
            if (count != -MessageCalls.Interrupted) return Math.Max(count, 0);
        }
    }

    public ReadOnlyMemory<byte> Received(int index, IpFamily family, out TransportAddress remote)
    {
        remote = SocketAddresses.Read(new ReadOnlySpan<byte>(_addresses + index * AddressBytes, AddressBytes), family);
        return _buffers.AsMemory(index * Stride, (int)_messages[index].Length);
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        _addresses = null; // freeing nothing again does no harm
        _messages = null;
        _vectors = null;
    }
}
