using WebRtcConformance.Wire.Dcep;

namespace WebRtcConformance.Stack.DataChannels;

/// <summary>RFC 8832 section 5.1: channel type and reliability parameter, and what they mean.</summary>
internal static class DataChannelTypes
{
    public static DcepOpen ToOpen(DataChannelOptions options, QuirkSet quirks)
    {
        var type = options switch
        {
            { MaxRetransmits: not null, Ordered: true } => DataChannelType.PartialReliableRexmit,
            { MaxRetransmits: not null } => DataChannelType.PartialReliableRexmitUnordered,
            { MaxPacketLifeTime: not null, Ordered: true } => DataChannelType.PartialReliableTimed,
            { MaxPacketLifeTime: not null } => DataChannelType.PartialReliableTimedUnordered,
            { Ordered: true } => DataChannelType.Reliable,
            _ => DataChannelType.ReliableUnordered,
        };
        // For reliable channels the parameter is 0.
        var reliability = options.MaxRetransmits ?? options.MaxPacketLifeTime ?? (quirks.Has(Sctp.SctpQuirk.DcepSendsReliabilityOfReliable) ? 1 : 0);
        return new DcepOpen
        {
            ChannelType = type, Priority = options.Priority, ReliabilityParameter = (uint)reliability, Label = options.Label, Protocol = options.Protocol,
        };
    }

    /// <summary>Null when the type is unknown: RFC 8832 section 7 has such a channel closed.</summary>
    public static DataChannelOptions? FromOpen(DcepOpen open, ushort id, QuirkSet quirks)
    {
        var parameter = (int)Math.Min(open.ReliabilityParameter, int.MaxValue);
        var options = new DataChannelOptions { Label = open.Label, Protocol = open.Protocol, Priority = open.Priority, Id = id };
        return open.ChannelType switch
        {
            DataChannelType.Reliable or DataChannelType.ReliableUnordered when quirks.Has(Sctp.SctpQuirk.DcepRefusesReliabilityOfReliable) && parameter != 0 => null,
            DataChannelType.Reliable => options,
            DataChannelType.ReliableUnordered => options with { Ordered = false },
            DataChannelType.PartialReliableRexmit => options with { MaxRetransmits = parameter },
            DataChannelType.PartialReliableRexmitUnordered => options with { MaxRetransmits = parameter, Ordered = false },
            DataChannelType.PartialReliableTimed => options with { MaxPacketLifeTime = parameter },
            DataChannelType.PartialReliableTimedUnordered => options with { MaxPacketLifeTime = parameter, Ordered = false },
            _ => quirks.Has(Sctp.SctpQuirk.DcepAcceptsUnknownChannelType) ? options : null,
        };
    }
}
