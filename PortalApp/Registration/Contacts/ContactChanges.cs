using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.Registration.Asking;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Registration.Contacts;

/// <summary>Takes a phone or address from being typed to being kept. Whoever calls has made sure that the person was proved (<see cref="Proofs.HolderProofs"/>).</summary>
internal sealed class ContactChanges(
    IDbContextFactory<PortalDb> databases,
    OneTimeCodes codes,
    PhoneCodes phones,
    CodeSentences sentences,
    RegistrationTermsStore terms,
    RegistrationNotice notice,
    AuditLog audit,
    IStringLocalizer<RegistrationTexts> texts,
    TimeProvider clock
)
{
    /// <summary>From the typing of a value to its proof.</summary>
    private static readonly TimeSpan ToProve = TimeSpan.FromMinutes(30);

    /// <summary>What was typed last and is not proved yet; null where there is nothing.</summary>
    public async Task<ContactChange?> BegunAsync(SignedIn who, ContactField field, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Of(db, who.User.Id, field)
            .AsNoTracking()
            .Where(c => c.CountsFrom == null && c.ExpiresAt > now)
            .OrderByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Proved, and not counting yet.</summary>
    public async Task<IReadOnlyList<ContactChange>> WaitingAsync(string userId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<ContactChange>()
            .AsNoTracking()
            .Where(c => c.UserId == userId && c.CountsFrom != null)
            .ToListAsync(cancellation);
    }

    /// <summary>In the place of one that was typed before and not proved.</summary>
    /// <param name="by">How its code is to go there.</param>
    public async Task<ContactChange> BeginAsync(
        SignedIn who,
        ContactField field,
        string value,
        MessageChannel by,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await Of(db, who.User.Id, field).Where(c => c.CountsFrom == null).ExecuteDeleteAsync(cancellation);
        var change = new ContactChange
        {
            Tenant = who.Tenant.Id,
            UserId = who.User.Id,
            Field = field,
            Value = value,
            Channel = by,
            ExpiresAt = clock.GetUtcNow() + ToProve,
        };
        db.Add(change);
        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        return change;
    }

    /// <summary>Nothing comes of what was typed.</summary>
    public async Task CancelAsync(SignedIn who, ContactField field, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await Of(db, who.User.Id, field).Where(c => c.CountsFrom == null).ExecuteDeleteAsync(cancellation);
    }

    public Task<GateBeginning> SendAsync(SignedIn who, ContactChange change, Caller caller, CancellationToken cancellation) =>
        change.Field == ContactField.AuthenticationPhone
            ? phones.SendAsync(
                Use(change, caller),
                change.Channel,
                PhoneNumber.TryParse(change.Value)!,
                who.Tenant.Name,
                who.User.UserPrincipalName,
                who.Tenant.HelpdeskPhone,
                cancellation
            )
            : codes.IssueAsync(Use(change, caller), Address(change), (code, until) => Message(who, code, until), cancellation);

    public Task<CodeStanding> StandingAsync(ContactChange change, Caller caller, CancellationToken cancellation) =>
        codes.StandingAsync(Use(change, caller), Address(change), cancellation);

    /// <returns>Null where it is kept now, or waits.</returns>
    public async Task<GateRefusal?> ProveAsync(
        SignedIn who,
        ContactChange change,
        string typed,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return new CodeRefusal.Missing();
        }

        if (await codes.AnswerAsync(Use(change, caller), Address(change), typed, cancellation) is GateAnswer.Refused { Why: var why })
        {
            return why;
        }

        await KeepAsync(who, change.Field, change.Value, cancellation);
        return null;
    }

    /// <summary>Proved: from now on it is kept; where it is new to the person it waits before it counts, and every address held is told.</summary>
    public async Task KeepAsync(SignedIn who, ContactField field, string value, CancellationToken cancellation)
    {
        var hours = (await terms.OfAsync(who.Tenant.Id, cancellation)).WaitHours;
        await databases.ChangeAsync<User>(
            async db =>
            {
                var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == who.User.Id, cancellation);
                var before = user.ToContactData();
                var now = clock.GetUtcNow();
                var isHeld = string.Equals(Held(before, field), value, StringComparison.OrdinalIgnoreCase);
                var from = isHeld || hours == 0 ? now : now.AddHours(hours);
                await Of(db, user.Id, field).ExecuteDeleteAsync(cancellation);
                if (from > now)
                {
                    db.Add(
                        new ContactChange
                        {
                            Tenant = user.Tenant,
                            UserId = user.Id,
                            Field = field,
                            Value = value,
                            ExpiresAt = now,
                            CountsFrom = from,
                        }
                    );
                }
                else
                {
                    ContactStore.Write(user, field, [value], ContactSource.Registration, who.Actor, now);
                }

                await DueQuestions.AnswerAsync(db, user, who.Actor, now, cancellation);
                Audit(
                    db,
                    user,
                    who.Actor,
                    $"{(isHeld ? "confirmed" : "registered")} {field}{(from > now ? $", which counts from {from:u}" : "")}"
                );
                if (!isHeld)
                {
                    await notice.AddAsync(
                        db,
                        who.Tenant,
                        user,
                        before.AllEmail.Select(e => e.Value),
                        What(field),
                        from > now ? from : null,
                        added: field == ContactField.AuthenticationEmail ? value : null
                    );
                    await notice.TextAsync(db, who.Tenant, user, before, field, cancellation);
                }

                return new ChangeOutcome<User>.Done(user);
            },
            cancellation
        );
        notice.Wake();
    }

    /// <summary>What the person registered themselves, also where it waits; what an administrator or the directory says of them stays.</summary>
    public async Task RemoveAsync(SignedIn who, ContactField field, CancellationToken cancellation)
    {
        await databases.ChangeAsync<User>(
            async db =>
            {
                var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == who.User.Id, cancellation);
                var before = user.ToContactData();
                var now = clock.GetUtcNow();
                await Of(db, user.Id, field).ExecuteDeleteAsync(cancellation);
                ContactStore.Write(user, field, [], ContactSource.Registration, who.Actor, now);
                Audit(db, user, who.Actor, $"removed {field}");
                await notice.AddAsync(db, who.Tenant, user, before.AllEmail.Select(e => e.Value), $"{What(field)}Removed", null);
                await notice.TextAsync(db, who.Tenant, user, before, field, cancellation);
                return new ChangeOutcome<User>.Done(user);
            },
            cancellation
        );
        notice.Wake();
    }

    /// <summary>Those whose time has come count from now on; those of people who are gone are forgotten.</summary>
    public async Task<int> CountAsync(CancellationToken cancellation)
    {
        await using var reading = await databases.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var due = await reading
            .Set<ContactChange>()
            .AsNoTracking()
            .Where(c => c.CountsFrom <= now)
            .OrderBy(c => c.CountsFrom)
            .Take(Retention.AtOnce)
            .ToListAsync(cancellation);
        foreach (var change in due)
        {
            await databases.ChangeAsync<User>(
                async db =>
                {
                    var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == change.UserId, cancellation);
                    if (
                        await db.Set<ContactChange>().Where(c => c.Id == change.Id).ExecuteDeleteAsync(cancellation) == 1
                        && user.GoneAt is null
                    )
                    {
                        ContactStore.Write(user, change.Field, [change.Value], ContactSource.Registration, Actor.User(user.Id), now);
                        Audit(db, user, Actor.Portal, $"{change.Field} counts from now on");
                    }

                    return new ChangeOutcome<User>.Done(user);
                },
                cancellation
            );
        }

        return due.Count;
    }

    /// <summary>What counts now, registered or not; as it would be registered.</summary>
    public static string? Held(ContactData contacts, ContactField field) =>
        field == ContactField.AuthenticationPhone ? contacts.Mobile?.WithoutExtension : contacts.AlternateEmail?.Value;

    private static string What(ContactField field) => field == ContactField.AuthenticationPhone ? "Phone" : "Email";

    private static IQueryable<ContactChange> Of(PortalDb db, string userId, ContactField field) =>
        db.Set<ContactChange>().Where(c => c.UserId == userId && c.Field == field);

    private static CodeAddress Address(ContactChange change) => new(change.Channel, change.Value);

    private static CodeUse Use(ContactChange change, Caller caller) =>
        new(
            change.Tenant,
            CodePurpose.Registration,
            change.Id.ToString(CultureInfo.InvariantCulture),
            change.Channel switch
            {
                MessageChannel.Sms => GateMethod.MobilePhoneText,
                MessageChannel.Call => GateMethod.MobilePhoneCall,
                _ => GateMethod.AlternateEmail,
            },
            change.UserId,
            change.ExpiresAt,
            caller
        );

    private (string? Subject, string Text) Message(SignedIn who, string code, DateTimeOffset until) =>
        (
            texts["CodeMailSubject", who.Tenant.Name],
            texts["CodeMailText", who.Tenant.Name, code, sentences.Works(until), who.Tenant.HelpdeskPhone, who.User.UserPrincipalName]
        );

    private void Audit(PortalDb db, User user, Actor by, string what) =>
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, by)
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} {what}",
            }
        );
}
