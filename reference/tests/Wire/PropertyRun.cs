using System.Globalization;

namespace WebRtcConformance.Wire.Tests;

/// <summary>One property of one format on many sequences of choices. 200 in a normal run, always the same ones; 10,000 with WRC_LONG=1, of a seed that is
/// chosen unless WRC_SEED gives it. The seed is printed. A failure gives the smallest choices found that show it, and the line that runs just those
/// again (WRC_CHOICES).</summary>
internal static class PropertyRun
{
    private const int NormalCases = 200, LongCases = 10_000, MaxChoices = 400, MaxShrinks = 2000;
    private const ulong NormalSeed = 1;

    public static bool IsLong => Environment.GetEnvironmentVariable("WRC_LONG") == "1";

    private static readonly ulong Seed = Environment.GetEnvironmentVariable("WRC_SEED") is { Length: > 0 } text
        ? ulong.Parse(text, CultureInfo.InvariantCulture) : IsLong ? (ulong)Random.Shared.NextInt64() : NormalSeed;

    /// <summary>A property: what is wrong on these choices, or null. An exception is a failure too.</summary>
    public delegate string? Property(IMessageFormat format, ref Choices choices, int number);

    /// <summary>Checks the property.</summary>
    /// <param name="test">The name of the test method, for the line that runs it again.</param>
    public static void Check(IMessageFormat format, string test, Property property)
    {
        if (Environment.GetEnvironmentVariable("WRC_CHOICES") is { Length: > 0 } replay)
        {
            var (choices, number) = replay.Split('#') is [var hex, var n] ? (hex, int.Parse(n, CultureInfo.InvariantCulture)) : (replay, 0);
            var objection = Try(format, property, Convert.FromHexString(choices), number);
            Assert.True(objection is null, objection);
            return;
        }
        var cases = IsLong ? LongCases : NormalCases;
        TestContext.Current.TestOutputHelper?.WriteLine($"{format.Name}: {cases} cases, seed {Seed}");
        var random = new Random(unchecked((int)(Seed ^ Seed >> 32)) ^ format.Name.Aggregate(17, (hash, c) => unchecked(hash * 31 + c)));
        for (var number = 0; number < cases; number++)
        {
            // The smallest message first; then short and long ones.
            var choices = new byte[number == 0 ? 0 : random.Next(1 + MaxChoices * Math.Min(number, 100) / 100)];
            random.NextBytes(choices);
            if (Try(format, property, choices, number) is not { } wrong) continue;
            (choices, wrong) = Shrink(format, property, choices, number, wrong);
            Assert.Fail($"{format.Name}, case {number} of seed {Seed}, choices {Convert.ToHexStringLower(choices)}\n{wrong}\n"
                + $"again: WRC_CHOICES='{Convert.ToHexStringLower(choices)}#{number}' dotnet run --project reference/tests -- --filter-method '*.{test}' # {format.Name}");
        }
    }

    private static (byte[] Choices, string Wrong) Shrink(IMessageFormat format, Property property, byte[] choices, int number, string wrong)
    {
        var tries = 0;
        for (var progress = true; progress;)
        {
            progress = false;
            foreach (var smaller in Properties.ChoiceArbitrary.Shrink(choices))
            {
                if (tries++ >= MaxShrinks) return (choices, wrong);
                if (Try(format, property, smaller, number) is not { } still) continue;
                (choices, wrong, progress) = (smaller, still, true);
                break;
            }
        }
        return (choices, wrong);
    }

    private static string? Try(IMessageFormat format, Property property, byte[] choices, int number)
    {
        try
        {
            var sequence = new Choices(choices);
            return property(format, ref sequence, number);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
