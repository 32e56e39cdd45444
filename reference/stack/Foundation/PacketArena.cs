namespace WebRtcConformance.Stack.Foundation;

/// <summary>Memory for what a machine says until it is called again: handed out piece by piece, and all of it taken back at once. No allocation once
/// it is large enough.</summary>
internal sealed class PacketArena
{
    private const int FirstSize = 4 * 1024, LargestKept = 256 * 1024;

    private byte[] _block = new byte[FirstSize];
    private int _used;

    /// <summary>So many bytes, not cleared.</summary>
    public Memory<byte> Take(int size)
    {
        if (size > _block.Length - _used)
        {
            // What was handed out of the old block stays good.
            _block = new byte[Math.Max(Math.Min(_block.Length * 2, LargestKept), size)];
            _used = 0;
        }
        var taken = _block.AsMemory(_used, size);
        _used += size;
        return taken;
    }

    /// <summary>Gives back the end of what was taken last.</summary>
    public void Return(int size) => _used -= size;

    /// <summary>Everything may be handed out again.</summary>
    public void Reset() => _used = 0;
}
