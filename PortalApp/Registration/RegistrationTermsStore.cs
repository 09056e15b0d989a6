using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Registration;

/// <summary>What tenants ask of registration, and what an administrator may change of it.</summary>
internal sealed class RegistrationTermsStore(IDbContextFactory<PortalDb> databases, AuditLog audit)
{
    public async Task<RegistrationTerms> OfAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<RegistrationTerms>().AsNoTracking().SingleOrDefaultAsync(t => t.Tenant == tenant, cancellation)
            ?? new RegistrationTerms { Tenant = tenant };
    }

    /// <summary>As a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
    public async Task<ChangeOutcome<RegistrationTerms>> SetAsync(
        PortalDb db,
        TenantId tenant,
        RegistrationChange change,
        Actor by,
        CancellationToken cancellation
    )
    {
        var terms = await db.Set<RegistrationTerms>().SingleOrDefaultAsync(t => t.Tenant == tenant, cancellation);
        if (terms is null)
        {
            terms = new RegistrationTerms { Tenant = tenant };
            db.Add(terms);
        }

        change.On(terms);
        if (Judge(terms) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<RegistrationTerms>.Wrong(errors);
        }

        audit.Add(
            db,
            new(AuditEventId.TenantChanged, terms.Tenant, by)
            {
                Subject = AuditSubject.Tenant(terms.Tenant),
                Detail = string.Create(
                    CultureInfo.InvariantCulture,
                    $"registration set by {by}: waits {terms.WaitHours} hours, asked at sign-in {terms.AsksAtSignIn}, put off {terms.MayPutOff} times, again after {terms.AskAgainDays} days"
                ),
            }
        );
        return new ChangeOutcome<RegistrationTerms>.Done(terms);
    }

    private static List<FieldError> Judge(RegistrationTerms terms)
    {
        var errors = new List<FieldError>();
        Bound(RegistrationChange.Wait, terms.WaitHours, RegistrationTerms.MostHours);
        Bound(RegistrationChange.Later, terms.MayPutOff, RegistrationTerms.MostLater);
        Bound(RegistrationChange.Again, terms.AskAgainDays, RegistrationTerms.MostDays);
        return errors;

        void Bound(string field, int value, int most)
        {
            if (value < 0 || value > most)
            {
                errors.Add(new(field, Fault.Bounds, most));
            }
        }
    }
}
