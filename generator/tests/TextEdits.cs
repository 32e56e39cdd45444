using FsCheck;
using FsCheck.Fluent;

namespace WebRtcConformance.Generator;

/// <summary>Edits of texts that are right: at a place, some characters go, and a piece of the notation or a stretch of the text itself comes.</summary>
internal sealed class TextEdits(string[] pieces)
{
    /// <summary>One edit. Places are parts of the text, in ten thousandths.</summary>
    public sealed record Change(int Place, int Cut, int Piece, int CopyFrom, int CopyLength);

    /// <summary>Changes of one of so many texts.</summary>
    public Arbitrary<(int File, Change[] Changes)> Of(int files) => (
        from file in Gen.Choose(0, files - 1)
        from changes in (
            from place in Gen.Choose(0, 9999)
            from cut in Gen.Frequency((3, Gen.Choose(0, 3)), (1, Gen.Choose(0, 200)))
            from piece in Gen.Choose(0, pieces.Length)
            from copyFrom in Gen.Choose(0, 9999)
            from copyLength in Gen.Choose(0, 120)
            select new Change(place, cut, piece, copyFrom, copyLength)).ArrayOf()
        select (file, changes)).ToArbitrary();

    public string Apply(string text, Change[] changes)
    {
        foreach (var c in changes)
        {
            var at = (int)((long)text.Length * c.Place / 10000);
            var from = (int)((long)text.Length * c.CopyFrom / 10000);
            var insert = c.Piece < pieces.Length ? pieces[c.Piece] : text.Substring(from, Math.Min(c.CopyLength, text.Length - from));
            text = text.Remove(at, Math.Min(c.Cut, text.Length - at)).Insert(at, insert);
        }
        return text;
    }
}
