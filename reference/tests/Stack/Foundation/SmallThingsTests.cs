using FsCheck.Xunit;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

public class OutboxTests
{
    /// <summary>Against the framework's queue: any mix of adds and takes.</summary>
    [Property]
    public bool Behaves_as_a_queue(bool[] adds)
    {
        var (outbox, queue) = (new Outbox<int>(), new Queue<int>());
        for (var i = 0; i < adds.Length; i++)
        {
            if (adds[i])
            {
                outbox.Add(i);
                queue.Enqueue(i);
            }
            else if (outbox.TryTake(out var a) != queue.TryDequeue(out var b) || a != b)
            {
                return false;
            }
        }
        while (queue.TryDequeue(out var b)) if (!outbox.TryTake(out var a) || a != b) return false;
        return !outbox.TryTake(out _) && outbox.Count == 0;
    }

    [Fact]
    public void Grows_when_wrapped()
    {
        var outbox = new Outbox<int>();
        for (var i = 0; i < 5; i++) outbox.Add(i);
        for (var i = 0; i < 5; i++) outbox.TryTake(out _);
        for (var i = 0; i < 100; i++) outbox.Add(i);
        for (var i = 0; i < 100; i++) Assert.True(outbox.TryTake(out var item) && item == i);
    }
}

public class TransportAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:5000")]
    [InlineData("255.255.255.255:65535")]
    [InlineData("[::1]:5000")]
    [InlineData("[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void Reads_what_it_writes(string text) => Assert.Equal(text, TransportAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1:5")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1: 5")]
    [InlineData("0x7f.0.0.1:5")]
    [InlineData("256.0.0.1:5")]
    [InlineData("::1:5")]
    [InlineData("[127.0.0.1]:5")]
    [InlineData("[fe80::1%1]:5")]
    [InlineData("[[::1]]:5")]
    [InlineData("localhost:5")]
    public void Other_text_is_no_address(string text)
    {
        Assert.False(TransportAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => TransportAddress.Parse(text));
    }

    [Property]
    public bool Bytes_go_through(byte[] any, ushort port)
    {
        var bytes = any.Concat(new byte[16]).Take(any.Length % 2 == 0 ? 4 : 16).ToArray();
        var address = TransportAddress.From(bytes, port);
        return address.AddressBytes().SequenceEqual(bytes) && address.Port == port
            && TransportAddress.Parse(address.ToString()) == address;
    }

    [Fact]
    public void An_IPv4_address_never_equals_an_IPv6_address()
    {
        Assert.NotEqual(TransportAddress.Parse("0.0.0.1:5"), TransportAddress.Parse("[::1]:5"));
        Assert.True(TransportAddress.Parse("127.9.9.9:5").IsLoopback);
        Assert.False(TransportAddress.Parse("128.0.0.1:5").IsLoopback);
    }

    [Fact]
    public void Comparing_allocates_nothing()
    {
        var (a, b) = (TransportAddress.Parse("127.0.0.1:5000"), TransportAddress.Parse("[::1]:5000"));
        var equal = a.Equals(b); // compiled before the measurement
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) equal |= a == b || a.GetHashCode() == b.GetHashCode();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.False(equal);
    }
}

public class FunnelTests
{
    [Fact]
    public void Taps_rewrite_in_order_and_their_dispositions_add_up()
    {
        var funnel = new Funnel<string>();
        funnel.Add((Instant _, ref string m) => { m += "b"; return Disposition.Delay(TimeSpan.FromSeconds(1)); });
        funnel.Add((Instant _, ref string m) => { m += "c"; return Disposition.Duplicate(2).And(Disposition.Raw([1])); });
        var message = "a";
        var disposition = funnel.Pass(Instant.Start, ref message);
        Assert.Equal("abc", message);
        Assert.Equal((false, TimeSpan.FromSeconds(1), 2), (disposition.Dropped, disposition.DelayedBy, disposition.ExtraCopies));
        Assert.Equal([1], disposition.RawBytes!);
    }

    [Fact]
    public void After_a_drop_nobody_looks()
    {
        var funnel = new Funnel<string>();
        funnel.Add((Instant _, ref string _) => Disposition.Drop);
        funnel.Add((Instant _, ref string _) => throw new InvalidOperationException("looked"));
        var message = "a";
        Assert.True(funnel.Pass(Instant.Start, ref message).Dropped);
    }

    [Fact]
    public void A_removed_tap_is_gone()
    {
        var funnel = new Funnel<string>();
        Tap<string> tap = (Instant _, ref string _) => Disposition.Drop;
        funnel.Add(tap);
        funnel.Remove(tap);
        var message = "a";
        Assert.Equal(Disposition.Pass, funnel.Pass(Instant.Start, ref message));
    }
}

public class QuirkRegistryTests
{
    [Fact]
    public void Every_quirk_says_what_it_breaks()
    {
        Assert.Equal(Enum.GetValues<Quirk>().Length, QuirkRegistry<Quirk>.All.Count);
        Assert.All(QuirkRegistry<Quirk>.All, q =>
        {
            Assert.Matches("^RFC(8489|8445):[0-9]+(\\.[0-9]+)*$", q.Rule);
            Assert.False(q.Summary.EndsWith('.'));
            Assert.True(QuirkRegistry<Quirk>.TryFind(q.Name, out var found) && found == q);
        });
        Assert.False(QuirkRegistry<Quirk>.TryFind("stunacceptsbadintegrity", out _));
    }

    [Fact]
    public void A_set_holds_exactly_what_was_put_in()
    {
        foreach (var one in Enum.GetValues<Quirk>())
        {
            var set = QuirkSet.Of(one);
            Assert.Equal([one], Enum.GetValues<Quirk>().Where(q => set.Has(q)));
            Assert.Equal(one.ToString(), set.ToString());
        }
        Assert.True(QuirkSet.None.IsEmpty);
        Assert.Equal("none", QuirkSet.None.ToString());
        Assert.True((int)Enum.GetValues<Quirk>().Max() < 128, "QuirkSet holds 128 bits");
    }
}
