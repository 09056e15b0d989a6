using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PortalApp.Captcha;

/// <summary>The terms of our challenges and the one derivation that checks a solution.</summary>
internal static class CaptchaWork
{
    public const string Algorithm = "PBKDF2/SHA-256";

    /// <summary>Hex digits: one guess in 256 fits.</summary>
    public const string KeyPrefix = "00";
    public const int KeyLength = 32;
    public const int RandomBytes = 16;

    public static CaptchaParameters New(CaptchaBinding purpose, int rounds, DateTimeOffset expiresAt) =>
        new(
            Algorithm,
            rounds,
            purpose,
            expiresAt.ToUnixTimeSeconds(),
            KeyLength,
            KeyPrefix,
            RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true),
            RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true)
        );

    /// <summary>Everything but purpose, nonce, salt and expiry is what we would ask for now.</summary>
    public static bool AreOurTerms(CaptchaParameters parameters, int rounds) =>
        parameters.Cost == rounds
        && parameters
            is {
                Algorithm: Algorithm,
                KeyLength: KeyLength,
                KeyPrefix: KeyPrefix,
                Nonce.Length: 2 * RandomBytes,
                Salt.Length: 2 * RandomBytes
            };

    public static bool IsSolved(CaptchaParameters parameters, CaptchaSolution solution)
    {
        var key = Derive(parameters, solution.Counter);
        return key.StartsWith(parameters.KeyPrefix, StringComparison.Ordinal) && key == solution.DerivedKey;
    }

    /// <summary>Lower-case hex; costs <see cref="CaptchaParameters.Cost"/> rounds.</summary>
    public static string Derive(CaptchaParameters parameters, uint counter)
    {
        var nonce = Convert.FromHexString(parameters.Nonce);
        var password = new byte[nonce.Length + sizeof(uint)];
        nonce.CopyTo(password, 0);
        BinaryPrimitives.WriteUInt32BigEndian(password.AsSpan(nonce.Length), counter);
        var salt = Convert.FromHexString(parameters.Salt);
        return Convert.ToHexStringLower(
            Rfc2898DeriveBytes.Pbkdf2(password, salt, parameters.Cost, HashAlgorithmName.SHA256, parameters.KeyLength)
        );
    }
}
