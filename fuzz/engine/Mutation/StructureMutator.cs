namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Mutations along a <see cref="FieldMap"/>: field values, elements removed, repeated, moved and taken from other inputs, lengths that
/// lie; then, with some probability, the repair of the lengths and checksums around the change, so that both valid and broken messages appear.</summary>
internal ref struct StructureMutator(Span<byte> buffer, int length, FieldMap map)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length = length;
    // The one change of size that a pass may make: map offsets behind it move by _shift.
    private int _changeAt = int.MaxValue, _shift;
    // The field or sequence that has changed its size: lengths of what contains it are repaired.
    private int _withinFrom, _withinTo;

    /// <summary>Mutates in place; returns the new length.</summary>
    /// <param name="donor">Another input and its map, to take elements from.</param>
    public static int Mutate(Span<byte> buffer, int length, FieldMap map, ReadOnlySpan<byte> donor, FieldMap? donorMap, ref FuzzRandom random)
    {
        var mutator = new StructureMutator(buffer, length, map);
        if (!random.OneIn(4)) for (var n = 1 + random.Below(2); n > 0; n--) mutator.ChangeInteger(ref random);
        if (random.OneIn(2)) mutator.ChangeSize(donor, donorMap, ref random);
        // Repair mostly; else the lie stays.
        if (mutator._shift != 0 && !random.OneIn(5)) mutator.RepairLengths();
        if (random.OneIn(6)) mutator.Lie(ref random);
        if (map.Checksums.Length > 0 && !random.OneIn(3)) mutator.RepairChecksums();
        return mutator._length;
    }

    /// <summary>Takes out element <paramref name="index"/> and repairs lengths and checksums around it; returns the new length.</summary>
    public static int RemoveElement(Span<byte> buffer, int length, FieldMap map, int index)
    {
        var mutator = new StructureMutator(buffer, length, map);
        var element = map.Elements[index];
        mutator.CutElement(element);
        mutator.RepairLengths();
        mutator.RepairChecksums();
        return mutator._length;
    }

    /// <summary>Shortens a bytes field by <paramref name="size"/> bytes from its end, with repair; returns the new length.</summary>
    public static int ShortenBlock(Span<byte> buffer, int length, FieldMap map, int index, int size)
    {
        var mutator = new StructureMutator(buffer, length, map);
        var block = map.Blocks[index];
        mutator.Within(block.Offset, block.Offset + block.Length);
        mutator.Cut(block.Offset + block.Length - size, size);
        mutator.RepairLengths();
        mutator.RepairChecksums();
        return mutator._length;
    }

    private readonly void ChangeInteger(ref FuzzRandom random)
    {
        if (map.Integers.Length == 0) return;
        var field = map.Integers[random.Below(map.Integers.Length)];
        var all = field.Bits == 64 ? ulong.MaxValue : (1UL << field.Bits) - 1;
        var old = Bits.Read(_buffer[.._length], field.BitOffset, field.Bits);
        var value = random.Below(8) switch
        {
            0 => 0UL,
            1 => all,
            2 => old + 1,
            3 => old - 1,
            4 => random.Next(),
            5 => 1UL << random.Below(field.Bits),
            _ when field.Values.Length > 0 => field.Values[random.Below(field.Values.Length)],
            _ => old ^ (1UL << random.Below(field.Bits)),
        };
        Bits.Write(_buffer[.._length], field.BitOffset, field.Bits, value & all);
    }

    private void ChangeSize(ReadOnlySpan<byte> donor, FieldMap? donorMap, ref FuzzRandom random)
    {
        var kind = random.Below(8);
        if (kind < 2 && map.Blocks.Length > 0) { ResizeBlock(ref random); return; }
        if (map.Elements.Length == 0)
        {
            if (kind == 7) Insert(new(_length, 0, _length, _length), donor, donorMap, ref random);
            return;
        }
        var element = map.Elements[random.Below(map.Elements.Length)];
        switch (kind)
        {
            case 2 or 3: CutElement(element); return;
            case 4: Paste(element, random.OneIn(2) ? element.Offset : element.ListTo, _buffer.Slice(element.Offset, element.Length), ref random); return;
            case 5: Move(element, ref random); return;
            default: Insert(element, donor, donorMap, ref random); return;
        }
    }

    private void CutElement(ElementField element)
    {
        Within(element.ListFrom, element.ListTo);
        Cut(element.Offset, element.Length);
    }

    /// <summary>Puts an element of the donor before or behind one of this input.</summary>
    private void Insert(ElementField neighbour, ReadOnlySpan<byte> donor, FieldMap? donorMap, ref FuzzRandom random)
    {
        if (donorMap is null || donorMap.Elements.Length == 0) return;
        var element = donorMap.Elements[random.Below(donorMap.Elements.Length)];
        Paste(neighbour, random.OneIn(2) ? neighbour.Offset : neighbour.End, donor.Slice(element.Offset, element.Length), ref random);
    }

    private void ResizeBlock(ref FuzzRandom random)
    {
        var block = map.Blocks[random.Below(map.Blocks.Length)];
        Within(block.Offset, block.Offset + block.Length);
        // Four at a time keeps the padding of most formats as it was.
        var size = random.OneIn(2) ? 4 * (1 + random.Below(8)) : 1 + random.Below(7);
        var at = block.Offset + random.Below(block.Length + 1);
        if (random.OneIn(2) && block.Length >= size) { Cut(block.Offset, size); return; }
        var before = _length;
        _length = HavocMutator.Insert(_buffer, _length, at, size, ref random, true);
        Note(at, _length - before);
    }

    private readonly void Move(ElementField element, ref FuzzRandom random)
    {
        var other = map.Elements[random.Below(map.Elements.Length)];
        // Within one sequence no length changes.
        if (other.Offset == element.Offset || other.ListFrom != element.ListFrom || element.Length > 512) return;
        Span<byte> copy = stackalloc byte[element.Length];
        _buffer.Slice(element.Offset, element.Length).CopyTo(copy);
        if (other.Offset < element.Offset)
        {
            _buffer[other.Offset..element.Offset].CopyTo(_buffer[(other.Offset + element.Length)..]);
            copy.CopyTo(_buffer[other.Offset..]);
        }
        else
        {
            var end = other.End;
            _buffer[(element.Offset + element.Length)..end].CopyTo(_buffer[element.Offset..]);
            copy.CopyTo(_buffer[(end - element.Length)..]);
        }
    }

    private void Cut(int at, int size)
    {
        _length = HavocMutator.Remove(_buffer, _length, at, size);
        Note(at, -size);
    }

    private void Paste(ElementField neighbour, int at, ReadOnlySpan<byte> piece, ref FuzzRandom random)
    {
        Within(neighbour.ListFrom, neighbour.ListTo);
        if (piece.Length > _buffer.Length - _length || piece.Length > 512) return;
        Span<byte> copy = stackalloc byte[piece.Length];
        piece.CopyTo(copy);
        _length = HavocMutator.Insert(_buffer, _length, at, piece.Length, ref random, false);
        copy.CopyTo(_buffer[at..]);
        Note(at, piece.Length);
    }

    private void Within(int from, int to) => (_withinFrom, _withinTo) = (from, to);

    private void Note(int at, int shift)
    {
        _changeAt = at;
        _shift = shift;
    }

    /// <summary>Where a byte of the original input is now.</summary>
    private readonly int Now(int offset) => offset >= _changeAt && offset != 0 ? offset + _shift : offset;

    /// <summary>The byte was cut out.</summary>
    private readonly bool Gone(int offset) => _shift < 0 && offset >= _changeAt && offset < _changeAt - _shift;

    private readonly int NowBits(int bitOffset) => bitOffset >> 3 >= _changeAt ? bitOffset + 8 * _shift : bitOffset;

    private readonly void RepairLengths()
    {
        foreach (var field in map.Lengths)
        {
            if (field.From > _withinFrom || field.To < _withinTo || Gone(field.BitOffset >> 3)) continue;
            var at = NowBits(field.BitOffset);
            var all = field.Bits == 64 ? ulong.MaxValue : (1UL << field.Bits) - 1;
            var old = (long)Bits.Read(_buffer[.._length], at, field.Bits);
            Bits.Write(_buffer[.._length], at, field.Bits, (ulong)(old + _shift / field.Unit) & all);
        }
    }

    private readonly void Lie(ref FuzzRandom random)
    {
        if (map.Lengths.Length == 0) return;
        var field = map.Lengths[random.Below(map.Lengths.Length)];
        var at = NowBits(field.BitOffset);
        var old = Bits.Read(_buffer[.._length], at, field.Bits);
        var all = field.Bits == 64 ? ulong.MaxValue : (1UL << field.Bits) - 1;
        var value = random.Below(6) switch { 0 => old + 1, 1 => old - 1, 2 => 0UL, 3 => all, 4 => old + 4, _ => old - 4 };
        Bits.Write(_buffer[.._length], at, field.Bits, value & all);
    }

    private readonly void RepairChecksums()
    {
        foreach (var field in map.Checksums)
        {
            int at = Now(field.Offset), from = field.From, to = Now(field.To);
            if (Gone(field.Offset) || at + 4 > _length || to > at || from > to) continue;
            uint crc;
            if (field.PatchedLength >= 0)
            {
                var patched = map.Lengths[field.PatchedLength];
                var lengthAt = NowBits(patched.BitOffset);
                var real = Bits.Read(_buffer[.._length], lengthAt, patched.Bits);
                var behind = Now(patched.To) - Now(field.ElementEnd);
                Bits.Write(_buffer[.._length], lengthAt, patched.Bits, (ulong)((long)real - behind / patched.Unit));
                crc = ~Crc32.Append(Crc32.Start, _buffer[from..to]);
                Bits.Write(_buffer[.._length], lengthAt, patched.Bits, real);
            }
            else
            {
                crc = ~Crc32.Append(Crc32.Start, _buffer[from..to]);
            }
            Bits.Write(_buffer[.._length], at * 8, 32, crc ^ field.Xor);
        }
    }
}
