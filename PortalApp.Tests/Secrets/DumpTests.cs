using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Secrets;

/// <summary>What a thief of the database finds, and what the portal itself finds again.</summary>
public sealed class DumpTests(ForestFixture forests)
{
    private const string Body = "Your code is 48151623.";
    private const string Address = "canary@thief.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A mail server that is not there keeps the mail in the database.</summary>
    private static readonly Dictionary<string, string?> NoMailServer = new()
    {
        ["Mail:Outbox"] = null,
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = "1",
        ["Mail:Smtp:Security"] = "None",
    };

    [Fact]
    [Trait("Case", "H43")]
    public async Task A_dump_of_the_database_holds_no_key_and_no_mail_that_opens()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), NoMailServer, Ct);
        var tenant = await AddTenantAsync(portal);
        _ = portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x").Protect("y");
        await using (var db = await portal.OpenDatabaseAsync())
        {
            var queue = portal.Services.GetRequiredService<MessageQueue>();
            queue.Add(db, tenant, MessageChannel.Email, new(Address, "Subject 48151623", Body), portal.Clock.GetUtcNow().AddHours(1));
            await db.SaveChangesAsync(Ct);
            Assert.Equal(1, await db.Set<OutgoingMessage>().CountAsync(m => m.Content != null, Ct));
            Assert.NotEmpty(await db.DataProtectionKeys.ToListAsync(Ct));
        }

        var keys = portal.Services.GetRequiredService<PortalKeys>();
        var tenantKey = (await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, Ct)).Single();
        byte[][] secrets =
        [
            .. new[] { keys.Decoy, keys.Code, keys.Captcha, keys.Throttle, tenantKey.Bytes.ToArray() }.SelectMany(Spellings),
            Encoding.UTF8.GetBytes("48151623"),
            Encoding.UTF8.GetBytes(Address),
            Encoding.UTF8.GetBytes("<masterKey"),
            .. Spellings(await File.ReadAllBytesAsync(Path.Combine(portal.DataDirectory, "keys", "master.key"), Ct)),
        ];

        foreach (var file in Directory.EnumerateFiles(portal.DataDirectory, "portal.db*"))
        {
            var dump = await ReadAsync(file);
            Assert.All(secrets, secret => Assert.True(dump.AsSpan().IndexOf(secret) < 0));
        }
    }

    [Fact]
    public async Task The_portals_keys_outlive_a_restart()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        var tenant = await AddTenantAsync(portal);
        var sealedText = portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x").Protect("kept");
        var decoy = portal.Services.GetRequiredService<PortalKeys>().Decoy;
        var tenantKey = (await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, Ct)).Single();

        await portal.RestartAsync();

        Assert.Equal("kept", portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x").Unprotect(sealedText));
        Assert.Equal(decoy, portal.Services.GetRequiredService<PortalKeys>().Decoy);
        var again = (await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, Ct)).Single();
        Assert.Equal(tenantKey.Bytes.ToArray(), again.Bytes.ToArray());
    }

    [Fact]
    public async Task A_tenants_key_is_opened_and_audited_once_a_minute_however_many_ask()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);
        var tenant = await AddTenantAsync(portal);
        var keys = portal.Services.GetRequiredService<TenantKeys>();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => keys.OpenAsync(tenant, Ct), Ct)));
        Assert.Equal(1, await OpeningsAsync(portal, tenant));

        portal.Clock.Offset += TimeSpan.FromSeconds(61);
        await keys.OpenAsync(tenant, Ct);
        Assert.Equal(2, await OpeningsAsync(portal, tenant));
    }

    private static async Task<TenantId> AddTenantAsync(InProcessPortal portal) =>
        (await portal.Services.AddTenantAsync(new("Corp", "+31 201234567", null, null))).Id;

    private static async Task<int> OpeningsAsync(InProcessPortal portal, TenantId tenant)
    {
        await using var db = await portal.OpenDatabaseAsync();
        return await db.Set<AuditEntry>().CountAsync(a => a.Tenant == tenant && a.Event == AuditEventId.TenantKeyOpened, Ct);
    }

    private static byte[][] Spellings(byte[] key) =>
        [
            key,
            Encoding.ASCII.GetBytes(Convert.ToBase64String(key).TrimEnd('=')),
            Encoding.ASCII.GetBytes(Convert.ToHexString(key)),
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)),
        ];

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Ct);
        return all.ToArray();
    }
}
