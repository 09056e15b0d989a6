using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Gates.Codes;

/// <summary>
/// Which numbers are texted and called at all: those of a tenant's countries, and none whose calls pay somebody (H16). Without it whoever can
/// write a number into a directory would be paid by each code.
/// </summary>
internal sealed class NumberRules(
    IDbContextFactory<PortalDb> databases,
    AuditLog audit,
    PaceCount pace,
    Limits limits,
    TimeProvider clock,
    ILogger<NumberRules> logger
)
{
    /// <summary>Of a tenant that names none: how many of its people make a country one of its own.</summary>
    private const int PeopleOfCountry = 3;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<TenantId, (DateTimeOffset At, NumberCountries Countries)> known = new();

    /// <summary>Kept for a minute.</summary>
    public async Task<NumberCountries> CountriesAsync(TenantId tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(tenant, out var held) && now - held.At < Kept)
        {
            return held.Countries;
        }

        var countries = await ReadAsync(tenant, cancellation);
        known[tenant] = (now, countries);
        return countries;
    }

    /// <summary>Null for one that is; else why not, in a word for the log and the audit, which hold no number.</summary>
    public static string? Refuses(NumberCountries countries, MessageChannel channel, PhoneNumber number)
    {
        var kind = PhoneKind.Of(number);
        return !kind.IsCalled ? kind.Name
            : kind.Country is not { } country || !countries.Codes.Contains(country) ? $"of {kind.Country ?? "no country"}"
            : channel == MessageChannel.Sms && !kind.IsTexted ? Landline
            : null;
    }

    /// <summary>Whether a slip of the hand is likely: of no kind that is known, or a landline that is to be texted.</summary>
    public static bool IsDoubtful(MessageChannel channel, PhoneNumber number) =>
        PhoneKind.Of(number) is var kind && !(kind.IsKnown && (channel == MessageChannel.Sms ? kind.IsTexted : kind.IsCalled));

    /// <summary>Of a number that pays somebody or lies abroad: an alarm, once a day for a person and a few times for a tenant.</summary>
    /// <param name="why">Of <see cref="Refuses"/>.</param>
    public async Task AlarmAsync(TenantId tenant, string subject, string why, CancellationToken cancellation)
    {
        if (
            why != Landline
            && pace.Take(limits.NumberAlarmsOfPerson, $"{tenant}/{subject}") is null
            && pace.Take(limits.NumberAlarmsOfTenant, $"{tenant}") is null
        )
        {
            logger.NumberNotServed(tenant, why);
            await audit.WriteAsync(
                new(AuditEventId.NumberNotServed, tenant, Actor.Portal) { Subject = AuditSubject.User(subject), Detail = why },
                cancellation
            );
        }
    }

    private const string Landline = "a landline";

    [SuppressMessage("Performance", "CA1866", Justification = "The database's provider knows the overload with a text alone.")]
    private async Task<NumberCountries> ReadAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var told = await db.Set<Tenant>()
            .Where(t => t.Id == tenant)
            .Select(t => new { t.PhoneCountries, t.HelpdeskPhone })
            .SingleAsync(cancellation);
        if (told.PhoneCountries is { } listed)
        {
            return new(listed.Split(','));
        }

        var inUse = await db.Set<ContactValue>()
            .Where(c => c.Tenant == tenant && (c.Field == ContactField.PhoneNumber || c.Field == ContactField.MobilePhone))
            .GroupBy(c => c.Value.Substring(0, c.Value.IndexOf(" ")))
            .Select(g => new { Prefix = g.Key, People = g.Select(c => c.UserId).Distinct().Count() })
            .Where(g => g.People >= PeopleOfCountry)
            .Select(g => g.Prefix)
            .ToListAsync(cancellation);
        return new([.. inUse.Append(told.HelpdeskPhone.Split(' ')[0]).SelectMany(PhoneKind.CountriesOf)]);
    }
}

/// <param name="Codes">By ISO 3166-1.</param>
internal sealed record NumberCountries(IReadOnlyCollection<string> Codes);
