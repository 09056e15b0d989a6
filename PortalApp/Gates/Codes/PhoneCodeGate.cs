using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Notifications;

namespace PortalApp.Gates.Codes;

/// <summary>A code to a phone number: only where this portal has somebody who carries texts or calls, and to none that <see cref="NumberRules"/> refuses.</summary>
internal abstract class PhoneCodeGate(OneTimeCodes codes, ServedChannels served, NumberRules rules) : CodeGate(codes)
{
    protected abstract PhoneNumber? NumberOf(ContactData contacts);

    protected sealed override (string Address, string Mask)? Find(ContactData contacts) =>
        NumberOf(contacts) is { } number ? (number.WithoutExtension, PhoneMask.Of(number)) : null;

    public sealed override async Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        var reached = new List<GatePerson>();
        if (!served.Contains(Channel) || people.Count == 0)
        {
            return await base.HeldByAsync(reached, cancellation);
        }

        // For a name without an account too: whoever is asked about first within a minute waits for it.
        var countries = await rules.CountriesAsync(people.First().Tenant, cancellation);
        foreach (var person in people)
        {
            if (person.Contacts is not { } contacts || NumberOf(contacts) is not { } number)
            {
                continue;
            }

            if (NumberRules.Refuses(countries, Channel, number) is { } why)
            {
                await rules.AlarmAsync(person.Tenant, person.Subject, why, cancellation);
                continue;
            }

            reached.Add(person);
        }

        return await base.HeldByAsync(reached, cancellation);
    }

    public sealed override async Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation)
    {
        if (!served.Contains(Channel))
        {
            return Values(db, tenant).Where(_ => false).Select(c => c.UserId);
        }

        string[] countries = [.. (await rules.CountriesAsync(tenant, cancellation)).Codes];
        var (all, first, isTexted) = (Values(db, tenant), Fields[0], Channel == MessageChannel.Sms);
        return all.Where(c => c.Field == first || !all.Any(before => before.UserId == c.UserId && before.Field == first))
            .Where(c => c.Country != null && countries.Contains(c.Country) && (!isTexted || c.TakesTexts))
            .Select(c => c.UserId);
    }
}
