using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PortalApp.Secrets;

/// <summary>A cookie that holds nothing but a key: 256 random bits, of which the database has the SHA-256. Host-only, for this site's own requests alone.</summary>
/// <param name="Name">Begins with <c>__Host-</c>.</param>
/// <param name="MaxAge">Null for one that ends with the browser.</param>
internal sealed record KeyCookie(string Name, TimeSpan? MaxAge = null)
{
    private const int KeyBytes = 32;

    public static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));

    public static bool IsKey(string? text) => text is not null && Base64Url.IsValid(text, out var bytes) && bytes == KeyBytes;

    /// <summary>Null where there is none, or what there is cannot be a key.</summary>
    public string? Read(HttpRequest request) => request.Cookies[Name] is { } key && IsKey(key) ? key : null;

    public byte[]? ReadHash(HttpRequest request) => Read(request) is { } key ? Hash(key) : null;

    public void Write(HttpResponse response, string key) => response.Cookies.Append(Name, key, Options(MaxAge));

    public void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    private static CookieOptions Options(TimeSpan? age) =>
        new()
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            MaxAge = age,
        };
}
