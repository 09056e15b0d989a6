using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Audit;

/// <summary>Whoever has the database changes the audit, and the chain says where.</summary>
public class AuditChainTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_verifies_in_each_tenants_chain_and_in_that_of_none()
    {
        await using var ground = await AuditGround.StartAsync();
        var other = await ground.Portal.AddTenantAsync("other.test");
        await ground.WriteManyAsync(3);
        await ground.WriteAsync("another's", other);
        await ground.WriteAsync("nobody's", ofNone: true);
        await ground.SealAsync();
        await ground.WriteAsync("after it");

        var report = await ground.ReportAsync();

        Assert.Empty(report.Findings);
        Assert.Equal(1, report.Waiting);
        await ground.SealAsync();
        Assert.Equal(Enumerable.Range(1, (int)report.Sealed + 1).Select(n => (long)n), (await ground.SealsAsync()).Select(s => s.Number));
        Assert.Empty(await ground.FindingsAsync(of: other));
        var none = await ground.Portal.Services.GetRequiredService<AuditVerification>().VerifyAsync(null, null, Ct);
        Assert.Empty(none.Findings);
        Assert.NotEqual(0, none.Sealed);
    }

    [Fact]
    public async Task A_changed_entry_is_named_whatever_was_changed_in_it()
    {
        await using var ground = await SealedAsync();
        var entry = await ground.EntryAsync("line 2");
        var number = await ground.NumberOfAsync("line 2");
        var changes = new Action<AuditEntry>[]
        {
            a => a.Detail = "line 2 ",
            a => a.Detail = null,
            a => a.By = Actor.Operator("bram"),
            a => a.At += TimeSpan.FromTicks(10),
            a => a.Event = AuditEventId.RoleChanged,
            a => (a.Subject, a.Trace) = (a.Trace, a.Subject),
            a => a.Outcome = "",
        };
        foreach (var change in changes)
        {
            await ChangeAsync(ground, entry.Id, change);

            var changed = Assert.IsType<AuditFinding.Changed>(Assert.Single(await ground.FindingsAsync()));

            Assert.Equal((number, entry.Id), (changed.Number, changed.Entry.Id));
            await ChangeAsync(ground, entry.Id, a => Restore(a, entry));
        }

        Assert.Empty(await ground.FindingsAsync());
    }

    [Fact]
    public async Task A_missing_entry_is_named_and_what_stands_behind_a_missing_seal_is_not_vouched_for()
    {
        await using var ground = await SealedAsync();
        var (second, fourth) = (await ground.NumberOfAsync("line 2"), await ground.NumberOfAsync("line 4"));
        await ground.Portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Detail == "line 2").ExecuteDeleteAsync());
        await ground.Portal.WithDbAsync(db =>
            db.Set<AuditSeal>().Where(s => s.Tenant == ground.Tenant && s.Number == fourth).ExecuteDeleteAsync()
        );

        var findings = await ground.FindingsAsync();

        Assert.Contains(new AuditFinding.Missing(second, second), findings);
        Assert.Contains(new AuditFinding.Missing(fourth, fourth), findings);
        Assert.Equal(fourth + 1, findings.OfType<AuditFinding.Unproven>().Single().Number);
    }

    [Fact]
    public async Task Entries_that_changed_places_are_named_with_where_they_were()
    {
        await using var ground = await SealedAsync();
        var (one, other) = (await ground.EntryAsync("line 2"), await ground.EntryAsync("line 4"));
        var (low, high) = (await ground.NumberOfAsync("line 2"), await ground.NumberOfAsync("line 4"));
        await ChangeAsync(ground, one.Id, a => Restore(a, other));
        await ChangeAsync(ground, other.Id, a => Restore(a, one));

        var moved = (await ground.FindingsAsync()).Cast<AuditFinding.Moved>().Select(m => (m.From, m.To));

        Assert.Equal([(high, low), (low, high)], moved);
    }

    [Fact]
    public async Task What_is_added_beside_the_chain_is_named()
    {
        await using var ground = await SealedAsync();
        var entry = await ground.EntryAsync("line 2");
        ground.Portal.Clock.Skip(TimeSpan.FromMinutes(10));
        await ground.WriteAsync("later");
        await ground.SealAsync();
        var id = await ground.Portal.WithDbAsync(async db =>
        {
            await db.Set<AuditEntry>().Where(a => a.Id == entry.Id).ExecuteDeleteAsync();
            await db.Set<AuditSeal>().Where(s => s.Entry == entry.Id).ExecuteDeleteAsync();
            db.Add(entry);
            await db.SaveChangesAsync();
            return entry.Id;
        });
        await ground.SealAsync();

        Assert.Contains(new AuditFinding.Added(id), await ground.FindingsAsync());
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_seen_by_who_kept_a_newer_seal()
    {
        await using var ground = await SealedAsync();
        var tip = (await ground.SealsAsync())[^1];
        var kept = new KeptSeal(tip.Number, Convert.ToBase64String(tip.Mac));
        Assert.Empty(await ground.FindingsAsync(kept));

        await ground.Portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Id == tip.Entry).ExecuteDeleteAsync());
        await ground.Portal.WithDbAsync(db => db.Set<AuditSeal>().Where(s => s.Entry == tip.Entry).ExecuteDeleteAsync());

        Assert.Empty(await ground.FindingsAsync());
        Assert.Equal([new AuditFinding.Other(tip.Number)], await ground.FindingsAsync(kept));
    }

    [Fact]
    public async Task Without_the_portals_key_no_seal_can_be_made()
    {
        await using var ground = await SealedAsync();
        var seals = await ground.SealsAsync();
        var (before, tip) = (seals[^2], seals[^1]);
        await ChangeAsync(ground, tip.Entry, a => a.Detail = "forged");
        var entry = await ground.EntryAsync("forged");
        using var forger = new SealMac(new byte[32]);
        var forged = forger.Of(before.Mac, tip.Number, entry);
        await ground.Portal.WithDbAsync(db =>
            db.Set<AuditSeal>().Where(s => s.Position == tip.Position).ExecuteUpdateAsync(set => set.SetProperty(s => s.Mac, forged))
        );

        Assert.Equal(tip.Number, Assert.IsType<AuditFinding.Changed>(Assert.Single(await ground.FindingsAsync())).Number);
    }

    [Fact]
    public async Task What_is_committed_after_a_later_entry_is_sealed_all_the_same()
    {
        await using var ground = await SealedAsync();
        var template = await ground.EntryAsync("line 2");
        await AddAsync(ground, Copy(template, template.Id + 1000, "quick"));
        await ground.SealAsync();
        await AddAsync(ground, Copy(template, template.Id + 999, "slow"));
        ground.Portal.Clock.Skip(TimeSpan.FromMinutes(1));
        await ground.SealAsync();

        Assert.Equal(await ground.NumberOfAsync("quick") + 1, await ground.NumberOfAsync("slow"));
        Assert.Empty(await ground.FindingsAsync());
    }

    [Fact]
    public async Task Two_portals_on_one_database_seal_each_entry_once_and_one_takes_over_where_the_other_is_gone()
    {
        await using var one = await AuditGround.StartAsync();
        await using (var other = await AuditGround.StartAsync(beside: one))
        {
            await one.WriteManyAsync(40);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(n => (n % 2 == 0 ? one : other).SealAsync()));
            await one.SealAsync();
            await other.SealAsync();
        }

        one.Portal.Clock.Skip(TimeSpan.FromSeconds(31));
        await one.WriteAsync("later");
        await one.SealAsync();

        var report = await one.ReportAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((0, (await one.EntriesAsync()).Count), (report.Waiting, report.Sealed));
    }

    [Fact]
    public async Task The_end_of_a_day_is_signed_once_and_a_day_without_events_is_not()
    {
        await using var ground = await SealedAsync();
        var tip = (await ground.SealsAsync())[^1];
        await NextDayAsync(ground);
        await ground.SealAsync();

        var head = DayHead.Read(
            Assert.Single(await ground.Portal.AuditAsync(AuditEventId.AuditDayClosed), e => e.Tenant == ground.Tenant).Detail
        );
        using var signer = ground.Signer();
        Assert.Equal((tip.Number, Convert.ToBase64String(tip.Mac)), (head!.Number, head.Seal));
        Assert.True(head.IsSignedBy(signer, ground.Tenant));
        Assert.False((head with { Number = head.Number - 1 }).IsSignedBy(signer, ground.Tenant));
        await NextDayAsync(ground);
        await NextDayAsync(ground);
        Assert.Single(await ground.Portal.AuditAsync(AuditEventId.AuditDayClosed), e => e.Tenant == ground.Tenant);
        Assert.Empty(await ground.FindingsAsync());
    }

    [Fact]
    public async Task What_is_kept_no_longer_is_deleted_and_the_chain_holds_and_more_than_that_is_missing()
    {
        await using var ground = await AuditGround.StartAsync();
        await ground.WriteManyAsync(3, "old");
        await ground.SealAsync();
        ground.Portal.Clock.Skip(TimeSpan.FromHours(25));
        await ground.WriteManyAsync(3, "young");
        await ground.SealAsync();
        await ground.ForgetOldAsync();
        await ground.SealAsync();

        Assert.DoesNotContain(await ground.EntriesAsync(), a => a.Detail!.StartsWith("old", StringComparison.Ordinal));
        var report = await ground.ReportAsync();
        Assert.Empty(report.Findings);
        Assert.NotEqual(0, report.Trimmed);
        var first = await ground.NumberOfAsync("young 1");
        await ground.Portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Detail == "young 1").ExecuteDeleteAsync());
        Assert.Equal([new AuditFinding.Missing(first, first)], await ground.FindingsAsync());
    }

    private static async Task<AuditGround> SealedAsync()
    {
        var ground = await AuditGround.StartAsync();
        await ground.WriteManyAsync(6);
        await ground.SealAsync();
        await ground.SealAsync();
        return ground;
    }

    private static async Task NextDayAsync(AuditGround ground)
    {
        ground.Portal.Clock.Skip(TimeSpan.FromDays(1));
        await ground.SealAsync();
        await ground.SealAsync();
    }

    private static Task<int> ChangeAsync(AuditGround ground, long id, Action<AuditEntry> change) =>
        ground.Portal.WithDbAsync(async db =>
        {
            change(await db.Set<AuditEntry>().SingleAsync(a => a.Id == id));
            return await db.SaveChangesAsync();
        });

    private static void Restore(AuditEntry there, AuditEntry was)
    {
        (there.At, there.Event, there.By, there.SubjectKind, there.Subject) = (was.At, was.Event, was.By, was.SubjectKind, was.Subject);
        (there.Request, there.Trace, there.Outcome, there.Reason) = (was.Request, was.Trace, was.Outcome, was.Reason);
        (there.Network, there.Detail) = (was.Network, was.Detail);
    }

    private static AuditEntry Copy(AuditEntry template, long id, string detail)
    {
        var copy = template.WithId(id);
        copy.Detail = detail;
        return copy;
    }

    private static Task<int> AddAsync(AuditGround ground, AuditEntry entry) =>
        ground.Portal.WithDbAsync(db =>
        {
            db.Add(entry);
            return db.SaveChangesAsync();
        });
}
