using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Drawings with the habits of many RFCs, character for character.</summary>
public class DrawingTests
{
    private static Pdu Read(string body)
    {
        var (modules, diagnostics) = SpecLibrary.Load([("a.pdu", "@document RFC1\n@module a\n@namespace A\nelement Report Block\nwhere\n  X: 24 bytes.\n" + body)]);
        Assert.True(diagnostics.Count == 0, string.Join("\n", diagnostics));
        return modules.Single().Pdus[^1];
    }

    [Fact]
    public void Sender_report_with_gutter_constants_and_repetition()
    {
        var report = Read("""
            message SR
                    0                   1                   2                   3
                    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            header |V=2|P|    RC   |   PT=SR=200   |             length            |
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                   |                         SSRC of sender                        |
                   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
            sender |              NTP timestamp, most significant word             |
            info   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                   |             NTP timestamp, least significant word             |
                   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
            report |                 SSRC_1 (SSRC of first source)                 |
            block  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
              1    | fraction lost |       cumulative number of packets lost       |
                   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
            report |                 SSRC_2 (SSRC of second source)                |
            block  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
              2    :                               ...                             :
                   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
                   |                  profile-specific extensions                  |
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            where
              version (V): 2 bits; constant.
              padding (P): 1 bits.
              reception report count (RC): 5 bits.
              packet type (PT): 8 bits; constant.
              length: 16 bits.
              SSRC of sender: 32 bits.
              NTP timestamp: 64 bits; drawn as "NTP timestamp, most significant word", "NTP timestamp, least significant word".
              report blocks: [Report Block]; RC elements;
                  drawn as "SSRC_1", "fraction lost", "cumulative number of packets lost", "SSRC_2", "...".
              # Drawn in one row, but of any size.
              profile-specific extensions: rest; drawn as 32 bits.
            """);
        Assert.Equal([new ConstShape(2, 2), new UIntShape(1, null, null), new UIntShape(5, null, null), new ConstShape(8, 200)], report.Fields.Take(4).Select(f => f.Shape));
        Assert.Equal(new UIntShape(64, null, null), report.Fields.Single(f => f.CsName == "NtpTimestamp").Shape);
        Assert.Equal(new CountOf("ReportBlocks"), report.Fields.Single(f => f.CsName == "ReceptionReportCount").Derive);
    }

    [Fact]
    public void Open_cells_go_on_in_the_next_row()
    {
        var item = Read("""
            message Private Item
                 0                   1                   2                   3
                 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
                +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                |     PRIV=8    |     length    | prefix length |prefix string...
                +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                ...             |                  value string               ...
                +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            where
              PRIV: 8 bits; constant.
              length: 8 bits; must size(value string) + PL + 1 == length.
              prefix length (PL): 8 bits.
              prefix string: PL bytes; utf-8.
              value string: rest; utf-8.
            """);
        Assert.Equal(["Priv", "Length", "PrefixLength", "PrefixString", "ValueString"], item.Fields.Select(f => f.CsName));
    }

    [Fact]
    public void Torn_rows_text_on_the_right_and_a_constant_with_spaces()
    {
        var init = Read("""
            message INIT
                    0                   1                   2                   3
                    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                   |   Type = 1    |  Chunk Flags  |      Chunk Length             |  first word
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  a rule, too
                   \                                                               \
                   /              Optional/Variable-Length Parameters              /
                   \                                                               \
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            where
              Type: 8 bits; constant.
              Chunk Flags: 8 bits; reserved.
              Chunk Length: 16 bits; == size(this).
              Optional/Variable-Length Parameters: rest; as Parameters.
            """);
        Assert.Equal(new ConstShape(8, 1), init.Fields[0].Shape);
        Assert.Equal(new WindowSize(), init.Fields[2].Derive);
        Assert.Equal(new BytesShape(null, TextEncoding.None, null), init.Fields[3].Shape);
    }

    [Fact]
    public void A_notch_with_text_is_a_cell_of_its_own()
    {
        var auth = Read("""
            message AUTH
                0                   1                   2                   3
                0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
               |    Shared Key Identifier      |        HMAC Identifier        |
               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
               |                                                               |
               \                             HMAC                              /
               /                                                               \
               /                               +-------------------------------\
               |                               |           Padding             |
               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            where
              Shared Key Identifier: 16 bits.
              HMAC Identifier: 16 bits.
              HMAC: rest.
              Padding: elsewhere.
            """);
        Assert.Equal(["SharedKeyIdentifier", "HmacIdentifier", "Hmac"], auth.Fields.Select(f => f.CsName));
    }

    [Fact]
    public void Rows_between_dots_are_open()
    {
        var jitter = Read("""
            message IJ
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
               hdr |V=2|P|    RC   |   PT=IJ=195   |             length            |
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                   |                      inter-arrival jitter                     |
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
                   .                                                               .
                   .                                                               .
                   |                      inter-arrival jitter                     |
                   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
            where
              V: 2 bits; constant.
              P: 1 bits.
              RC: 5 bits.
              PT: 8 bits; constant.
              length: 16 bits.
              inter-arrival jitter: [32 bits]; RC elements; drawn as "inter-arrival jitter", "inter-arrival jitter".
            """);
        Assert.Equal(new CountOf("InterArrivalJitter"), jitter.Fields.Single(f => f.CsName == "Rc").Derive);
    }
}
