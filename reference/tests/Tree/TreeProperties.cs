using FsCheck.Xunit;

namespace WebRtcConformance.Wire.Tests;

/// <summary>What holds for every message of every module.</summary>
public class TreeProperties
{
    [Property(MaxTest = 200)]
    public void Drawn_messages_are_accepted_and_written_back(byte[] choices)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var bytes = WireDraw.Draw(plan, ref c).Encode();
            Assert.True(WireTree.TryParse(plan, bytes, out var tree, out var error), plan.Describe(error));
            Assert.Equal(bytes, tree!.Encode());
        }
    }

    [Property(MaxTest = 200)]
    public void Reading_never_fails_and_is_written_back(byte[] bytes)
    {
        foreach (var plan in TestModules.Messages)
        {
            var tree = WireTree.Read(plan, bytes);
            Assert.Equal(bytes, tree.Encode());
            Assert.Equal(WireTree.TryParse(plan, bytes, out _, out var error), !tree.Error.IsError);
            Assert.Equal(error, tree.Error);
        }
    }

    [Property(MaxTest = 300)]
    public void Damaged_messages_are_read_and_written_back(byte[] choices, ushort at, byte by, ushort cut)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var bytes = WireDraw.Draw(plan, ref c).Encode();
            if (bytes.Length == 0) continue;
            bytes[at % bytes.Length] ^= by;
            if (cut % 3 == 0) bytes = bytes[..(cut % bytes.Length)];
            var tree = WireTree.Read(plan, bytes);
            Assert.Equal(bytes, tree.Encode());
            Assert.Equal(WireTree.TryParse(plan, bytes, out _, out var error), !tree.Error.IsError);
            Assert.Equal(error, tree.Error);
        }
    }
}
