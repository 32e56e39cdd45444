using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

// What one file in the presentation language says, before names are looked up. As in Notation/Syntax.cs, `At` is the number of a place.

public sealed record TlsSyntax(
    int At, string Document, string Title, string Module, string Namespace, EquatableArray<TlsImport> Imports, EquatableArray<TlsType> Types,
    EquatableArray<TlsConstant> Constants, EquatableArray<TlsAnnotation> Annotations);

/// <summary>"@import NamedGroup as NamedCurve from tls".</summary>
public sealed record TlsImport(NameUse Name, string As, NameUse Module);

/// <param name="Order">Place among the declarations of the file.</param>
/// <param name="Amends">"@amend" stands before it: it adds to another declaration of that name.</param>
public abstract record TlsType(int At, int Order, string Name, bool Amends, Clause Clause);

/// <param name="Width">The number in a nameless item such as "(255)"; null when there is none.</param>
public sealed record TlsEnum(int At, int Order, string Name, bool Amends, Clause Clause, EquatableArray<TlsItem> Items, ulong? Width)
    : TlsType(At, Order, Name, Amends, Clause);

/// <param name="From">Null: a value that is never on the wire.</param>
public sealed record TlsItem(int At, string Name, ulong? From, ulong? To);

public sealed record TlsStruct(int At, int Order, string Name, bool Amends, Clause Clause, EquatableArray<TlsMember> Members)
    : TlsType(At, Order, Name, Amends, Clause);

/// <summary>"uint16 ProtocolVersion;", "opaque Random[32];", "opaque DistinguishedName&lt;1..2^16-1&gt;;".</summary>
public sealed record TlsAlias(int At, int Order, string Name, bool Amends, Clause Clause, NameUse Type, TlsDimension? Dimension)
    : TlsType(At, Order, Name, Amends, Clause);

/// <summary>"CipherSuite TLS_AES_128_GCM_SHA256 = { 0x13, 0x01 };".</summary>
public sealed record TlsConstant(int At, NameUse Type, string Name, EquatableArray<ulong> Bytes, Clause Clause);

public abstract record TlsMember(int At);

/// <param name="Name">Null for an arm such as "case finished: Finished;".</param>
/// <param name="Value">"= 0x0303".</param>
public sealed record TlsField(int At, NameUse Type, string? Name, TlsDimension? Dimension, TlsFieldValue? Value, Clause Clause) : TlsMember(At);

/// <summary>A number, or the name of an enum's value.</summary>
public sealed record TlsFieldValue(int At, ulong? Number, NameUse? Name);

/// <summary>"enum { change_cipher_spec(1), (255) } type;" within a struct.</summary>
public sealed record TlsInnerEnum(int At, EquatableArray<TlsItem> Items, ulong? Width, string Name, Clause Clause) : TlsMember(At);

/// <summary>"digitally-signed struct { ... }": what is signed is not on the wire.</summary>
public sealed record TlsSigned(int At, string? Name, Clause Clause) : TlsMember(At);

/// <summary>"struct { ... } name;" within a struct or an arm.</summary>
public sealed record TlsInner(int At, EquatableArray<TlsMember> Members, string? Name, Clause Clause) : TlsMember(At);

public sealed record TlsSelect(int At, NameUse Selector, EquatableArray<TlsCase> Cases, string? Name, Clause Clause) : TlsMember(At);

/// <summary>"case ed25519, ed448: ..."; a case without members falls through to the next one. Where the content's own bits choose, values are numbers
/// or "other".</summary>
public sealed record TlsCase(int At, EquatableArray<NameUse> Values, EquatableArray<TlsMember> Members);

public abstract record TlsDimension(int At);

/// <summary>"[32]", "[DTLSPlaintext.length]": a size in bytes; neither: the rest.</summary>
public sealed record TlsFixed(int At, ulong? Bytes, NameUse? Field) : TlsDimension(At);

/// <summary>"&lt;2..2^16-1&gt;": sizes in bytes.</summary>
public sealed record TlsVariable(int At, ulong Floor, ulong Ceiling) : TlsDimension(At);

/// <summary>A line that begins with '@'. <paramref name="At"/> is the place of what it is about, <paramref name="Subject"/> the type or the
/// variable.</summary>
public abstract record TlsAnnotation(int At, string Subject);

/// <summary>"@message DTLSPlaintext".</summary>
public sealed record TlsMessage(NameUse Type) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@name Certificate as Certificate13".</summary>
public sealed record TlsName(NameUse Type, string CsName) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@closed ChangeCipherSpecType".</summary>
public sealed record TlsClosed(NameUse Type) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@given KeyExchangeAlgorithm = ec_diffie_hellman", "@given extensions_present when rest > 0", or "@given first = bits 0..7".</summary>
public sealed record TlsGiven(NameUse Variable, NameUse? Case, ExprSyntax? Condition, PeekExpr? Bits) : TlsAnnotation(Variable.At, Variable.Text);

/// <summary>"@for ClientHello.extensions: Handshake.msg_type = client_hello".</summary>
/// <param name="Label">"= server_hello as hello_retry_request": the name by which variants and types know the case, when that is another.</param>
public sealed record TlsFor(NameUse Type, NameUse Field, string Variable, NameUse Case, string Label) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@choice Extension.extension_data by extension_type".</summary>
public sealed record TlsChoice(NameUse Type, NameUse Field, NameUse Selector, ExprSyntax? Guard) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@variant Extension: supported_groups = NamedGroupList in client_hello, encrypted_extensions".</summary>
/// <param name="Body">A type, or "empty", or "opaque".</param>
public sealed record TlsVariant(NameUse Type, NameUse Value, NameUse Body, EquatableArray<NameUse> Contexts, Clause Clause) : TlsAnnotation(Type.At, Type.Text);

/// <summary>"@field Handshake.body: length bytes; must ...", with the clauses of a description in a drawing's "where".</summary>
public sealed record TlsFieldClauses(NameUse Type, NameUse Field, TlsClauses Clauses) : TlsAnnotation(Field.At, Type.Text);

/// <summary>"@rule ClientHello no-extension-twice: extensions has no two of the same code".</summary>
public sealed record TlsRule(NameUse Type, RuleSyntax Rule) : TlsAnnotation(Type.At, Type.Text);

/// <summary>What a description changes in a field.</summary>
/// <param name="Size">Bytes; null with <paramref name="Rest"/>: whatever is left.</param>
public sealed record TlsClauses(
    string? CsName, Clause? Clause, bool Rest, ExprSyntax? Size, ExprSyntax? Equal, ExprSyntax? Present, TextEncoding Text, NameUse? Registry,
    EquatableArray<MustSyntax> Musts, EquatableArray<string> Covers);

/// <summary>One file, read. <paramref name="Syntax"/> is null when the file has no usable header.</summary>
public sealed record ParsedTls(string Path, TlsSyntax? Syntax, EquatableArray<SpecPosition> Positions, EquatableArray<LocalDiagnostic> Diagnostics)
{
    /// <summary>Where its mistakes are, in the form that all notations share.</summary>
    public ParsedSpec Places => new(Path, null, Positions, Diagnostics);
}

/// <summary>A file's syntax under its path; the input of lowering.</summary>
public sealed record TlsFile(string Path, TlsSyntax Syntax, bool Sound);
