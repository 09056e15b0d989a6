using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Gates.EmailCode;
using PortalApp.Helpdesk.Actions;
using PortalApp.Notifications;
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
}

/// <summary>
/// Is the caller the person? A code goes to an address that the person holds, and the caller reads it out: three tries, once, for who asked
/// alone. Whoever helps sees neither the code nor the address.
/// </summary>
internal sealed class CallerChecks(
    IDbContextFactory<PortalDb> databases,
    OneTimeCodes codes,
    IStringLocalizer<HelpdeskTexts> texts,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int Tries = 3;

    /// <summary>As long as one call goes on.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(15);

    /// <summary>Where a code would go, masked; null where there is nothing to send one to.</summary>
    public static string? MaskOf(User whom) =>
        whom.ToContactData().AlternateEmail is { } address ? EmailMask.OfDomain(address.Domain) : null;

    public async Task<CallerAnswer> SendAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        var (whom, refused) = await FindAsync(me, id, cancellation);
        if (whom is null || AddressOf(whom) is not { } address)
        {
            return new CallerAnswer.Refused(refused ?? HelpdeskRefusal.NotThere);
        }

        var begun = await codes.IssueAsync(
            UseOf(me, whom),
            address,
            (code, _) =>
                (texts["CallerCodeSubject", me.Tenant.Name], texts["CallerCodeText", me.Tenant.Name, code, whom.UserPrincipalName]),
            cancellation
        );
        return begun is GateBeginning.Refused { Why: var why } ? new CallerAnswer.NotNow(why) : new CallerAnswer.Done();
    }

    /// <param name="typed">What the caller read out.</param>
    public async Task<CallerAnswer> AnswerAsync(SignedIn me, string id, string typed, CancellationToken cancellation)
    {
        var (whom, refused) = await FindAsync(me, id, cancellation);
        if (whom is null || AddressOf(whom) is not { } address)
        {
            return new CallerAnswer.Refused(refused ?? HelpdeskRefusal.NotThere);
        }

        if (await codes.AnswerAsync(UseOf(me, whom), address, typed, cancellation) is GateAnswer.Refused { Why: var why })
        {
            return new CallerAnswer.NotNow(why);
        }

        await databases.ChangeAsync<CallerProof>(
            async db => new ChangeOutcome<CallerProof>.Done(await ProveAsync(db, me, whom, cancellation)),
            cancellation
        );
        return new CallerAnswer.Done();
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

    private async Task<CallerProof> ProveAsync(PortalDb db, SignedIn me, User whom, CancellationToken cancellation)
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
                Detail = $"{GateMethod.AlternateEmail}",
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

    private static CodeAddress? AddressOf(User whom) =>
        whom.ToContactData().AlternateEmail is { } address ? new(MessageChannel.Email, address.Value) : null;

    private CodeUse UseOf(SignedIn me, User whom) =>
        new(
            me.Tenant.Id,
            CodePurpose.CallerCheck,
            $"{me.User.Id}/{whom.Id}",
            GateMethod.AlternateEmail,
            whom.Id,
            clock.GetUtcNow() + Holds,
            new Caller(NetworkPrefix.None, Familiarity.Network),
            Tries
        );
}
