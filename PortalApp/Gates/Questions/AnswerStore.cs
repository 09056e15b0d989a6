using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Layout.Languages;
using PortalApp.Users;

namespace PortalApp.Gates.Questions;

/// <summary>One question that somebody chose and what they answered.</summary>
internal sealed record TypedAnswer(long Question, string Answer);

/// <summary>Why an answer is not taken. Stored nowhere.</summary>
internal enum AnswerFault
{
    /// <summary>No question is chosen, or none that is offered.</summary>
    NoQuestion,
    QuestionTwice,
    TooShort,
    TooLong,

    /// <summary>Of nothing but words of its question.</summary>
    OfQuestion,

    /// <summary>Like another answer.</summary>
    Alike,
}

/// <summary>What came of looking at a set of answers. Closed: the two cases below.</summary>
internal abstract record AnswersJudged
{
    private AnswersJudged() { }

    public sealed record Accepted(IReadOnlyList<SecurityAnswer> Rows) : AnswersJudged;

    /// <param name="Faults">Of each in the order in which they were typed; null for one that would be taken.</param>
    public sealed record Wrong(IReadOnlyList<AnswerFault?> Faults) : AnswersJudged;
}

/// <summary>People's answers: set by their owners alone (M27), all of them at once, and never read again.</summary>
internal sealed class AnswerStore(IDbContextFactory<PortalDb> databases, QuestionStore questions, AnswerHashes hashes, TimeProvider clock)
{
    /// <summary>Hashes what may be kept. Nothing is written.</summary>
    public async Task<AnswersJudged> JudgeAsync(
        TenantId tenant,
        string userId,
        IReadOnlyList<TypedAnswer> typed,
        CancellationToken cancellation
    )
    {
        var offered = (await questions.OfferedAsync(tenant, cancellation)).ToDictionary(q => q.Id);
        var counts = await questions.CountsAsync(tenant, cancellation);
        AnswerFault?[] faults = [.. typed.Select((_, at) => FaultOf(typed, at, offered))];
        if (faults.Any(fault => fault is not null) || typed.Count != counts.Registered)
        {
            return new AnswersJudged.Wrong(faults);
        }

        var rows = new List<SecurityAnswer>();
        foreach (var (question, answer) in typed)
        {
            rows.Add(
                new SecurityAnswer
                {
                    Tenant = tenant,
                    UserId = userId,
                    Question = question,
                    Hash = await hashes.OfAsync(userId, question, AnswerText.Of(answer), cancellation),
                    Form = AnswerText.NewestForm,
                    SetAt = clock.GetUtcNow(),
                }
            );
        }

        return new AnswersJudged.Accepted(rows);
    }

    /// <summary>In the place of all that were there, within the caller's transaction.</summary>
    /// <param name="rows">None removes them.</param>
    public static async Task ReplaceAsync(PortalDb db, string userId, IReadOnlyList<SecurityAnswer> rows, CancellationToken cancellation)
    {
        await db.Set<SecurityAnswer>().Where(a => a.UserId == userId).ExecuteDeleteAsync(cancellation);
        db.AddRange(rows);
    }

    /// <summary>When the answers that count were given; null for who has too few of them.</summary>
    public async Task<(int Count, DateTimeOffset SetAt)?> StandingAsync(TenantId tenant, string userId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var asked = (await QuestionStore.CountsAsync(db, tenant, cancellation)).Asked;
        var answers = await Counting(db, tenant).Where(a => a.UserId == userId).Select(a => a.SetAt).ToListAsync(cancellation);
        return answers.Count >= asked ? (answers.Count, answers.Max()) : null;
    }

    /// <summary>
    /// Answers to what is still asked. None of somebody with a role: what others can find out must not lead to the desk.
    /// </summary>
    public static IQueryable<SecurityAnswer> Counting(PortalDb db, TenantId tenant) =>
        db.Set<SecurityAnswer>()
            .Where(a =>
                a.Tenant == tenant
                && db.Set<SecurityQuestion>().Any(q => q.Id == a.Question && q.RemovedAt == null)
                && db.Set<User>().Any(u => u.Id == a.UserId && u.Tenant == tenant && u.Role == Role.User)
            );

    private static AnswerFault? FaultOf(IReadOnlyList<TypedAnswer> typed, int at, Dictionary<long, SecurityQuestion> offered)
    {
        var (question, answer) = typed[at];
        var text = AnswerText.Of(answer);
        return !offered.TryGetValue(question, out var asked) ? AnswerFault.NoQuestion
            : typed.Take(at).Any(other => other.Question == question) ? AnswerFault.QuestionTwice
            : AnswerText.LengthOf(answer) < AnswerText.Shortest || text.Length < AnswerText.Shortest ? AnswerFault.TooShort
            : AnswerText.LengthOf(answer) > AnswerText.Longest ? AnswerFault.TooLong
            : IsOf(asked, answer) ? AnswerFault.OfQuestion
            : typed.Take(at).Any(other => AnswerText.Of(other.Answer) == text) ? AnswerFault.Alike
            : null;
    }

    /// <summary>In whatever language the question is read.</summary>
    private static bool IsOf(SecurityQuestion question, string answer)
    {
        var words = AnswerText.WordsOf(answer);
        return ShippedLanguages.All.Any(language => words.IsSubsetOf(AnswerText.WordsOf(question.TextIn(language))));
    }
}
