using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Finds what straight-line code cannot be made of, so that it is reported at its line. Emission refuses the same, without knowing the place.</summary>
internal static class Emittable
{
    public static void Check(PduEntry pdu)
    {
        // A PDU that repeats another one's fields repeats its mistakes; one report is enough.
        if (!ReferenceEquals(pdu.Source, pdu)) return;
        Runs(pdu);
        foreach (var field in pdu.Fields)
        {
            var sums = new[] { field.Size, field.Count, field.When, (field.Shape as SequenceShape)?.While, (field.Shape as ComputedShape)?.Value }
                .OfType<Expr>().SelectMany(Expressions.All).OfType<Fold>();
            foreach (var sum in sums)
            {
                Sum(pdu, field, sum);
                if (sum is LastOf { Argument: not null } && field.Shape is not ComputedShape) Report(pdu, field, "'last' with an argument stands in computed values only");
            }
            if (field.Shape is UIntShape { Leb128: true }) Leb128(pdu, field);
            if (field.Shape is ComputedShape { Value: var value } && Expressions.All(value).Any(e => e is SizeOf or WindowSize or Remaining or LastByte or Peek))
                Report(pdu, field, "a computed value is worked out from values, counts and sums, since a record has no sizes");
            if (field.Shape is SequenceShape { More: { } more } && field.Parts.FirstOrDefault() is { } element && !IsFixed(element, more))
                Report(pdu, field, $"'{more}' has no fixed place in an element");
        }
        foreach (var rule in pdu.Rules)
        {
            if (rule.Body is MustHold { Condition: var held } && Expressions.All(held).OfType<Fold>().FirstOrDefault(f => IsOfWholeBytes(pdu, f)) is { } whole)
                Report(pdu, pdu.Fields.First(f => f.Syntax.CsName == whole.Sequence), OfWholeBytes);
            if (rule.Body is MustHold { Condition: var condition } && Expressions.All(condition).OfType<LastOf>().FirstOrDefault(f => f.Argument is not null) is { } applied
                && pdu.Fields.FirstOrDefault(f => f.Syntax.CsName == applied.Sequence) is { } of) Report(pdu, of, "'last' with an argument stands in computed values only");
            if (rule.Body is not ElementRule about || about is MustBeLast { Bits: not null } || pdu.Fields.FirstOrDefault(f => f.Syntax.CsName == about.Sequence) is not { } list) continue;
            if (list.Parts.FirstOrDefault() is not { } element || element.Fields.FirstOrDefault(f => f.Shape is UnionShape) is not { Shape: UnionShape union } content) continue;
            if (!IsFixed(element, union.SelectorField ?? content.Syntax.CsName)) Report(pdu, list, "what tells its elements apart has no fixed place in them");
        }
    }

    /// <summary>Fields that share bytes are read and written as one integer.</summary>
    private static void Runs(PduEntry pdu)
    {
        var (start, at) = (0, 0);
        foreach (var field in pdu.Fields)
        {
            if (field.Bits is not { } bits || field.Shape is ComputedShape) continue;
            if (at % 8 == 0) start = at;
            var across = bits <= 64 && (at % 8 + bits + 7) / 8 > 8;
            at += bits;
            if (across)
            {
                Report(pdu, field, "it lies across more than 8 bytes");
                start = at;
            }
            else if (at - start > 64 && bits < 64 && (at % 8 != 0 || at - bits != start))
            {
                Report(pdu, field, "fields of more than 64 bits together have no byte boundary between them");
                start = at;
            }
        }
    }

    /// <summary>A writer has to know how many bytes it has before it knows where anything is, and a reader that what it says is what follows.</summary>
    private static void Leb128(PduEntry pdu, FieldDraft field)
    {
        var derive = field.Derive is null ? [] : Expressions.All(field.Derive).ToList();
        var measured = derive.Select(e => e switch { SizeOf s => s.Field, CountOf c => c.Field, _ => null }).OfType<string>().ToList();
        var fields = pdu.Fields.Where(f => measured.Contains(f.Syntax.CsName)).ToList();
        if (derive.Any(e => e is WindowSize) || fields.Any(f => f.Shape is UIntShape { Leb128: true } or PadShape))
            Report(pdu, field, "its value counts bytes that depend on how many bytes it has itself");
        else if (derive.Any(e => e is Conditional) || fields.Any(f => f.When is not null))
            Report(pdu, field, "what it measures is not always there");
        if (pdu.Fields.Any(f => f.Syntax.CsName == field.Syntax.CsName + "Size"))
            Report(pdu, field, $"records hold its number of bytes as '{field.Syntax.CsName}Size', and there is such a field");
    }

    private const string OfWholeBytes = "integers of whole bytes are not read one by one, so they are not added up";

    private static bool IsOfWholeBytes(PduEntry pdu, Fold fold) =>
        fold.Field is null && pdu.Fields.FirstOrDefault(f => f.Syntax.CsName == fold.Sequence)?.Shape is UIntSequenceShape { IsPacked: false };

    private static void Sum(PduEntry pdu, FieldDraft field, Fold sum)
    {
        if (IsOfWholeBytes(pdu, sum)) Report(pdu, field, OfWholeBytes);
        if (sum.Field is not { } name || pdu.Fields.FirstOrDefault(f => f.Syntax.CsName == sum.Sequence)?.Parts.FirstOrDefault() is not { } element) return;
        var added = element.Fields.FirstOrDefault(f => f.Syntax.CsName == name);
        // Of a choice it is a computed field of each PDU.
        if (added is null || added is { When: null, Shape: ComputedShape or ConstShape } or { When: null, Shape: UIntShape, Derive: null }) return;
        Report(pdu, field, $"'{name}' follows from other fields or may be absent, so it cannot be added up");
    }

    /// <summary>Every field before it is there and has a fixed size.</summary>
    private static bool IsFixed(PduEntry pdu, string csName)
    {
        foreach (var field in pdu.Fields)
        {
            if (field.When is not null) return false;
            if (field.Syntax.CsName == csName) return field.Shape is not UIntShape { Leb128: true };
            if (field.Bits is null && field.Shape is not (BoundShape or BytesShape { Size: Literal, Text: TextEncoding.None })) return false;
        }
        return false;
    }

    private static void Report(PduEntry pdu, FieldDraft field, string why) => pdu.Scope.Report(SpecRules.NotEmittable, field.Syntax.At, field.Syntax.Name, why);
}
