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

    public Task<ChangeOutcome<RegistrationTerms>> SetAsync(RegistrationTerms terms, Actor by, CancellationToken cancellation) =>
        databases.ChangeAsync(db => SetAsync(db, terms, by, cancellation), cancellation);

    /// <summary>The same, as a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
    public async Task<ChangeOutcome<RegistrationTerms>> SetAsync(
        PortalDb db,
        RegistrationTerms terms,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (Judge(terms) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<RegistrationTerms>.Wrong(errors);
        }

        await db.Set<RegistrationTerms>().Where(t => t.Tenant == terms.Tenant).ExecuteDeleteAsync(cancellation);
        db.Add(terms);
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
        Bound(nameof(terms.WaitHours), terms.WaitHours, RegistrationTerms.MostHours);
        Bound(nameof(terms.MayPutOff), terms.MayPutOff, RegistrationTerms.MostLater);
        Bound(nameof(terms.AskAgainDays), terms.AskAgainDays, RegistrationTerms.MostDays);
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
