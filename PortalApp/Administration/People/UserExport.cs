using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Administration.People;

/// <summary>All people of a tenant as CSV (RFC 4180), a row at a time, so that it takes the same memory for three and for a hundred thousand.</summary>
internal sealed class UserExport(IDbContextFactory<PortalDb> databases)
{
    private const string Heading =
        "UserPrincipalName,DisplayName,AlternateEmailAddresses,MobilePhone,PhoneNumber,Licensed,ResetEnabled,Role,RegisteredAt\r\n";

    public async Task WriteAsync(HttpContext http, string? text, string? role, long? group)
    {
        var me = http.Features.GetRequiredFeature<SignedIn>();
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"users.csv\"";
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await writer.WriteAsync(Heading);
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var matching = await UserSearch.MatchingAsync(db, me.Tenant.Id, UserQuery.Of(text, role, null, null, group), http.RequestAborted);
        var found = matching.Include(u => u.Contacts).OrderBy(u => u.UserPrincipalName).AsAsyncEnumerable();
        await foreach (var user in found.WithCancellation(http.RequestAborted))
        {
            await writer.WriteAsync(Row(user));
        }
    }

    private static string Row(User user)
    {
        var held = user.ToContactData();
        string?[] cells =
        [
            user.UserPrincipalName,
            user.DisplayName,
            string.Join(' ', held.AlternateEmailAddresses.Select(e => e.Value)),
            held.MobilePhone?.Value,
            held.PhoneNumber?.Value,
            user.Licensed ? "yes" : "no",
            user.ResetEnabled ? "yes" : "no",
            $"{user.Role}",
            user.RegisteredAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ];
        return string.Join(',', cells.Select(CsvCell.Of)) + "\r\n";
    }
}
