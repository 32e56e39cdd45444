using System.Buffers.Binary;
using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Wire;

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

    /// <summary>Whole elements are dropped, repeated, changed or taken from the donor; the count stays right.</summary>
    public byte[]? Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> donor, ref Choices choices)
    {
        var (elements, others) = (Elements(input), Elements(donor));
        for (var n = 1 + choices.Next(3); n > 0; n--)
        {
            var at = choices.Next(elements.Count + 1);
            switch (choices.Next(4))
            {
                case 0 when at < elements.Count: elements.RemoveAt(at); break;
                case 1 when others.Count > 0: elements.Insert(at, others[choices.Next(others.Count)]); break;
                case 2 when at < elements.Count: elements[at] = (elements[at].Type, choices.Bytes(elements[at].Value.Length)); break;
                default: elements.Insert(at, ((byte)choices.Next(5), choices.Bytes(choices.Next(10)))); break;
            }
        }
        return Message(elements);
    }

    /// <summary>Takes out whole elements, then bytes.</summary>
    public byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests)
    {
        for (var at = Elements(input).Count - 1; at >= 0; at--)
        {
            var elements = Elements(input);
            elements.RemoveAt(at);
            if (maxTests-- > 0 && Message(elements) is var smaller && fails(smaller)) input = smaller;
        }
        return ByteMinimizer.Minimize(input, fails, maxTests);
    }

    private static List<(byte Type, byte[] Value)> Elements(ReadOnlySpan<byte> input)
    {
        List<(byte, byte[])> elements = [];
        for (var at = 2; at + 2 <= input.Length && at + 2 + input[at + 1] <= input.Length && elements.Count < 255; at += 2 + input[at + 1])
            elements.Add((input[at], input.Slice(at + 2, input[at + 1]).ToArray()));
        return elements;
    }

    private static byte[] Message(List<(byte Type, byte[] Value)> elements) =>
        [(byte)'T', (byte)elements.Count, .. elements.SelectMany(element => (byte[])[element.Type, (byte)element.Value.Length, .. element.Value])];

    public string Describe(ReadOnlySpan<byte> input) => $"{input.Length} bytes: {Convert.ToHexStringLower(input)}";
}
