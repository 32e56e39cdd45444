namespace WebRtcConformance.Wire.Tests;

/// <summary>Shorthands of the tests that compare messages with what their standard says.</summary>
internal static class Wire
{
    /// <summary>The message in these bytes, which both implementations accept and which is written again to the same bytes.</summary>
    public static T Read<T>(string hex) where T : class, IWireMessage<T>
    {
        var bytes = Bytes(hex);
        Assert.True(T.TryParse(bytes, keepTrivia: true, out var message, out var error), error.ToString());
        Assert.True(WireTree.TryParse(T.Schema, bytes, out _, out error), error.ToString());
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(message.ToArray()));
        return message;
    }

    /// <summary>The message in these bytes, written without what receivers do not look at.</summary>
    public static string Canonical<T>(string hex) where T : class, IWireMessage<T>
    {
        Assert.True(T.TryParse(Bytes(hex), keepTrivia: false, out var message, out var error), error.ToString());
        return Convert.ToHexString(message.ToArray());
    }

    /// <summary>The error for which both implementations refuse these bytes.</summary>
    public static WireError Refuse<T>(string hex) where T : class, IWireMessage<T>
    {
        var bytes = Bytes(hex);
        Assert.False(T.TryParse(bytes, keepTrivia: false, out _, out var error));
        Assert.False(WireTree.TryParse(T.Schema, bytes, out _, out var interpreted));
        Assert.Equal(interpreted, error);
        return error;
    }

    /// <summary>Hexadecimal digits, with spaces where they help the reader.</summary>
    private static byte[] Bytes(string hex) => WireBytes.FromHex(hex.Replace(" ", "")).ToArray();
}
