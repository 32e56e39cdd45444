using System.Text;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>A username fragment and a password (RFC 8445 section 5.3: at least 24 and 128 bits of randomness).</summary>
public sealed record Credentials(string Ufrag, string Password)
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>8 and 24 ice-chars.</summary>
    public static Credentials Draw(Entropy entropy) => new(Text(entropy, 8), Text(entropy, 24));

    private static string Text(Entropy entropy, int length)
    {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++) text.Append(IceChars[(int)entropy.UniformBelow(64)]);
        return text.ToString();
    }
}
