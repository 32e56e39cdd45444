namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>
/// Fragments that are used again, so that steady traffic allocates nothing. What small fragments waste in the large buffers of others is bounded, and
/// so is what is kept.
/// </summary>
internal sealed class FragmentPool
{
    private const int LargestKept = 256 * 1024, MostKept = 2 * 1024 * 1024, MostWasted = 2 * 1024 * 1024;

    private readonly Stack<Fragment> _free = new();
    private long _kept, _capacity, _length;

    /// <summary>Bytes of all buffers: those in use and those that are kept.</summary>
    public long Capacity => _capacity + _kept;

    /// <summary>A fragment that holds the chunk.</summary>
    public Fragment Rent(in IncomingChunk chunk)
    {
        Fragment? fragment = null;
        if (_capacity - _length <= MostWasted && _free.TryPop(out fragment)) _kept -= fragment.Capacity;
        fragment ??= new Fragment();
        fragment.Fill(chunk);
        (_capacity, _length) = (_capacity + fragment.Capacity, _length + fragment.Length);
        return fragment;
    }

    /// <inheritdoc cref="Fragment.Append"/>
    public void Append(Fragment fragment, ReadOnlySpan<byte> data, long lastNumber, bool ending)
    {
        _capacity -= fragment.Capacity;
        fragment.Append(data, lastNumber, ending);
        (_capacity, _length) = (_capacity + fragment.Capacity, _length + data.Length);
    }

    public void Return(Fragment fragment)
    {
        (_capacity, _length) = (_capacity - fragment.Capacity, _length - fragment.Length);
        if (fragment.Capacity > LargestKept || _kept + fragment.Capacity > MostKept) return;
        _free.Push(fragment);
        _kept += fragment.Capacity;
    }
}
