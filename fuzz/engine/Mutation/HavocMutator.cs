using System.Buffers.Binary;

namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Mutations that know nothing of the format: bits, integers, blocks, splices, dictionary words.</summary>
internal static class HavocMutator
{
    private static readonly uint[] Interesting =
        [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    /// <summary>Changes the first <paramref name="length"/> bytes of <paramref name="buffer"/> in one to eight steps; returns the new length,
    /// at most the buffer's.</summary>
    /// <param name="donor">Another input, to take pieces from; may be empty.</param>
    public static int Mutate(Span<byte> buffer, int length, ReadOnlySpan<byte> donor, IReadOnlyList<byte[]> dictionary, ref FuzzRandom random)
    {
        var steps = 1;
        while (steps < 8 && random.OneIn(2)) steps++;
        for (var step = 0; step < steps; step++) length = Step(buffer, length, donor, dictionary, ref random);
        return length;
    }

    private static int Step(Span<byte> buffer, int length, ReadOnlySpan<byte> donor, IReadOnlyList<byte[]> dictionary, ref FuzzRandom random)
    {
        if (length == 0) return Insert(buffer, 0, 0, 1 + random.Below(Math.Min(32, buffer.Length)), ref random, true);
        var at = random.Below(length);
        switch (random.Below(16))
        {
            case 0 or 1: buffer[at] ^= (byte)(1 << random.Below(8)); return length;
            case 2: buffer[at] = (byte)random.Next(); return length;
            case 3: buffer[at] += (byte)(1 + random.Below(16)); return length;
            case 4: buffer[at] -= (byte)(1 + random.Below(16)); return length;
            case 5: buffer[at] = (byte)Interesting[random.Below(18)]; return length;
            case 6 or 7:
                at &= ~1;
                if (at + 2 > length) return length;
                var word = buffer[at..];
                var old = BinaryPrimitives.ReadUInt16BigEndian(word);
                BinaryPrimitives.WriteUInt16BigEndian(word, random.OneIn(2) ? (ushort)Interesting[random.Below(Interesting.Length)] : (ushort)(old + random.Below(9) - 4));
                return length;
            case 8:
                at &= ~3;
                if (at + 4 <= length) BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], Interesting[random.Below(Interesting.Length)]);
                return length;
            case 9:
            {
                var (from, size) = Block(length, ref random);
                return Remove(buffer, length, from, size);
            }
            case 10:
            {
                var (from, size) = Block(length, ref random);
                var to = Align(random.Below(length + 1), ref random);
                size = Math.Min(size, buffer.Length - length);
                Span<byte> copy = stackalloc byte[Math.Min(size, 256)];
                buffer.Slice(from, copy.Length).CopyTo(copy);
                length = Insert(buffer, length, to, copy.Length, ref random, false);
                copy.CopyTo(buffer[to..]);
                return length;
            }
            case 11:
            {
                var (from, size) = Block(length, ref random);
                var to = random.Below(length - size + 1);
                buffer.Slice(from, size).CopyTo(buffer[to..]);
                return length;
            }
            case 12: return Insert(buffer, length, Align(at, ref random), 4 * (1 + random.Below(4)), ref random, true);
            case 13: return random.OneIn(4) ? at : length;
            case 14: return Splice(buffer, length, at, donor, ref random);
            default: return Word(buffer, length, at, dictionary, ref random);
        }
    }

    private static (int From, int Size) Block(int length, ref FuzzRandom random)
    {
        var size = random.SmallLength(length);
        if (size > 4 && random.OneIn(2)) size &= ~3;
        var from = random.Below(length - size + 1);
        if (random.OneIn(2)) from &= ~3;
        return (from, size);
    }

    private static int Align(int at, ref FuzzRandom random) => random.OneIn(2) ? at & ~3 : at;

    private static int Splice(Span<byte> buffer, int length, int at, ReadOnlySpan<byte> donor, ref FuzzRandom random)
    {
        if (donor.IsEmpty) return length;
        var (from, size) = Block(donor.Length, ref random);
        if (random.OneIn(2))
        {
            size = Math.Min(size, length - at);
            donor.Slice(from, size).CopyTo(buffer[at..]);
            return length;
        }
        size = Math.Min(size, buffer.Length - length);
        length = Insert(buffer, length, at, size, ref random, false);
        donor.Slice(from, size).CopyTo(buffer[at..]);
        return length;
    }

    private static int Word(Span<byte> buffer, int length, int at, IReadOnlyList<byte[]> dictionary, ref FuzzRandom random)
    {
        if (dictionary.Count == 0) return length;
        ReadOnlySpan<byte> word = dictionary[random.Below(dictionary.Count)];
        at = Align(at, ref random);
        if (random.OneIn(2))
        {
            if (word.Length > buffer.Length - length) return length;
            length = Insert(buffer, length, at, word.Length, ref random, false);
        }
        if (at + word.Length > length) return length;
        word.CopyTo(buffer[at..]);
        return length;
    }

    /// <summary>Opens a gap of <paramref name="size"/> bytes, as far as there is room.</summary>
    internal static int Insert(Span<byte> buffer, int length, int at, int size, ref FuzzRandom random, bool fill)
    {
        size = Math.Min(size, buffer.Length - length);
        if (size <= 0) return length;
        buffer[at..length].CopyTo(buffer[(at + size)..]);
        if (!fill) return length + size;
        if (random.OneIn(2)) random.Fill(buffer.Slice(at, size)); else buffer.Slice(at, size).Fill((byte)random.Next());
        return length + size;
    }

    internal static int Remove(Span<byte> buffer, int length, int at, int size)
    {
        buffer[(at + size)..length].CopyTo(buffer[at..]);
        return length - size;
    }
}
