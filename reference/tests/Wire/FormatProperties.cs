using WebRtcConformance.Ir;
using WebRtcConformance.Text;

namespace WebRtcConformance.Wire.Tests;

/// <summary>What every generated codec promises, of packets and of texts, on drawn messages and on damaged ones. New spec files are covered without new tests.</summary>
public class FormatProperties
{
    private static readonly WireKey Key = new("properties"u8.ToArray());

    public static IEnumerable<TheoryDataRow<string>> Formats => MessageFormats.All.Select(format => new TheoryDataRow<string>(format.Name));

    private static IMessageFormat Format(string name) => MessageFormats.All.First(format => format.Name == name);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Parse(Write(m)) == m.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void A_written_message_is_read_back(string name) => PropertyRun.Check(Format(name), nameof(A_written_message_is_read_back), (format, ref choices, number) =>
    {
        var bytes = format.Draw(ref choices, number % 2 == 0 ? Key : WireKey.None);
        if (!format.TryParse(bytes, false, out var message, out var error)) return $"a drawn message is refused: {error}\n{Hex(bytes)}";
        var written = format.Write(message, Key);
        if (!format.TryParse(written, false, out var again, out error)) return $"what was written is refused: {error}\n{Hex(written)}";
        if (!message.Equals(again)) return $"another message comes back\n{message}\n{again}\n{Hex(written)}";
        if (message.GetHashCode() != again.GetHashCode()) return $"equal messages have different hash codes\n{message}";
        return format.Verify(written, Key, out error) ? null : $"the checksums that were written do not verify: {error}\n{Hex(written)}";
    });

    /// <summary>Write(Parse(b, trivia)) == b for accepted b; and trivia mean nothing.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void With_its_trivia_a_message_gives_the_same_bytes(string name) => PropertyRun.Check(Format(name), nameof(With_its_trivia_a_message_gives_the_same_bytes), (format, ref choices, number) =>
    {
        var bytes = Input(format, ref choices, number);
        if (!format.TryParse(bytes, true, out var with, out _)) return null;
        var written = format.Write(with);
        if (!written.AsSpan().SequenceEqual(bytes)) return $"written again, {format.ElementAt(bytes, written.AsSpan().CommonPrefixLength(bytes))} differs\n{Hex(bytes)}\n{Hex(written)}";
        return format.TryParse(bytes, false, out var without, out _) && with.Equals(without) ? null : $"trivia make a difference\n{with}\n{without}";
    });

    /// <summary>Write(Parse(b)) is accepted, means the same, and is a fixed point.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void The_canonical_form_is_a_fixed_point(string name) => PropertyRun.Check(Format(name), nameof(The_canonical_form_is_a_fixed_point), (format, ref choices, number) =>
    {
        var bytes = Input(format, ref choices, number);
        if (!format.TryParse(bytes, false, out var message, out _)) return null;
        var canonical = format.Write(message, Key);
        if (!format.TryParse(canonical, false, out var again, out var error)) return $"the canonical form is refused: {error}\n{Hex(bytes)}\n{Hex(canonical)}";
        if (!message.Equals(again)) return $"the canonical form means something else\n{message}\n{again}\n{Hex(canonical)}";
        var twice = format.Write(again, Key);
        return canonical.AsSpan().SequenceEqual(twice) ? null : $"the canonical form is no fixed point\n{Hex(canonical)}\n{Hex(twice)}";
    });

    /// <summary>Violate(r, m) is refused with r's node, or accepted where r's force says so; by both implementations.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void A_violation_is_refused_with_its_node(string name)
    {
        var violations = Format(name).Violations;
        var applied = 0;
        PropertyRun.Check(Format(name), nameof(A_violation_is_refused_with_its_node), (format, ref choices, number) =>
        {
            if (violations.Count == 0) return null;
            var violation = violations[number % violations.Count];
            if (!violation.TryShow(ref choices, Key, out var bad)) return null;
            applied++;
            var wanted = violation.Force == Force.Reject ? (violation.Node, violation.Kind) : (0u, WireErrorKind.None);
            WireError error, interpreted;
            if (violation.Kind == WireErrorKind.Checksum) (_, _) = (format.Verify(bad, Key, out error), format.InterpretVerify(bad, Key, out interpreted));
            else (_, _) = (format.Accepts(bad, out error), format.Interpret(bad, out interpreted));
            return (error.Node, error.Kind) == wanted && interpreted == error ? null
                : $"{violation.Id}: generated code says {error}, interpreter {interpreted}\n{Hex(bad)}";
        });
        // A format without any rule has none (RTP payloads that are any bytes); else some have to be possible.
        if (violations.Count > 0 && Environment.GetEnvironmentVariable("WRC_CHOICES") is null) Assert.True(applied > 0, $"none of {violations.Count} violations could be applied");
    }

    /// <summary>Straight-line code, record and interpreter have one verdict, on anything.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void Both_implementations_agree(string name) => PropertyRun.Check(Format(name), nameof(Both_implementations_agree), (format, ref choices, number) =>
    {
        var bytes = number % 8 == 7 ? choices.Bytes(choices.Next(60)) : Input(format, ref choices, number);
        var verdict = format.Accepts(bytes, out var error);
        if (verdict == error.IsError) return $"the verdict is {verdict} with the error '{error}'\n{Hex(bytes)}";
        if (format.Interpret(bytes, out var interpreted) != verdict || interpreted != error) return $"the generated code says {error}, the interpreter {interpreted}\n{Hex(bytes)}";
        if (format.TryParse(bytes, false, out _, out var recorded) != verdict || recorded != error) return $"the view says {error}, the record {recorded}\n{Hex(bytes)}";
        verdict = format.Verify(bytes, Key, out error);
        return format.InterpretVerify(bytes, Key, out interpreted) == verdict && interpreted == error ? null : $"of the checksums the generated code says {error}, the interpreter {interpreted}\n{Hex(bytes)}";
    });

    /// <summary>A drawn message, three times of four mutated up to three times.</summary>
    private static byte[] Input(IMessageFormat format, ref Choices choices, int number)
    {
        var bytes = format.Draw(ref choices, number % 2 == 0 ? Key : WireKey.None);
        for (var n = number % 4; n > 0; n--) bytes = format.Mutate(bytes, default, ref choices, number % 2 == 0 ? Key : WireKey.None);
        return bytes;
    }

    [Fact]
    public void Names_are_unique_and_titles_are_there()
    {
        Assert.Equal([], MessageFormats.All.GroupBy(format => format.Name).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(MessageFormats.All, format => Assert.Matches("^.+ \\(.+ section .+\\)$", format.Title));
        Assert.All(MessageFormats.All, format => Assert.Same(format, MessageFormats.Find(format.Name)));
    }

    [Theory]
    [InlineData("stun", "stun.message")]
    [InlineData("sdp", "sdp.session-description")]
    [InlineData("candidate", "ice-sdp.candidate")]
    [InlineData("rtcp-fb", "rtcp-fb.rtcp-fb")]
    [InlineData("dcep", null)]
    [InlineData("", null)]
    [InlineData("rtcp-mux", null)] // a flag: there is nothing to it
    public void A_format_is_found_by_what_people_call_it(string name, string? expected) => Assert.Equal(expected, MessageFormats.Find(name)?.Name);

    [Fact]
    public void A_property_that_fails_shows_its_smallest_choices_and_how_to_run_them_again()
    {
        var exception = Assert.ThrowsAny<Exception>(() => PropertyRun.Check(Format("rtp.packet"), "Name",
            (format, ref choices, _) => format.Draw(ref choices) is { Length: > 20 } bytes ? $"{bytes.Length} bytes" : null));
        var line = exception.Message.Split('\n')[^1];
        Assert.StartsWith("again: WRC_CHOICES='", line);
        Assert.EndsWith("--filter-method '*.Name' # rtp.packet", line);
        var choices = new Choices(Convert.FromHexString(line.Split('\'')[1].Split('#')[0]));
        Assert.InRange(Format("rtp.packet").Draw(ref choices).Length, 21, 40);
        Assert.Contains("seed ", exception.Message);
        Assert.Contains("thrown", Assert.ThrowsAny<Exception>(() => PropertyRun.Check(Format("rtp.packet"), "Name", (_, ref _, _) => throw new InvalidOperationException("thrown"))).Message);
    }
}
