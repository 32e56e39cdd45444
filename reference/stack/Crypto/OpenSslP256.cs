namespace WebRtcConformance.Stack.Crypto;

/// <summary>ECDSA over secp256r1 by <see cref="OpenSsl"/>.</summary>
internal static unsafe class OpenSslP256
{
    private const int CurveName = 415; // NID_X9_62_prime256v1

    /// <summary>Whether a signature in DER is right. Total.</summary>
    /// <param name="publicKey">A point, compressed or not; what is no point of the curve verifies nothing.</param>
    public static bool Verifies(OpenSsl functions, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var key = functions.NewEcKey(CurveName);
        if (key is null) return false;
        try
        {
            fixed (byte* p = publicKey, d = digest, s = signature)
            {
                return functions.SetEcPoint(key, p, (nuint)publicKey.Length, null) == 1
                    && functions.VerifyEcdsa(0, d, digest.Length, s, signature.Length, key) == 1;
            }
        }
        finally
        {
            functions.FreeEcKey(key);
        }
    }
}
