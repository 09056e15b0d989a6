using PortalApp.Secrets;

namespace PortalApp.PasswordReset.Flows;

/// <summary>The only place where a flow's key is: a cookie; no URL holds anything.</summary>
internal static class FlowCookie
{
    public const string Name = "__Host-reset";
    private static readonly KeyCookie Cookie = new(Name);

    public static string NewKey() => KeyCookie.NewKey();

    public static byte[] Hash(string key) => KeyCookie.Hash(key);

    public static byte[]? ReadHash(HttpRequest request) => Cookie.ReadHash(request);

    public static void Write(HttpResponse response, string key) => Cookie.Write(response, key);
}
