using System.Buffers.Binary;
using WebRtcConformance.Fuzz.Mutation;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>A small type-length-value format written by hand: shows how to write a target, and is the yardstick of the engine's own speed.
/// Format: 'T', count, then that many elements of type (1 byte), length (1 byte), value; nothing behind.</summary>
public sealed class ToyTarget : IFuzzTarget
{
    public string Name => "toy";
    public bool Hidden => true;
    public IReadOnlyList<string> Oracles => [];
    public IEnumerable<byte[]> Seeds => [[(byte)'T', 2, 1, 2, 0, 7, 2, 1, 9]];

    public FuzzFinding? Run(ReadOnlySpan<byte> input, ref FuzzContext context)
    {
        if (input.Length < 2 || input[0] != 'T') { context.Cover(1); return null; }
        var at = 2;
        for (var i = 0; i < input[1]; i++)
        {
            if (at + 2 > input.Length) { context.Cover(2, (uint)Math.Min(i, 4)); return null; }
            int type = input[at], length = input[at + 1];
            if (at + 2 + length > input.Length) { context.Cover(3, (uint)Math.Min(type, 9)); return null; }
            var value = input.Slice(at + 2, length);
            switch (type)
            {
                case 1 when length == 2: context.Cover(4, BinaryPrimitives.ReadUInt16BigEndian(value) > 1000 ? 1u : 0); break;
                case 2 when length == 1: context.Cover(5, (uint)(value[0] >> 4)); break;
                case 3: context.Cover(6, (uint)Math.Min(length, 8)); break;
                default: context.Cover(7, (uint)Math.Min(type, 9)); break;
            }
            at += 2 + length;
        }
        context.Accepted = at == input.Length;
        context.Cover(8, context.Accepted ? 1u : 0);
        return null;
    }

    public FieldMap? Layout(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2) return null;
        List<IntegerField> integers = [new(0, 8, []), new(8, 8, [])];
        List<ByteField> blocks = [];
        List<(int Offset, int Length)> elements = [];
        List<LengthField> lengths = [];
        for (var at = 2; at + 2 <= input.Length && at + 2 + input[at + 1] <= input.Length; at += 2 + input[at + 1])
        {
            integers.Add(new(at * 8, 8, [1, 2, 3]));
            elements.Add((at, 2 + input[at + 1]));
            blocks.Add(new(at + 2, input[at + 1]));
            lengths.Add(new(at * 8 + 8, 8, at + 2, at + 2 + input[at + 1], 1));
        }
        var end = elements.Count == 0 ? 2 : elements[^1].Offset + elements[^1].Length;
        return new()
        {
            Integers = [.. integers], Blocks = [.. blocks], Lengths = [.. lengths],
            Elements = [.. elements.Select(element => new ElementField(element.Offset, element.Length, 2, end))],
        };
    }

    public string Describe(ReadOnlySpan<byte> input) => $"{input.Length} bytes: {Convert.ToHexStringLower(input)}";
}
