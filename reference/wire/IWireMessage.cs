using System.Diagnostics.CodeAnalysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A record that stands for a whole message of some protocol. Records hold only what a user decides; lengths, padding, checksums
/// and constants are computed on writing.</summary>
public interface IWireMessage
{
    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    int Measure();

    /// <summary>Writes the canonical bytes and computes the checksums.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Measure"/>.</exception>
    /// <exception cref="WireValueException">The record's values do not fit the format (see there).</exception>
    int Write(Span<byte> destination, WireKey key = default);
}

/// <inheritdoc/>
public interface IWireMessage<TSelf> : IWireMessage where TSelf : class, IWireMessage<TSelf>
{
    /// <summary>Module name, full stop, short name: "stun.message".</summary>
    static abstract string WireName { get; }

    static abstract SpecModule Module { get; }

    static abstract Pdu Schema { get; }

    /// <summary>Total: any bytes give a message or an error. Copies what it keeps.</summary>
    /// <param name="keepTrivia">Keep what a record does not hold (padding bytes, ignored reserved bits, checksums) so that writing gives
    /// the same bytes again; see <see cref="WireTrivia"/>.</param>
    static abstract bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out TSelf? message, out WireError error);

    /// <summary>The same verdict as TryParse, without allocation.</summary>
    static abstract bool Accepts(ReadOnlySpan<byte> bytes, out WireError error);

    /// <summary>Parses, then compares every checksum that can be computed: keyed ones only with a key.</summary>
    static abstract bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error);
}

/// <summary>Writing found a record whose values cannot be written: a length that does not fit its field, a byte string of the wrong size, a field that
/// is there though its condition does not hold. A mistake of the code that made the record, never of input. For wrong bytes on
/// purpose there is the forge.</summary>
public sealed class WireValueException(string message) : ArgumentException(message);
