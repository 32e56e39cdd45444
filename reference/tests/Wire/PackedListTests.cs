using System.Text.Json;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire.Avpf;
using WebRtcConformance.Wire.ReducedSizeRtcp;
using WebRtcConformance.Wire.TransportWideCc;

namespace WebRtcConformance.Wire.Tests;

/// <summary>Lists of integers of less than a byte, in every form that they have: the symbols of status vector chunks
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.4).</summary>
public class PackedListTests
{
    /// <summary>A run of three, and a vector of the symbols 2 0 1 0 0 0 0, of which the first four are packets.</summary>
    private static readonly byte[] Feedback = Convert.FromHexString("8FCD0007111111112222222200640007FFFFFE052003E10004080CFFF0100000");

    private const string Vector = "Packets[0].Message.PacketChunks[1].SymbolList";

    private static TransportWideFeedback Record(byte[] bytes)
    {
        Assert.True(ReducedSizeRtcpPacket.TryParse(bytes, out var packet, out var error), error.ToString());
        return Assert.IsType<TransportWideFeedback>(Assert.IsType<TransportLayerFeedback>(packet.Packets[0]).Message);
    }

    private static WireTree Tree() => WireTree.Read(ReducedSizeRtcpPacket.Schema, Feedback);

    /// <summary>Adds up symbols and delta bytes by way of views alone.</summary>
    private static (long Symbols, long Deltas, int Twos) Walk(ReadOnlySpan<byte> bytes)
    {
        var found = (Symbols: 0L, Deltas: 0L, Twos: 0);
        if (!ReducedSizeRtcpPacket.View.TryParse(bytes, out var view, out _)) return found;
        foreach (var packet in view.Packets)
        {
            if (!packet.TryGet(out TransportLayerFeedback.View transport) || !transport.TryGetMessage(out TransportWideFeedback.View feedback)) continue;
            foreach (var chunk in feedback.PacketChunks)
            {
                found.Symbols += chunk.Symbols;
                found.Deltas += chunk.DeltaBytes;
                if (chunk.TryGet(out TwoBitStatusVectorChunk.View vector))
                    foreach (var symbol in vector.SymbolList) found.Twos += symbol == PacketStatusSymbol.ReceivedLargeOrNegativeDelta ? 1 : 0;
            }
        }
        return found;
    }

    [Fact]
    public void A_view_gives_the_items_and_allocates_nothing()
    {
        Assert.Equal((10L, 6L, 1), Walk(Feedback));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Walk(Feedback);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        var list = new WireListHolder(Feedback);
        Assert.Equal((7, 2, 1), (list.Count, list[0], list[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[7]);
    }

    private sealed class WireListHolder(byte[] bytes)
    {
        private WirePacked<PacketStatusSymbol> List
        {
            get
            {
                ReducedSizeRtcpPacket.View.TryParse(bytes, out var view, out _);
                foreach (var packet in view.Packets)
                    if (packet.TryGet(out TransportLayerFeedback.View transport) && transport.TryGetMessage(out TransportWideFeedback.View feedback))
                        foreach (var chunk in feedback.PacketChunks)
                            if (chunk.TryGet(out TwoBitStatusVectorChunk.View vector)) return vector.SymbolList;
                return default;
            }
        }

        public int Count => List.Count;
        public int this[int index] => (int)List[index];
    }

    [Fact]
    public void A_record_is_written_with_as_many_items_as_the_format_has()
    {
        var good = Record(Feedback);
        var vector = Assert.IsType<TwoBitStatusVectorChunk>(good.PacketChunks[1]);
        Assert.Equal(7, vector.Symbols);
        Assert.Equal(3, vector.DeltaBytes);
        // The last 4 symbols are 0; of the last 5 one is small, of the last 7 one more is large.
        Assert.Equal([0, 0, 1, 3, 3], new long[] { -1, 4, 5, 7, 100 }.Select(vector.SpareDeltaBytes));
        Assert.Throws<WireValueException>(() => Write(vector with { SymbolList = [.. vector.SymbolList.Take(6)] }));
        Assert.Throws<WireValueException>(() => Write(vector with { SymbolList = [.. vector.SymbolList.Take(6), (PacketStatusSymbol)4] }));
        Assert.Equal(Feedback, Write(vector));

        byte[] Write(PacketStatusChunk chunk) => new ReducedSizeRtcpPacket
        {
            Packets = [new TransportLayerFeedback { Message = good with { PacketChunks = [good.PacketChunks[0], chunk] } }],
        }.ToArray();
    }

    [Fact]
    public void Items_are_edited_and_the_list_keeps_its_length()
    {
        var bytes = Tree().Set(Vector + "[3]", WireEdit.Is(3)).Set(Vector + "[0]", WireEdit.Flip(2)).Encode();
        Assert.Equal(0b11_00_00_01_11_00_00_00, bytes[22] << 8 | bytes[23]);
        Assert.Equal(Feedback.Length, bytes.Length);
        Assert.False(Tree().TrySet(Vector + "[0]", WireEdit.Is(4), out var problem));
        Assert.Equal("4 does not fit 2 bits", problem);
        foreach (var edit in new[] { WireEdit.Remove, WireEdit.Duplicate })
        {
            Assert.False(Tree().TrySet(Vector + "[0]", edit, out problem));
            Assert.Equal("a list of 7 integers of 2 bits keeps its length", problem);
        }
        Assert.False(Tree().TrySet(Vector, WireEdit.Raw(new byte[2]), out problem));
        Assert.Equal("a field of less than a byte cannot be replaced by bytes", problem);
    }

    [Fact]
    public void A_forge_changes_one_item()
    {
        var forge = ReducedSizeRtcpPacket.Forge.Read(Feedback);
        var chunk = forge.Packets[0].AsTransportLayerFeedback().MessageAsTransportWideFeedback().PacketChunks[1].AsTwoBitStatusVectorChunk();
        Assert.Equal(7, chunk.SymbolList.Count);
        chunk.SymbolList.Is(6, PacketStatusSymbol.ReceivedSmallDelta).SymbolList.Flip(1, 3);
        Assert.Equal(0b11_10_11_01_00_00_00_01, forge.ToArray()[22] << 8 | forge.ToArray()[23]);
        Assert.Throws<ArgumentException>(() => chunk.SymbolList.Is(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk.SymbolList.Is(7, 0));
    }

    [Fact]
    public void Json_has_an_array_of_just_so_many_integers()
    {
        var text = WireJson.Text(Tree());
        Assert.Contains("\"symbolList\":[2,0,1,0,0,0,0]", text);
        Assert.Equal(Feedback, Read(text, out _)!.Encode());
        Assert.Null(Read(text.Replace("[2,0,1,0,0,0,0]", "[2,0,1,0,0,0]"), out var error));
        Assert.EndsWith("symbolList: 7 integers are expected", error);
        Assert.Null(Read(text.Replace("[2,0,1,0,0,0,0]", "[2,0,1,0,0,0,4]"), out error));
        Assert.EndsWith("symbolList[6]: an integer of 2 bits is expected", error);
        var list = WireJsonSchema.Of(ReducedSizeRtcpPacket.Schema)["$defs"]!["TwoBitStatusVectorChunk"]!["oneOf"]![0]!["properties"]!["symbolList"]!["oneOf"]![0]!;
        Assert.Equal((7, 7, 3L), ((int)list["minItems"]!, (int)list["maxItems"]!, (long)list["items"]!["maximum"]!));

        static WireTree? Read(string json, out string? error)
        {
            using var parsed = JsonDocument.Parse(json);
            WireJson.TryRead(ReducedSizeRtcpPacket.Schema, parsed.RootElement, out var tree, out error);
            return tree;
        }
    }

    [Fact]
    public void A_dump_has_the_items_in_one_line() => Assert.Contains("symbol list = 2 0 1 0 0 0 0 ", WireText.Dump(Tree()));

    [Fact]
    public void Mutation_keeps_the_list_and_reaches_every_item()
    {
        var seen = new HashSet<int>();
        for (var seed = 0; seed < 4000; seed++)
        {
            var choices = new Choices([(byte)seed, (byte)(seed >> 8), (byte)(seed * 7), (byte)(seed * 31), (byte)(seed * 13), (byte)(seed * 3)]);
            var tree = Tree();
            WireMutator.Mutate(tree, ref choices);
            if (tree.Find(Vector) is not { Kind: WireItemKind.List } list) continue;
            Assert.Equal(7, list.Children.Count);
            for (var i = 0; i < 7; i++) if (list.Children[i].Number != Tree().Find(Vector)!.Children[i].Number) seen.Add(i);
        }
        Assert.Equal(7, seen.Count);
    }
}
