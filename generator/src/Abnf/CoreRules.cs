using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>The core rules of RFC 5234 appendix B.1.</summary>
internal static class CoreRules
{
    public const string Name = "abnf-core";

    private const string Text = """
        ALPHA          =  %x41-5A / %x61-7A   ; A-Z / a-z
        BIT            =  "0" / "1"
        CHAR           =  %x01-7F
        CR             =  %x0D
        CRLF           =  CR LF
        CTL            =  %x00-1F / %x7F
        DIGIT          =  %x30-39
        DQUOTE         =  %x22
        HEXDIG         =  DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
        HTAB           =  %x09
        LF             =  %x0A
        LWSP           =  *(WSP / CRLF WSP)
        OCTET          =  %x00-FF
        SP             =  %x20
        VCHAR          =  %x21-7E
        WSP            =  SP / HTAB
        """;

    public static AbnfSyntax Syntax { get; } = AbnfParser.Parse("", $"@document RFC5234\n@module {Name}\n@namespace AbnfCore\n@section B.1\n{Text}").Syntax!;
}
