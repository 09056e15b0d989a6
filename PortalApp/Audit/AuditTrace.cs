using System.Security.Cryptography;

namespace PortalApp.Audit;

internal static class AuditTrace
{
    /// <summary>40 random bits as XXXX-XXXX, without letters that are heard or read as others.</summary>
    public static string New()
    {
        var letters = RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8);
        return $"{letters[..4]}-{letters[4..]}";
    }
}
