using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A message as a tree of its wire elements, each of which can be looked at, changed and overridden. Made by
/// parsing strictly, by reading anything tolerantly, or by drawing (<see cref="WireDraw"/>). Writing recomputes every derived value
/// that is not overridden.</summary>
/// <remarks>Not for the hot path (the generated views are), and not safe for use by several threads: encoding updates offsets.
/// <c>Encode(Read(b))</c> is <c>b</c> for any bytes. See <see cref="WireLimits"/> for the bounds.</remarks>
public sealed class WireTree
{
    internal WireTree(WirePlan plan, WireItem root, WireError error = default)
    {
        Plan = plan;
        Root = root;
        Error = error;
    }

    public WirePlan Plan { get; }
    public WireItem Root { get; internal set; }
    /// <summary>The first error that <see cref="Read(WirePlan, ReadOnlySpan{byte}, WireCoverage?)"/> met; none for strict parses.</summary>
    public WireError Error { get; }

    /// <summary>Parses strictly, with the verdict and error node of the generated views.</summary>
    public static bool TryParse(Pdu schema, ReadOnlySpan<byte> bytes, out WireTree? tree, out WireError error) =>
        TryParse(WirePlans.Default.Of(schema), bytes, out tree, out error);

    /// <inheritdoc cref="TryParse(Pdu, ReadOnlySpan{byte}, out WireTree?, out WireError)"/>
    /// <param name="coverage">Gets the nodes that the parse touched.</param>
    public static bool TryParse(WirePlan plan, ReadOnlySpan<byte> bytes, out WireTree? tree, out WireError error, WireCoverage? coverage = null)
    {
        var copy = bytes.ToArray();
        var parser = new TreeParser(copy, tolerant: false, coverage);
        var ok = parser.TryParse(plan, 0, copy.Length, -1, 0, plan.Pdu.Exact || plan.IsRoot, out var root);
        error = parser.Error;
        coverage?.Verdict(error);
        tree = ok ? new WireTree(plan, root) : null;
        if (ok && parser.HasChecksum) KeepWrongChecksums(root, copy);
        return ok;
    }

    /// <summary>Strict verdict alone.</summary>
    public static bool Accepts(WirePlan plan, ReadOnlySpan<byte> bytes, out WireError error) => TryParse(plan, bytes, out _, out error);

    /// <summary>Reads any bytes; never fails. What does not fit is a raw item at the end of its window; <see cref="Error"/> says what a
    /// strict parse would have refused first.</summary>
    public static WireTree Read(Pdu schema, ReadOnlySpan<byte> bytes) => Read(WirePlans.Default.Of(schema), bytes);

    /// <inheritdoc cref="Read(Pdu, ReadOnlySpan{byte})"/>
    public static WireTree Read(WirePlan plan, ReadOnlySpan<byte> bytes, WireCoverage? coverage = null)
    {
        var copy = bytes.ToArray();
        var parser = new TreeParser(copy, tolerant: true, coverage);
        parser.TryParse(plan, 0, copy.Length, -1, 0, true, out var root);
        coverage?.Verdict(parser.Error);
        if (parser.HasChecksum) KeepWrongChecksums(root, copy);
        return new WireTree(plan, root, parser.Error);
    }

    /// <summary>Checks each checksum that can be computed: CRCs always, HMACs when there is a key; in order of appearance.
    /// The error's kind is <see cref="WireErrorKind.Checksum"/>, or what parsing refuses.</summary>
    public static bool Verify(WirePlan plan, ReadOnlySpan<byte> bytes, WireKey key, out WireError error)
    {
        if (!TryParse(plan, bytes, out var tree, out error)) return false;
        foreach (var site in TreeChecksums.Sites(tree!.Root))
        {
            if (!site.CanCompute(key) || site.Matches(bytes, key)) continue;
            error = new WireError(WireErrorKind.Checksum, site.Field.Node, site.Item.Offset);
            return false;
        }
        return true;
    }

    /// <summary>The message's bytes. Derived values are computed unless overridden; values that are derived later see the overridden
    /// bytes, so a wrong length can stand under a right checksum. HMACs are computed when there is a key.</summary>
    public byte[] Encode(WireKey key = default) => TreeEncoder.Encode(Root, key);

    /// <summary>The item at a path such as "MessageLength", "Attributes[2].Length", "Attributes[USERNAME].Value"; null when there is
    /// none. See <see cref="WirePath"/>.</summary>
    public WireItem? Find(string path) => WirePath.TryFind(this, path, out var target, out _) ? target.Item : null;

    /// <summary>Applies an edit; <paramref name="problem"/> says why it cannot be applied.</summary>
    public bool TrySet(string path, WireEdit edit, out string? problem) => WireEditor.TryApply(this, path, edit, out problem);

    /// <summary>Applies an edit and returns this tree. Throws <see cref="ArgumentException"/> when it cannot be applied.</summary>
    public WireTree Set(string path, WireEdit edit) =>
        TrySet(path, edit, out var problem) ? this : throw new ArgumentException($"{Plan.Path}: {path}: {problem}");

    public WireTree Clone() => new(Plan, Root.Clone(), Error);

    public override string ToString() => WireText.Dump(this);

    private static void KeepWrongChecksums(WireItem root, ReadOnlySpan<byte> bytes)
    {
        foreach (var site in TreeChecksums.Sites(root))
            if (site.CanCompute(WireKey.None) && !site.Matches(bytes, WireKey.None)) site.Item.Override = WireOverride.Is;
    }
}
