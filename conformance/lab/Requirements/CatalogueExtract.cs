using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>
/// Proves a catalogue complete against the texts themselves, which the project does not carry: each sentence with a
/// keyword in a covered section has its item, with equal digest and level, and no item lacks its sentence.
/// </summary>
public static partial class CatalogueExtract
{
    private const int MaxTextBytes = 32 << 20;

    /// <summary>
    /// Compares every RFC of the catalogue with <c>rfcNNNN.txt</c> or <c>rfcNNNN.txt.gz</c> found in a folder or below it.
    /// Returns one line a difference, empty when there is none. Documents that are no RFCs are passed over.
    /// Throws <see cref="CatalogueException"/> when the folder or a text cannot be read.
    /// </summary>
    public static IReadOnlyList<string> Compare(Catalogue catalogue, string rfcDirectory)
    {
        if (!Directory.Exists(rfcDirectory))
            throw new CatalogueException(rfcDirectory, "", "there is no such folder.", "Give the folder that holds the rfcNNNN.txt files.");
        var differences = new List<string>();
        foreach (var document in catalogue.Documents.Where(document => RfcName().IsMatch(document.Doc)))
        {
            string name = document.Doc.ToLowerInvariant();
            string? file = Find(rfcDirectory, name);
            if (file is null)
                differences.Add($"{document.Doc}: there is no {name}.txt or {name}.txt.gz in {rfcDirectory} or below.");
            else
                Compare(document, RfcText.Sections(ReadText(file)), differences);
        }
        return differences;
    }

    private static void Compare(CatalogueDocument document, IReadOnlyList<RfcSection> sections, List<string> differences)
    {
        var itemsOf = document.Items.ToLookup(item => item.Id.Section, StringComparer.Ordinal);
        foreach (var (number, title) in document.Scope)
        {
            var section = sections.FirstOrDefault(candidate => candidate.Number == number);
            if (section is null)
            {
                differences.Add($"{document.Doc}:{number}: missing section: the text has no section of this number.");
                continue;
            }
            if (section.Title != title)
                differences.Add($"{document.Doc}:{number}: changed heading: the text calls it \"{section.Title}\".");
            CompareKeywords(document.Doc, section, itemsOf[number].Where(item => item.Id.HasKeyword), differences);
            var digests = section.Sentences.Select(sentence => sentence.Digest).ToHashSet(StringComparer.Ordinal);
            foreach (var item in itemsOf[number].Where(item => !item.Id.HasKeyword && item.Digest is not null && !digests.Contains(item.Digest)))
                differences.Add($"{item.Id}: changed: no sentence of the section has digest {item.Digest}.");
        }
    }

    private static void CompareKeywords(string doc, RfcSection section, IEnumerable<Requirement> items, List<string> differences)
    {
        var sentences = section.Sentences.Where(sentence => sentence.Level is not null).ToList();
        var byOrdinal = new Dictionary<int, Requirement>();
        foreach (var item in items)
            byOrdinal.TryAdd(item.Id.Ordinal, item);
        for (int i = 0; i < sentences.Count; i++)
        {
            var (text, level, digest) = sentences[i];
            if (!byOrdinal.Remove(i + 1, out var item))
                differences.Add($"{doc}:{section.Number}-{i + 1}: missing: a {level!.Value.Word()} sentence with digest {digest} has no item ({Opening(text)}).");
            else if (item.Digest != digest)
                differences.Add($"{item.Id}: changed: digest {item.Digest}, the text has {digest} ({Opening(text)}).");
            else if (item.Level != level)
                differences.Add($"{item.Id}: changed level: {item.Level.Word()}, the text has {level!.Value.Word()}.");
        }
        foreach (int ordinal in byOrdinal.Keys.Order())
            differences.Add($"{doc}:{section.Number}-{ordinal}: extra: the section has only {sentences.Count} sentences with a keyword.");
    }

    private static string Opening(string sentence) => sentence.Length <= 40 ? sentence : sentence[..40] + "...";

    private static string? Find(string directory, string name)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 8, MatchCasing = MatchCasing.CaseInsensitive };
        try
        {
            return Directory.EnumerateFiles(directory, name + ".txt*", options)
                .Where(file => file.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".txt.gz", StringComparison.OrdinalIgnoreCase))
                .OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CatalogueException(directory, "", "the folder cannot be listed.", "Check its permissions.", e);
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            using Stream raw = File.OpenRead(file);
            using Stream stream = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var text = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, read);
                if (text.Length > MaxTextBytes)
                    throw new CatalogueException(file, "", $"it unpacks to more than {MaxTextBytes} bytes.", "That is no RFC; remove it.");
            }
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CatalogueException(file, "", "the text cannot be read.", "Check that it is there, readable and not cut short.", e);
        }
    }

    [GeneratedRegex("^RFC[0-9]+$")]
    private static partial Regex RfcName();
}
