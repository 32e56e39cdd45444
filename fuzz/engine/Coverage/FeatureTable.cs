using System.Runtime.CompilerServices;

namespace WebRtcConformance.Fuzz.Coverage;

/// <summary>The behaviours seen so far, each with the number of executions that showed it. Nothing is cleared between executions: whether a
/// feature is new is one look-up. Holds up to 3/4 of its capacity; after that nothing is new any more (<see cref="Saturated"/>).</summary>
public sealed class FeatureTable(int capacityBits = 17)
{
    private readonly ulong[] _slots = new ulong[1 << capacityBits];
    private readonly uint _mask = (1u << capacityBits) - 1;
    private readonly int _limit = (1 << capacityBits) / 4 * 3;
    private List<uint>? _recording;

    /// <summary>Distinct features seen.</summary>
    public int Count { get; private set; }

    public bool Saturated => Count >= _limit;

    /// <summary>Counts a hit; true when the feature was never seen before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Touch(uint key)
    {
        // A slot is the key + 1 (so that 0 means empty) in the upper half and the hits in the lower.
        var tag = ((ulong)key + 1) << 31;
        var index = (key * 0x9E3779B1u) >> 7;
        if (_recording is not null) _recording.Add(key);
        while (true)
        {
            ref var slot = ref _slots[index & _mask];
            if ((slot & ~0x7FFFFFFFUL) == tag)
            {
                if ((slot & 0x7FFFFFFF) != 0x7FFFFFFF) slot++;
                return false;
            }
            if (slot == 0)
            {
                if (Saturated) return false;
                slot = tag | 1;
                Count++;
                return true;
            }
            index++;
        }
    }

    /// <summary>Executions that showed the feature; 0 when none did.</summary>
    public uint Hits(uint key)
    {
        var tag = ((ulong)key + 1) << 31;
        for (var index = (key * 0x9E3779B1u) >> 7; ; index++)
        {
            var slot = _slots[index & _mask];
            if (slot == 0) return 0;
            if ((slot & ~0x7FFFFFFFUL) == tag) return (uint)(slot & 0x7FFFFFFF);
        }
    }

    /// <summary>From now on the touched features are noted down, for one execution.</summary>
    public void StartRecording() => _recording = [];

    /// <summary>The features touched since <see cref="StartRecording"/>, without repetitions.</summary>
    public uint[] StopRecording()
    {
        var keys = _recording?.Distinct().ToArray() ?? [];
        _recording = null;
        return keys;
    }
}
