using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Helpdesk.Actions;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Callers;

/// <summary>What came of sending a code or of typing what the caller read out. Closed: the cases below.</summary>
internal abstract record CallerAnswer
{
    private CallerAnswer() { }

    public sealed record Done : CallerAnswer;

    public sealed record Refused(HelpdeskRefusal Why) : CallerAnswer;

    /// <param name="Why">Of the gate that sends codes.</param>
    public sealed record NotNow(GateRefusal Why) : CallerAnswer;

    /// <summary>Not what the person's authenticator app shows.</summary>
    public sealed record AppWrong : CallerAnswer;

    /// <summary>This helper has typed as many of the app's codes for the person as may be.</summary>
    public sealed record Limited : CallerAnswer;
}

/// <summary>
/// Is the caller the person? A code goes to an address or phone that the person holds, or their authenticator app shows one, and the caller reads
/// it out: three tries, once, for who asked alone. Whoever helps sees neither the code nor the address.
/// </summary>
internal sealed class CallerChecks(
    IDbContextFactory<PortalDb> databases,
    OneTimeCodes codes,
    PersonReach reach,
    AuthenticatorApps apps,
    ThrottleStore throttle,
    Limits limits,
    IStringLocalizer<HelpdeskTexts> texts,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int Tries = 3;

    /// <summary>As long as one call goes on.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(15);

    /// <summary>Whether anything is held by which a caller is verified.</summary>
    public async Task<bool> CanProveAsync(User whom, CancellationToken cancellation) =>
        await reach.OfAsync(whom, cancellation) is not null || await HasAppAsync(whom, cancellation);

    /// <summary>For resets: it counts, and is not one that was registered just now.</summary>
    public async Task<bool> HasAppAsync(User whom, CancellationToken cancellation) =>
        (await apps.HeldByAsync([whom.Id], cancellation)).Any(held => held.Use == AuthenticatorUse.Reset);

    public async Task<CallerAnswer> SendAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        var (whom, refused) = await FindAsync(me, id, cancellation);
        if (whom is null || await reach.OfAsync(whom, cancellation) is not { } to)
        {
            return new CallerAnswer.Refused(refused ?? HelpdeskRefusal.NotThere);
        }

        var subject = to.Method == GateMethod.AlternateEmail ? texts["CallerCodeSubject", me.Tenant.Name].Value : null;
        var begun = await codes.IssueAsync(
            UseOf(me, whom, to.Method),
            to.Address,
            (code, _) => (subject, texts["CallerCodeText", me.Tenant.Name, code, whom.UserPrincipalName]),
            cancellation
        );
        return begun is GateBeginning.Refused { Why: var why } ? new CallerAnswer.NotNow(why) : new CallerAnswer.Done();
    }

    /// <param name="typed">What the caller read out.</param>
    public async Task<CallerAnswer> AnswerAsync(SignedIn me, string id, string typed, CancellationToken cancellation)
    {
        var (whom, refused) = await FindAsync(me, id, cancellation);
        if (whom is null || await reach.OfAsync(whom, cancellation) is not { } to)
        {
            return new CallerAnswer.Refused(refused ?? HelpdeskRefusal.NotThere);
        }

        return await codes.AnswerAsync(UseOf(me, whom, to.Method), to.Address, typed, cancellation) is GateAnswer.Refused { Why: var why }
            ? new CallerAnswer.NotNow(why)
            : await ProveAsync(me, whom, to.Method, cancellation);
    }

    /// <param name="typed">What the caller reads from the authenticator app; each of its codes counts once.</param>
    public async Task<CallerAnswer> AnswerByAppAsync(SignedIn me, string id, string typed, CancellationToken cancellation)
    {
        var (whom, refused) = await FindAsync(me, id, cancellation);
        if (whom is null)
        {
            return new CallerAnswer.Refused(refused ?? HelpdeskRefusal.NotThere);
        }

        if (Totp.Read(typed) is not { } read)
        {
            return new CallerAnswer.AppWrong();
        }

        if (!await throttle.TakeAsync(limits.CallerCodes, $"{me.User.Id}/{whom.Id}", cancellation))
        {
            return new CallerAnswer.Limited();
        }

        return await HasAppAsync(whom, cancellation) && await apps.UseAsync(whom.Id, AuthenticatorUse.Reset, read, cancellation)
            ? await ProveAsync(me, whom, GateMethod.AuthenticatorApp, cancellation)
            : new CallerAnswer.AppWrong();
    }

    /// <summary>When the caller was last proved to this helper; null where that is too long ago.</summary>
    public async Task<DateTimeOffset?> ProvedAsync(PortalDb db, SignedIn me, string id, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow() - Holds;
        return await db.Set<CallerProof>()
            .Where(p => p.Tenant == me.Tenant.Id && p.UserId == id && p.HelperId == me.User.Id && p.ProvedAt > since)
            .Select(p => (DateTimeOffset?)p.ProvedAt)
            .SingleOrDefaultAsync(cancellation);
    }

    public async Task<DateTimeOffset?> ProvedAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await ProvedAsync(db, me, id, cancellation);
    }

    private async Task<CallerAnswer> ProveAsync(SignedIn me, User whom, GateMethod by, CancellationToken cancellation)
    {
        await databases.ChangeAsync<CallerProof>(
            async db => new ChangeOutcome<CallerProof>.Done(await ProveAsync(db, me, whom, by, cancellation)),
            cancellation
        );
        return new CallerAnswer.Done();
    }

    private async Task<CallerProof> ProveAsync(PortalDb db, SignedIn me, User whom, GateMethod by, CancellationToken cancellation)
    {
        var proof = await db.Set<CallerProof>().SingleOrDefaultAsync(p => p.UserId == whom.Id && p.HelperId == me.User.Id, cancellation);
        if (proof is null)
        {
            proof = new()
            {
                UserId = whom.Id,
                HelperId = me.User.Id,
                Tenant = me.Tenant.Id,
            };
            db.Add(proof);
        }

        proof.ProvedAt = clock.GetUtcNow();
        audit.Add(
            db,
            new(AuditEventId.HelpdeskActed, me.Tenant.Id, me.Actor)
            {
                Subject = AuditSubject.User(whom.Id),
                Outcome = "VerifyCaller",
                Trace = AuditTrace.New(),
                Detail = $"{by}",
            }
        );
        return proof;
    }

    private async Task<(User? Whom, HelpdeskRefusal? Why)> FindAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var whom = await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == me.Tenant.Id && u.Id == id && u.GoneAt == null, cancellation);
        return HelpdeskActions.Refuse(me, whom) is { } why ? (null, why) : (whom, null);
    }

    private CodeUse UseOf(SignedIn me, User whom, GateMethod method) =>
        new(
            me.Tenant.Id,
            CodePurpose.CallerCheck,
            $"{me.User.Id}/{whom.Id}",
            method,
            whom.Id,
            clock.GetUtcNow() + Holds,
            new Caller(NetworkPrefix.None, Familiarity.Network),
            Tries
        );
}
