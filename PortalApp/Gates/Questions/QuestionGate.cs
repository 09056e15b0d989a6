using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Questions;

/// <summary>
/// Questions that the person once answered, some of them, all on one page. One verdict falls on all answers together, after the same work
/// whichever is wrong: so no answer is found out by itself. A decoy is asked the tenant's own questions and answers as much.
/// </summary>
internal sealed class QuestionGate(
    IDbContextFactory<PortalDb> databases,
    AnswerHashes hashes,
    FailureStore failures,
    FailureBudgets budgets,
    ThrottleStore throttle,
    Limits limits,
    PortalKeys keys,
    AuditLog audit,
    IStringLocalizer<QuestionTexts> texts
) : IGate
{
    /// <summary>The hidden field that says which draw the answers are for.</summary>
    public const string DrawField = "draw";

    public GateMethod Method => GateMethod.SecurityQuestions;

    public ProofKind Kind => ProofKind.Knowledge;

    public Type Question => typeof(QuestionForm);

    /// <param name="at">From 0, in the order in which they are asked.</param>
    public static string Field(int at) => string.Create(CultureInfo.InvariantCulture, $"answer-{at}");

    public string Offer(GateHolding holding) => texts["Offer"];

    public async Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        if (people.Count == 0)
        {
            return new Dictionary<string, GateHolding>();
        }

        var (tenant, subjects) = (people.First().Tenant, people.Select(p => p.Subject).ToArray());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var asked = (await QuestionStore.CountsAsync(db, tenant, cancellation)).Asked;
        var answers = await AnswerStore
            .Counting(db, tenant)
            .AsNoTracking()
            .Where(a => subjects.Contains(a.UserId))
            .Select(a => new
            {
                a.UserId,
                a.Question,
                a.Hash,
            })
            .ToListAsync(cancellation);
        return answers
            .GroupBy(a => a.UserId)
            .Where(own => own.Count() >= asked)
            .ToDictionary(
                own => own.Key,
                own => new GateHolding(
                    Method,
                    null,
                    FieldMac.Of(keys.Code, ["answers", tenant.ToString(), own.Key, .. own.OrderBy(a => a.Question).Select(a => a.Hash)])
                )
                {
                    Questions = string.Join(' ', own.Select(a => a.Question).Order()),
                }
            );
    }

    public Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation)
    {
        var few = new QuestionCounts().Asked;
        return Task.FromResult(
            AnswerStore
                .Counting(db, tenant)
                .GroupBy(a => a.UserId)
                .Where(of =>
                    of.Count()
                    >= (db.Set<QuestionCounts>().Where(c => c.Tenant == tenant).Select(c => (int?)c.Asked).FirstOrDefault() ?? few)
                )
                .Select(of => of.Key)
        );
    }

    /// <summary>What was drawn stands, whoever asks anew: nobody looks for questions that they like.</summary>
    public async Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await QuestionDraws.OfAsync(db, subject, cancellation);
        return await HindranceAsync(subject, cancellation) is { } why ? new GateBeginning.Refused(why) : new GateBeginning.Begun();
    }

    /// <summary>The questions, in the order in which they are asked, and the draw's number.</summary>
    public async Task<(int Number, IReadOnlyList<SecurityQuestion> Asked)> AskedAsync(GateSubject subject, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var draw = await QuestionDraws.OfAsync(db, subject, cancellation);
        var asked = draw.Asked;
        var questions = await db.Set<SecurityQuestion>()
            .AsNoTracking()
            .Where(q => q.Tenant == subject.Person.Tenant && asked.Contains(q.Id))
            .ToDictionaryAsync(q => q.Id, cancellation);
        return (draw.Number, [.. asked.Select(id => questions[id])]);
    }

    /// <summary>Why nothing that is typed is compared; null where it is.</summary>
    public async Task<QuestionRefusal?> HindranceAsync(GateSubject subject, CancellationToken cancellation) =>
        QuestionRefusal.Of(
            await failures.LookAsync(subject.Person.Tenant, subject.Person.Subject, subject.Caller, limits.FailuresBy(Method), cancellation)
        );

    public async Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var draw = await QuestionDraws.OfAsync(db, subject, cancellation);
        string[] typed = [.. draw.Asked.Select((_, at) => form[Field(at)].ToString())];
        if (typed.Any(string.IsNullOrWhiteSpace))
        {
            return new GateAnswer.Refused(new QuestionRefusal.Missing());
        }

        var (number, mac) = (form[DrawField].ToString(), TypedMac(subject, form[DrawField].ToString(), typed));
        if (number != draw.Number.ToString(CultureInfo.InvariantCulture))
        {
            // What was compared for an earlier draw, by a second press of the button, is not compared again, and nothing else is.
            return new GateAnswer.Refused(
                draw.LastTyped is { } last && CryptographicOperations.FixedTimeEquals(last, mac)
                    ? new QuestionRefusal.Wrong()
                    : new QuestionRefusal.OtherQuestions()
            );
        }

        if (await SpendAsync(db, subject, draw, mac, cancellation) is { } why)
        {
            return new GateAnswer.Refused(why);
        }

        if (await AreRightAsync(db, subject, draw.Asked, typed, cancellation))
        {
            return new GateAnswer.Passed();
        }

        await budgets.CountAsync(subject.Person.Tenant, cancellation);
        return new GateAnswer.Refused(new QuestionRefusal.Wrong());
    }

    /// <summary>Counted, and other questions drawn, before anything is compared: of parallel callers one is let through (H11).</summary>
    private async Task<QuestionRefusal?> SpendAsync(
        PortalDb db,
        GateSubject subject,
        QuestionDraw draw,
        byte[] typed,
        CancellationToken cancellation
    )
    {
        var (tenant, id) = (subject.Person.Tenant, subject.Person.Subject);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (
            QuestionRefusal.Of(await failures.TakeAsync(db, tenant, id, subject.Caller, limits.FailuresBy(Method), cancellation)) is { } why
        )
        {
            await all.RollbackAsync(cancellation);
            await TellAsync(tenant, id, cancellation);
            return why;
        }

        if (!await QuestionDraws.AgainAsync(db, subject, draw, typed, cancellation))
        {
            return new QuestionRefusal.OtherQuestions();
        }

        await all.CommitAsync(cancellation);
        return null;
    }

    /// <summary>All of them are compared, wherever one is wrong.</summary>
    private async Task<bool> AreRightAsync(PortalDb db, GateSubject subject, long[] asked, string[] typed, CancellationToken cancellation)
    {
        var held = await AnswerStore
            .Counting(db, subject.Person.Tenant)
            .AsNoTracking()
            .Where(a => a.UserId == subject.Person.Subject && asked.Contains(a.Question))
            .ToDictionaryAsync(a => a.Question, cancellation);
        var right = 0;
        foreach (var (question, answer) in asked.Zip(typed))
        {
            var hash = held.GetValueOrDefault(question)?.Hash;
            right += await hashes.IsRightAsync(subject.Person.Subject, question, hash, AnswerText.Of(answer), cancellation) ? 1 : 0;
        }

        return right == asked.Length && !subject.Person.IsDecoy;
    }

    /// <summary>A decoy's is written too.</summary>
    private async Task TellAsync(TenantId tenant, string subject, CancellationToken cancellation)
    {
        if (await throttle.TakeAsync(limits.LocksAudited, $"failures/{tenant}/{subject}", cancellation))
        {
            await audit.WriteAsync(
                new(AuditEventId.GateLocked, tenant, Actor.Visitor)
                {
                    Subject = AuditSubject.User(subject),
                    Detail = "as many codes or wrong answers as may come from one place or from strangers",
                },
                cancellation
            );
        }
    }

    private byte[] TypedMac(GateSubject subject, string draw, IEnumerable<string> typed) =>
        FieldMac.Of(
            keys.Code,
            ["typed answers", subject.Flow.ToString(CultureInfo.InvariantCulture), draw, .. typed.Select(AnswerText.Of)]
        );
}
