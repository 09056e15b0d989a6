using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Codes;

/// <summary>
/// Codes that are sent to an address and typed back. The newest code of an owner and method is the only one that counts (H38), once (H37),
/// until it ends (H39), for that owner alone (H25, H41). A decoy's code is made, counted and compared like a real one, and never passes.
/// </summary>
internal sealed class OneTimeCodes(
    IDbContextFactory<PortalDb> databases,
    CodeLimits sending,
    ThrottleStore throttle,
    Limits limits,
    MessageQueue messages,
    PortalKeys keys,
    FailureBudgets budgets,
    AddressFaults faults,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>Sends a new code and voids the older one.</summary>
    /// <param name="message">What is sent, of the code and the first instant at which it is refused; its recipient is the address.</param>
    public async Task<GateBeginning> IssueAsync(
        CodeUse use,
        CodeAddress address,
        Func<string, DateTimeOffset, (string? Subject, string Text)> message,
        CancellationToken cancellation
    )
    {
        var recipient = Recipient(use, address);
        if (await faults.OfAsync(use.Tenant, recipient, cancellation) is { } fault)
        {
            return new GateBeginning.Refused(new CodeRefusal.Undelivered(fault));
        }

        var (code, now) = (TypedCode.New(), clock.GetUtcNow());
        var lifeEnds = now + limits.CodeLifetime;
        var worksUntil = lifeEnds < use.Ends ? lifeEnds : use.Ends;
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            // The counts, the end of the older code, the new one and its message: all or nothing. Who counts for one subject waits for
            // whoever counts for it before, so that no two codes of one owner are left working.
            await using var all = await db.Database.BeginTransactionAsync(cancellation);
            var verdict = await sending.TakeAsync(db, use, address, cancellation);
            if (verdict is not SendingVerdict.Send send)
            {
                await all.RollbackAsync(cancellation);
                return await LimitedAsync(use, (SendingVerdict.Refused)verdict, cancellation);
            }

            await Live(db, use).ExecuteUpdateAsync(set => set.SetProperty(c => c.ReplacedAt, now), cancellation);
            db.Add(Row(use, address, code, worksUntil, send.Counted));
            var (subject, text) = message(code, worksUntil);
            messages.Add(
                db,
                use.Tenant,
                address.Channel,
                new(address.Value, subject, text, Language: CultureInfo.CurrentUICulture.TwoLetterISOLanguageName),
                worksUntil,
                send.Delivers,
                recipient
            );
            await db.SaveChangesAsync(cancellation);
            await all.CommitAsync(cancellation);
        }

        messages.Wake();
        return new GateBeginning.Begun();
    }

    /// <summary>Of the newest code; sends and changes nothing. Null when none was sent, or it was used, ran out, or went to another address.</summary>
    public async Task<CodeState?> StateAsync(CodeUse use, CodeAddress address, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await NewestAsync(db, use, address, cancellation) is { } newest ? new(newest.ExpiresAt, Left(use, newest.Tries)) : null;
    }

    /// <summary>The same, and why no other can be asked for; where nothing that is typed would be compared, no code is shown to work.</summary>
    public async Task<CodeStanding> StandingAsync(CodeUse use, CodeAddress address, CancellationToken cancellation) =>
        await sending.FailuresAsync(use, cancellation) is { } failed ? new(null, failed)
        : await faults.OfAsync(use.Tenant, Recipient(use, address), cancellation) is { } fault
            ? new(null, new CodeRefusal.Undelivered(fault))
        : new(await StateAsync(use, address, cancellation), await sending.HindranceAsync(use, cancellation));

    /// <summary>Compares what was typed; five times a code at most, also when asked in parallel (H11), and the same twice in a row once.</summary>
    /// <returns>Passed, or a <see cref="CodeRefusal"/>.</returns>
    public async Task<GateAnswer> AnswerAsync(CodeUse use, CodeAddress address, string typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        while (await NewestAsync(db, use, address, cancellation) is { } newest)
        {
            if (newest.Tries >= Most(use))
            {
                return new GateAnswer.Refused(new CodeRefusal.TriesUsed());
            }

            if (TypedCode.Parse(typed) is not { } code)
            {
                return new GateAnswer.Refused(new CodeRefusal.Wrong(Left(use, newest.Tries)));
            }

            var mac = CodeMac(use, address, code);
            if (newest.LastTyped is { } last && CryptographicOperations.FixedTimeEquals(last, mac))
            {
                return await CompareAsync(db, use, address, newest, mac, Left(use, newest.Tries), cancellation);
            }

            switch (await SpendTryAsync(db, use, newest, mac, cancellation))
            {
                case TrySpent.Yes:
                    var answer = await CompareAsync(db, use, address, newest, mac, Left(use, newest.Tries + 1), cancellation);
                    if (answer is GateAnswer.Refused { Why: CodeRefusal.Wrong })
                    {
                        await budgets.CountAsync(use.Tenant, cancellation);
                    }

                    return answer;
                case TrySpent.Limited limited:
                    await LimitedAsync(use, new(limited.Why, $"failures/{use.Tenant}/{use.Subject}"), cancellation);
                    return new GateAnswer.Refused(limited.Why);
            }
        }

        return new GateAnswer.Refused(new CodeRefusal.NoCode());
    }

    /// <summary>Within the caller's transaction: none of these owners' codes works any more.</summary>
    public Task VoidAsync(PortalDb db, CodePurpose purpose, IReadOnlyList<string> owners, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.Set<OneTimeCode>()
            .Where(c => c.Purpose == purpose && owners.Contains(c.Owner) && c.ReplacedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ReplacedAt, now), cancellation);
    }

    /// <summary>What a proof by this method stands on, as long as the subject has this address (H30).</summary>
    public byte[] AddressMac(TenantId tenant, string subject, GateMethod method, CodeAddress address) =>
        FieldMac.Of(keys.Code, "address", tenant.ToString(), subject, Text((int)method), address.Normalised);

    /// <summary>
    /// Before the comparison, and only from the count that was read: of any number of parallel callers five are let through (H11), each with
    /// a number of its own.
    /// </summary>
    private async Task<TrySpent> SpendTryAsync(PortalDb db, CodeUse use, OneTimeCode newest, byte[] typed, CancellationToken cancellation)
    {
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (await sending.TakeFailureAsync(db, use, cancellation) is { } why)
        {
            return new TrySpent.Limited(why);
        }

        var spent = await Works(Live(db, use), clock.GetUtcNow())
            .Where(c => c.Id == newest.Id && c.Tries == newest.Tries)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, newest.Tries + 1).SetProperty(c => c.LastTyped, typed), cancellation);
        if (spent == 0)
        {
            return new TrySpent.No();
        }

        await all.CommitAsync(cancellation);
        return new TrySpent.Yes();
    }

    private async Task<GateAnswer> CompareAsync(
        PortalDb db,
        CodeUse use,
        CodeAddress address,
        OneTimeCode newest,
        byte[] typed,
        int left,
        CancellationToken cancellation
    )
    {
        var isTheCode = CryptographicOperations.FixedTimeEquals(newest.CodeMac, typed);
        if (isTheCode & !address.IsDecoy)
        {
            return await UseAsync(db, use, newest.Id, cancellation)
                ? new GateAnswer.Passed()
                : new GateAnswer.Refused(new CodeRefusal.NoCode());
        }

        if (left == 0)
        {
            await LockedAsync(use, "five wrong codes", cancellation);
        }

        return new GateAnswer.Refused(new CodeRefusal.Wrong(left));
    }

    /// <summary>True for one caller alone.</summary>
    private async Task<bool> UseAsync(PortalDb db, CodeUse use, long id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await Works(Live(db, use), now)
                .Where(c => c.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    private async Task<OneTimeCode?> NewestAsync(PortalDb db, CodeUse use, CodeAddress address, CancellationToken cancellation)
    {
        var mac = AddressMac(use.Tenant, use.Subject, use.Method, address);
        return await Works(Live(db, use), clock.GetUtcNow())
            .AsNoTracking()
            .Where(c => c.AddressMac == mac)
            .OrderByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellation);
    }

    private static IQueryable<OneTimeCode> Live(PortalDb db, CodeUse use) =>
        db.Set<OneTimeCode>()
            .Where(c =>
                c.Tenant == use.Tenant
                && c.Purpose == use.Purpose
                && c.Owner == use.Owner
                && c.Subject == use.Subject
                && c.Method == use.Method
                && c.ReplacedAt == null
            );

    private static IQueryable<OneTimeCode> Works(IQueryable<OneTimeCode> codes, DateTimeOffset now) =>
        codes.Where(c => c.UsedAt == null && c.ExpiresAt > now);

    private OneTimeCode Row(CodeUse use, CodeAddress address, string code, DateTimeOffset worksUntil, IEnumerable<string> counted) =>
        new()
        {
            Tenant = use.Tenant,
            Purpose = use.Purpose,
            Owner = use.Owner,
            Subject = use.Subject,
            Method = use.Method,
            CodeMac = CodeMac(use, address, code),
            AddressMac = AddressMac(use.Tenant, use.Subject, use.Method, address),
            IssuedAt = clock.GetUtcNow(),
            Counted = string.Join(' ', counted),
            ExpiresAt = worksUntil,
        };

    private async Task<GateBeginning> LimitedAsync(CodeUse use, SendingVerdict.Refused refused, CancellationToken cancellation)
    {
        var why = refused.Why switch
        {
            CodeRefusal.TooManyCodes => "as many codes or wrong answers as may come from one place",
            CodeRefusal.AccountLimited => "as many codes or wrong answers as strangers may use up",
            _ => null,
        };
        if (why is not null && await throttle.TakeAsync(limits.LocksAudited, refused.Counted, cancellation))
        {
            await LockedAsync(use, why, cancellation);
        }

        return new GateBeginning.Refused(refused.Why);
    }

    /// <summary>A decoy's is written too: it takes the same time.</summary>
    private Task LockedAsync(CodeUse use, string why, CancellationToken cancellation) =>
        audit.WriteAsync(
            new(AuditEventId.GateLocked, use.Tenant, Actor.Visitor) { Subject = AuditSubject.User(use.Subject), Detail = why },
            cancellation
        );

    private byte[] CodeMac(CodeUse use, CodeAddress address, string code) =>
        FieldMac.Of(keys.Code, "code", Text((int)use.Purpose), use.Owner, Text((int)use.Method), address.Normalised, code);

    private string Recipient(CodeUse use, CodeAddress address) =>
        Convert.ToHexStringLower(AddressMac(use.Tenant, use.Subject, use.Method, address));

    private int Most(CodeUse use) => use.Tries ?? limits.TriesPerCode;

    private int Left(CodeUse use, int tries) => Math.Max(0, Most(use) - tries);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private abstract record TrySpent
    {
        private TrySpent() { }

        public sealed record Yes : TrySpent;

        /// <summary>Another was quicker, or the code has ended meanwhile.</summary>
        public sealed record No : TrySpent;

        public sealed record Limited(CodeRefusal Why) : TrySpent;
    }
}
