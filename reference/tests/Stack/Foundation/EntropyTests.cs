using FsCheck;
using FsCheck.Xunit;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

public class EntropyTests
{
    private static string Draw(Entropy entropy, int count)
    {
        var bytes = new byte[count];
        entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Computed apart from this code, with another HMAC. If these change, every recorded seed is worthless.</summary>
    [Fact]
    public void Known_answers()
    {
        Assert.Equal("fdc98c70b774a64c007673cd8e8870a5d072494056d3144a7d7b96574c520b19281ff91267a6f2cf4df1b8fcd105ad51be551e0a8f312583d5cc0b851948c0d2", Draw(new Entropy(1), 64));
        Assert.Equal("aee2706cc7ac3a1d6c2cad94404fefcd13a33ecad2d79e42b17a6259da002588", Draw(new Entropy(1).Fork("ice/tag"), 32));
        Assert.Equal("6bea9eaf74b1c03cba56411a626b6464b89d9bc610252e4c3de43226f6c2c5b0", Draw(new Entropy([.. Enumerable.Range(0, 32).Select(i => (byte)i)]), 32));
    }

    [Fact]
    public void Drawing_from_a_parent_does_not_shift_its_forks()
    {
        var parent = new Entropy(7);
        var before = Draw(parent.Fork("dtls"), 16);
        Draw(parent, 1000);
        Assert.Equal(before, Draw(parent.Fork("dtls"), 16));
        Assert.NotEqual(before, Draw(parent.Fork("ice"), 16));
    }

    [Property]
    public bool Chunks_do_not_matter(byte a, byte b) =>
        Draw(new Entropy(5), a + b) == Draw2(new Entropy(5), a, b);

    [Property]
    public bool What_is_skipped_is_what_would_have_been_drawn(byte a, byte b)
    {
        var entropy = new Entropy(5);
        Draw(entropy, a);
        entropy.Skip(b);
        return Draw(entropy, 40) == Draw(new Entropy(5), a + b + 40)[^80..];
    }

    [Property]
    public bool Uniform_is_below_its_bound(ulong seed, ulong bound) =>
        new Entropy(seed).UniformBelow(bound | 1) < (bound | 1);

    [Fact]
    public void Uniform_reaches_every_value_about_equally()
    {
        var entropy = new Entropy(3);
        var counts = new int[6];
        for (var i = 0; i < 6000; i++) counts[entropy.UniformBelow(6)]++;
        Assert.All(counts, c => Assert.InRange(c, 850, 1150));
    }

    [Fact]
    public void Misuse_is_told()
    {
        Assert.Throws<ArgumentException>(() => new Entropy(new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Entropy(1).UniformBelow(0));
    }

    private static string Draw2(Entropy entropy, int a, int b) => Draw(entropy, a) + Draw(entropy, b);
}
