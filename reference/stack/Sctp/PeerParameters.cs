using WebRtcConformance.Ir;
using WebRtcConformance.Wire.Asconf;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>What the peer has said of itself in INIT or INIT ACK (RFC 9260 sections 3.3.2 and 3.3.3).</summary>
internal sealed record PeerParameters
{
    public required uint Tag { get; init; }
    public required uint Window { get; init; }
    public required ushort OutboundStreams { get; init; }
    public required ushort InboundStreams { get; init; }
    public required uint InitialTsn { get; init; }

    /// <summary>RFC 3758 section 3.3.</summary>
    public bool ForwardTsn { get; init; }

    /// <summary>RFC 6525 section 5.1.1.</summary>
    public bool ReConfig { get; init; }

    /// <summary>RFC 8260 section 2.2.1.</summary>
    public bool Interleaving { get; init; }

    /// <summary>RFC 8260 section 2.3.1.</summary>
    public bool IForwardTsn { get; init; }

    /// <summary>RFC 9653 section 4: how the peer says packets are protected otherwise; 0 when it does not say.</summary>
    public ErrorDetectionMethod ZeroChecksum { get; init; }

    public static PeerParameters From(InitChunk init) => With(init.Parameters, new PeerParameters
    {
        Tag = init.InitiateTag, Window = init.AdvertisedReceiverWindowCredit, InitialTsn = init.InitialTsn,
        OutboundStreams = init.OutboundStreams, InboundStreams = init.InboundStreams,
    });

    public static PeerParameters From(InitAckChunk ack) => With(ack.Parameters, new PeerParameters
    {
        Tag = ack.InitiateTag, Window = ack.AdvertisedReceiverWindowCredit, InitialTsn = ack.InitialTsn,
        OutboundStreams = ack.OutboundStreams, InboundStreams = ack.InboundStreams,
    });

    private static PeerParameters With(EquatableArray<SctpParameter> parameters, PeerParameters peer)
    {
        foreach (var parameter in ParameterActions.Processed(parameters))
        {
            peer = parameter switch
            {
                ForwardTsnSupportedParameter => peer with { ForwardTsn = true },
                ZeroChecksumAcceptableParameter zero => peer with { ZeroChecksum = zero.Method },
                SupportedExtensionsParameter extensions => peer with
                {
                    ReConfig = extensions.ChunkTypes.Contains(SctpChunkType.ReConfig),
                    Interleaving = extensions.ChunkTypes.Contains(SctpChunkType.IData),
                    IForwardTsn = extensions.ChunkTypes.Contains(SctpChunkType.IForwardTsn),
                    ForwardTsn = peer.ForwardTsn || extensions.ChunkTypes.Contains(SctpChunkType.ForwardTsn),
                },
                _ => peer,
            };
        }
        return peer;
    }
}

/// <summary>RFC 9260 section 3.2.1: what a receiver does with parameters that it does not know, told by the two topmost bits of their type.</summary>
internal static class ParameterActions
{
    /// <summary>Parameters of INIT and INIT ACK, up to the first unknown one that says stop.</summary>
    public static IEnumerable<SctpParameter> Processed(EquatableArray<SctpParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (IsKnown(parameter)) yield return parameter;
            else if (Stops(TypeOf(parameter))) yield break;
        }
    }

    /// <summary>The unknown ones that are to be reported, as they came (section 3.2.2).</summary>
    public static IEnumerable<SctpParameter> Reported(EquatableArray<SctpParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (IsKnown(parameter)) continue;
            var type = TypeOf(parameter);
            if ((type & 0x4000) != 0) yield return parameter;
            if (Stops(type)) yield break;
        }
    }

    private static bool Stops(ushort type) => (type & 0x8000) == 0;

    /// <summary>What is known may have no effect: addresses (RFC 8261 section 6.1), and extensions that this stack does not have but understands.</summary>
    private static bool IsKnown(SctpParameter parameter) => parameter is not OtherParameter other || other.Type is SctpParameterType.EcnCapable;

    private static ushort TypeOf(SctpParameter parameter) => parameter is OtherParameter other ? (ushort)other.Type : (ushort)0;
}
