using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Gates.Questions;

/// <summary>
/// Which of their questions somebody is asked: drawn at random, kept for the flow, and drawn again with each answer that is compared.
/// </summary>
internal static class QuestionDraws
{
    /// <summary>What the flow asks; drawn where it asks nothing yet, or what its person has no answer to any more.</summary>
    public static async Task<QuestionDraw> OfAsync(PortalDb db, GateSubject subject, CancellationToken cancellation)
    {
        var counts = await QuestionStore.CountsAsync(db, subject.Person.Tenant, cancellation);
        var held = await HeldAsync(db, subject.Person, cancellation);
        var draw = await FindAsync(db, subject, cancellation);
        if (draw is not null && draw.Asked.Length == counts.Asked && !draw.Asked.Except(held).Any())
        {
            return draw;
        }

        var (asked, until) = (Draw(held, counts.Asked), subject.FlowEnds.UtcTicks);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "QuestionDraw" ("Tenant", "Flow", "Questions", "Number", "ExpiresAt")
            VALUES ({subject.Person.Tenant.Value}, {subject.Flow}, {asked}, 1, {until})
            ON CONFLICT ("Tenant", "Flow") DO UPDATE SET "Questions" = {asked}, "Number" = "QuestionDraw"."Number" + 1
            WHERE "QuestionDraw"."Number" = {draw?.Number ?? 0}
            """,
            cancellation
        );
        return (await FindAsync(db, subject, cancellation))!;
    }

    /// <summary>Within the caller's transaction: another draw, for one caller alone of all who answer this one.</summary>
    /// <returns>False where another was quicker.</returns>
    public static async Task<bool> AgainAsync(
        PortalDb db,
        GateSubject subject,
        QuestionDraw draw,
        byte[] typed,
        CancellationToken cancellation
    )
    {
        var counts = await QuestionStore.CountsAsync(db, subject.Person.Tenant, cancellation);
        var asked = Draw(await HeldAsync(db, subject.Person, cancellation), counts.Asked);
        return await db.Set<QuestionDraw>()
                .Where(d => d.Id == draw.Id && d.Number == draw.Number)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(d => d.Questions, asked)
                            .SetProperty(d => d.Number, draw.Number + 1)
                            .SetProperty(d => d.LastTyped, typed),
                    cancellation
                ) == 1;
    }

    private static Task<QuestionDraw?> FindAsync(PortalDb db, GateSubject subject, CancellationToken cancellation) =>
        db.Set<QuestionDraw>()
            .AsNoTracking()
            .SingleOrDefaultAsync(d => d.Tenant == subject.Person.Tenant && d.Flow == subject.Flow, cancellation);

    /// <summary>Looked up for both: what a person has answered, and what of a decoy's is still asked.</summary>
    private static async Task<IReadOnlyList<long>> HeldAsync(PortalDb db, GatePerson person, CancellationToken cancellation)
    {
        var own = await AnswerStore
            .Counting(db, person.Tenant)
            .Where(a => a.UserId == person.Subject)
            .Select(a => a.Question)
            .ToListAsync(cancellation);
        var offered = await QuestionStore.Offered(db, person.Tenant).Select(q => q.Id).ToListAsync(cancellation);
        var drawn = (person.DrawnQuestions ?? "").Split(' ').ToHashSet();
        return person.IsDecoy ? [.. offered.Where(id => drawn.Contains(id.ToString(CultureInfo.InvariantCulture)))] : own;
    }

    private static string Draw(IReadOnlyList<long> held, int most)
    {
        var all = held.ToArray();
        RandomNumberGenerator.Shuffle(all.AsSpan());
        return string.Join(' ', all.Take(most));
    }
}
