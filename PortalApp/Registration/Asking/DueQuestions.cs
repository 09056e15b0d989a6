using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Registration.Asking;

/// <summary>How often somebody put off the question whether their security info is right, since they last answered it.</summary>
internal sealed class PutOff
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }
    public int Times { get; set; }

    /// <summary>The session in which it was put off last, which is not asked again.</summary>
    public long Session { get; set; }
}

internal sealed class PutOffTable : IEntityTypeConfiguration<PutOff>
{
    public void Configure(EntityTypeBuilder<PutOff> builder)
    {
        builder.HasKey(p => p.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithOne().HasForeignKey<PutOff>(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Somebody is to be asked now.</summary>
internal sealed record DueQuestion(bool MayPutOff);

/// <summary>
/// Who is asked after signing in: whoever the helpdesk wants to register again, whoever never registered where the tenant wants it, and whoever
/// registered too long ago.
/// </summary>
internal sealed class DueQuestions(IDbContextFactory<PortalDb> databases, RegistrationTermsStore store, TimeProvider clock)
{
    /// <summary>Null where nothing is asked now.</summary>
    public async Task<DueQuestion?> OfAsync(SignedIn who, CancellationToken cancellation)
    {
        var terms = await store.OfAsync(who.Tenant.Id, cancellation);
        if (who.User.MustRegisterAgain)
        {
            return new(MayPutOff: false);
        }

        var isDue = who.User.RegisteredAt is { } at
            ? terms.AskAgainDays > 0 && clock.GetUtcNow() - at >= TimeSpan.FromDays(terms.AskAgainDays)
            : terms.AsksAtSignIn;
        if (!isDue)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var putOff = await db.Set<PutOff>().AsNoTracking().SingleOrDefaultAsync(p => p.UserId == who.User.Id, cancellation);
        return putOff?.Session == who.Session ? null : new DueQuestion((putOff?.Times ?? 0) < terms.MayPutOff);
    }

    /// <summary>Not asked again in this session; no oftener than the tenant lets it.</summary>
    public async Task LaterAsync(SignedIn who, CancellationToken cancellation)
    {
        var most = (await store.OfAsync(who.Tenant.Id, cancellation)).MayPutOff;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "PutOff" ("UserId", "Tenant", "Times", "Session") VALUES ({who.User.Id}, {who.Tenant.Id.Value}, 1, {who.Session})
            ON CONFLICT ("UserId") DO UPDATE SET "Times" = "PutOff"."Times" + 1, "Session" = {who.Session}
            WHERE "PutOff"."Times" < {most} AND "PutOff"."Session" <> {who.Session}
            """,
            cancellation
        );
    }

    /// <summary>All is right: not asked again until the days are over.</summary>
    public async Task RightAsync(SignedIn who, CancellationToken cancellation)
    {
        await databases.ChangeAsync<User>(
            async db =>
            {
                var user = await db.Set<User>().SingleAsync(u => u.Id == who.User.Id, cancellation);
                await AnswerAsync(db, user, who.Actor, clock.GetUtcNow(), cancellation);
                return new ChangeOutcome<User>.Done(user);
            },
            cancellation
        );
    }

    /// <summary>The same, also of whoever changed something, as a part of the caller's change.</summary>
    public static async Task AnswerAsync(PortalDb db, User user, Actor by, DateTimeOffset now, CancellationToken cancellation)
    {
        user.RegisteredAt = now;
        user.Revise(by, now);
        await db.Set<PutOff>().Where(p => p.UserId == user.Id).ExecuteDeleteAsync(cancellation);
    }
}
