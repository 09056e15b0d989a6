using System.Security.Cryptography;
using System.Text;
using OtpNet;
using QRCoder;

namespace PortalApp.Authenticators.Apps;

/// <summary>The arithmetic and the words of RFC 6238 as every authenticator app has them.</summary>
internal static class Totp
{
    private const int SecretBytes = 20;
    private const int Digits = 6;

    /// <summary>One step of drift either way.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>A code as it is compared: spaces are dropped and compatible digits read (NFKC). Null for what no code is.</summary>
    public static string? Read(string typed)
    {
        var code = string.Concat(typed.EnumerateRunes().Where(r => !Rune.IsWhiteSpace(r))).Normalize(NormalizationForm.FormKC);
        return code.Length == Digits && code.All(char.IsAsciiDigit) ? code : null;
    }

    /// <summary>The step of a right code; null for any other text.</summary>
    public static long? StepOf(byte[] secret, string typed, DateTimeOffset now) =>
        Read(typed) is { } code && new OtpNet.Totp(secret).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : null;

    /// <summary>As a person types it where no camera is: groups of four.</summary>
    public static string ToText(byte[] secret) =>
        string.Join(' ', Base32Encoding.ToString(secret).Chunk(4).Select(four => new string(four)));

    /// <summary>SVG, without inline style.</summary>
    /// <param name="issuer">Shown in the app; without a colon, which parts it from the account.</param>
    public static string ToSvg(byte[] secret, string issuer, string account)
    {
        var (who, what) = (Escape(issuer), Escape(account));
        var address = $"otpauth://totp/{who}:{what}?secret={Base32Encoding.ToString(secret)}&issuer={who}";
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text.Replace(":", "", StringComparison.Ordinal));
}
