using System.Text;

namespace WebRtcConformance.Emit;

/// <summary>Names of generated members.</summary>
internal static class Names
{
    private static readonly HashSet<string> Taken =
    [
        "Accepts", "Bytes", "Clone", "Equals", "EqualityContract", "Forge", "GetHashCode", "GetType", "Measure", "MeasurePdu", "MeasureVariant",
        "MemberwiseClone", "Module", "Offset", "PrintMembers", "Schema", "Sequence", "Enumerator", "Tail", "ToArray", "ToForge", "ToRecord", "ToString",
        "Trivia", "TryGet", "TryParse", "Verify", "View", "WireName", "Write", "WritePdu", "WriteVariant", "Collect", "VerifyChecksums", "Finalize", "Tree", "Item", "Inner", "Child", "Apply", "Check",
    ];

    /// <summary>The field's name, with "Field" after it where a record or view has such a member already.</summary>
    public static string Member(Layout layout, string csName)
    {
        var taken = csName == layout.Pdu.CsName || Taken.Contains(csName)
            || layout.Owner?.Owner.Pdu.Fields.Any(f => f.CsName == csName && !ReferenceEquals(f, layout.Owner.Union.Field) && f.Role == Ir.Role.Semantic) == true
            || layout.Owner?.Union.Shape.SelectorField == csName;
        return taken ? csName + "Field" : csName;
    }

    /// <summary>"stun.message" for STUN Message (StunMessage) of module stun; "turn.channel-data" for ChannelData of module turn.</summary>
    public static string WireName(string module, string csName)
    {
        var words = Kebab(csName).Split('-').ToList();
        if (words.Count > 1 && words[0] == module) words.RemoveAt(0);
        return module + "." + string.Join("-", words);
    }

    private static string Kebab(string csName)
    {
        var text = new StringBuilder();
        for (var i = 0; i < csName.Length; i++)
        {
            if (i > 0 && char.IsUpper(csName[i]) && !char.IsUpper(csName[i - 1])) text.Append('-');
            text.Append(char.ToLowerInvariant(csName[i]));
        }
        return text.ToString();
    }

    public static string Camel(string csName) => csName.Length == 0 ? csName : "@" + char.ToLowerInvariant(csName[0]) + csName.Substring(1);
}
