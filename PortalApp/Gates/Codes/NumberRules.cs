using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PhoneNumbers;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;
using PhoneNumber = Portal.Contacts.PhoneNumber;

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
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>Also of a kind that the list of numbers does not know: it is behind what countries give out.</summary>
    private static readonly PhoneNumberType[] Texted =
    [
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UNKNOWN,
    ];

    private static readonly PhoneNumberType[] Called = [.. Texted, PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN];
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
        if (Parse(number) is not { } parsed || !Numbers.IsPossibleNumber(parsed))
        {
            return "no number";
        }

        var (type, country) = (Numbers.GetNumberType(parsed), CountryOf(parsed));
        return !Called.Contains(type) ? $"{type}"
            : country is null || !countries.Codes.Contains(country) ? $"of {country ?? "no country"}"
            : channel == MessageChannel.Sms && !Texted.Contains(type) ? Landline
            : null;
    }

    /// <summary>Whether a slip of the hand is likely: of no kind that is known, or a landline that is to be texted.</summary>
    public static bool IsDoubtful(MessageChannel channel, PhoneNumber number) =>
        Parse(number) is not { } parsed
        || Numbers.GetNumberType(parsed) is var type
            && (type == PhoneNumberType.UNKNOWN || !(channel == MessageChannel.Sms ? Texted : Called).Contains(type));

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
    private const int NorthAmerica = 1;

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
        return new([.. inUse.Append(told.HelpdeskPhone.Split(' ')[0]).SelectMany(CountriesOf)]);
    }

    /// <summary>A number of no known kind is its code's first country's, except in North America, where it may be any of twenty.</summary>
    private static string? CountryOf(PhoneNumbers.PhoneNumber number) =>
        Numbers.GetRegionCodeForNumber(number)
        ?? (number.CountryCode == NorthAmerica ? null : Numbers.GetRegionCodeForCountryCode(number.CountryCode));

    /// <summary>The one that a code is for. North America's also has countries whose numbers are dear: they are named or not served.</summary>
    private static IEnumerable<string> CountriesOf(string prefix) =>
        int.TryParse(prefix.TrimStart('+'), CultureInfo.InvariantCulture, out var code)
            ? code == NorthAmerica
                ? ["US", "CA"]
                : [Numbers.GetRegionCodeForCountryCode(code)]
            : [];

    private static PhoneNumbers.PhoneNumber? Parse(PhoneNumber number)
    {
        try
        {
            return Numbers.Parse(number.Callable, null);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}

/// <param name="Codes">By ISO 3166-1.</param>
internal sealed record NumberCountries(IReadOnlyCollection<string> Codes);
