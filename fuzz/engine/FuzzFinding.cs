using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebRtcConformance.Fuzz;

/// <summary>How a finding showed itself; also the prefix of its artifact files.</summary>
public enum FindingKind
{
    /// <summary>An exception escaped, or the process died (stack overflow, fail-fast).</summary>
    Crash,
    /// <summary>The execution did not come back in time.</summary>
    Hang,
    /// <summary>Memory ran out.</summary>
    Oom,
    /// <summary>An oracle objected.</summary>
    Oracle,
}

/// <summary>One objection to one input.</summary>
/// <param name="Oracle">Name of the oracle, kebab case, e.g. "round-trip".</param>
/// <param name="Detail">What was expected and what was seen, for a person.</param>
/// <param name="Bytes">The input.</param>
/// <param name="Bucket">Findings with the same bucket are the same defect.</param>
public sealed record FuzzFinding(FindingKind Kind, string Oracle, string Detail, byte[] Bytes, string Bucket)
{
    /// <summary>Name of the oracle that every target has.</summary>
    public const string NoThrow = "no-throw";

    /// <summary>An objection of an oracle. <paramref name="bucket"/>: what tells this defect from others that the same oracle finds,
    /// e.g. the node of the parse error.</summary>
    public static FuzzFinding Of(string oracle, string detail, ReadOnlySpan<byte> input, string bucket = "") =>
        new(FindingKind.Oracle, oracle, detail, input.ToArray(), oracle + (bucket.Length == 0 ? "" : "/" + bucket));

    /// <summary>An exception that escaped: the bucket is its type and the three frames nearest to the throw, without the runtime's and the
    /// engine's own.</summary>
    public static FuzzFinding Of(Exception exception, ReadOnlySpan<byte> input)
    {
        // Where memory runs out says nothing of who took it: one bucket.
        if (exception is OutOfMemoryException)
            return new(FindingKind.Oom, NoThrow, exception.ToString(), input.ToArray(), $"{NoThrow}/{nameof(OutOfMemoryException)}");
        var frames = new StackTrace(exception).GetFrames()
            .Select(frame => frame.GetMethod())
            .Where(method => method?.DeclaringType is { } type && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
                && type != typeof(FuzzEngine) && type != typeof(FuzzReplay))
            .Take(3)
            .Select(method => $"{method!.DeclaringType?.Name}.{method.Name}");
        return new(FindingKind.Crash, NoThrow, exception.ToString(), input.ToArray(),
            $"{NoThrow}/{exception.GetType().Name}/{string.Join('<', frames)}");
    }

    /// <summary>SHA-1 of the input, lower-case hex: the artifact's name.</summary>
    public string Hash => HashOf(Bytes);

    /// <summary>The artifact's name without extension, e.g. "crash-da39a3ee...".</summary>
    public string FileName => Kind.ToString().ToLower(CultureInfo.InvariantCulture) + "-" + Hash;

    /// <summary>SHA-1 in lower-case hex: a name for the content, not a protection.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    /// <summary>The detail's first line.</summary>
    public string Headline => Detail.AsSpan().IndexOfAny('\r', '\n') is var end && end >= 0 ? Detail[..end] : Detail;

    /// <summary>Equality by content; the generated one would compare the array's identity.</summary>
    public bool Equals(FuzzFinding? other) => other is not null && Kind == other.Kind && Bucket == other.Bucket && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode() => HashCode.Combine(Kind, Bucket, Bytes.Length);

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"{Kind} {Bucket} {Convert.ToHexStringLower(Bytes)}: {Headline}");
        return true;
    }
}
