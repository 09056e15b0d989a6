using System.Buffers.Text;
using System.Security.Cryptography;

namespace PortalApp.PasswordReset.Flows;

/// <summary>The only place where a flow's key is: 256 random bits in a cookie. The database holds its SHA-256; no URL holds anything.</summary>
internal static class FlowCookie
{
    public const string Name = "__Host-reset";
    private const int KeyBytes = 32;

    public static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    public static byte[] Hash(string key) => SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key));

    /// <summary>Null where there is none, or what there is cannot be a key.</summary>
    public static byte[]? ReadHash(HttpRequest request) =>
        request.Cookies[Name] is { } key && Base64Url.IsValid(key, out var bytes) && bytes == KeyBytes ? Hash(key) : null;

    public static void Write(HttpResponse response, string key) =>
        response.Cookies.Append(
            Name,
            key,
            new CookieOptions
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
            }
        );
}
