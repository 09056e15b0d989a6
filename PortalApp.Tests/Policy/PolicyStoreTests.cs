using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users.Groups;
using Outcome = PortalApp.Audit.ChangeOutcome<PortalApp.Policy.PolicyVersion>;

namespace PortalApp.Tests.Policy;

public class PolicyStoreTests
{
    private static readonly Actor Olga = Actor.Operator("olga");
    private static readonly Actor Otto = Actor.Operator("otto");
    private static readonly PolicyTerms TwoGates = PolicyTerms.First with { Gates = 2 };

    [Fact]
    public async Task A_new_tenants_first_version_lets_everyone_reset_with_one_gate_by_mail()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");

        var first = await Store(portal).HoldingAsync(tenant, default);

        Assert.Equal((1, "for everyone; 1 of AlternateEmail"), (first.Number, first.Terms.ToString()));
    }

    [Fact]
    public async Task A_version_stays_as_it_was_published()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var staff = await portal.WithDbAsync(async db =>
        {
            var group = new Group { Tenant = tenant, Name = "Staff" };
            db.Add(group);
            await db.SaveChangesAsync();
            return group.Id;
        });
        var list = new PolicyList(
            [new("Staff", [staff], TwoGates)],
            PolicyTerms.First with
            {
                ForWhom = new PolicyAudience.Groups([staff]),
            }
        );

        Assert.IsType<Outcome.Done>(await Store(portal).PublishAsync(tenant, list, Olga, over: 1, default));
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Outcome.Done>(await PublishAsync(portal, tenant, PolicyTerms.First, over: 2));

        var second = await Store(portal).FindAsync(tenant, 2, default);
        Assert.Equal(list, second!.List);
        Assert.Equal((Olga, portal.Clock.GetUtcNow() - TimeSpan.FromSeconds(1)), (second.By, second.At));
        Assert.Equal(3, (await Store(portal).HoldingAsync(tenant, default)).Number);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            portal.WithDbAsync(db =>
            {
                db.Attach(second).Property(p => p.List).CurrentValue = PolicyList.First;
                return db.SaveChangesAsync();
            })
        );
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_one_is_told_who_was_first_and_when()
    {
        await using var portal = await PortalHost.StartAsync();
        await using var beside = await PortalHost.StartAsync(beside: portal);
        var tenant = await portal.AddTenantAsync("corp.test");

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    Task.Run(() => PublishAsync(i % 2 == 0 ? portal : beside, tenant, TwoGates, over: 1, i % 2 == 0 ? Olga : Otto))
                )
        );

        var first = Assert.Single(outcomes.OfType<Outcome.Done>()).Value;
        Assert.Equal(9, outcomes.OfType<Outcome.ChangedMeanwhile>().Count(told => (told.By, told.At) == (first.By, first.At)));
        Assert.Equal(2, (await Store(portal).HoldingAsync(tenant, default)).Number);
        Assert.Equal(2, (await portal.AuditAsync(AuditEventId.PolicyPublished)).Count);
    }

    [Fact]
    public async Task A_version_and_its_audit_stand_or_fall_together()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");

        await portal
            .Services.GetRequiredService<IDbContextFactory<PortalDb>>()
            .ChangeAsync<int>(
                async db =>
                {
                    Assert.IsType<Outcome.Done>(await Store(portal).PublishAsync(db, tenant, TwoGates, Olga, 1, default));
                    return new ChangeOutcome<int>.NotThere();
                },
                default
            );
        Assert.Single(await portal.AuditAsync(AuditEventId.PolicyPublished));
        Assert.Equal(1, (await Store(portal).HoldingAsync(tenant, default)).Number);

        await PublishAsync(portal, tenant, TwoGates, over: 1);
        var audited = (await portal.AuditAsync(AuditEventId.PolicyPublished))[^1];
        Assert.Equal((tenant, Olga, "2"), (audited.Tenant, audited.By, audited.Subject));
        Assert.Equal("for everyone; 2 of AlternateEmail", audited.Detail);
    }

    [Fact]
    public async Task What_cannot_be_published_is_told_by_field_and_leaves_the_version_that_holds()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var wrong = new PolicyTerms(new PolicyAudience.Groups([]), 3, [GateMethod.AlternateEmail, (GateMethod)99]);

        var outcome = Assert.IsType<Outcome.Wrong>(await PublishAsync(portal, tenant, wrong, over: 1));
        var empty = Assert.IsType<Outcome.Wrong>(await PublishAsync(portal, tenant, PolicyTerms.First with { Methods = [] }, over: 1));

        Assert.Equal(["Gates", "Methods", "ForWhom"], outcome.Errors.Select(e => e.Field));
        Assert.Contains("99 cannot be used yet", outcome.Errors[1].Sentence, StringComparison.Ordinal);
        Assert.Equal(["Methods"], empty.Errors.Select(e => e.Field));
        Assert.Equal(1, (await Store(portal).HoldingAsync(tenant, default)).Number);
    }

    [Fact]
    [Trait("Case", "H46")]
    public async Task Answers_to_questions_are_the_one_gate_only_where_somebody_confirmed_that()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var alone = PolicyTerms.First with { Methods = [GateMethod.AlternateEmail, GateMethod.SecurityQuestions] };

        var refused = Assert.IsType<Outcome.Wrong>(await PublishAsync(portal, tenant, alone, over: 1));
        Assert.Contains("could be the only proof", Assert.Single(refused.Errors).Sentence, StringComparison.Ordinal);
        Assert.IsType<ChangeOutcome<PolicyDraft>.Wrong>(await Store(portal).KeepDraftAsync(tenant, new([], alone), Olga, 1, default));
        Assert.IsType<Outcome.Done>(await PublishAsync(portal, tenant, alone with { Gates = 2 }, over: 1));
        Assert.IsType<Outcome.Wrong>(await PublishAsync(portal, tenant, alone, over: 2));
        Assert.IsType<Outcome.Done>(await PublishAsync(portal, tenant, alone with { QuestionsAlone = true }, over: 2));

        Assert.True((await Store(portal).HoldingAsync(tenant, default)).Terms.QuestionsAlone);
        Assert.EndsWith("; questions alone", (await portal.AuditAsync(AuditEventId.PolicyPublished))[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Policies_with_an_unknown_group_one_name_twice_or_without_a_group_are_told_so_and_change_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var theirs = await portal.WithDbAsync(async db =>
        {
            var group = new Group { Tenant = other, Name = "Theirs" };
            db.Add(group);
            await db.SaveChangesAsync();
            return group.Id;
        });
        var list = new PolicyList(
            [new("Twice", [], TwoGates), new("Twice", [theirs], TwoGates), new(" ", [theirs], TwoGates)],
            PolicyTerms.First
        );

        var outcome = Assert.IsType<Outcome.Wrong>(await Store(portal).PublishAsync(tenant, list, Olga, over: 1, default));
        var draft = await Store(portal).KeepDraftAsync(tenant, list, Olga, 1, default);

        Assert.Equal(["Groups", "Name", "Name", "Groups"], outcome.Errors.Select(e => e.Field));
        Assert.IsType<ChangeOutcome<PolicyDraft>.Wrong>(draft);
        Assert.Equal(1, (await Store(portal).HoldingAsync(tenant, default)).Number);
    }

    private static PolicyStore Store(PortalHost portal) => portal.Services.GetRequiredService<PolicyStore>();

    private static Task<Outcome> PublishAsync(PortalHost portal, TenantId tenant, PolicyTerms terms, int over, Actor? by = null) =>
        Store(portal).PublishAsync(tenant, terms, by ?? Olga, over, default);
}
