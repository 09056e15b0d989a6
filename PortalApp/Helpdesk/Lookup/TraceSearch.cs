using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.PasswordReset.Flows;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Lookup;

/// <summary>Whose a trace is. Closed: the cases below.</summary>
internal abstract record TraceFound
{
    private TraceFound() { }

    public sealed record OfPerson(string UserId) : TraceFound;

    /// <summary>Of a name without an account, or refused before the name was looked up.</summary>
    public sealed record OfNobody : TraceFound;

    public sealed record Unknown : TraceFound;
}

/// <summary>From what a person reads to the helpdesk to the person.</summary>
internal sealed partial class TraceSearch(IDbContextFactory<PortalDb> databases)
{
    /// <summary>A trace as it is typed, such as "sspr_0014 · 7f3k-2q9m"; null where there is none in it.</summary>
    public static string? TraceIn(string typed) =>
        Trace().Match(typed.Trim().ToUpperInvariant()) is { Success: true } found ? found.Groups["trace"].Value : null;

    /// <summary>With a code before it it can be nothing else, such as a name.</summary>
    public static bool IsSurelyTrace(string typed) => typed.Contains("SSPR", StringComparison.OrdinalIgnoreCase);

    public async Task<TraceFound> FindAsync(TenantId tenant, string trace, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var told = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == tenant && a.Trace == trace)
            .OrderByDescending(a => a.Id)
            .Select(a => a.SubjectKind == AuditSubjectKind.User ? a.Subject : null)
            .ToListAsync(cancellation);
        var begun = await db.Set<Flow>().Where(f => f.Tenant == tenant && f.Trace == trace).Select(f => f.UserId).ToListAsync(cancellation);
        var ids = told.Concat(begun).OfType<string>().Distinct().ToList();
        var person = await db.Set<User>()
            .Where(u => u.Tenant == tenant && u.GoneAt == null && ids.Contains(u.Id))
            .Select(u => u.Id)
            .FirstOrDefaultAsync(cancellation);
        return person is not null ? new TraceFound.OfPerson(person)
            : told.Count + begun.Count > 0 ? new TraceFound.OfNobody()
            : new TraceFound.Unknown();
    }

    [GeneratedRegex(@"(^|[\s·])(?<trace>[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Trace();
}
