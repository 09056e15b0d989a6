using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Answers;

/// <summary>Has answers compared: each counted as a failure before, and the same twice in a row once. For a decoy alike.</summary>
internal sealed class AnswerTries(
    IDbContextFactory<PortalDb> databases,
    FailureStore failures,
    FailureBudgets budgets,
    ThrottleStore throttle,
    Limits limits,
    PortalKeys keys,
    AuditLog audit
)
{
    /// <param name="answer">As it is compared, so that two ways to write it are one.</param>
    public async Task<GateAnswer> JudgeAsync(
        GateSubject subject,
        GateMethod method,
        string answer,
        Func<Task<bool>> isRight,
        CancellationToken cancellation
    )
    {
        switch (await TakeAsync(subject, method, answer, cancellation))
        {
            case Taken.Limited(var why):
                await LimitedAsync(subject, why, cancellation);
                return new GateAnswer.Refused(why);
            case Taken.Counted when await isRight():
                return new GateAnswer.Passed();
            case Taken.Counted:
                await budgets.CountAsync(subject.Person.Tenant, cancellation);
                return new GateAnswer.Refused(new AnswerRefusal.Wrong());
            default:
                return new GateAnswer.Refused(new AnswerRefusal.Wrong());
        }
    }

    /// <summary>Why nothing is compared now; null where it is. Counts nothing.</summary>
    public async Task<AnswerRefusal?> HindranceAsync(GateSubject subject, GateMethod method, CancellationToken cancellation) =>
        AnswerRefusal.Of(
            await failures.LookAsync(subject.Person.Tenant, subject.Person.Subject, subject.Caller, limits.FailuresBy(method), cancellation)
        );

    private async Task<Taken> TakeAsync(GateSubject subject, GateMethod method, string answer, CancellationToken cancellation)
    {
        var (tenant, flow, number) = (subject.Person.Tenant, subject.Flow, (int)method);
        var mac = FieldMac.Of(
            keys.Code,
            "answer",
            flow.ToString(CultureInfo.InvariantCulture),
            number.ToString(CultureInfo.InvariantCulture),
            answer
        );
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var isAnother = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "LastAnswer" ("Tenant", "Flow", "Method", "Mac", "ExpiresAt")
            VALUES ({tenant.Value}, {flow}, {number}, {mac}, {subject.FlowEnds.UtcTicks})
            ON CONFLICT ("Flow", "Method") DO UPDATE SET "Mac" = excluded."Mac" WHERE "LastAnswer"."Mac" <> excluded."Mac"
            """,
            cancellation
        );
        if (isAnother == 0)
        {
            return new Taken.Repeated();
        }

        if (
            AnswerRefusal.Of(
                await failures.TakeAsync(db, tenant, subject.Person.Subject, subject.Caller, limits.FailuresBy(method), cancellation)
            ) is
            { } why
        )
        {
            return new Taken.Limited(why);
        }

        await all.CommitAsync(cancellation);
        return new Taken.Counted();
    }

    /// <summary>A decoy's is written too: it takes the same time.</summary>
    private async Task LimitedAsync(GateSubject subject, AnswerRefusal why, CancellationToken cancellation)
    {
        var person = subject.Person;
        if (await throttle.TakeAsync(limits.LocksAudited, $"failures/{person.Tenant}/{person.Subject}", cancellation))
        {
            await audit.WriteAsync(
                new(AuditEventId.GateLocked, person.Tenant, Actor.Visitor)
                {
                    Subject = AuditSubject.User(person.Subject),
                    Detail = why.IsOfThePerson
                        ? "as many codes or wrong answers as strangers may use up"
                        : "as many codes or wrong answers as may come from one place",
                },
                cancellation
            );
        }
    }

    private abstract record Taken
    {
        private Taken() { }

        public sealed record Counted : Taken;

        /// <summary>The same as the last one, which was wrong.</summary>
        public sealed record Repeated : Taken;

        public sealed record Limited(AnswerRefusal Why) : Taken;
    }
}
