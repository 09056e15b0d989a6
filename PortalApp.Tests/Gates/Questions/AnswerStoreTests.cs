using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates.Questions;

namespace PortalApp.Tests.Gates.Questions;

public class AnswerStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ab", AnswerFault.TooShort)]
    [InlineData("a, . b", AnswerFault.TooShort)]
    [InlineData("12345678901234567890123456789012345678901", AnswerFault.TooLong)]
    [InlineData("1234567890123456789012345678901234567890", null)]
    [InlineData("Bicycle", AnswerFault.OfQuestion)]
    [InlineData("FIETS", AnswerFault.OfQuestion)]
    [InlineData("my bicycle", null)]
    [InlineData("Answer-3", AnswerFault.Alike)]
    [InlineData("Parijs", null)]
    public async Task An_answer_says_why_it_is_not_taken(string first, object? fault)
    {
        await using var portal = await GatePortal.StartAsync();
        var store = portal.Services.GetRequiredService<AnswerStore>();
        var questions = (await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(GateSteps.Tenant, Ct)).Take(5).ToArray();
        TypedAnswer[] typed = [.. questions.Skip(1).Select((q, at) => new TypedAnswer(q.Id, $"Answer {at}")), new(questions[0].Id, first)];

        var judged = await store.JudgeAsync(GateSteps.Tenant, QuestionSteps.AnnaId, typed, Ct);

        Assert.Equal((AnswerFault?)fault, (judged as AnswersJudged.Wrong)?.Faults[^1]);
    }

    [Fact]
    public async Task A_question_is_answered_once_and_only_one_that_is_offered()
    {
        await using var portal = await GatePortal.StartAsync();
        var store = portal.Services.GetRequiredService<AnswerStore>();
        var ids = (await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(GateSteps.Tenant, Ct))
            .Select(q => q.Id)
            .ToArray();
        long[] chosen = [ids[0], ids[1], ids[0], 0, ids[2]];

        var judged = await store.JudgeAsync(
            GateSteps.Tenant,
            QuestionSteps.AnnaId,
            [.. chosen.Select((q, at) => new TypedAnswer(q, $"Answer {at}"))],
            Ct
        );

        Assert.Equal(
            [null, null, AnswerFault.QuestionTwice, AnswerFault.NoQuestion, null],
            Assert.IsType<AnswersJudged.Wrong>(judged).Faults
        );
    }

    [Fact]
    public async Task No_answer_can_be_read_where_it_is_kept_and_two_alike_are_kept_apart()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync();
        var first = await portal.WithDbAsync(db => db.Set<SecurityAnswer>().AsNoTracking().Select(a => a.Hash).ToListAsync());
        await portal.RegisterAsync();
        var second = await portal.WithDbAsync(db => db.Set<SecurityAnswer>().AsNoTracking().Select(a => a.Hash).ToListAsync());

        Assert.Equal(10, first.Concat(second).Distinct().Count());
        Assert.All(first, hash => Assert.DoesNotContain("answer", hash, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_tenant_asks_no_more_than_is_registered_and_keeps_as_many_questions()
    {
        await using var portal = await GatePortal.StartAsync();
        var store = portal.Services.GetRequiredService<QuestionStore>();

        Assert.IsType<ChangeOutcome<QuestionCounts>.Wrong>(await SetAsync(2, 2));
        Assert.IsType<ChangeOutcome<QuestionCounts>.Wrong>(await SetAsync(4, 5));
        Assert.IsType<ChangeOutcome<QuestionCounts>.Done>(await SetAsync(8, 4));
        var counts = await store.CountsAsync(GateSteps.Tenant, Ct);
        Assert.Equal((8, 4), (counts.Registered, counts.Asked));

        var offered = await store.OfferedAsync(GateSteps.Tenant, Ct);
        foreach (var question in offered.Take(12))
        {
            Assert.IsType<ChangeOutcome<SecurityQuestion>.Done>(await RemoveAsync(question.Id));
        }

        Assert.IsType<ChangeOutcome<SecurityQuestion>.Wrong>(await RemoveAsync(offered[12].Id));
        Assert.IsType<ChangeOutcome<SecurityQuestion>.Done>(await AddAsync("What is written above our canteen?"));
        Assert.IsType<ChangeOutcome<SecurityQuestion>.Wrong>(await AddAsync("What is written above our canteen?"));
        Assert.IsType<ChangeOutcome<SecurityQuestion>.Wrong>(await AddAsync("Hm"));
        Assert.Equal(9, (await store.OfferedAsync(GateSteps.Tenant, Ct)).Count);

        Task<ChangeOutcome<QuestionCounts>> SetAsync(int registered, int asked) =>
            Databases(portal).ChangeAsync(db => store.SetCountsAsync(db, GateSteps.Tenant, registered, asked, Actor.Portal, Ct), Ct);
        Task<ChangeOutcome<SecurityQuestion>> RemoveAsync(long id) =>
            Databases(portal).ChangeAsync(db => store.RemoveAsync(db, GateSteps.Tenant, id, Actor.Portal, Ct), Ct);
        Task<ChangeOutcome<SecurityQuestion>> AddAsync(string text) =>
            Databases(portal)
                .ChangeAsync(db => store.AddAsync(db, GateSteps.Tenant, QuestionWords.Of([("en", text)]), Actor.Portal, Ct), Ct);
    }

    private static IDbContextFactory<PortalDb> Databases(GatePortal portal) =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>();
}
