using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace WebRtcConformance.Wire;

/// <summary>One message format, of packets or of text, as fuzzers, decoders, minimisers and property tests see it: parse, write again, draw, mutate,
/// make smaller, show. Both implementations of the format stand behind it: the straight-line code, and the interpreter of the same schema.</summary>
public interface IMessageFormat
{
    /// <summary>E.g. "stun.message".</summary>
    string Name { get; }

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

    /// <summary>The name of the innermost element at a byte of any bytes, e.g. "MessageLength"; "end" behind the last one.</summary>
    string ElementAt(ReadOnlySpan<byte> bytes, int offset);

    /// <summary>Byte strings with a meaning in the format: constants, code points, keywords.</summary>
    IReadOnlyList<byte[]> Dictionary { get; }

    /// <summary>Full names of the namespaces that hold its straight-line code.</summary>
    IReadOnlySet<string> Namespaces { get; }
}
