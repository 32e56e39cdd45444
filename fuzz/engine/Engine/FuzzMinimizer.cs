using WebRtcConformance.Fuzz.Mutation;

namespace WebRtcConformance.Fuzz;

/// <summary>Makes a failing input smaller while it keeps failing in the same way: whole elements first, with the lengths and checksums around
/// them repaired, then fields, then plain bytes, then simpler values.</summary>
public sealed class FuzzMinimizer(IFuzzTarget target, Func<byte[], bool> fails, int maxAttempts = 5000)
{
    /// <summary>Candidates that were run.</summary>
    public int Attempts { get; private set; }

    /// <summary>Returns the smallest failing input that was found; the given one if none is smaller.</summary>
    public byte[] Minimize(byte[] input)
    {
        for (var before = Array.Empty<byte>(); !before.AsSpan().SequenceEqual(input) && Attempts < maxAttempts;)
        {
            before = input;
            input = DropElements(input);
            input = ShortenBlocks(input);
            input = DropBytes(input);
            input = ZeroBytes(input);
        }
        return input;
    }

    private bool Fails(byte[] candidate)
    {
        if (Attempts >= maxAttempts) return false;
        Attempts++;
        return fails(candidate);
    }

    private byte[] DropElements(byte[] input)
    {
        for (var index = (target.Layout(input)?.Elements.Length ?? 0) - 1; index >= 0; index--)
        {
            if (target.Layout(input) is not { } map || index >= map.Elements.Length) continue;
            var buffer = input.ToArray();
            var candidate = buffer[..StructureMutator.RemoveElement(buffer, buffer.Length, map, index)];
            if (Fails(candidate)) input = candidate;
        }
        return input;
    }

    private byte[] ShortenBlocks(byte[] input)
    {
        for (var index = 0; target.Layout(input) is { } map && index < map.Blocks.Length; index++)
        {
            for (var size = map.Blocks[index].Length; size > 0; size /= 2)
            {
                var now = target.Layout(input);
                if (now is null || index >= now.Blocks.Length || now.Blocks[index].Length < size) continue;
                var buffer = input.ToArray();
                var candidate = buffer[..StructureMutator.ShortenBlock(buffer, buffer.Length, now, index, size)];
                if (Fails(candidate)) input = candidate;
            }
        }
        return input;
    }

    private byte[] DropBytes(byte[] input)
    {
        for (var size = Math.Max(input.Length / 2, 1); size > 0; size /= 2)
            for (var at = input.Length - size; at >= 0; at -= size)
            {
                if (at + size > input.Length) continue;
                byte[] candidate = [.. input.AsSpan(0, at), .. input.AsSpan(at + size)];
                if (Fails(candidate)) input = candidate;
            }
        return input;
    }

    private byte[] ZeroBytes(byte[] input)
    {
        for (var at = 0; at < input.Length; at++)
        {
            if (input[at] == 0) continue;
            var candidate = input.ToArray();
            candidate[at] = 0;
            if (Fails(candidate)) input = candidate;
        }
        return input;
    }
}
