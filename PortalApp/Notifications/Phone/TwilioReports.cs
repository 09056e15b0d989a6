using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Notifications.Phone;

/// <summary>What Twilio reports of a message after it took it. Nobody else's word counts (H45).</summary>
internal sealed class TwilioReports(
    IOptions<PhoneOptions> options,
    IOptions<PortalOptions> portal,
    IDbContextFactory<PortalDb> databases,
    AddressFaults faults,
    ILogger<TwilioReports> logger
)
{
    public const string Header = "X-Twilio-Signature";

    /// <returns>Whether Twilio said it.</returns>
    public async Task<bool> TakeAsync(
        string provider,
        long message,
        IFormCollection form,
        string? signature,
        CancellationToken cancellation
    )
    {
        var known = options.Value.All.FirstOrDefault(p =>
            p.Options.Kind == PhoneProviderKind.Twilio && string.Equals(p.Name, provider, StringComparison.OrdinalIgnoreCase)
        );
        if (known.Options is null)
        {
            return false;
        }

        var token = (await File.ReadAllTextAsync(known.Options.ResolvedSecretFile(known.Name)!, cancellation)).Trim();
        var address = $"{portal.Value.Origin}{TwilioProvider.ReportPath(known.Name)}/{message.ToString(CultureInfo.InvariantCulture)}";
        var expected = Encoding.ASCII.GetBytes(Sign(token, address, form));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature ?? "")))
        {
            logger.ReportForged(message, known.Name);
            return false;
        }

        if (int.TryParse(form["ErrorCode"], CultureInfo.InvariantCulture, out var code) && TwilioProvider.ReasonOf(code) is { } why)
        {
            await KeepAsync(message, why, code, cancellation);
        }

        return true;
    }

    /// <summary>Of the address and the fields in their order: https://www.twilio.com/docs/usage/security#validating-requests.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs by HMAC-SHA-1, which holds as a MAC.")]
    internal static string Sign(
        string token,
        string address,
        IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> form
    )
    {
        var fields = form.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value);
        return Convert.ToBase64String(
            HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(address + string.Concat(fields)))
        );
    }

    private async Task KeepAsync(long id, AddressFaultReason why, int code, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var message = await db.Set<OutgoingMessage>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id && m.Deliver, cancellation);
        if (message is { Recipient: { } recipient })
        {
            logger.NumberRefused(id, message.Tenant, why, $"Twilio {code}");
            await faults.KeepAsync(message.Tenant, recipient, why);
        }
    }
}

internal static class TwilioReportEndpoints
{
    private const int LongestReport = 16 * 1024;

    public static void MapPhoneReports(this IEndpointRouteBuilder app) =>
        app.MapPost(
                "/phone/reports/{provider}/{message:long}",
                async (string provider, long message, HttpContext http, TwilioReports reports) =>
                    http.Request.HasFormContentType
                    && await reports.TakeAsync(
                        provider,
                        message,
                        await http.Request.ReadFormAsync(http.RequestAborted),
                        http.Request.Headers[TwilioReports.Header],
                        http.RequestAborted
                    )
                        ? Results.NoContent()
                        : Results.StatusCode(StatusCodes.Status403Forbidden)
            )
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestReport))
            .DisableAntiforgery();
}
