using System.Diagnostics.CodeAnalysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>One message format behind a face that needs no type at compile time (fuzz targets, the codec level of the tests of others' stacks).</summary>
public interface IWireCodec
{
    /// <summary>E.g. "stun.message".</summary>
    string Name { get; }
    SpecModule Module { get; }
    Pdu Pdu { get; }

    /// <inheritdoc cref="IWireMessage{TSelf}.TryParse"/>
    bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out IWireMessage? message, out WireError error);

    /// <inheritdoc cref="IWireMessage{TSelf}.TryParse"/>
    bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IWireMessage? message, out WireError error) =>
        TryParse(bytes, keepTrivia: false, out message, out error);

    /// <summary>The canonical bytes of a message.</summary>
    byte[] Write(IWireMessage message, WireKey key = default) => message.ToArray(key);

    /// <inheritdoc cref="IWireMessage{TSelf}.Accepts"/>
    bool Accepts(ReadOnlySpan<byte> bytes, out WireError error);

    /// <inheritdoc cref="IWireMessage{TSelf}.Verify"/>
    bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error);
}

/// <inheritdoc/>
public sealed class WireCodec<TMessage> : IWireCodec where TMessage : class, IWireMessage<TMessage>
{
    public string Name => TMessage.WireName;
    public SpecModule Module => TMessage.Module;
    public Pdu Pdu => TMessage.Schema;

    public bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out IWireMessage? message, out WireError error)
    {
        var parsed = TMessage.TryParse(bytes, keepTrivia, out var typed, out error);
        message = typed;
        return parsed;
    }

    public bool Accepts(ReadOnlySpan<byte> bytes, out WireError error) => TMessage.Accepts(bytes, out error);

    public bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) => TMessage.Verify(bytes, key, out error);
}

/// <summary>A codec for every message PDU of every spec file.</summary>
public static partial class WireCodecs
{
    private static readonly Lazy<IReadOnlyList<IWireCodec>> Generated = new(() =>
    {
        var codecs = new List<IWireCodec>();
        AddGenerated(codecs);
        return codecs.AsReadOnly();
    });

    public static IReadOnlyList<IWireCodec> All => Generated.Value;

    /// <summary>The codec of that name, or null.</summary>
    public static IWireCodec? Find(string name) => All.FirstOrDefault(codec => codec.Name == name);

    /// <summary>Filled in by the generator's aggregate file.</summary>
    static partial void AddGenerated(List<IWireCodec> codecs);
}

/// <summary>Shorthands.</summary>
public static class WireMessageExtensions
{
    extension(IWireMessage message)
    {
        /// <summary>The message's canonical bytes.</summary>
        public byte[] ToArray(WireKey key = default)
        {
            var bytes = new byte[message.Measure()];
            message.Write(bytes, key);
            return bytes;
        }
    }
}
