using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Checks what only the whole can show: byte boundaries, sizes that end, no recursion, one message around each mask and checksum.</summary>
internal static class Structure
{
    public static void Check(IReadOnlyList<PduEntry> pdus)
    {
        if (FindRecursion(pdus)) return;
        foreach (var pdu in pdus) Alignment(pdu);
        foreach (var pdu in pdus) Sizes(pdu);
        foreach (var message in pdus.Where(p => p.Syntax.Kind == PduKind.Message)) Reach(message);
        foreach (var pdu in pdus) Roots(pdu);
        foreach (var pdu in pdus) Codes(pdu);
        foreach (var pdu in pdus) Lists(pdu);
        foreach (var pdu in pdus) Emittable.Check(pdu);
    }

    /// <summary>Whether some PDU contains itself; only then can the other checks not be made.</summary>
    private static bool FindRecursion(IReadOnlyList<PduEntry> pdus)
    {
        // Depth first, without the call stack: a chain of PDUs may be as long as the file.
        var state = new Dictionary<PduEntry, int>();
        var found = false;
        foreach (var start in pdus)
        {
            if (state.ContainsKey(start)) continue;
            var path = new Stack<(PduEntry Pdu, IEnumerator<PduEntry> Parts)>();
            state[start] = 1;
            path.Push((start, start.Parts.GetEnumerator()));
            while (path.Count > 0)
            {
                var (pdu, parts) = path.Peek();
                if (path.Count > 64)
                {
                    pdu.Scope.Report(SpecRules.TooDeep, pdu.Syntax.At, 64);
                    return true;
                }
                if (!parts.MoveNext())
                {
                    state[pdu] = 2;
                    path.Pop();
                }
                else if (!state.TryGetValue(parts.Current, out var seen))
                {
                    state[parts.Current] = 1;
                    path.Push((parts.Current, parts.Current.Parts.GetEnumerator()));
                }
                else if (seen == 1)
                {
                    parts.Current.Scope.Report(SpecRules.Recursive, parts.Current.Syntax.At, parts.Current.Syntax.Name);
                    found = true;
                }
            }
        }
        return found;
    }

    private static void Alignment(PduEntry pdu)
    {
        var bit = 0;
        FieldDraft? open = null;
        Expr? when = null;
        foreach (var field in pdu.Fields)
        {
            if (bit % 8 != 0 && (field.Bits is null || !Equals(field.When, when)))
            {
                Report(pdu, field, SpecRules.NotAligned, field.Syntax.Name, "begin");
                bit = 0;
            }
            when = field.When;
            open = field;
            bit = field.Bits is { } bits ? (bit + bits) % 8 : 0;
        }
        if (bit != 0) Report(pdu, open!, SpecRules.NotAligned, open!.Syntax.Name, "end");
    }

    private static void Sizes(PduEntry pdu)
    {
        FieldDraft? rest = null;
        foreach (var field in pdu.Fields)
        {
            // Padding after the rest is written; a reader finds none, since the rest has taken it.
            if (rest is not null && field.Shape is not (PadShape or ComputedShape)) Report(pdu, field, SpecRules.AfterRest, field.Syntax.Name);
            if (field.TakesRest || field.IsOpen && field.Parts.Any(p => p.TakesRest)) rest = field;
            if (field.Shape is SequenceShape && field.Parts.FirstOrDefault() is { } element && Least(element) == 0)
                Report(pdu, field, SpecRules.EmptyElement, element.Syntax.Name);
            if (field.Flag is not null && Least(field) == 0)
                Report(pdu, field, SpecRules.NotSolvable, field.Flag.Syntax.Name, $"'{field.Syntax.Name}' may be present and empty");
            if (field.When is not null && field.Bits % 8 is > 0)
                Report(pdu, field, SpecRules.NotAligned, field.Syntax.Name, "end");
        }
    }

    /// <summary>The least number of bytes that a PDU takes.</summary>
    private static long Least(PduEntry pdu)
    {
        if (pdu.Least is { } known) return known;
        var bits = 0L;
        foreach (var field in pdu.Fields)
            if (field.When is null) bits += field.Bits ?? Least(field) * 8;
        pdu.Least = bits / 8;
        return bits / 8;
    }

    private static long Least(FieldDraft field) => field.Shape switch
    {
        _ when field.Bits is { } bits => bits / 8,
        BytesShape { Size: Literal n } => n.Value,
        ChecksumShape { Size: Literal n } => n.Value,
        UIntShape { Leb128: true } => 1,
        UnionShape { Open: true } when field.Parts.Count > 0 => field.Parts.Min(Least),
        NestedShape { Size: LastByte } or NestedShape { Size: null } when field.Parts.Count > 0 => Least(field.Parts[0]),
        _ => 0,
    };

    private static void Reach(PduEntry message)
    {
        var seen = new HashSet<PduEntry>();
        var queue = new Queue<PduEntry>();
        queue.Enqueue(message);
        while (queue.Count > 0)
        foreach (var part in queue.Dequeue().Parts)
        {
            if (!seen.Add(part)) continue;
            part.Roots.Add(message);
            queue.Enqueue(part);
        }
    }

    private static void Roots(PduEntry pdu)
    {
        if (!NeedsRoot(pdu) || pdu.Syntax.Kind == PduKind.Message || pdu.Roots.Count == 1) return;
        var what = pdu.Roots.Count == 0 ? "no message" : string.Join(" and ", pdu.Roots.Take(3).Select(r => "'" + r.Syntax.Name + "'"));
        pdu.Scope.Report(SpecRules.ManyRoots, pdu.Syntax.At, pdu.Syntax.Name, what);
    }

    private static bool NeedsRoot(PduEntry pdu) =>
        pdu.Fields.Any(f => f.Shape is ChecksumShape or UIntShape { Xor: not null } or BytesShape { Xor: not null });

    /// <summary>Where the content's own bits choose the PDU, the PDU has to have its code there.</summary>
    private static void Codes(PduEntry pdu)
    {
        foreach (var rule in pdu.Rules)
            if (rule.Body is MustBeLast { Bits: { } mark } about && pdu.Fields.FirstOrDefault(f => f.Syntax.CsName == about.Sequence) is { } list
                && list.Parts.FirstOrDefault(part => !Has(part, mark, shape => shape is UIntShape or ConstShape or ReservedShape)) is { } without)
                Report(pdu, list, SpecRules.WrongKind, $"'{without.Syntax.Name}' has no field of its own at bits {mark.Bit} to {mark.Bit + mark.Bits - 1}");
        foreach (var field in pdu.Fields)
        {
            if (field.Shape is not UnionShape { Selector: Peek peek } union) continue;
            foreach (var part in field.Parts)
            {
                var cases = union.Cases.Where(c => c.Pdu == part.Syntax.CsName).ToArray();
                var single = cases.Length == 1 && cases[0].From == cases[0].To;
                var code = single ? cases[0].From : cases.Length == 0 && part.Syntax.CsName != union.Otherwise ? part.Code : null;
                if (code is not null && !Draws(part, peek, code.Value)) Report(pdu, field, SpecRules.CodeNotDrawn, part.Syntax.Name, code, peek.Bit, peek.Bit + peek.Bits - 1);
            }
        }
    }

    /// <summary>Whether the PDU (or each that it chooses among) has constants that make up that value at those bits.</summary>
    private static bool Draws(PduEntry pdu, Peek peek, ulong code)
    {
        var (bit, end) = (0, peek.Bit + peek.Bits);
        foreach (var field in pdu.Fields)
        {
            if (field.Shape is UnionShape { Open: true } && bit == 0) return field.Parts.All(p => Draws(p, peek, code));
            if (field.Bits is not { } bits || field.When is not null) return false;
            if (bits == 0) continue;
            var after = bit + bits;
            if (after > peek.Bit)
            {
                // Several constants may make up the code.
                if (bit < peek.Bit || after > end || field.Shape is not ConstShape c || (code >> end - after & (1UL << bits) - 1) != c.Value) return false;
                if (after == end) return true;
            }
            bit = after;
        }
        return false;
    }

    /// <summary>Whether the PDU (or each that it chooses among) has just those bits as a field, of such a shape.</summary>
    private static bool Has(PduEntry pdu, Peek peek, Func<Shape, bool> fits)
    {
        var bit = 0;
        foreach (var field in pdu.Fields)
        {
            if (field.Shape is UnionShape { Open: true } && bit == 0) return field.Parts.All(p => Has(p, peek, fits));
            if (field.Bits is not { } bits || field.When is not null) return false;
            if (bit == peek.Bit && bits == peek.Bits) return fits(field.Shape);
            bit += bits;
        }
        return false;
    }

    /// <summary>What an element cannot know unless it stands in a list of the right kind; messages that are parts.</summary>
    private static void Lists(PduEntry pdu)
    {
        if (pdu.Syntax.Kind == PduKind.Message && pdu.Uses.Count > 0 && NeedsRoot(pdu))
            pdu.Scope.Report(SpecRules.WrongKind, pdu.Syntax.At, $"'{pdu.Syntax.Name}' has a checksum or mask over itself, and cannot be a part of another PDU");
        foreach (var field in pdu.Fields)
        {
            if (field.Derive is NotLast && !pdu.Uses.All(u => u.Shape is SequenceShape { More: { } more } && more == field.Syntax.CsName))
                Report(pdu, field, SpecRules.WrongKind, $"'{field.Syntax.Name}' says whether another element follows, and not all uses of '{pdu.Syntax.Name}' are such lists");
            if (field.Shape is not PadShape { UnlessLast: true } pad) continue;
            var fits = pdu.Fields[pdu.Fields.Count - 1] == field && pdu.Uses.Count > 0 && Least(pdu) >= pad.Align
                && pdu.Uses.All(u => u.Shape is SequenceShape { Count: null, More: null } s && (s.While is null || EndsBefore(s.While, pad.Align)));
            if (!fits) Report(pdu, field, SpecRules.NotUnlessLast, field.Syntax.Name, pad.Align);
        }
    }

    /// <summary>"while rest >= 4": less than an alignment is left after the list.</summary>
    private static bool EndsBefore(Expr condition, int align) =>
        condition is Binary { Operator: BinaryOperator.GreaterOrEqual, Left: Remaining, Right: Literal n } && n.Value <= align;

    private static void Report(PduEntry pdu, FieldDraft field, SpecRule rule, params object[] arguments)
    {
        // A PDU that repeats another one's fields repeats its mistakes; one report is enough.
        if (ReferenceEquals(pdu.Source, pdu)) pdu.Scope.Report(rule, field.Syntax.At, arguments);
    }
}
