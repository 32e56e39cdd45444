namespace WebRtcConformance.Host;

/// <summary>How a <see cref="UdpHost"/> uses the operating system.</summary>
public sealed record UdpPolicy
{
    /// <summary>
    /// Many datagrams a system call (Linux: recvmmsg, sendmmsg), where the operating system has that; otherwise, and when false, one at a time. What crosses the
    /// network is the same.
    /// </summary>
    public bool Batches { get; init; } = true;

    /// <summary>Datagrams of a batch, 1 to 1024. Each costs a receive buffer of 64 KiB of address space, of which memory is used as far as datagrams reach.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Bytes that may wait in a socket for this process; the operating system gives less when it has a lower limit. 0 for its own choice.</summary>
    public int ReceiveBufferBytes { get; init; } = 1024 * 1024;
}
