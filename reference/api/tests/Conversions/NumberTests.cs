using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace WebRtcConformance.Api.Tests;

/// <summary>Conversions of numbers, against arithmetic on big integers and against what Node's engine does.</summary>
public class NumberTests
{
    private static readonly double[] Interesting =
    [
        0, -0.0, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999999999999994, 127, 128, -128, -129, 254.5, 255, 255.5, 256, 32767.5, 65534.5, 65535, 65535.5, 65536, -1,
        2147483647.5, 2147483648, 4294967295, 4294967295.5, 4294967296, 9007199254740991, 9007199254740992, -9007199254740991, -9007199254740992, 1e21, 1e20,
        123456789012345680000.0, 18446744073709551616.0, 18446744073709549568.0, 9223372036854775808.0, -9223372036854775808.0, 1e-6, 1e-7, 1.7976931348623157e308, 5e-324,
        3.4028234663852886e38, 3.4028235677973366e38, 3.5e38, 1.401298464324817e-45, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, 100, 1e100,
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\n\t 12 \u00a0\ufeff", "0x1F", "0X1f", "-0x1", "0b101", "0o17", "0b2", "0x", "1e3", "1E+3", ".5", "5.", ".", "-.5e-1", "Infinity", "-Infinity", "+Infinity",
        "infinity", "NaN", "1_000", "1,5", "12px", "--1", "+-1", "1e", "1e400", "-1e-400", "0x" + new string('f', 300), "0x1" + new string('0', 13) + "1", "0x" + new string('0', 500) + "5",
        "\u180e5", "\u20285\u2029", "9007199254740993", "123456789012345678901234567890", "1e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "٣",
    ];

    private static readonly Func<IdlContext, JsValue, object>[][] Conversions =
    [
        [(c, v) => IdlConvert.ReadByte(c, v), (c, v) => IdlConvert.ReadByteEnforceRange(c, v), (c, v) => IdlConvert.ReadByteClamp(c, v)],
        [(c, v) => IdlConvert.ReadOctet(c, v), (c, v) => IdlConvert.ReadOctetEnforceRange(c, v), (c, v) => IdlConvert.ReadOctetClamp(c, v)],
        [(c, v) => IdlConvert.ReadShort(c, v), (c, v) => IdlConvert.ReadShortEnforceRange(c, v), (c, v) => IdlConvert.ReadShortClamp(c, v)],
        [(c, v) => IdlConvert.ReadUnsignedShort(c, v), (c, v) => IdlConvert.ReadUnsignedShortEnforceRange(c, v), (c, v) => IdlConvert.ReadUnsignedShortClamp(c, v)],
        [(c, v) => IdlConvert.ReadLong(c, v), (c, v) => IdlConvert.ReadLongEnforceRange(c, v), (c, v) => IdlConvert.ReadLongClamp(c, v)],
        [(c, v) => IdlConvert.ReadUnsignedLong(c, v), (c, v) => IdlConvert.ReadUnsignedLongEnforceRange(c, v), (c, v) => IdlConvert.ReadUnsignedLongClamp(c, v)],
        [(c, v) => IdlConvert.ReadLongLong(c, v), (c, v) => IdlConvert.ReadLongLongEnforceRange(c, v), (c, v) => IdlConvert.ReadLongLongClamp(c, v)],
        [(c, v) => IdlConvert.ReadUnsignedLongLong(c, v), (c, v) => IdlConvert.ReadUnsignedLongLongEnforceRange(c, v), (c, v) => IdlConvert.ReadUnsignedLongLongClamp(c, v)],
    ];

    /// <summary>Primitives need no engine.</summary>
    private static string Convert(Func<IdlContext, JsValue, object> read, JsValue value)
    {
        var cx = new IdlContext(null!);
        var result = read(cx, value);
        return cx.Failed ? "error" : System.Convert.ToString(result, CultureInfo.InvariantCulture)!;
    }

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? BitConverter.Int64BitsToDouble(0x7FF8000000000000) : value).ToString("x16", CultureInfo.InvariantCulture);

    [Fact]
    public void Numbers_become_what_Nodes_engine_makes_of_them()
    {
        var random = new Random(20261125);
        var doubles = Interesting.Concat(Enumerable.Range(0, 4000).Select(i => i % 4 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
            : i % 4 == 1 ? Math.Round(random.NextDouble() * 600 - 300) / 2 : (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(70)))).ToArray();
        var texts = Texts.Concat(Enumerable.Range(0, 1000).Select(_ => new string(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Letters[random.Next(Letters.Length)]).ToArray())))
            .Concat(doubles.Take(1000).Select(JsNumber.ToText)).ToArray();
        using var answer = Oracle(JsonSerializer.Serialize(new { bits = doubles.Select(Bits), texts }));
        var items = answer.RootElement.GetProperty("doubles").EnumerateArray().ToArray();
        Assert.Equal(doubles.Length, items.Length);
        foreach (var (value, item) in doubles.Zip(items))
        {
            Assert.Equal(item.GetProperty("text").GetString(), JsNumber.ToText(value));
            Assert.Equal((value, item.GetProperty("single").GetString()), (value, Single(value)));
            foreach (var (conversions, expected) in Conversions.Zip(item.GetProperty("integers").EnumerateArray()))
                Assert.Equal((value, string.Join(" ", expected.EnumerateArray())), (value, string.Join(" ", conversions.Select(c => Convert(c, JsValue.From(value))))));
        }
        foreach (var (text, expected) in texts.Zip(answer.RootElement.GetProperty("texts").EnumerateArray()))
            Assert.Equal((text, expected.GetString()), (text, Bits(JsNumber.Parse(text))));
    }

    private const string Letters = "0123456789.eE+-xXbo \n\ufeffIN";

    private static string Single(double value)
    {
        var cx = new IdlContext(null!);
        var result = IdlConvert.ReadFloat(cx, JsValue.From(value));
        return cx.Failed ? "error" : Bits(result);
    }

    private static JsonDocument Oracle(string input)
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WebRtcConformance.sln"))) folder = Path.GetDirectoryName(folder);
        var start = new ProcessStartInfo("node", [Path.Combine(folder!, "reference", "api", "tests", "Conversions", "numbers.mjs")])
            { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8 };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed (it is the oracle; any version from 18 on)");
        }
        using var process = started!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonDocument.Parse(output);
    }

    [Property(MaxTest = 3000)]
    public void Integers_are_taken_modulo_as_big_integers_are(double value)
    {
        var whole = double.IsFinite(value) ? new BigInteger(Math.Truncate(value)) : 0;
        var rest = BigInteger.Remainder(whole, BigInteger.Pow(2, 64));
        if (rest < 0) rest += BigInteger.Pow(2, 64);
        var expected = (ulong)rest;
        Assert.Equal(expected, IdlConvert.ReadUnsignedLongLong(new(null!), JsValue.From(value)));
        Assert.Equal(unchecked((short)expected), IdlConvert.ReadShort(new(null!), JsValue.From(value)));
        Assert.Equal(unchecked((int)expected), IdlConvert.ReadLong(new(null!), JsValue.From(value)));
    }

    [Property(MaxTest = 2000)]
    public void A_numbers_text_reads_back_as_the_number(double value) => Assert.Equal(Bits(value == 0 ? 0 : value), Bits(JsNumber.Parse(JsNumber.ToText(value))));

    [Property(MaxTest = 2000)]
    public void Any_text_is_read_without_exception(string? text)
    {
        JsNumber.Parse(text ?? "");
        JsNumber.ParseBigInt(text ?? "");
    }

    [Theory]
    [InlineData("12", "12"), InlineData(" -7 ", "-7"), InlineData("0x1f", "31"), InlineData("", "0"), InlineData("1.5", null), InlineData("1n", null), InlineData("-0x1", null), InlineData("+", null)]
    public void Text_becomes_a_bigint(string text, string? expected) => Assert.Equal(expected, JsNumber.ParseBigInt(text)?.ToString(CultureInfo.InvariantCulture));
}
