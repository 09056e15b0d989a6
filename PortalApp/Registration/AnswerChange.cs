using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates.Questions;
using PortalApp.Registration.Asking;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Registration;

/// <summary>Sets or removes the answers to somebody's questions, all of them at once, and tells every address held.</summary>
internal sealed class AnswerChange(
    IDbContextFactory<PortalDb> databases,
    AnswerStore answers,
    RegistrationNotice notice,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <returns>Null where they are set; else what is wrong with each.</returns>
    public async Task<IReadOnlyList<AnswerFault?>?> SetAsync(SignedIn who, IReadOnlyList<TypedAnswer> typed, CancellationToken cancellation)
    {
        switch (await answers.JudgeAsync(who.Tenant.Id, who.User.Id, typed, cancellation))
        {
            case AnswersJudged.Wrong(var faults):
                return faults;
            case AnswersJudged.Accepted(var rows):
                await ReplaceAsync(who, rows, cancellation);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public Task RemoveAsync(SignedIn who, CancellationToken cancellation) => ReplaceAsync(who, [], cancellation);

    private async Task ReplaceAsync(SignedIn who, IReadOnlyList<SecurityAnswer> rows, CancellationToken cancellation)
    {
        await databases.ChangeAsync<User>(
            async db =>
            {
                var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == who.User.Id, cancellation);
                var now = clock.GetUtcNow();
                await AnswerStore.ReplaceAsync(db, user.Id, [.. rows.Select(Copy)], cancellation);
                if (rows.Count > 0)
                {
                    await DueQuestions.AnswerAsync(db, user, who.Actor, now, cancellation);
                }

                user.Revise(who.Actor, now);
                var what =
                    rows.Count > 0
                        ? string.Create(CultureInfo.InvariantCulture, $"answered {rows.Count} security questions")
                        : "removed the answers to security questions";
                audit.Add(
                    db,
                    new(AuditEventId.UserChanged, user.Tenant, who.Actor)
                    {
                        Subject = AuditSubject.User(user.Id),
                        Detail = $"{user.UserPrincipalName} {what}",
                    }
                );
                await notice.AddAsync(
                    db,
                    who.Tenant,
                    user,
                    user.ToContactData().AllEmail.Select(e => e.Value),
                    rows.Count > 0 ? "Questions" : "QuestionsRemoved",
                    null
                );
                return new ChangeOutcome<User>.Done(user);
            },
            cancellation
        );
        notice.Wake();
    }

    /// <summary>A change that is tried again writes rows that no context has seen.</summary>
    private static SecurityAnswer Copy(SecurityAnswer row) =>
        new()
        {
            Tenant = row.Tenant,
            UserId = row.UserId,
            Question = row.Question,
            Hash = row.Hash,
            Form = row.Form,
            SetAt = row.SetAt,
        };
}
