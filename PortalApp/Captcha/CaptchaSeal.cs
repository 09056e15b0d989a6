using System.Security.Cryptography;
using System.Text.Json;

namespace PortalApp.Captcha;

/// <summary>The signature on a challenge, as the reference library makes it.</summary>
internal static class CaptchaSeal
{
    public static string Sign(byte[] key, CaptchaParameters parameters) => Convert.ToHexStringLower(Mac(key, parameters));

    public static bool IsGenuine(byte[] key, CaptchaChallenge challenge)
    {
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return challenge.Signature.Length == 2 * signature.Length
            && Convert.FromHexString(challenge.Signature, signature, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(signature, Mac(key, challenge.Parameters));
    }

    private static byte[] Mac(byte[] key, CaptchaParameters parameters) =>
        HMACSHA256.HashData(key, JsonSerializer.SerializeToUtf8Bytes(parameters, CaptchaJson.Default.CaptchaParameters));
}
