using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Reads a file in the presentation language of TLS (RFC 8446 section 3, RFC 5246 section 4) with our annotations
/// (docs/tls-notation.md). Total: any text gives a result, mistakes give diagnostics.</summary>
public sealed class TlsParser
{
    private const int DepthLimit = 16;

    private readonly SourceLine[] _lines;
    private readonly List<TlsToken> _tokens;
    private readonly PositionTable _positions = new();
    private readonly List<LocalDiagnostic> _diagnostics = [];
    private readonly List<TlsType> _types = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<TlsConstant> _constants = [];
    private readonly TlsAnnotations _annotations;
    private int _next;
    private int _order;
    private bool _failed;

    private TlsParser(string text)
    {
        _lines = SourceLine.Split(text);
        _positions.Add(new(1, 1, 1));
        _tokens = TlsLexer.Cut(_lines, _diagnostics);
        _annotations = new(_lines, _positions, _diagnostics);
    }

    public static ParsedTls Parse(string path, string text)
    {
        var parser = new TlsParser(text);
        parser.Read();
        var syntax = parser._annotations.Header(new(1, 1, 1)) is { } h
            ? new TlsSyntax(0, h.Document, h.Title, h.Module, h.Namespace, new(parser._annotations.Imports), new(parser._types), new(parser._constants),
                new(parser._annotations.All))
            : null;
        return new(path, syntax, parser._positions.ToArray(), new(parser._diagnostics));
    }

    private TlsToken Current => _tokens[_next];
    private TlsToken Peek(int ahead) => _tokens[Math.Min(_next + ahead, _tokens.Count - 1)];
    private Clause Clause => _annotations.Clause;

    private void Read()
    {
        while (Current.Kind != TlsTokenKind.End)
        {
            if (Current.Kind == TlsTokenKind.Annotation)
            {
                Amended();
                _annotations.Read(Take().Line);
                continue;
            }
            _annotations.Header(Current.Position);
            var start = _next;
            _failed = false;
            Declaration();
            if (_failed) Recover(start);
        }
        Amended();
        _annotations.CheckOwn();
    }

    /// <summary>"@amend X" speaks of the very next declaration.</summary>
    private void Amended()
    {
        if (_annotations.TakeAmend() is { } amend) Report(TlsRules.NotAmended, amend.Position, amend.Text);
    }

    /// <summary>Goes to the end of the declaration that began at a token.</summary>
    private void Recover(int start)
    {
        var depth = 0;
        for (_next = start; Current.Kind is not (TlsTokenKind.End or TlsTokenKind.Annotation); _next++)
        {
            if (Current.Is("{")) depth++;
            else if (Current.Is("}")) depth--;
            else if (Current.Is(";") && depth <= 0)
            {
                _next++;
                return;
            }
        }
    }

    // ---- declarations

    private void Declaration()
    {
        var amend = _annotations.TakeAmend();
        _annotations.Declare();
        var order = _order++;
        TlsType? type;
        var position = Current.Position;
        if (TryTake("enum"))
        {
            var items = Items(out var width);
            type = new TlsEnum(Place(), order, Name("a name"), false, Clause, items, width);
        }
        else if (TryTake("struct"))
        {
            var members = Braced(0);
            type = new TlsStruct(Place(), order, Name("a name"), false, Clause, members);
        }
        else if (Current.Is("select"))
        {
            // RFC 8422 section 5.4: a struct of nothing but a choice, written without the word.
            var select = Select(0, isMember: false);
            type = new TlsStruct(Place(), order, Name("a name"), false, Clause, [select]);
        }
        else type = Alias(order);
        Expect(";");
        if (_failed || type is null) return;
        if (amend is not null)
        {
            type = type with { Amends = true };
            if (amend.Value.Text != type.Name || type is TlsAlias) Report(TlsRules.NotAmended, amend.Value.Position, amend.Value.Text);
        }
        if (!type.Amends && !_names.Add(type.Name)) Report(TlsRules.Twice, position, "type", type.Name);
        else _types.Add(type);
    }

    private EquatableArray<TlsItem> Items(out ulong? width)
    {
        Expect("{");
        var items = new List<TlsItem>();
        width = null;
        while (!_failed && !Current.Is("}"))
        {
            if (TryTake("("))
            {
                width = Number();
                Expect(")");
            }
            else Item(items);
            // Commas are left out at times (RFC 5246 appendix A.4: "finished(20) (255)").
            TryTake(",");
        }
        Expect("}");
        return new(items);
    }

    private void Item(List<TlsItem> items)
    {
        var at = Place();
        // "2^9(1)" is a name too (RFC 6066 section 4).
        var name = Current.Kind == TlsTokenKind.Number && Peek(1).Is("^") && Peek(2).Kind == TlsTokenKind.Number
            ? Take().Text + Take().Text + Take().Text
            : Name("a value");
        ulong? from = null, to = null;
        if (TryTake("("))
        {
            from = Number();
            if (TryTake(".."))
            {
                var place = Current.Position;
                to = Number();
                if (to < from) Fail(TlsRules.NumberRange, place, to, $"{from} and more");
            }
            Expect(")");
        }
        if (!_failed) items.Add(new(at, name, from, to));
    }

    /// <summary>"T Name;", "T Name[4];", "T Name&lt;0..9&gt;;", or "T NAME = { 1, 2 };".</summary>
    private TlsType? Alias(int order)
    {
        var type = Use("a declaration");
        var at = Place();
        var name = Name("a name");
        if (!TryTake("=")) return new TlsAlias(at, order, name, false, Clause, type, Dimension());
        var bytes = Bytes();
        if (!_failed) _constants.Add(new(at, type, name, bytes, Clause));
        return null;
    }

    /// <summary>"= 0", "= { 254, 253 }", "= tls12_cid": the only value that a field has.</summary>
    private TlsFieldValue Value()
    {
        var at = Place();
        if (Current.Kind == TlsTokenKind.Number) return new(at, Number(), null);
        return Current.Is("{") ? new(at, Bytes().Aggregate(0UL, (value, b) => value << 8 | b), null) : new(at, null, Use("a number or the name of a value"));
    }

    private EquatableArray<ulong> Bytes()
    {
        Expect("{");
        var bytes = new List<ulong>();
        do
        {
            var place = Current.Position;
            bytes.Add(Number());
            if (bytes[bytes.Count - 1] > 255) Fail(TlsRules.NumberRange, place, bytes[bytes.Count - 1], "a byte");
        }
        while (!_failed && TryTake(","));
        Expect("}");
        return new(bytes);
    }

    // ---- members

    private EquatableArray<TlsMember> Braced(int depth)
    {
        Expect("{");
        var members = new List<TlsMember>();
        while (!_failed && !Current.Is("}")) members.Add(Member(depth, inArm: false));
        Expect("}");
        return new(members);
    }

    /// <param name="inArm">A field may go without a name: "case finished: Finished;".</param>
    private TlsMember Member(int depth, bool inArm)
    {
        var at = Place();
        if (depth > DepthLimit) Fail(TlsRules.TooDeep, Current.Position, DepthLimit);
        TlsMember member;
        if (Current.Is("select")) member = Select(depth, isMember: true);
        else if (TryTake("struct"))
        {
            var members = Braced(depth + 1);
            member = new TlsInner(at, members, OptionalName(), Clause);
        }
        else if (TryTake("enum"))
        {
            var items = Items(out var width);
            member = new TlsInnerEnum(at, items, width, Name("a name"), Clause);
        }
        else if (TryTake("digitally-signed"))
        {
            if (!TryTake("opaque")) Expect("struct");
            Braced(depth + 1);
            member = new TlsSigned(at, OptionalName(), Clause);
        }
        else
        {
            var type = Use("a field");
            if (Current.Kind == TlsTokenKind.Name) at = Place();
            var name = inArm ? OptionalName() : Name("a name");
            var dimension = Dimension();
            member = new TlsField(at, type, name, dimension, TryTake("=") ? Value() : null, Clause);
        }
        // Before a '}' the RFCs sometimes leave the semicolon out (RFC 5246 section 7.4.8, RFC 7301 section 3.1).
        if (!Current.Is("}")) Expect(";");
        else TryTake(";");
        return member;
    }

    /// <summary>"select (Handshake.msg_type) { case a: ...; case b, c: ...; } name".</summary>
    private TlsSelect Select(int depth, bool isMember)
    {
        var at = Place();
        Expect("select");
        Expect("(");
        var selector = Use("a field or a type");
        Expect(")");
        Expect("{");
        var cases = new List<TlsCase>();
        while (!_failed && Current.Is("case"))
        {
            var place = Place();
            _next++;
            var values = new List<NameUse>();
            do values.Add(Current.Kind == TlsTokenKind.Number ? new(Place(), Take().Text) : Use("a value"));
            while (!_failed && TryTake(","));
            Expect(":");
            var members = new List<TlsMember>();
            while (!_failed && !Current.Is("case") && !Current.Is("}")) members.Add(Member(depth + 1, inArm: true));
            cases.Add(new(place, new(values), new(members)));
        }
        if (cases.Count == 0 && !_failed) Expect("case");
        Expect("}");
        return new(at, selector, new(cases), isMember ? OptionalName() : null, Clause);
    }

    private TlsDimension? Dimension()
    {
        var at = Place();
        if (TryTake("["))
        {
            TlsFixed result = Current.Kind == TlsTokenKind.Number ? new(at, Number(), null) : new(at, null, Use("a size"));
            Expect("]");
            return result;
        }
        if (!TryTake("<")) return null;
        var floor = Bound();
        Expect("..");
        var ceiling = Bound();
        Expect(">");
        return new TlsVariable(at, floor, ceiling);
    }

    /// <summary>"255", "2^16-1", "2^16-2".</summary>
    private ulong Bound()
    {
        var place = Current.Position;
        var value = Number();
        if (TryTake("^"))
        {
            var power = Number();
            if (value != 2 || power > 32) Fail(TlsRules.NumberRange, place, value + "^" + power, "2^0 to 2^32");
            value = 1UL << (int)Math.Min(power, 32);
        }
        if (TryTake("-"))
        {
            var less = Number();
            if (less > value) Fail(TlsRules.NumberRange, place, value + "-" + less, "0 and more");
            value -= Math.Min(less, value);
        }
        if (value > uint.MaxValue) Fail(TlsRules.NumberRange, place, value, "0 to 2^32-1");
        return value;
    }

    // ---- tokens

    private TlsToken Take() => _tokens[Current.Kind == TlsTokenKind.End ? _next : _next++];

    private bool TryTake(string text)
    {
        if (_failed || !Current.Is(text)) return false;
        _next++;
        return true;
    }

    private void Expect(string text)
    {
        if (!_failed && !TryTake(text)) Unexpected("'" + text + "'");
    }

    private int Place() => _positions.Add(Current.Position);

    private NameUse Use(string what) => new(Place(), Name(what));

    private string Name(string what)
    {
        if (!_failed && Current.Kind == TlsTokenKind.Name && !IsKeyword(Current.Text)) return Take().Text;
        Unexpected(what);
        return "";
    }

    private string? OptionalName() => !_failed && Current.Kind == TlsTokenKind.Name && !IsKeyword(Current.Text) ? Take().Text : null;

    private static bool IsKeyword(string text) => text is "struct" or "enum" or "select" or "case" or "digitally-signed";

    private ulong Number()
    {
        if (!_failed && Current.Kind == TlsTokenKind.Number) return Take().Value;
        Unexpected("a number");
        return 0;
    }

    private void Unexpected(string expected) => Fail(TlsRules.Expected, Current.Position, expected, Current.Shown);

    private void Fail(SpecRule rule, SpecPosition position, params object?[] arguments)
    {
        if (_failed) return;
        _failed = true;
        Report(rule, position, arguments!);
    }

    private void Report(SpecRule rule, SpecPosition position, params object[] arguments) =>
        _diagnostics.Add(new(rule, rule.Message(arguments), position));
}
