using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using PortalApp.Tenants;
using PortalApp.Throttle;

namespace PortalApp.PasswordReset;

/// <summary>
/// Carries a refusal from the form to the page that tells it, so that a reload sends no form again. Sealed, names no account, and forgotten as
/// a flow would be.
/// </summary>
internal sealed class RefusalCookie(IDataProtectionProvider protection, TenantStore tenants, Limits limits, TimeProvider clock)
{
    private const string Name = "__Host-refused";

    private readonly IDataProtector protector = protection.CreateProtector("refusal");

    public void Write(HttpResponse response, Refusal refusal)
    {
        var told = new Told(refusal.Code, refusal.Trace, refusal.Tenant?.Id.Value, clock.GetUtcNow() + limits.FlowLifetime);
        response.Cookies.Append(
            Name,
            protector.Protect(JsonSerializer.Serialize(told)),
            new CookieOptions
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
            }
        );
    }

    /// <summary>Null where there is none, or none of ours, or it is too old.</summary>
    public async Task<Refusal?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Cookies[Name] is not { } value || Open(value) is not { } told || told.Until <= clock.GetUtcNow())
        {
            return null;
        }

        var tenant = told.Tenant is { } number ? await tenants.FindAsync(new(number), cancellation) : null;
        return new(told.Code, told.Trace, tenant);
    }

    private Told? Open(string value)
    {
        try
        {
            return JsonSerializer.Deserialize<Told>(protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Told(RefusalCode Code, string Trace, int? Tenant, DateTimeOffset Until);
}
