using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>One message format, of packets or of text, as fuzzers, decoders, minimisers and property tests see it: parse, write again, draw, mutate,
/// make smaller, show. Both implementations of the format stand behind it: the straight-line code, and the interpreter of the same schema.</summary>
public interface IMessageFormat
{
    /// <summary>E.g. "stun.message".</summary>
    string Name { get; }

    /// <summary>What the format is, and where its standard says so: "STUN Message (RFC8489 section 5)".</summary>
    string Title { get; }

    /// <summary>Its messages are texts, which people write as they are; those of others they write in hexadecimal digits.</summary>
    bool IsText { get; }

    /// <summary>The verdict of the straight-line code, without allocation.</summary>
    bool Accepts(ReadOnlySpan<byte> bytes, out WireError error);

    /// <summary>The verdict of the interpreter, which has to be the same.</summary>
    bool Interpret(ReadOnlySpan<byte> bytes, out WireError error);

    /// <summary>Parses into a record with equality by value.</summary>
    /// <param name="keepTrivia">Keep what the record does not hold, so that writing gives the same bytes.</param>
    bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out object? message, out WireError error);

    /// <summary>The bytes of a record that <see cref="TryParse"/> gave; canonical ones when it was parsed without trivia.</summary>
    byte[] Write(object message, WireKey key = default);

    /// <summary>Compares the checksums of the message as well, by the straight-line code.</summary>
    bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error);

    /// <summary>Compares the checksums of the message as well, by the interpreter.</summary>
    bool InterpretVerify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error);

    /// <summary>A valid message; no choices at all give the smallest one.</summary>
    byte[] Draw(ref Choices choices, WireKey key = default);

    /// <summary>A variation of any bytes that knows the structure: mostly sound but for one lie, or sound.</summary>
    /// <param name="donor">Another input, to take parts from; may be empty.</param>
    byte[] Mutate(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> donor, ref Choices choices, WireKey key = default);

    /// <summary>The smallest bytes found for which <paramref name="predicate"/> is true; the bytes themselves when it is false for them.</summary>
    /// <param name="maxTests">Calls of the predicate at most.</param>
    byte[] Minimize(ReadOnlySpan<byte> bytes, Func<byte[], bool> predicate, int maxTests);

    /// <summary>Any bytes for a person: one line an element with field, value and section; last, what a strict parser refuses.</summary>
    string Dump(ReadOnlySpan<byte> bytes);

    /// <summary>Any bytes as canonical JSON.</summary>
    void WriteJson(ReadOnlySpan<byte> bytes, Utf8JsonWriter writer);

    /// <summary>The JSON Schema (draft 2020-12) of what <see cref="WriteJson"/> writes.</summary>
    JsonObject JsonSchema();

    /// <summary>The name of the innermost element at a byte of any bytes, e.g. "MessageLength"; "end" behind the last one.</summary>
    string ElementAt(ReadOnlySpan<byte> bytes, int offset);

    /// <summary>Byte strings with a meaning in the format: constants, code points, keywords.</summary>
    IReadOnlyList<byte[]> Dictionary { get; }

    /// <summary>The ways to break one of its rules that some message shows.</summary>
    IReadOnlyList<IMessageViolation> Violations { get; }

    /// <summary>An empty coverage over the nodes of the standards of all formats of this notation.</summary>
    WireCoverage NewCoverage();

    /// <summary>Notes which nodes a message touches, and which one its error names.</summary>
    void Cover(ReadOnlySpan<byte> bytes, WireCoverage coverage);

    /// <summary>Whether a type (full name) is straight-line code of the format, or what that reads bytes with.</summary>
    bool IsOwnCode(string type);
}

/// <summary>One way to break one rule of a message format.</summary>
public interface IMessageViolation
{
    /// <summary>Permanent name, e.g. "stun/StunMessage.MessageLength/off-by-one".</summary>
    string Id { get; }

    /// <summary>The node that a strict parser names for messages that it must refuse; for others the node that is changed.</summary>
    uint Node { get; }

    Clause Clause { get; }

    /// <summary>Reject: the broken message must be refused. Ignore, Warn: it must be accepted.</summary>
    Force Force { get; }

    /// <summary>The kind of the error; None for messages that must be accepted.</summary>
    WireErrorKind Kind { get; }

    /// <summary>Draws a good message and breaks it in this one way. False when that message has no place for it.</summary>
    bool TryShow(ref Choices choices, WireKey key, out byte[] bad);
}
