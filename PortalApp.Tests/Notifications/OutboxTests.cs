using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Notifications;

public sealed class OutboxTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queued_mail_is_in_the_outbox_and_still_there_after_a_restart()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await QueueAsync(portal, "anna@a.example", "First", deliver: true);
        await QueueAsync(portal, "甲斐@黒川.日本", "Second", deliver: true);
        await WaitForAsync(portal, 2);

        await portal.RestartAsync();

        var feed = await FeedAsync(portal);
        Assert.Equal(["anna@a.example", "甲斐@黒川.日本"], feed.Select(m => m.To));
        Assert.All(feed, m => Assert.Equal("email", m.Channel));
        Assert.All(feed, m => Assert.Equal("Your code is 12345678.", m.Text));
        Assert.True(feed[0].SentAt <= feed[1].SentAt);
    }

    [Fact]
    public async Task A_message_says_by_which_channel_it_would_have_left()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await QueueAsync(portal, "+31 612345678", subject: null, deliver: true, channel: MessageChannel.Sms);
        await QueueAsync(portal, "+31 201234567", subject: null, deliver: true, channel: MessageChannel.Call);
        await WaitForAsync(portal, 2);

        // Each channel has its own sender: either may be first.
        Assert.Equal(
            [("call", "+31 201234567"), ("sms", "+31 612345678")],
            (await FeedAsync(portal)).Select(m => (m.Channel, m.To)).Order()
        );
        using var http = portal.CreateClient();
        Assert.Contains("+31 612345678", await http.GetStringAsync(new Uri("/outbox", UriKind.Relative), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_the_newest_first_as_plain_text_under_the_strict_policy()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await QueueAsync(portal, "anna@a.example", "Older", deliver: true);
        await WaitForAsync(portal, 1);
        await QueueAsync(portal, "anna@a.example", "<script>alert(1)</script>", deliver: true);
        await WaitForAsync(portal, 2);

        using var http = portal.CreateClient();
        using var page = await http.GetAsync(new Uri("/outbox", UriKind.Relative), Ct);
        var text = await page.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.True(text.IndexOf("&lt;script&gt;", StringComparison.Ordinal) < text.IndexOf("Older", StringComparison.Ordinal));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_to_nobody_leaves_the_same_row_and_no_mail()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await QueueAsync(portal, "nobody@a.example", "Code", deliver: false);
        await QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        await WaitForAsync(portal, 1);
        List<OutgoingMessage> rows = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await portal.OpenDatabaseAsync();
                rows = await db.Set<OutgoingMessage>().AsNoTracking().OrderBy(m => m.Id).ToListAsync(Ct);
                return rows.All(r => r.EndedAt is not null);
            },
            TimeSpan.FromSeconds(20),
            "both rows to end",
            Ct
        );

        Assert.Equal("anna@a.example", Assert.Single(await FeedAsync(portal)).To);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Null(row.Content));
        Assert.All(rows, row => Assert.Equal(0, row.Tries));
    }

    [Fact]
    public async Task A_row_that_the_master_key_does_not_open_is_dropped_and_holds_up_no_other()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        await using (var db = await portal.OpenDatabaseAsync())
        {
            var now = portal.Clock.GetUtcNow();
            db.Add(
                new OutgoingMessage
                {
                    Tenant = await TenantAsync(db),
                    Channel = MessageChannel.Email,
                    Content = new byte[64],
                    Deliver = true,
                    CreatedAt = now,
                    NotBefore = now,
                    ExpiresAt = now.AddHours(1),
                }
            );
            await db.SaveChangesAsync(Ct);
        }

        await QueueAsync(portal, "anna@a.example", "After it", deliver: true);
        await WaitForAsync(portal, 1);

        // The two are taken in no order that either depends on.
        await Eventually.TrueAsync(
            () => portal.Log.Contains("[35004]", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20),
            "the line of the dropped row",
            Ct
        );
    }

    internal static async Task QueueAsync(
        InProcessPortal portal,
        string to,
        string? subject,
        bool deliver,
        TimeSpan? lives = null,
        MessageChannel channel = MessageChannel.Email,
        string? html = null
    )
    {
        var queue = portal.Services.GetRequiredService<MessageQueue>();
        await using var db = await portal.OpenDatabaseAsync();
        var expires = portal.Clock.GetUtcNow() + (lives ?? TimeSpan.FromMinutes(10));
        queue.Add(db, await TenantAsync(db), channel, new(to, subject, "Your code is 12345678.", Html: html), expires, deliver);
        await db.SaveChangesAsync(Ct);
        queue.Wake();
    }

    /// <summary>Whose messages they are.</summary>
    private static async Task<TenantId> TenantAsync(PortalDb db)
    {
        if (await db.Set<Tenant>().FirstOrDefaultAsync(Ct) is { } held)
        {
            return held.Id;
        }

        var tenant = new Tenant { Name = "Corp", HelpdeskPhone = "+31 201234567" };
        db.Add(tenant);
        await db.SaveChangesAsync(Ct);
        return tenant.Id;
    }

    private static Task WaitForAsync(InProcessPortal portal, int count) =>
        Eventually.TrueAsync(
            async () => (await FeedAsync(portal)).Count == count,
            TimeSpan.FromSeconds(10),
            $"{count} mails in the outbox",
            Ct
        );

    private static async Task<IReadOnlyList<OutboxMessage>> FeedAsync(InProcessPortal portal)
    {
        using var http = portal.CreateClient();
        return await http.GetFromJsonAsync<OutboxMessage[]>("/outbox/feed", JsonSerializerOptions.Web, Ct) ?? [];
    }
}
