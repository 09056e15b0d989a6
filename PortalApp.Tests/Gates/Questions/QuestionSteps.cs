using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.Users;

namespace PortalApp.Tests.Gates.Questions;

/// <summary>What the tests of the questions do again and again.</summary>
internal static class QuestionSteps
{
    public const string AnnaId = "anna-anchor";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static QuestionGate Questions(this GatePortal portal) => portal.Services.GetServices<IGate>().OfType<QuestionGate>().Single();

    /// <summary>Anna, who has answered five questions: what is right for each.</summary>
    public static async Task<IReadOnlyDictionary<long, string>> RegisterAsync(
        this GatePortal portal,
        Role role = Role.User,
        string word = "Answer"
    )
    {
        await portal.WithDbAsync(async db =>
        {
            if (!await db.Set<User>().AnyAsync(u => u.Id == AnnaId))
            {
                db.Add(
                    new User
                    {
                        Id = AnnaId,
                        Tenant = GateSteps.Tenant,
                        UserPrincipalName = "anna@contoso.example",
                        Role = role,
                    }
                );
            }

            return await db.SaveChangesAsync();
        });
        var offered = await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(GateSteps.Tenant, Ct);
        TypedAnswer[] typed = [.. offered.Take(5).Select((q, at) => new TypedAnswer(q.Id, $"{word} {at}"))];
        var judged = await portal.Services.GetRequiredService<AnswerStore>().JudgeAsync(GateSteps.Tenant, AnnaId, typed, Ct);
        var rows = Assert.IsType<AnswersJudged.Accepted>(judged).Rows;
        await portal.WithDbAsync(async db =>
        {
            await AnswerStore.ReplaceAsync(db, AnnaId, rows, Ct);
            return await db.SaveChangesAsync();
        });
        return typed.ToDictionary(t => t.Question, t => t.Answer);
    }

    /// <summary>The form as it is shown now, filled in.</summary>
    public static async Task<FormCollection> FormAsync(this QuestionGate gate, GateSubject subject, Func<long, string> answer)
    {
        var (number, asked) = await gate.AskedAsync(subject, Ct);
        var fields = asked
            .Select((q, at) => (Name: QuestionGate.Field(at), Value: answer(q.Id)))
            .Append((Name: QuestionGate.DrawField, Value: $"{number}"));
        return new(fields.ToDictionary(f => f.Name, f => new StringValues(f.Value)));
    }

    public static Task<GateAnswer> AnswerAsync(this QuestionGate gate, GateSubject subject, IFormCollection form) =>
        gate.AnswerAsync(subject, form, Ct);

    public static async Task<GateAnswer> AnswerAsync(this QuestionGate gate, GateSubject subject, Func<long, string> answer) =>
        await gate.AnswerAsync(subject, await gate.FormAsync(subject, answer));

    public static async Task<string[]> AskedAsync(this QuestionGate gate, GateSubject subject) =>
        [.. (await gate.AskedAsync(subject, Ct)).Asked.Select(q => $"{q.Id}")];

    public static Task<int> FailuresAsync(this GatePortal portal, string subject) =>
        portal.WithDbAsync(db =>
            db.Set<PortalApp.Throttle.Failures.FailureCount>().Where(f => f.Subject == subject).Select(f => f.Total).SingleOrDefaultAsync()
        );
}
