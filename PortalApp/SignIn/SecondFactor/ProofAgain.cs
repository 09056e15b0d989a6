using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.SignIn.SecondFactor;

/// <summary>What came of a code that was asked for again. Closed: the three cases below.</summary>
internal abstract record ProofAnswer
{
    private ProofAnswer() { }

    public sealed record Proved : ProofAnswer;

    public sealed record Wrong : ProofAnswer;

    /// <summary>As many wrong answers as may be tried; nothing was compared.</summary>
    public sealed record Limited : ProofAnswer;
}

/// <summary>
/// Asks somebody who is signed in for the second factor once more before what would harm others, so that a screen left open does not do it. Wrong
/// answers count with those of the sign-in.
/// </summary>
internal sealed class ProofAgain(
    IDbContextFactory<PortalDb> databases,
    SecondFactors factors,
    FailureStore failures,
    AuditLog audit,
    TimeProvider clock
)
{
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);

    /// <summary>A question to a passkey.</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromMinutes(5);

    public bool IsNeededBy(SignedIn who) => clock.GetUtcNow() - who.ProvedAt >= Holds;

    public async Task<bool> HasPasskeyAsync(SignedIn who, CancellationToken cancellation) =>
        (await factors.FindAsync(who.User.Id, cancellation)).Passkey;

    /// <summary>What the browser is to ask a passkey, as JSON.</summary>
    public Task<string?> AskAsync(SignedIn who, CancellationToken cancellation) =>
        factors.AskAsync(who.Tenant.Id, OwnerOf(who), clock.GetUtcNow() + AskedFor, cancellation);

    /// <param name="credential">What the browser gave, as JSON.</param>
    public Task<ProofAnswer> ProveByPasskeyAsync(SignedIn who, string credential, CancellationToken cancellation) =>
        ProveAsync(who, new FactorProof.Passkey(OwnerOf(who), credential), cancellation);

    public async Task<ProofAnswer> ProveAsync(SignedIn who, FactorProof proof, CancellationToken cancellation)
    {
        var (tenant, id) = (who.Tenant.Id, who.User.Id);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var session = await db.Set<Session>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == who.Session, cancellation);
        var caller = new Caller(new(session?.Network ?? ""), Familiarity.Browser);
        if (await failures.TakeAsync(db, tenant, id, caller, cancellation) is not FailureVerdict.Allowed)
        {
            return new ProofAnswer.Limited();
        }

        if (!await factors.IsRightAsync(id, proof, cancellation))
        {
            await audit.WriteAsync(
                new(AuditEventId.SignInFailed, tenant, who.Actor)
                {
                    Subject = AuditSubject.User(id),
                    Network = session?.Network,
                    Detail = "second factor, asked again",
                },
                cancellation
            );
            return new ProofAnswer.Wrong();
        }

        var now = clock.GetUtcNow();
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await failures.ForgetAsync(db, tenant, id, cancellation);
        await db.Set<Session>()
            .Where(s => s.Id == who.Session)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, now), cancellation);
        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        return new ProofAnswer.Proved();
    }

    private static string OwnerOf(SignedIn who) => string.Create(CultureInfo.InvariantCulture, $"session/{who.Session}");
}
