using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Secrets;

public sealed class MasterKeyRotationTests(ForestFixture forests) : IAsyncLifetime
{
    private InProcessPortal portal = null!;
    private TenantId tenant;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A mail server that is not there keeps the mail in the database.</summary>
    private static readonly Dictionary<string, string?> NoMailServer = new()
    {
        ["Mail:Outbox"] = null,
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = "1",
        ["Mail:Smtp:Security"] = "None",
    };

    private string KeyFile => Path.Combine(portal.DataDirectory, "keys", "master.key");

    private IDataProtector Protector => portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x");

    public async ValueTask InitializeAsync()
    {
        portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), NoMailServer, Ct);
        tenant = (await portal.Services.AddTenantAsync(new("Corp", "+31 201234567", null, null))).Id;
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_running_portal_goes_on_and_the_old_key_goes_once_nothing_was_wrapped_by_it_for_an_hour()
    {
        var cookie = Protector.Protect("kept");
        await AddMessageAsync();

        var said = await portal.OperateAsync("key", "rotate");

        Assert.Contains("master key 2", said, StringComparison.Ordinal);
        Assert.Equal("2", await NumbersAsync());
        Assert.True(File.Exists(KeyFile));
        await AddMessageAsync();
        await AssertOpensAsync(cookie);
        Assert.Equal("2", await NumbersAsync());
        await SweepAsync();
        Assert.True(File.Exists(KeyFile));

        portal.Clock.Offset += MasterKeyRotation.OldIsKept + TimeSpan.FromSeconds(1);
        await SweepAsync();
        Assert.Equal([$"{KeyFile}.2"], Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
        await portal.RestartAsync();
        await AssertOpensAsync(cookie);
    }

    [Fact]
    public async Task A_rotation_that_was_killed_goes_on_where_it_was_by_the_command_or_by_a_portal()
    {
        var cookie = Protector.Protect("kept");
        await AddMessageAsync();
        MasterKeyFile.Create($"{KeyFile}.2");
        await AddMessageAsync();
        Assert.Equal("1, 2", await NumbersAsync());

        await portal.OperateAsync("key", "rotate");
        Assert.Equal("2", await NumbersAsync());
        Assert.False(File.Exists($"{KeyFile}.3"));

        MasterKeyFile.Create($"{KeyFile}.3");
        await SweepAsync();
        Assert.Equal("3", await NumbersAsync());
        await portal.RestartAsync();
        await AssertOpensAsync(cookie);
    }

    [Fact]
    public async Task Nothing_is_lost_while_people_go_on()
    {
        var cookie = Protector.Protect("kept");
        using var over = new CancellationTokenSource();
        var going = Enumerable.Range(0, 4).Select(_ => Task.Run(() => GoOnAsync(over.Token), Ct)).ToArray();
        await Eventually.TrueAsync(async () => await MessagesAsync() >= 20, TimeSpan.FromSeconds(20), "messages");

        await portal.OperateAsync("key", "rotate");
        var then = await MessagesAsync();
        await Eventually.TrueAsync(async () => await MessagesAsync() >= then + 20, TimeSpan.FromSeconds(20), "more messages");
        await over.CancelAsync();
        await Task.WhenAll(going);

        await SweepAsync();
        Assert.Equal("2", await NumbersAsync());
        await AssertOpensAsync(cookie);

        async Task GoOnAsync(CancellationToken until)
        {
            while (!until.IsCancellationRequested)
            {
                await AddMessageAsync();
                Assert.Equal("kept", Protector.Unprotect(cookie));
            }
        }
    }

    private async Task AddMessageAsync()
    {
        await using var db = await portal.OpenDatabaseAsync();
        portal
            .Services.GetRequiredService<MessageQueue>()
            .Add(db, tenant, MessageChannel.Email, new("anna@a.example", "Subject", "Text"), portal.Clock.GetUtcNow().AddDays(1));
        await db.SaveChangesAsync(Ct);
    }

    private async Task<int> MessagesAsync()
    {
        await using var db = await portal.OpenDatabaseAsync();
        return await db.Set<OutgoingMessage>().CountAsync(Ct);
    }

    private Task SweepAsync() => portal.Services.GetRequiredService<MasterKeyRotation>().SweepAsync(Ct);

    /// <summary>The master keys by which anything is wrapped.</summary>
    private async Task<string> NumbersAsync()
    {
        await using var db = await portal.OpenDatabaseAsync();
        var cookies = await db.DataProtectionKeys.Select(k => k.Xml!).ToListAsync(Ct);
        var numbers = (await db.Set<WrappedPortalKey>().Select(k => k.KeyNumber).ToListAsync(Ct))
            .Concat(await db.Set<WrappedTenantKey>().Select(k => k.KeyNumber).ToListAsync(Ct))
            .Concat(await db.Set<OutgoingMessage>().Where(m => m.Content != null).Select(m => m.KeyNumber).ToListAsync(Ct))
            .Concat(cookies.Select(xml => int.Parse(xml.Split("<wrapped key=\"")[1].Split('"')[0], CultureInfo.InvariantCulture)));
        return string.Join(", ", numbers.Distinct().Order());
    }

    private async Task AssertOpensAsync(string cookie)
    {
        Assert.Equal("kept", Protector.Unprotect(cookie));
        Assert.Single(await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, Ct));
        var queue = portal.Services.GetRequiredService<MessageQueue>();
        await using var db = await portal.OpenDatabaseAsync();
        Assert.All(
            await db.Set<OutgoingMessage>().Where(m => m.Content != null).ToListAsync(Ct),
            m => Assert.Equal("Text", queue.Open(m).Text)
        );
    }
}
