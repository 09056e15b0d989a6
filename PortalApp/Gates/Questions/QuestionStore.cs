using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Layout.Languages;

namespace PortalApp.Gates.Questions;

/// <summary>The questions of the tenants, and what an administrator may change of them (M27); each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class QuestionStore(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    public const int ShortestQuestion = 3;
    public const int LongestQuestion = 200;

    /// <summary>A new tenant's: those that ship.</summary>
    public static void Begin(PortalDb db, TenantId tenant) =>
        db.AddRange(
            Enumerable.Range(1, ShippedQuestions.Count).Select(number => new SecurityQuestion { Tenant = tenant, Shipped = number })
        );

    /// <summary>Those that can be chosen, in their order.</summary>
    public async Task<IReadOnlyList<SecurityQuestion>> OfferedAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Offered(db, tenant).AsNoTracking().OrderBy(q => q.Id).ToListAsync(cancellation);
    }

    public async Task<QuestionCounts> CountsAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await CountsAsync(db, tenant, cancellation);
    }

    public static async Task<QuestionCounts> CountsAsync(PortalDb db, TenantId tenant, CancellationToken cancellation) =>
        await db.Set<QuestionCounts>().AsNoTracking().SingleOrDefaultAsync(c => c.Tenant == tenant, cancellation)
        ?? new QuestionCounts { Tenant = tenant };

    public static IQueryable<SecurityQuestion> Offered(PortalDb db, TenantId tenant) =>
        db.Set<SecurityQuestion>().Where(q => q.Tenant == tenant && q.RemovedAt == null);

    /// <param name="own">As people will read it, in at least one language.</param>
    public async Task<ChangeOutcome<SecurityQuestion>> AddAsync(
        PortalDb db,
        TenantId tenant,
        QuestionWords own,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (own.Texts.IsEmpty)
        {
            return Wrong(ShippedLanguages.Standard.Name, Fault.Question, ShortestQuestion, LongestQuestion);
        }

        foreach (var (language, text) in own.Texts)
        {
            if (text.OnOneLine() != text || text.Length is < ShortestQuestion or > LongestQuestion)
            {
                return Wrong(language, Fault.Question, ShortestQuestion, LongestQuestion);
            }
        }

        var offered = await Offered(db, tenant).AsNoTracking().ToListAsync(cancellation);
        foreach (var (language, text) in own.Texts)
        {
            var read = CultureInfo.GetCultureInfo(language);
            if (offered.Exists(q => string.Equals(q.TextIn(read), text, StringComparison.OrdinalIgnoreCase)))
            {
                return Wrong(language, Fault.QuestionThere);
            }
        }

        var question = new SecurityQuestion { Tenant = tenant, Text = own };
        db.Add(question);
        Audit(db, tenant, by, "a security question added");
        return new ChangeOutcome<SecurityQuestion>.Done(question);

        static ChangeOutcome<SecurityQuestion>.Wrong Wrong(string language, Fault fault, params object[] values) =>
            new(FieldOf(language), fault, values);
    }

    /// <summary>Where it is said what is wrong with what was written in that language.</summary>
    public static string FieldOf(string language) => $"{nameof(SecurityQuestion.Text)}-{language}";

    /// <summary>Nobody chooses it any more, and answers to it count no more; those who are left with too few answers register again.</summary>
    public async Task<ChangeOutcome<SecurityQuestion>> RemoveAsync(
        PortalDb db,
        TenantId tenant,
        long id,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (await Offered(db, tenant).SingleOrDefaultAsync(q => q.Id == id, cancellation) is not { } question)
        {
            return new ChangeOutcome<SecurityQuestion>.NotThere();
        }

        var counts = await CountsAsync(db, tenant, cancellation);
        if (await Offered(db, tenant).CountAsync(cancellation) <= counts.Registered)
        {
            return new ChangeOutcome<SecurityQuestion>.Wrong(nameof(SecurityQuestion.Text), Fault.QuestionsStay, counts.Registered);
        }

        question.RemovedAt = clock.GetUtcNow();
        Audit(db, tenant, by, "a security question removed");
        return new ChangeOutcome<SecurityQuestion>.Done(question);
    }

    /// <param name="registered">Answered by everybody who registers.</param>
    /// <param name="asked">Of those, at a reset.</param>
    public async Task<ChangeOutcome<QuestionCounts>> SetCountsAsync(
        PortalDb db,
        TenantId tenant,
        int registered,
        int asked,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (registered is < QuestionCounts.Fewest or > QuestionCounts.Most)
        {
            return new ChangeOutcome<QuestionCounts>.Wrong(
                nameof(QuestionCounts.Registered),
                Fault.QuestionsRegistered,
                QuestionCounts.Fewest,
                QuestionCounts.Most
            );
        }

        if (asked < QuestionCounts.Fewest || asked > registered)
        {
            return new ChangeOutcome<QuestionCounts>.Wrong(nameof(QuestionCounts.Asked), Fault.QuestionsAsked, QuestionCounts.Fewest);
        }

        if (await Offered(db, tenant).CountAsync(cancellation) < registered)
        {
            return new ChangeOutcome<QuestionCounts>.Wrong(nameof(QuestionCounts.Registered), Fault.QuestionsFewer);
        }

        var held = await db.Set<QuestionCounts>().SingleOrDefaultAsync(c => c.Tenant == tenant, cancellation);
        if (held is null)
        {
            held = new QuestionCounts { Tenant = tenant };
            db.Add(held);
        }

        (held.Registered, held.Asked) = (registered, asked);
        Audit(db, tenant, by, string.Create(CultureInfo.InvariantCulture, $"{registered} security questions registered, {asked} asked"));
        return new ChangeOutcome<QuestionCounts>.Done(held);
    }

    private void Audit(PortalDb db, TenantId tenant, Actor by, string what) =>
        audit.Add(db, new(AuditEventId.TenantChanged, tenant, by) { Subject = AuditSubject.Tenant(tenant), Detail = $"{what} by {by}" });
}
