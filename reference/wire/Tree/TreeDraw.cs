using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Draws items field by field in wire order. What the user sets is drawn and brought in line with the rules at once; what is
/// derived follows; rules over derived values are solved at the end of the PDU (<see cref="TreeSolver"/>).</summary>
internal ref struct TreeDraw
{
    public const int GivenMax = 1 << 16;
    private const int Attempts = 4, Redraws = 8;
    private Choices _choices;
    /// <summary>The selector that the next PDU with a union gets; null = a choice.</summary>
    private ulong? _code;
    /// <summary>The next union holds what no code selects.</summary>
    private bool _other;

    public TreeDraw(Choices choices) => _choices = choices;

    /// <summary>The choices, with what was used up.</summary>
    public readonly Choices Choices => _choices;

    public WireItem Pdu(WirePlan plan, int depth)
    {
        var (code, other) = (_code, _other);
        for (var i = 0; ; i++)
        {
            var item = Once(plan, depth, out var solved);
            if (solved || i == Attempts || _choices.IsExhausted) return item;
            (_code, _other) = (code, other);
        }
    }

    /// <summary>An element whose union holds this code's case.</summary>
    public WireItem Element(WirePlan element, ulong code, int depth)
    {
        _code = code;
        return Pdu(element, depth);
    }

    /// <summary>An element whose union holds what no code selects.</summary>
    public WireItem Other(WirePlan element, int depth)
    {
        _other = true;
        return Pdu(element, depth);
    }

    private WireItem Once(WirePlan plan, int depth, out bool solved)
    {
        var frame = Frame.Rent(plan);
        var pdu = new WireItem(WireItemKind.Pdu) { Plan = plan, ChildList = new List<WireItem>(plan.Fields.Length) };
        foreach (var f in plan.Fields)
        {
            if (f.Kind == FieldKind.Computed) TreeFrame.Compute(frame, f);
            if (f.IsVirtual || f.When is not null && !(f.WhenIsKnown ? frame.Holds(f.When) : _choices.Bool())) continue;
            var item = Field(f, frame, depth);
            pdu.ChildList.Add(item);
            Note(f, item, frame);
            foreach (var rule in f.RulesAfter)
                if (rule is { Immediate: true, Condition: not null } && !frame.Holds(rule.Condition)) SatisfyNow(rule, f, item, frame);
        }
        TreeLayout.One(pdu);
        solved = TreeSolver.Solve(pdu, frame, ref this);
        frame.Return();
        return pdu;
    }

    private static void Note(FieldPlan f, WireItem item, Frame frame)
    {
        if (item.Kind == WireItemKind.Number && (f.Derive is null || f.Guess)) TreeFrame.SetValue(frame, f, item.Number);
        frame.Sizes[f.Index] = item.BitLength >> 3;
        frame.Counts[f.Index] = item.Kind == WireItemKind.List ? item.ChildList!.Count : 0;
        if (item.Kind != WireItemKind.List) return;
        frame.Lists[f.Index] = item;
        frame.Sums.AsSpan().Clear();
    }

    private void SatisfyNow(RulePlan rule, FieldPlan f, WireItem item, Frame frame)
    {
        var count = TreeSolver.CandidateCount(f, item);
        var first = _choices.Next(count);
        var before = item.Clone();
        for (var i = 0; i < count; i++)
        {
            if (!TreeSolver.TryCandidate(f, item, (first + i) % count, ref this)) continue;
            Note(f, item, frame);
            if (frame.Holds(rule.Condition!)) return;
        }
        (item.Number, item.Bytes, item.ChildList, item.BitLength) = (before.Number, before.Bytes, before.ChildList, before.BitLength);
        Note(f, item, frame);
    }

    private WireItem Field(FieldPlan f, Frame frame, int depth)
    {
        var item = f.Kind switch
        {
            FieldKind.UInt or FieldKind.Split or FieldKind.Const or FieldKind.Reserved =>
                new WireItem(WireItemKind.Number) { Slot = f, Number = Number(f), Width = f.Leb128 && _choices.OneIn(8) ? 1 + _choices.Next(WireLeb128.MaxBytes) : 0 },
            FieldKind.Pad => new WireItem(WireItemKind.Bytes) { Slot = f, Bytes = default },
            FieldKind.Bytes => OfBytes(f, Content(f.Text, Length(f, frame))),
            FieldKind.Checksum => OfBytes(f, new byte[f.SizeIsGiven ? Length(f, frame) : f.ChecksumBytes]),
            FieldKind.Sequence => Sequence(f, frame, depth),
            FieldKind.UIntSequence => Integers(f, frame),
            FieldKind.Nested => Nested(f, f.Element!, depth),
            _ when f.Peek is not null => Chosen(f, depth),
            _ => f.PlanFor((ulong)frame.Values[f.Selector]) is { } known
                ? Nested(f, known, depth)
                : OfBytes(f, _choices.Bytes(Length(f, frame))),
        };
        TreeLayout.One(item);
        return item;
    }

    private static WireItem OfBytes(FieldPlan f, byte[] bytes) => new(WireItemKind.Bytes) { Slot = f, Bytes = bytes };

    /// <summary>A length that is given by what was drawn before, or a choice.</summary>
    private int Length(FieldPlan f, Frame frame)
    {
        if (f.SizeIsGiven) return frame.TryEval(f.Size!, out var size) && size is >= 0 and <= GivenMax ? (int)size : 0;
        if (f.Field.Role == Role.Free) return _choices.OneIn(8) ? _choices.Next(4) : 0;
        return (_choices.Next(8), f.Hints.Length) switch
        {
            (7, _) => _choices.Next(WireLimits.DrawnBytes + 1),
            (6, > 0) => Math.Min(f.Hints[_choices.Next(f.Hints.Length)], 4096),
            _ => _choices.Next(17),
        };
    }

    /// <summary>Any bytes, or text of exactly this many bytes.</summary>
    public byte[] Content(TextEncoding text, int length)
    {
        if (text == TextEncoding.None) return _choices.Bytes(length);
        var bytes = new byte[length];
        for (var i = 0; i < length;)
        {
            var kind = text == TextEncoding.Utf8 ? _choices.Next(32) : 0;
            ReadOnlySpan<byte> wide = kind switch { 31 => "\U0001F600"u8, 30 => "é"u8, 29 => "漢"u8, _ => default };
            if (wide.Length > 0 && i + wide.Length <= length)
            {
                wide.CopyTo(bytes.AsSpan(i));
                i += wide.Length;
            }
            else bytes[i++] = "abcdefghijklmnopqrstuvwxyz0123456789+/ABCDEFGHIJKLMNOPQRSTUVWXYZ :.@\"\\\0\x7f"u8[_choices.Next(72)];
        }
        return bytes;
    }

    public ulong Number(FieldPlan f)
    {
        switch (f.Field.Shape)
        {
            case ConstShape c: return c.Value;
            case ReservedShape r: return r.Sent;
            case SplitShape:
                ulong wire = 0;
                foreach (var part in f.Parts) wire = part.Write(wire, Value(part.Registry, part.Part.WireBits.Count, []));
                return wire;
        }
        if (f.Derive is not null) return f.Guess ? (ulong)_choices.Next((int)Math.Min(f.Max, 3) + 1) : 0;
        if (_other && f.Selects is { } selects)
        {
            _other = false;
            var free = Value(f.Registry, f.Bits, []);
            for (var i = 0; i < 256 && selects.Case(free) is not null; i++) free = free + 1 & f.Max;
            return free;
        }
        if (f.Selects is { Cases.Length: > 0 } union && (_code is not null || !_choices.OneIn(8)))
        {
            if (_code is { } code) { _code = null; return code; }
            var c = union.Cases[_choices.Next(union.Cases.Length)];
            return c.From + (c.To > c.From ? _choices.Bits(f.Bits) % (c.To - c.From + 1) : 0);
        }
        return Value(f.Registry, f.Bits, f.Hints);
    }

    private ulong Value(RegistryPlan? registry, int bits, int[] hints)
    {
        if (registry is { Registry.Values.Count: > 0 } && (!registry.Registry.Open || !_choices.OneIn(8)))
            return registry.Registry.Values[_choices.Next(registry.Registry.Values.Count)].Value & Bits.Low(bits);
        var max = Bits.Low(bits);
        switch (_choices.Next(4))
        {
            case 0: return (ulong)_choices.Next((int)Math.Min(max, 15) + 1);
            case 1 when hints.Length > 0: return Math.Min((ulong)hints[_choices.Next(hints.Length)], max);
            case 2: return Boundary(_choices.Next(5), max);
            default: return _choices.Bits(bits);
        }
    }

    internal static ulong Boundary(int which, ulong max) => which switch { 0 => 0, 1 => 1 & max, 2 => max, 3 => max >> 1, _ => (max >> 1) + 1 };

    private WireItem Sequence(FieldPlan f, Frame frame, int depth)
    {
        var list = new WireItem(WireItemKind.List) { Slot = f, ChildList = [] };
        long count = depth >= WireLimits.MaxDepth / 2 ? 0 : _choices.Next(WireLimits.DrawnElements + 1);
        if (f.CountIsGiven && frame.TryEval(f.Count!, out var given)) count = Math.Clamp(given, 0, 256);
        var goal = f.SizeIsGiven ? Length(f, frame) : -1;
        if (goal >= 0) count = depth >= WireLimits.MaxDepth ? 0 : 256;
        var size = 0;
        for (var i = 0; i < count && (goal < 0 || size < goal); i++)
        {
            var element = Pdu(f.Element!, depth + 1);
            if (element.BitLength == 0) continue;
            list.ChildList.Add(element);
            size += element.Length;
        }
        if (f.More >= 0 && list.ChildList.Count == 0) list.ChildList.Add(Pdu(f.Element!, depth + 1));
        Arrange(f, list.ChildList, depth);
        return list;
    }

    /// <summary>Brings the elements in line with the rules about their codes.</summary>
    internal void Arrange(FieldPlan f, List<WireItem> list, int depth)
    {
        foreach (var rule in f.RulesAfter)
        {
            if (rule.Sequence != f.Index || rule.Rule.Force != Force.Reject) continue;
            switch (rule.Rule.Body)
            {
                case MustBeLast { Bits: not null }:
                    for (var i = list.Count - 2; i >= 0; i--)
                    {
                        // The same kind of element, but not marked.
                        for (var n = 0; n < Redraws && rule.IsAbout(list[i]); n++)
                            list[i] = list[i].Code is { } code && f.Element!.Union!.PlanFor(code) != f.Element.Union.Otherwise
                                ? Element(f.Element, code, depth + 1) : Pdu(f.Element!, depth + 1);
                        if (rule.IsAbout(list[i])) list.RemoveAt(i);
                    }
                    break;
                case MustBeLast:
                    var last = list.FindLast(e => e.Code == rule.Codes[0]);
                    list.RemoveAll(e => e.Code == rule.Codes[0]);
                    if (last is not null) list.Add(last);
                    break;
                case MustBeFirst when list.Count > 0 && rule.IsBrokenBy(list[0], 0, list.Count > 1, null):
                    list.Insert(0, Element(f.Element!, rule.Codes[_choices.Next(rule.Codes.Length)], depth + 1));
                    break;
                case MustContain when !list.Any(e => e.Code is { } code && rule.Codes.Contains(code)):
                    list.Insert(list.Count, Element(f.Element!, rule.Codes[_choices.Next(rule.Codes.Length)], depth + 1));
                    break;
                case MustBeUnique:
                    var seen = new HashSet<ulong>();
                    list.RemoveAll(e => e.Code is { } code && !seen.Add(code));
                    break;
            }
        }
    }

    private WireItem Integers(FieldPlan f, Frame frame)
    {
        var list = new WireItem(WireItemKind.List) { Slot = f, ChildList = [] };
        long count = _choices.Next(WireLimits.DrawnElements + 1);
        if (f.CountIsGiven && frame.TryEval(f.Count!, out var given)) count = Math.Clamp(given, 0, GivenMax);
        if (f.SizeIsGiven) count = Length(f, frame) * 8L / f.Bits;
        for (var i = 0; i < count; i++) list.ChildList.Add(Integer(f));
        return list;
    }

    public WireItem Integer(FieldPlan f) =>
        new(WireItemKind.Number) { Slot = f, Number = Value(f.Registry, f.Bits, []), BitLength = f.Bits, NaturalBits = f.Bits };

    /// <summary>One of the PDUs that choose themselves by their first bits.</summary>
    private WireItem Chosen(FieldPlan f, int depth)
    {
        var plan = f.Otherwise!;
        if (_other) _other = false;
        else if (_code is { } code)
        {
            plan = f.PlanFor(code)!;
            _code = null;
        }
        else if (f.Cases.Length > 0 && !_choices.OneIn(8)) plan = f.Cases[_choices.Next(f.Cases.Length)].Plan;
        var item = Nested(f, plan, depth);
        if (plan == f.Otherwise && item.ChildList![0].FieldAt(f.Peek!.Bit, f.Peek.Bits) is { Slot.Kind: FieldKind.UInt } own)
            for (var i = 0; i < 256 && f.Case(own.Number) is not null; i++) own.Number = own.Number + 1 & own.Slot!.Max;
        return item;
    }

    private WireItem Nested(FieldPlan f, WirePlan plan, int depth) =>
        new(WireItemKind.Nested) { Slot = f, ChildList = [Pdu(plan, depth + 1)] };
}
