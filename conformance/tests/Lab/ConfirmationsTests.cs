using FsCheck.Xunit;
using WebRtcConformance.Cases;
using WebRtcConformance.Conformance.Tests.Suite;

namespace WebRtcConformance.Conformance.Tests.Lab;

public class ConfirmationsTests
{
    [Fact]
    public void Lines_comments_and_blanks()
    {
        var list = new Confirmations(new StringReader("# a comment\n\na/b/c[x,y] one,two\na/b/d  three\n"));
        Assert.Equal(["one", "two"], list.Of("a/b/c[x,y]"));
        Assert.Equal(["three"], list.Of("a/b/d"));
        Assert.Empty(list.Of("a/b/e"));
        Assert.Equal(2, list.Cases.Count());
    }

    [Theory]
    [InlineData("a/b/c", 1)]
    [InlineData("# x\na/b/c one\na/b/d one two", 3)]
    [InlineData("\n ", 2)]
    public void A_broken_line_is_named(string text, int line) => Assert.Equal(
        $"confirmed.txt line {line}: expected \"case sut,sut\"", Assert.Throws<FormatException>(() => new Confirmations(new StringReader(text))).Message);

    [Property(MaxTest = 300)]
    public void Any_text_is_read_or_refused_with_its_line(string? text)
    {
        try
        {
            Assert.All(new Confirmations(new StringReader(text ?? "")).Cases, Assert.NotEmpty);
        }
        catch (FormatException e)
        {
            Assert.StartsWith("confirmed.txt line ", e.Message);
        }
    }

    [Fact]
    public void The_list_that_the_suite_ships_with_speaks_of_cases_that_exist() =>
        Assert.All(Confirmations.Embedded.Cases, id => Assert.Contains(RealSuite.Definitions, c => c.Id == id));
}
