using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Throttle;

namespace PortalApp.Gates;

/// <summary>
/// A code by e-mail to the alternate address. The newest code of a flow is the only one that counts (H38), once (H37), until it ends (H39), in
/// this flow alone (H25, H41). A decoy's code is made, counted and compared like a real one, and never passes.
/// </summary>
internal sealed class EmailCodeGate(
    IDbContextFactory<PortalDb> databases,
    ThrottleStore throttle,
    Limits limits,
    MailQueue mails,
    PortalKeys keys,
    GateSentences sentences,
    AuditLog audit,
    TimeProvider clock
) : IGate
{
    public GateMethod Method => GateMethod.AlternateEmail;

    public bool IsUsable(ContactData contacts) => contacts.AlternateEmail is not null;

    public byte[] AddressMac(GateSubject subject) => AddressMac(subject, Target(subject));

    public async Task<GateChallenge> ChallengeAsync(GateSubject subject, CancellationToken cancellation)
    {
        var target = Target(subject);
        var code = TypedCode.New();
        var now = clock.GetUtcNow();
        var worksUntil = Earlier(now + limits.CodeLifetime, subject.FlowEnds);
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            // Both counts, the end of the older code, the new one and its mail: all or nothing.
            await using var all = await db.Database.BeginTransactionAsync(cancellation);
            foreach (var (limit, whom) in Counted(subject, target))
            {
                if (!await throttle.TakeAsync(db, limit, whom, cancellation))
                {
                    await all.RollbackAsync(cancellation);
                    return await LimitedAsync(subject, limit, whom, cancellation);
                }
            }

            await Live(db, subject).ExecuteUpdateAsync(set => set.SetProperty(c => c.ReplacedAt, now), cancellation);
            db.Add(
                new Challenge
                {
                    Tenant = subject.Tenant,
                    Flow = subject.Flow,
                    Subject = subject.Subject,
                    Method = Method,
                    CodeMac = CodeMac(subject, target, code),
                    Mask = target.Mask,
                    AddressMac = AddressMac(subject, target),
                    IssuedAt = now,
                    ExpiresAt = worksUntil,
                }
            );
            var text = sentences.MailText(subject, code, worksUntil);
            mails.Add(db, subject.Tenant, target.Address, sentences.MailSubject(subject), text, !target.IsDecoy, worksUntil);
            await db.SaveChangesAsync(cancellation);
            await all.CommitAsync(cancellation);
        }

        mails.Wake();
        return new GateChallenge.Sent(target.Mask, worksUntil);
    }

    public async Task<GateChallengeState?> CurrentAsync(GateSubject subject, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await NewestAsync(db, subject, Target(subject), cancellation) is { } newest
            ? new(newest.Mask, newest.ExpiresAt, Left(newest.Tries))
            : null;
    }

    public async Task<GateAnswer> AnswerAsync(GateSubject subject, string typed, CancellationToken cancellation)
    {
        var target = Target(subject);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await NewestAsync(db, subject, target, cancellation) is not { } newest)
        {
            return new GateAnswer.Blocked(new GateBlock.NoCode());
        }

        if (newest.Tries >= limits.TriesPerCode)
        {
            return new GateAnswer.Blocked(new GateBlock.TriesUsed());
        }

        if (TypedCode.Parse(typed) is not { } code)
        {
            return new GateAnswer.Failed(Left(newest.Tries));
        }

        return await SpendTryAsync(db, newest, cancellation) is { } tries
            ? await CompareAsync(db, subject, target, newest, tries, code, cancellation)
            : await AnswerAsync(subject, typed, cancellation);
    }

    private async Task<GateAnswer> CompareAsync(
        PortalDb db,
        GateSubject subject,
        EmailTarget target,
        Challenge newest,
        int tries,
        string code,
        CancellationToken cancellation
    )
    {
        var isTheCode = CryptographicOperations.FixedTimeEquals(newest.CodeMac, CodeMac(subject, target, code));
        if (isTheCode & !target.IsDecoy)
        {
            return await UseAsync(db, subject, newest.Id, cancellation)
                ? new GateAnswer.Passed()
                : new GateAnswer.Blocked(new GateBlock.NoCode());
        }

        if (tries == limits.TriesPerCode)
        {
            await LockedAsync(subject, "five wrong codes", cancellation);
        }

        return new GateAnswer.Failed(Left(tries));
    }

    /// <summary>
    /// Before the comparison and in one statement: of any number of parallel callers five are let through (H11), each with the number of its
    /// own try. Null when the code has ended meanwhile.
    /// </summary>
    private async Task<int?> SpendTryAsync(PortalDb db, Challenge newest, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var tries = await db
            .Database.SqlQuery<int>(
                $"""
                UPDATE "Challenge" SET "Tries" = "Tries" + 1
                WHERE "Id" = {newest.Id} AND "Tenant" = {newest.Tenant.Value} AND "Tries" < {limits.TriesPerCode}
                    AND "UsedAt" IS NULL AND "ReplacedAt" IS NULL AND "ExpiresAt" > {now}
                RETURNING "Tries" AS "Value"
                """
            )
            .ToListAsync(cancellation);
        return tries is [var mine] ? mine : null;
    }

    /// <summary>True for one caller alone.</summary>
    private async Task<bool> UseAsync(PortalDb db, GateSubject subject, long id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await Works(Live(db, subject), now)
                .Where(c => c.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    private async Task<Challenge?> NewestAsync(PortalDb db, GateSubject subject, EmailTarget target, CancellationToken cancellation)
    {
        var address = AddressMac(subject, target);
        return await Works(Live(db, subject), clock.GetUtcNow())
            .AsNoTracking()
            .Where(c => c.AddressMac == address)
            .OrderByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellation);
    }

    private IQueryable<Challenge> Live(PortalDb db, GateSubject subject) =>
        db.Set<Challenge>()
            .Where(c =>
                c.Tenant == subject.Tenant
                && c.Flow == subject.Flow
                && c.Subject == subject.Subject
                && c.Method == Method
                && c.ReplacedAt == null
            );

    private static IQueryable<Challenge> Works(IQueryable<Challenge> challenges, DateTimeOffset now) =>
        challenges.Where(c => c.UsedAt == null && c.ReplacedAt == null && c.ExpiresAt > now);

    private async Task<GateChallenge> LimitedAsync(GateSubject subject, Limit limit, string whom, CancellationToken cancellation)
    {
        if (await throttle.TakeAsync(limits.LocksAudited, $"{limit.Name}/{whom}", cancellation))
        {
            await LockedAsync(subject, "twenty codes within an hour", cancellation);
        }

        var until = await throttle.FreeAtAsync(limit, whom, cancellation);
        return new GateChallenge.Blocked(new GateBlock.TooManyCodes(until));
    }

    /// <summary>A decoy's is written too: it takes the same time.</summary>
    private Task LockedAsync(GateSubject subject, string why, CancellationToken cancellation) =>
        audit.WriteAsync(
            new(AuditEventId.GateLocked, subject.Tenant, Actor.Visitor) { Subject = AuditSubject.User(subject.Subject), Detail = why },
            cancellation
        );

    private byte[] CodeMac(GateSubject subject, EmailTarget target, string code) =>
        FieldMac.Of(keys.Code, "code", Text(subject.Flow), Text((int)Method), target.Normalised, code);

    private byte[] AddressMac(GateSubject subject, EmailTarget target) =>
        FieldMac.Of(keys.Code, "address", subject.Tenant.ToString(), subject.Subject, Text((int)Method), target.Normalised);

    private (Limit Limit, string Whom)[] Counted(GateSubject subject, EmailTarget target) =>
        [(limits.CodesToSubject, $"{subject.Tenant}/{subject.Subject}"), (limits.CodesToAddress, target.Normalised)];

    private static EmailTarget Target(GateSubject subject) =>
        EmailTarget.Of(subject) ?? throw new UnreachableException("A gate was asked that is not usable for this account.");

    private int Left(int tries) => Math.Max(0, limits.TriesPerCode - tries);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
