using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Notifications;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Notifications;

/// <summary>Many mails at once through a real server that is slow, strict or gone for a moment.</summary>
public sealed class MailLaneTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_and_twenty_mails_through_a_server_that_greets_late_leave_over_a_few_connections()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new(Greeting: "delay = 3s"));
        await using (var portal = await StartAsync(server.Port))
        {
            await QueueAsync(portal, 120, n => $"p{n}@a.example");
            await Eventually.TrueAsync(() => server.Count == 120, TimeSpan.FromSeconds(60), "120 mails", Ct);
        }

        Assert.InRange(await server.ConnectionsAsync(Ct), 1, 8);
    }

    [Fact]
    public async Task A_recipients_slow_server_holds_up_its_own_mail_alone()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new(Recipients: "warn domains = slow.example\n      delay = 4s"));
        await using var portal = await StartAsync(server.Port);

        await QueueAsync(portal, 20, n => $"p{n}@slow.example");
        await QueueAsync(portal, 20, n => $"p{n}@fast.example");
        for (var n = 0; n < 20; n++)
        {
            await server.WaitForAsync($"p{n}@fast.example", Ct);
        }

        Assert.InRange(server.Count, 20, 30);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_decoys_mail_occupies_a_lane_as_long_as_a_real_one_did()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new(Recipients: "warn delay = 2s"));
        await using var portal = await StartAsync(server.Port);
        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        await server.WaitForAsync("anna@a.example", Ct);
        await EndedAsync(portal);

        await OutboxTests.QueueAsync(portal, "nobody@decoy.invalid", "Code", deliver: false);
        await EndedAsync(portal);

        await using var db = await portal.OpenDatabaseAsync();
        var decoy = await db.Set<OutgoingMessage>().SingleAsync(m => !m.Deliver, Ct);
        Assert.True(decoy.EndedAt - decoy.CreatedAt >= TimeSpan.FromSeconds(2), $"{decoy.EndedAt - decoy.CreatedAt}");
        Assert.Equal(1, server.Count);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_decoys_mail_makes_and_keeps_the_connection_that_a_real_one_would()
    {
        await using var server = await MailServer.StartAsync(Ct);
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "nobody@decoy.invalid", "Code", deliver: false);
        await EndedAsync(portal);
        Assert.Equal(0, await server.ConnectionsAsync(Ct));
        await portal.StopAsync();

        await Eventually.TrueAsync(
            async () => await server.ConnectionsAsync(Ct) == 1,
            TimeSpan.FromSeconds(20),
            "its connection to end",
            Ct
        );
        Assert.Equal(0, server.Count);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task Decoys_mails_leave_lanes_to_others_as_real_ones_do()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new(Recipients: "warn domains = slow.example\n      delay = 4s"));
        await using var portal = await StartAsync(server.Port);
        await OutboxTests.QueueAsync(portal, "anna@slow.example", "Code", deliver: true);
        await EndedAsync(portal);

        for (var n = 0; n < 20; n++)
        {
            await OutboxTests.QueueAsync(portal, $"n{n}@decoy.invalid", "Code", deliver: false);
        }

        await OutboxTests.QueueAsync(portal, "ben@fast.example", "Code", deliver: true);
        await server.WaitForAsync("ben@fast.example", Ct);

        await using var db = await portal.OpenDatabaseAsync();
        Assert.InRange(await db.Set<OutgoingMessage>().CountAsync(m => m.EndedAt == null && !m.Deliver, Ct), 15, 20);
    }

    [Fact]
    public async Task A_refused_recipient_costs_no_connection()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new(Recipients: "deny domains = never.example"));
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "ben@never.example", "Code", deliver: true);
        await EndedAsync(portal);
        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        await server.WaitForAsync("anna@a.example", Ct);
        Assert.Equal(0, await server.ConnectionsAsync(Ct));
        await portal.StopAsync();

        await Eventually.TrueAsync(
            async () => await server.ConnectionsAsync(Ct) == 1,
            TimeSpan.FromSeconds(20),
            "its connection to end",
            Ct
        );
    }

    [Fact]
    public async Task What_another_portal_took_meanwhile_is_not_put_off()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        await EndedAsync(portal);
        await using var db = await portal.OpenDatabaseAsync();
        var (read, leased) = (portal.Clock.GetUtcNow(), portal.Clock.GetUtcNow() + MessageSender.Lease);
        await db.Set<OutgoingMessage>()
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, leased).SetProperty(m => m.EndedAt, (DateTimeOffset?)null), Ct);
        var message = await db.Set<OutgoingMessage>().AsNoTracking().SingleAsync(Ct);

        await MessageSender.PutOffAsync(db, [message.Id], read, Ct);

        Assert.Equal(message.NotBefore, (await db.Set<OutgoingMessage>().AsNoTracking().SingleAsync(Ct)).NotBefore);
    }

    [Fact]
    public void A_code_is_tried_until_its_life_is_nearly_over()
    {
        var life = TimeSpan.FromMinutes(10);
        var (at, last) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var tries = 1; at < life; tries++)
        {
            last = at;
            at += MessageLane.WaitAfter(tries, life);
        }

        Assert.InRange(last, life - TimeSpan.FromMinutes(1), life);
        Assert.Equal(TimeSpan.FromMinutes(5), MessageLane.WaitAfter(20, TimeSpan.FromDays(3)));
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_is_made_anew_without_a_lost_try()
    {
        await using var server = await MailServer.StartAsync(Ct, manner: new("smtp_accept_max_per_connection = 1"));
        await using var portal = await StartAsync(server.Port);
        for (var n = 0; n < 4; n++)
        {
            await OutboxTests.QueueAsync(portal, $"p{n}@a.example", "Code", deliver: true);
            await server.WaitForAsync($"p{n}@a.example", Ct);
        }

        await EndedAsync(portal);
        await using var db = await portal.OpenDatabaseAsync();
        Assert.Equal(0, await db.Set<OutgoingMessage>().MaxAsync(m => m.Tries, Ct));
    }

    [Fact]
    public async Task What_a_server_refuses_for_now_is_tried_again_and_what_it_refuses_for_good_is_not()
    {
        await using var server = await MailServer.StartAsync(
            Ct,
            manner: new(Recipients: "defer domains = later.example\n  deny domains = never.example")
        );
        await using var portal = await StartAsync(server.Port);
        await QueueAsync(portal, 1, _ => "anna@later.example");
        await QueueAsync(portal, 1, _ => "ben@never.example");

        await WaitAsync(portal, db => db.AnyAsync(m => m.Tries > 1 && m.EndedAt == null, Ct), "a second try");
        await WaitAsync(portal, db => db.AnyAsync(m => m.Tries == 0 && m.EndedAt != null, Ct), "an end");
        Assert.Contains("[35005]", portal.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("never.example", portal.Log, StringComparison.Ordinal);
    }

    private static Task EndedAsync(InProcessPortal portal) =>
        WaitAsync(portal, messages => messages.AllAsync(m => m.EndedAt != null, Ct), "the mails to leave");

    private static Task WaitAsync(InProcessPortal portal, Func<DbSet<OutgoingMessage>, Task<bool>> condition, string what) =>
        Eventually.TrueAsync(
            async () =>
            {
                await using var db = await portal.OpenDatabaseAsync();
                return await condition(db.Set<OutgoingMessage>());
            },
            TimeSpan.FromSeconds(60),
            what,
            Ct
        );

    private static async Task QueueAsync(InProcessPortal portal, int mails, Func<int, string> to)
    {
        for (var n = 0; n < mails; n++)
        {
            await OutboxTests.QueueAsync(portal, to(n), "Code", deliver: true);
        }
    }

    private async Task<InProcessPortal> StartAsync(int port) =>
        await InProcessPortal.StartAsync(
            await forests.CertificatesAsync(),
            new Dictionary<string, string?>
            {
                ["Mail:Outbox"] = null,
                ["Mail:Smtp:Host"] = "127.0.0.1",
                ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
                ["Mail:Smtp:Security"] = "None",
            },
            Ct
        );
}
